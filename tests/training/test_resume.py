"""What an interruption costs: nothing. Killed processes, half-written checkpoints, full disks."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from stance.dataset import SOURCES, SourceOptions, build_dataset
from stance.training import ModelOptions, train, unfinished
from stance.training.trainer import Reporter, StanceTrainer, Timetable
from tests.conftest import ROOT, RunScript
from tests.training.test_training import ENCODING, options, pairs, weights

PROGRAM = """
import os, signal, sys
from stance.training import ModelOptions, train
from tests.training.test_training import ENCODING, options, pairs

encoder, folder, step = sys.argv[1], sys.argv[2], int(sys.argv[3])

def log(metrics, now):
    if now >= step and "train_loss" in metrics:
        os.kill(os.getpid(), signal.SIGKILL)

facts = {"run_id": "r1"}
train(pairs(32), pairs(12), folder, ModelOptions("tiny", encoder), ENCODING, options(epochs=3), log=log, facts=facts)
"""


@pytest.fixture(scope="module")
def whole(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, torch.Tensor]:
    """The weights of the unbroken run: 12 steps, evaluated after 4, 8 and 12."""
    folder = tmp_path_factory.mktemp("whole") / "m"
    train(pairs(32), pairs(12), folder, ModelOptions("tiny", str(tiny_encoder)), ENCODING, options(epochs=3))
    return weights(folder)


def resumed(encoder: Path, folder: Path) -> dict[str, torch.Tensor]:
    train(pairs(32), pairs(12), folder, ModelOptions("tiny", str(encoder)), ENCODING, options(epochs=3), resume=True)
    return weights(folder)


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("step", [1, 6, 11])
def test_a_killed_training_resumes_to_the_same_weights(
    tiny_encoder: Path, tmp_path: Path, whole: dict[str, torch.Tensor], step: int
) -> None:
    """SIGKILL before the first checkpoint, between two, and shortly before the end; bitwise the same afterwards."""
    command = [sys.executable, "-c", PROGRAM, str(tiny_encoder), str(tmp_path / "m"), str(step)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr[-500:]
    assert not (tmp_path / "m").exists()
    assert unfinished(tmp_path / "m") == {"run_id": "r1"}
    assert same(resumed(tiny_encoder, tmp_path / "m"), whole)
    assert unfinished(tmp_path / "m") == {}


def broken_at(step: int, encoder: Path, folder: Path) -> None:
    """A run that is interrupted by its logger after the checkpoint of the evaluation before ``step``."""

    def die(metrics: dict[str, float], now: int) -> None:
        if now >= step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(
            pairs(32), pairs(12), folder, ModelOptions("tiny", str(encoder)), ENCODING, options(epochs=3), log=die,
        )  # fmt: skip


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:40])


@pytest.mark.parametrize("harm", [cut_short, Path.unlink])
def test_a_checkpoint_that_was_being_written_is_passed_over(
    tiny_encoder: Path, tmp_path: Path, whole: dict[str, torch.Tensor], harm: Callable[[Path], Any]
) -> None:
    broken_at(11, tiny_encoder, tmp_path / "m")
    checkpoints = sorted((tmp_path / "m.checkpoints").glob("checkpoint-*"), key=lambda one: int(one.name[11:]))
    assert [one.name for one in checkpoints] == ["checkpoint-4", "checkpoint-8"]
    harm(checkpoints[-1] / "trainer_state.json")
    assert same(resumed(tiny_encoder, tmp_path / "m"), whole)


def test_resume_without_a_checkpoint_starts_afresh(
    tiny_encoder: Path, tmp_path: Path, whole: dict[str, torch.Tensor], capsys: pytest.CaptureFixture[str]
) -> None:
    assert same(resumed(tiny_encoder, tmp_path / "m"), whole)
    assert "holds no checkpoint: starting afresh" in capsys.readouterr().out


def test_a_full_disk_costs_the_checkpoints_only(
    tiny_encoder: Path,
    tmp_path: Path,
    whole: dict[str, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No checkpoint can be written, and yet the weights that did best on validation are the ones that are kept."""

    save = StanceTrainer.save_model

    def full(self: StanceTrainer, *arguments: Any, **more: Any) -> None:
        """Files may hold 10 kB: the libraries' own errors come up, as they do on a disk that is full."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
        try:
            save(self, *arguments, **more)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    monkeypatch.setattr(StanceTrainer, "save_model", full)
    model = ModelOptions("tiny", str(tiny_encoder))
    train(pairs(32), pairs(12), tmp_path / "m", model, ENCODING, options(epochs=3))
    assert same(weights(tmp_path / "m"), whole)
    assert capsys.readouterr().err.count("warning: no checkpoint at step") == 3


def test_the_learning_rate_by_hand() -> None:
    """Ten steps with a fifth of them for warming up: up by halves, then down by eighths."""
    timetable = Timetable(10, 0.2, 0)
    assert [timetable.factor(step) for step in (0, 1, 2, 6, 10)] == pytest.approx([0, 0.5, 1, 0.5, 0])


def test_the_clock_ends_a_schedule_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """After 45 of 60 seconds three quarters are over, whatever the step; later steps change nothing at the end."""
    now = [100.0]
    monkeypatch.setattr("stance.training.trainer.time.monotonic", lambda: now[0])
    timetable = Timetable(1000, 0.0, 1)
    now[0] = 145.0
    assert timetable.progress(1) == pytest.approx(0.75)
    assert timetable.factor(1) == pytest.approx(0.25)
    assert timetable.progress(900) == pytest.approx(0.9)
    now[0] = 161.0
    assert (timetable.progress(5), timetable.factor(5)) == (1.0, 0.0)


def test_a_resumed_clock_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """45 seconds, a checkpoint, an hour of nothing, 5 seconds more: 50 of 100 are over."""
    now = [100.0]
    monkeypatch.setattr("stance.training.trainer.time.monotonic", lambda: now[0])
    first = Timetable(1000, 0.0, 100 / 60)
    now[0] = 145.0
    first.keep(tmp_path)
    now[0] = 3745.0
    second = Timetable(1000, 0.0, 100 / 60)
    second.go_on(tmp_path)
    now[0] = 3750.0
    assert second.progress(1) == pytest.approx(0.5)
    (tmp_path / "clock.json").unlink()
    second.go_on(tmp_path)
    assert second.progress(1) == pytest.approx(0.5), "a checkpoint without a clock changes nothing"


def test_checkpoints_are_written_between_distant_evaluations(
    tiny_encoder: Path, tmp_path: Path, whole: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no patience at all each step is saved, and a run that is broken off goes on from the last of them."""
    monkeypatch.setattr("stance.training.trainer.SAVED_EVERY", 0.0)
    broken_at(6, tiny_encoder, tmp_path / "m")
    kept = [one.name for one in (tmp_path / "m.checkpoints").glob("checkpoint-*")]
    assert set(kept) & {"checkpoint-5", "checkpoint-6"}, kept
    assert same(resumed(tiny_encoder, tmp_path / "m"), whole)


def test_a_resumed_training_is_the_same_run(
    run_script: RunScript, tiny_encoder: Path, corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the second epoch, then resume=true: one run in MLflow, first killed, then finished."""
    from mlflow import MlflowClient

    build_dataset(SOURCES["corpus"](SourceOptions(path=str(corpus_dir))), tmp_path / "ds")
    arguments = [f"model={tiny_encoder}", "dataset_dir=ds", "model_dir=m", "training.epochs=3", "training.cache="]

    def runs() -> list[tuple[str, str]]:
        client = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}")
        found = client.search_runs([client.get_experiment_by_name("stance").experiment_id])
        return [(run.info.run_id, run.info.status) for run in found]

    def stop(self: Reporter, args: object, state: Any, control: object, **_: object) -> None:
        if state.epoch > 1.2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Reporter, "on_step_end", stop)
        assert run_script("train", *arguments).returncode == 130
    [(run_id, status)] = runs()
    assert status == "KILLED"
    done = run_script("train", *arguments, "resume=true")
    assert done.returncode == 0, done.stderr[-1000:]
    assert runs() == [(run_id, "FINISHED")]
    assert "cue lexicon" in done.stdout, "the training's log ends with the whole report"
