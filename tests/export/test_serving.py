"""``mlflow models serve`` over real HTTP: many clients, and requests that no client should send."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import stance
from stance.export.pyfunc_model import MAX_REQUEST_CHARS
from stance.tracking import TrackingOptions, track

TEXT = "Ana Ruiz said the dam was safe. Bo Lind denied that the dam was safe."
ROW = {"speaker": "Ana Ruiz", "claim": "The dam is safe", "context": TEXT}


@pytest.fixture(scope="module")
def address(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of models:/stance@champion, as the README starts it."""
    import mlflow

    folder = tmp_path_factory.mktemp("serving")
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    mlflow.set_tracking_uri(uri)
    mlflow.create_experiment("test", artifact_location=str(folder / "artifacts"))
    with track(TrackingOptions(uri=uri, experiment="test")) as tracker:
        tracker.model(exported, register="stance")
    mlflow.MlflowClient().set_registered_model_alias("stance", "champion", "1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", "models:/stance@champion"]
    command += ["--env-manager", "local", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {
        "MLFLOW_TRACKING_URI": uri,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(f"http://127.0.0.1:{port}/ping", server, folder / "log")
            yield f"http://127.0.0.1:{port}/invocations"
        finally:
            os.killpg(server.pid, 15)
            server.wait(timeout=30)


def _wait(ping: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()[-2000:]
        try:
            with urllib.request.urlopen(ping, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"no answer within three minutes: {log.read_text()[-2000:]}")


def post(address: str, body: bytes, kind: str = "application/json") -> tuple[int, str]:
    request = urllib.request.Request(address, body, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def ask(address: str, rows: list[dict[str, str]], **params: object) -> tuple[int, str]:
    return post(address, json.dumps({"dataframe_records": rows, "params": params}).encode())


def test_it_answers_with_all_probabilities_and_evidence(address: str, exported: Path) -> None:
    status, body = ask(address, [ROW, ROW | {"speaker": "Bo Lind"}])
    assert status == 200, body
    answers = json.loads(body)["predictions"]
    expected = stance.load(exported).predict(**ROW)
    assert answers[0]["stance"] == expected.stance
    for label in stance.LABELS:
        assert answers[0][label] == pytest.approx(expected.probabilities[label], abs=1e-4)
    start, end = answers[1]["evidence_start"], answers[1]["evidence_end"]
    assert TEXT[start:end] == answers[1]["evidence"] == "Bo Lind denied that the dam was safe."


def test_params_reach_the_model(address: str) -> None:
    [sure] = json.loads(ask(address, [ROW], threshold=1.0)[1])["predictions"]
    assert sure["abstained"] is True
    [bare] = json.loads(ask(address, [ROW], return_evidence=False)[1])["predictions"]
    assert "evidence" not in bare


def test_32_clients_at_once(address: str) -> None:
    rows = [ROW | {"claim": f"Dam {n} is safe"} for n in range(32)]
    alone = [json.loads(ask(address, [row])[1])["predictions"][0] for row in rows]
    with ThreadPoolExecutor(32) as clients:
        together = list(clients.map(lambda row: ask(address, [row]), rows))
    assert [status for status, _ in together] == [200] * 32
    assert [json.loads(body)["predictions"][0] for _, body in together] == alone


LONG = {"speaker": "Ana", "claim": "The dam is safe", "context": "Ana said so. " * (MAX_REQUEST_CHARS // 13 + 1)}


@pytest.mark.parametrize(
    ("body", "kind", "word"),
    [
        (b"{not json", "application/json", "JSON"),
        (b"[1, 2]", "application/json", ""),
        (b'{"dataframe_records": [{"speaker": "Ana"}]}', "application/json", "claim"),
        (b'{"dataframe_records": [{"speaker": 3, "claim": "x", "context": "y"}]}', "application/json", "speaker"),
        (json.dumps({"dataframe_records": [ROW | {"claim": "  "}]}).encode(), "application/json", "claim"),
        (json.dumps({"dataframe_records": [LONG]}).encode() + b" " * 2_500_000, "application/json", "characters"),
        (b"\xff\xfe\x00", "text/csv", "UTF-8"),
        (b"speaker", "application/x-pickle", "content type"),
    ],
    ids=["bad JSON", "a list", "a missing column", "a wrong type", "an empty field", "10 MB", "binary", "another type"],
)
def test_what_is_wrong_is_told_and_the_server_lives_on(address: str, body: bytes, kind: str, word: str) -> None:
    status, answer = post(address, body, kind)
    assert 400 <= status < 500, answer[:500]
    assert word.casefold() in answer.casefold()
    assert "Traceback" not in answer
    assert ask(address, [ROW])[0] == 200
