"""A trained bundle -> the folder that users get: calibrated, in the fastest form that answers the same, with a card."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stance.bundle import MANIFEST, REQUIRED, read_manifest, seal
from stance.dataset import drawn
from stance.errors import InputError, StanceError
from stance.evaluation import score
from stance.evaluation.calibration import fit_temperature, keep_promise, promise_kept
from stance.export.card import model_card
from stance.export.gate import best, measure
from stance.export.onnx import write_onnx
from stance.files import atomic_folder, existing_file
from stance.inference import StanceClassifier, load
from stance.inference.backends import ONNX_FILES
from stance.probability import softmax
from stance.schema import Pair, Stance

PARITY = 1e-5
"""Largest difference of a logit before and after export."""


@dataclass
class ExportOptions:
    """What an export does beyond copying. ``gate_pairs`` counts the test pairs that backends are measured on."""

    onnx: bool = True
    max_error: float = 0.2
    gate_pairs: int = 1000

    def __post_init__(self) -> None:
        if not 0 < self.max_error < 1:
            raise StanceError(f"export.max_error is {self.max_error}; choose from 0 to 1, both excluded")
        if self.gate_pairs < 0:
            raise StanceError(f"export.gate_pairs is {self.gate_pairs}; 0 means all")


def export_model(
    model_dir: Path | str,
    output: Path | str,
    validation: Sequence[Pair] = (),
    test: Sequence[Pair] = (),
    options: ExportOptions | None = None,
    report: dict[str, Any] | None = None,
) -> Path:
    """Write the folder of a bundle that :func:`stance.load` opens anywhere, and check that it answers the same.

    On ``validation`` (labelled) the temperature and the confidence of the model's promise are set; on ``test`` each
    backend is measured, and ``auto`` becomes the fastest that passes the gate. Without labelled pairs the export is
    torch only, uncalibrated, and its card says so. ``report`` is the evaluation that the card quotes.
    """
    options = options or ExportOptions()
    model_dir, output = Path(model_dir), Path(output)
    manifest = read_manifest(model_dir)
    if output.resolve() == model_dir.resolve():
        raise StanceError(f"output={output} is the model_dir itself; name another folder")
    content: dict[str, Any] = {key: manifest[key] for key in ("encoding", "facts", "temperature") if key in manifest}
    with atomic_folder(output, MANIFEST) as partial:
        for name in REQUIRED:
            shutil.copyfile(model_dir / name, partial / name)
        seal(partial, content)
        check_parity(model_dir, partial, PROBES)
        if validation:
            content |= _calibration(load(partial, "torch"), validation, options.max_error)
        if test and options.onnx:
            content |= _backends(partial, content, drawn(test, options.gate_pairs))
        (partial / "README.md").write_text(model_card(content, report, folder_megabytes(partial)), encoding="utf-8")
        seal(partial, content)
    return output


def read_report(model_dir: Path | str, path: Path | str = "") -> dict[str, Any] | None:
    """The evaluation of a bundle that its card may quote: of these very weights, or none.

    ``path`` defaults to where ``scripts/evaluate.py`` writes. Raises :class:`InputError` for a report that is named and
    missing, broken, or of another model.
    """
    file = Path(path or f"reports/{Path(model_dir).resolve().name}/report.json")
    if not file.is_file() and not path:
        return None
    try:
        report: dict[str, Any] = json.loads(existing_file(file).read_text(encoding="utf-8"))
        model = report["about"]["model"]
    except (ValueError, KeyError, TypeError):
        raise InputError(file, "is no evaluation report; run scripts/evaluate.py again") from None
    if model != read_manifest(model_dir)["files"]["model.safetensors"]:
        if path:
            raise InputError(file, f"is the evaluation of another model than {model_dir}")
        print(f"{file} is of another model and is not quoted; run scripts/evaluate.py", file=sys.stderr)
        return None
    return report


def _calibration(model: StanceClassifier, validation: Sequence[Pair], max_error: float) -> dict[str, Any]:
    """The temperature, what it does to the calibration error, and the promise, all measured on validation."""
    gold = [Stance(str(pair.stance)) for pair in validation]
    logits = model.logits(validation)
    temperature = fit_temperature(logits, gold)
    promise = keep_promise(softmax(logits, temperature), gold, max_error)
    before, after = (score(gold, softmax(logits, value))["ece"] for value in (1.0, temperature))
    measured = {"pairs": len(validation), "ece_before": before, "ece_after": after}
    return {"temperature": temperature, "calibration": measured, "promise": promise._asdict()}


def _backends(partial: Path, content: dict[str, Any], pairs: Sequence[Pair]) -> dict[str, Any]:
    """Write the ONNX files, measure every backend, delete what does not pass."""
    write_onnx(partial)
    seal(partial, content)
    rows, logits = measure(partial, tuple(ONNX_FILES), pairs)
    if "promise" in content:
        probabilities = softmax(logits, content["temperature"])
        gold = [Stance(str(pair.stance)) for pair in pairs]
        content["promise"] |= promise_kept(probabilities, gold, content["promise"]["threshold"])
    for row in rows:
        if not row.passes:
            (partial / ONNX_FILES[row.backend]).unlink()
    return {"auto": best(rows), "backends": [asdict(row) for row in rows], "gate_pairs": len(pairs)}


def folder_megabytes(folder: Path) -> float:
    """The size of a model folder's files."""
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


PROBES = tuple(
    Pair(f"probe-{index}", speaker, "The dam is safe", context)
    for index, (speaker, context) in enumerate(
        (
            ("the ministry", "The ministry said the dam was safe."),
            ("the engineers", "The ministry said the dam was safe. The engineers called that false."),
            ("the mayor", "The mayor declined to comment. " * 40),
        )
    )
)


def check_parity(before: Path, after: Path, pairs: Sequence[Pair]) -> float:
    """The largest difference between two bundles' logits; above :data:`PARITY` the export fails."""
    first, second = (StanceClassifier(folder, "torch").logits(pairs) for folder in (before, after))
    difference = float(np.abs(first - second).max())
    if difference > PARITY:
        raise StanceError(f"{after}: logits differ from those of {before} by {difference:.2e} (limit {PARITY})")
    return difference


__all__ = ["ExportOptions", "check_parity", "export_model", "folder_megabytes", "read_report"]
