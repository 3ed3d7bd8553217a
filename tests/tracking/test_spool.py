"""MLflow away: the work goes on, nothing is lost, one warning, and one command brings it all there later."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stance.errors import StanceError
from stance.tracking import TrackingOptions, track, upload
from stance.tracking.mlflow_run import MlflowRun
from stance.tracking.runs import RunTracker
from tests.conftest import write_jsonl


@pytest.fixture
def options(tmp_path: Path, empty_store: Path) -> TrackingOptions:
    shutil.copy(empty_store, tmp_path)
    return TrackingOptions(
        uri=f"sqlite:///{tmp_path / 'mlflow.db'}", run_name="one", spool=str(tmp_path / "spool"), system_metrics=False
    )


@pytest.fixture
def nowhere(options: TrackingOptions) -> TrackingOptions:
    """The same with a server that is not there."""
    return TrackingOptions(uri="http://127.0.0.1:9", run_name="one", spool=options.spool, system_metrics=False)


def note(tracker: Any, folder: Path) -> None:
    """A call of each kind that a training makes."""
    tracker.params({"lr": 0.1})
    tracker.metrics({"loss": 1.5}, step=1)
    tracker.metrics({"loss": float("nan")}, step=2)
    tracker.tags({"dataset": "d1"})
    tracker.text("a: 1", "config.yaml")
    tracker.artifacts(write_jsonl(folder / "report" / "r.jsonl", [{"x": 1}]).parent, "evaluation/test")


def check(uri: str, run_id: str) -> Any:
    import mlflow

    mlflow.set_tracking_uri(uri)
    run = mlflow.get_run(run_id)
    assert (run.data.params["lr"], run.data.tags["dataset"]) == ("0.1", "d1")
    history = mlflow.MlflowClient().get_metric_history(run_id, "loss")
    assert [one.step for one in history] == [1, 2] and history[0].value == 1.5
    listed = {one.path for one in mlflow.artifacts.list_artifacts(run_id=run_id)}
    assert listed == {"config.yaml", "evaluation"}
    return run


def test_a_server_that_is_away_costs_nothing(
    options: TrackingOptions,
    nowhere: TrackingOptions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every call is kept, with copies of the files; one warning says where, and how to bring it to MLflow."""
    monkeypatch.chdir(tmp_path)
    with track(nowhere) as tracker:
        note(tracker, tmp_path)
        with pytest.raises(StanceError, match="nothing: no such file"):
            tracker.model("nothing")
    warned = capsys.readouterr().err
    assert warned.count("warning:") == 1 and "upload_runs.py" in warned
    shutil.rmtree(tmp_path / "report")
    [line] = upload(options)
    check(options.uri, line.split()[-1])


