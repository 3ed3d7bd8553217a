"""The gate: what does not answer like torch is not shipped, and the fastest of the rest is what auto opens."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import stance
from stance.bundle import read_manifest
from stance.errors import StanceError
from stance.export import ExportOptions, export_model, gate
from stance.export.card import model_card
from stance.export.gate import Measured, best, gate_table
from stance.inference.backends import ONNX_FILES
from stance.schema import Pair, Stance

PAIRS = [
    Pair(f"{n}{who}", who, f"The dam number {n} is safe", "Ana said the dam was safe. Bo denied it.", stance=s)
    for n in range(6)
    for who, s in (("Ana", Stance.AFFIRM), ("Bo", Stance.DENY))
]


def row(backend: str, speed: float, passes: bool = True) -> Measured:
    return Measured(backend, 1.0, 0.5, 0.5, 1.0, 2.0, speed, 10.0, passes)


def test_about_as_fast_and_sooner_is_better() -> None:
    """55 pairs/s are within a tenth of 59, 53 are not; then the single pair decides."""
    torch_row, onnx = row("torch", 59), replace(row("onnx", 55), p50_ms=0.7)
    assert best([torch_row, onnx]) == "onnx"
    assert best([torch_row, replace(onnx, pairs_per_second=53)]) == "torch"
    assert best([torch_row, replace(onnx, p50_ms=1.1)]) == "torch"
    assert best([torch_row, replace(onnx, passes=False)]) == "torch"


def test_the_fastest_that_passes_is_best() -> None:
    rows = [row("torch", 10), row("onnx", 20), row("int8", 90, passes=False)]
    assert best(rows) == "onnx"
    assert best(rows[:1]) == "torch"
    assert "| int8 | 100.0% | 0.500 | 0.500 | 1.0 | 2.0 | 90 | 10 | no |" in gate_table(rows)


@pytest.mark.parametrize(
    ("agreement", "macro", "deny", "passes"),
    [(0.99, 0.60, 0.60, True), (0.989, 0.60, 0.60, False), (1.0, 0.589, 0.60, False), (1.0, 0.60, 0.589, False),
     (0.995, 0.591, 0.591, True)],
)  # fmt: skip
def test_the_limits_by_hand(agreement: float, macro: float, deny: float, passes: bool) -> None:
    reference = Measured("torch", 1.0, 0.60, 0.60, 1, 1, 1, 1, True)
    assert gate._passes(agreement, {"macro_f1": macro, "f1_deny": deny}, reference) is passes


def test_a_graph_that_answers_otherwise_is_not_shipped(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Break what the gate guards: the graphs are those of a model that prefers another label."""
    from stance import export

    given = stance.load(bundle, "torch").logits(PAIRS).argmax(axis=1)
    rare = int(np.bincount(given, minlength=3).argmin())

    def broken(folder: Path) -> None:
        other = tmp_path / "other"
        shutil.copytree(folder, other)
        tensors = load_file(other / "model.safetensors")
        tensors["classifier.bias"] = torch.eye(3)[rare] * 1e4
        save_file(tensors, other / "model.safetensors", metadata={"format": "pt"})
        written(other)
        for name in ONNX_FILES.values():
            shutil.copy(other / name, folder)

    written = export.write_onnx
    monkeypatch.setattr(export, "write_onnx", broken)
    folder = export_model(bundle, tmp_path / "out", PAIRS, PAIRS)
    manifest = read_manifest(folder)
    assert manifest["auto"] == "torch"
    assert [one["passes"] for one in manifest["backends"]] == [True, False, False]
    assert not list(folder.glob("*.onnx"))


def test_the_export_is_calibrated_measured_and_says_so(exported: Path) -> None:
    manifest = read_manifest(exported)
    assert 0.2 <= manifest["temperature"] <= 5
    kept = {"test_coverage", "test_error", "test_wrong_denials"}
    assert {"threshold", "max_error", "coverage", "error", "wrong_denials"} | kept == set(manifest["promise"])
    assert [one["backend"] for one in manifest["backends"]] == ["torch", "onnx", "int8"]
    assert manifest["backends"][1]["agreement"] == 1.0
    card = (exported / "README.md").read_text()
    assert f"`auto` is **{manifest['auto']}**" in card
    assert "Temperature" in card
    assert "written and annotated by language models" in card


def test_a_card_without_measurements_claims_none() -> None:
    card = model_card({"facts": {}}, None, 1.0)
    assert card.count("not measured at export") + card.count("Not measured at export") >= 3
    assert "macro-F1 |" not in card


def test_options_are_checked() -> None:
    with pytest.raises(StanceError, match=r"export\.max_error is 0"):
        ExportOptions(max_error=0)
    with pytest.raises(StanceError, match=r"export\.gate_pairs is -1"):
        ExportOptions(gate_pairs=-1)
