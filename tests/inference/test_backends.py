"""Every backend gives the same answers; an answer does not depend on what is asked beside it."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import stance
from stance.bundle import read_manifest, seal
from stance.inference import backends
from stance.schema import Pair

CONTEXT = "Ana Ruiz said the dam was safe. Bo Lind denied that the dam was safe.\n\nThe ministry declined to comment."
PAIRS = [Pair(str(i), "Ana Ruiz", f"The dam number {i} is safe", CONTEXT * (1 + i % 5)) for i in range(30)]


def test_onnx_answers_like_torch(exported: Path) -> None:
    torch, onnx = stance.load(exported, "torch").logits(PAIRS), stance.load(exported, "onnx").logits(PAIRS)
    assert np.abs(torch - onnx).max() < 1e-4
    assert np.ptp(torch[:, 0]) > 1e-4, "answers that are all the same would show nothing"


def test_the_order_of_a_batch_changes_no_bit(exported: Path) -> None:
    model = stance.load(exported, "onnx")
    forwards, backwards = model.logits(PAIRS), model.logits(PAIRS[::-1])[::-1]
    assert np.array_equal(forwards, backwards)
    assert np.array_equal(forwards[:7], model.logits(PAIRS[:7]))


def test_one_thread_answers_like_many(exported: Path) -> None:
    one, many = (stance.StanceClassifier(exported, "onnx", threads=n).logits(PAIRS) for n in (1, 3))
    assert np.abs(one - many).max() < 1e-6
    alone = np.concatenate([stance.load(exported, "onnx").logits([pair]) for pair in PAIRS])
    assert np.abs(one - alone).max() < 1e-6


def test_auto_is_what_the_export_found_best(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = read_manifest(exported)
    assert manifest["auto"] in ("torch", "onnx", "int8")
    assert stance.load(exported).backend.name == manifest["auto"]
    best = {"auto": "onnx", "files": manifest["files"]}
    assert backends.open_backend("auto", exported, best, 0).name == "onnx"
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    assert backends.open_backend("auto", exported, best, 0).name == "torch"


def test_unknown_and_missing_backends_are_one_line(exported: Path, bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(stance.StanceError, match=r"backend is 'tpu'; choose from auto, torch, onnx, int8"):
        stance.load(exported, "tpu")
    with pytest.raises(stance.InputError, match=r"holds no model\.onnx"):
        stance.load(bundle, "onnx")
    broken = tmp_path / "broken"
    shutil.copytree(exported, broken)
    manifest = read_manifest(broken)
    (broken / "model.onnx").write_bytes(b"no graph at all")
    seal(broken, {key: manifest[key] for key in ("encoding", "facts", "auto")})
    with pytest.raises(stance.InputError, match="cannot be loaded as a model") as caught:
        stance.load(broken, "onnx")
    assert "\n" not in str(caught.value)


def test_a_tampered_graph_is_refused(exported: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(exported, copy)
    with (copy / "model.onnx").open("r+b") as file:
        file.seek(5000)
        file.write(b"\x00\x01\x02\x03")
    with pytest.raises(stance.InputError, match="hash differs"):
        stance.load(copy)


def test_an_onnx_model_needs_neither_torch_nor_a_network(exported: Path, tmp_path: Path) -> None:
    """In a fresh process with sockets closed; several of them may share the folder."""
    manifest = json.loads((exported / "stance.json").read_text())
    shutil.copytree(exported, tmp_path / "m")
    (tmp_path / "m" / "stance.json").write_text(json.dumps(manifest | {"auto": "onnx"}))
    code = f"""
import socket, sys
def refuse(*a, **k): raise AssertionError("network")
socket.socket.connect = refuse
import stance
p = stance.load({str(tmp_path / "m")!r}).predict("Ana", "The dam is safe", "Ana said so.")
print(p.probabilities)
names = ("torch", "transformers", "hydra", "mlflow", "spacy", "sklearn", "scipy", "pandas")
heavy = [m for m in names if m in sys.modules]
assert not heavy, heavy
"""
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    results = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], results
    assert results[0][0] == results[1][0]


def test_a_missing_runtime_is_named(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert importlib.util.find_spec("onnxruntime") is not None
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(stance.StanceError, match="pip install onnxruntime"):
        stance.load(exported, "onnx")


def test_batches_hold_similar_lengths_within_their_bound() -> None:
    """By hand: sorted lengths 1, 2, 3, 5; with at most 6 padded tokens: [1, 2] (4), then 3 would make 9."""
    assert list(backends.batches([5, 1, 3, 2], 6)) == [[1, 3], [2], [0]]
    assert list(backends.batches([9, 9], 1)) == [[0], [1]]
    assert list(backends.batches([], 8)) == []