def test_a_run_of_three_blocks_becomes_one_run(
    options: TrackingOptions, nowhere: TrackingOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    """Training and evaluation while the server is away, a child run, the upload, then the export."""
    with track(nowhere) as tracker:
        note(tracker, tmp_path)
        local = tracker.run_id
    with track(nowhere, local) as tracker:
        assert tracker.run_id == local
        tracker.metrics({"test_macro_f1": 0.5})
    with track(nowhere, parent=local) as tracker:
        tracker.params({"child": 1})
    said = list(upload(options))
    assert len(said) == 2 and not list(upload(options))
    with track(options, local) as tracker:  # the model's folder still holds the local id
        tracker.metrics({"late": 1.0})
        run_id = tracker.run_id
    run = check(options.uri, run_id)
    assert run.data.metrics["test_macro_f1"] == 0.5 and run.data.metrics["late"] == 1.0
    assert (run.info.status, run.info.run_name) == ("FINISHED", "one")
    import mlflow

    children = mlflow.search_runs(filter_string=f"tags.`mlflow.parentRunId` = '{run_id}'", output_format="list")
    assert [child.data.params for child in children] == [{"child": "1"}]


def test_a_server_that_dies_in_the_middle(
    options: TrackingOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first calls have arrived, the rest waits; the upload adds the rest to the same run, in order, once."""
    monkeypatch.chdir(tmp_path)

    def dead(*_: object, **__: object) -> None:
        raise ConnectionError("connection reset\nby peer")

    with pytest.raises(ValueError), track(options) as tracker:
        tracker.params({"lr": 0.1})
        with monkeypatch.context() as patched:
            patched.setattr(MlflowRun, "metrics", dead)
            tracker.metrics({"loss": 1.5}, step=1)
        run_id = tracker.run_id
        tracker.metrics({"loss": 2.5}, step=2)
        raise ValueError("the training's own fault")
    assert capsys.readouterr().err.count("warning:") == 1
    import mlflow

    assert mlflow.get_run(run_id).data.metrics == {}
    monkeypatch.setattr(MlflowRun, "end", dead)
    with pytest.raises(StanceError, match=r"upload stopped \(connection reset\)"):
        list(upload(options))
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    [line] = upload(options)
    assert run_id in line
    history = mlflow.MlflowClient().get_metric_history(run_id, "loss")
    assert [(one.step, one.value) for one in history] == [(1, 1.5), (2, 2.5)]
    assert mlflow.get_run(run_id).info.status == "FAILED"
    assert not list(Path(options.spool).glob("*/run.json"))


def test_a_full_disk_costs_only_the_records(
    nowhere: TrackingOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spool").write_text("a file where the folder should be: nothing can be written below it")
    with track(nowhere) as tracker:
        tracker.params({"lr": 1})
        tracker.metrics({"loss": 1.0}, step=1)
    said = capsys.readouterr().err
    assert said.count("nothing more of this run is recorded") == 1


def test_what_is_being_written_is_left_alone(options: TrackingOptions, nowhere: TrackingOptions) -> None:
    with track(nowhere) as tracker:
        tracker.params({"lr": 1})
        [line] = upload(options)
        assert "still being written" in line
    assert len(list(upload(options))) == 1


def test_the_registry_says_that_it_is_out_of_reach(nowhere: TrackingOptions) -> None:
    with track(nowhere) as tracker, pytest.raises(StanceError, match="does not answer"):
        tracker.holder("stance", "champion")


def test_a_killed_process_leaves_what_it_had_said(options: TrackingOptions, tmp_path: Path) -> None:
    program = f"""
import os, signal
from stance.tracking import TrackingOptions, track
with track(TrackingOptions(uri="http://127.0.0.1:9", spool={options.spool!r})) as tracker:
    tracker.metrics({{"loss": 1.5}}, step=1)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    [line] = upload(options)
    import mlflow

    run = mlflow.get_run(line.split()[-1])
    assert (run.info.status, run.data.metrics) == ("KILLED", {"loss": 1.5})


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _server(port: int, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += [
        "--backend-store-uri",
        f"sqlite:///{folder / 'server.db'}",
        "--artifacts-destination",
        str(folder / "a"),
    ]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _up(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.mark.slow
def test_with_a_real_server_that_is_killed_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    port = _free_port()
    options = TrackingOptions(
        uri=f"http://127.0.0.1:{port}", run_name="one", spool=str(tmp_path / "spool"), system_metrics=False
    )
    server = _server(port, tmp_path)
    try:
        _up(port)
        with track(options) as tracker:
            assert isinstance(tracker, RunTracker) and tracker.run is not None
            tracker.params({"lr": 0.1})
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            note(tracker, tmp_path)
            assert tracker.run is None
        assert len(list(Path(options.spool).glob("*/run.json"))) == 1
        server = _server(port, tmp_path)
        _up(port)
        assert len(list(upload(options))) == 1
        assert check(options.uri, tracker.run_id).info.status == "FINISHED"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_the_command_says_what_it_did(run_script: Any, nowhere: TrackingOptions, tmp_path: Path) -> None:
    assert "no run waits" in run_script("upload_runs").stdout
    with track(TrackingOptions(uri=nowhere.uri, spool=str(tmp_path / "outputs/tracking"))) as tracker:
        tracker.params({"lr": 1})
    failed = run_script("upload_runs", f"tracking.uri={nowhere.uri}")
    assert failed.returncode == 2 and "does not answer" in failed.stderr
    assert json.loads(next((tmp_path / "outputs/tracking").glob("*/run.json")).read_text())["experiment"] == "stance"
    assert "records are in run" in run_script("upload_runs").stdout


def test_one_bad_run_does_not_hold_up_the_others(options: TrackingOptions, nowhere: TrackingOptions) -> None:
    """A half-written line is passed over; a call that no tracker makes and a path out of the spool are refused."""
    with track(nowhere) as tracker:
        tracker.params({"lr": 1})
    good = Path(options.spool) / tracker.run_id / "calls.jsonl"
    good.write_bytes(good.read_bytes() + b'{"call": "metrics", "argu')
    for name, row in (
        ("local-a", {"call": "artifacts", "arguments": {"path": "/etc/hostname"}}),
        ("local-b", {"call": "promote", "arguments": {"name": "stance", "alias": "champion"}}),
    ):
        folder = Path(options.spool) / name
        shutil.copytree(good.parent, folder)
        write_jsonl(folder / "calls.jsonl", [row])
    with pytest.raises(StanceError, match=r"outside its folder.*not a call of a run"):
        list(upload(options))
    assert not good.parent.exists()
    assert (Path(options.spool) / "local-a").exists()


def test_a_half_written_line_is_cut_before_the_next(options: TrackingOptions, nowhere: TrackingOptions) -> None:
    with track(nowhere) as tracker:
        tracker.metrics({"loss": 1.5}, step=1)
    calls = Path(options.spool) / tracker.run_id / "calls.jsonl"
    calls.write_bytes(calls.read_bytes() + b'{"call": "met')
    with track(nowhere, tracker.run_id) as again:
        again.metrics({"loss": 2.5}, step=2)
    [line] = upload(options)
    import mlflow

    history = mlflow.MlflowClient().get_metric_history(line.split()[-1], "loss")
    assert [(one.step, one.value) for one in history] == [(1, 1.5), (2, 2.5)]


def test_two_writers_of_one_run_lose_nothing(options: TrackingOptions, nowhere: TrackingOptions) -> None:
    """The second still writes when the first has closed: the upload leaves the run alone until it is done, too."""
    with track(nowhere) as first:
        first.params({"lr": 1})
        with track(nowhere, first.run_id) as second:
            second.metrics({"a": 1.0}, step=1)
            assert "still being written" in next(upload(options))
        assert "still being written" in next(upload(options))
    assert "4 records" in next(upload(options))


def test_a_child_waits_for_its_parent(options: TrackingOptions, nowhere: TrackingOptions) -> None:
    with track(nowhere) as parent:
        parent.params({"lr": 1})
        with track(nowhere, parent=parent.run_id) as child:
            child.params({"lr": 2})
        assert [line.split(": ")[1] for line in upload(options)] == [
            "left alone, it is still being written", f"waits for its parent, {parent.run_id}",
        ]  # fmt: skip
    assert len(list(upload(options))) == 2
    import mlflow

    tagged = mlflow.search_runs(filter_string="tags.`mlflow.parentRunId` != ''", output_format="list")
    assert not tagged[0].data.tags["mlflow.parentRunId"].startswith("local-")


@pytest.mark.parametrize("run_id", ["../../evil", "/tmp/evil", "local-x/../../../evil", "a" * 65])
def test_a_run_id_of_a_hostile_model_names_no_folder(nowhere: TrackingOptions, run_id: str) -> None:
    with pytest.raises(StanceError, match="is no id of a run"), track(nowhere, run_id):
        pass
    assert not Path(nowhere.spool).exists()
