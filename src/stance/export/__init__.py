"""A trained bundle -> the folder that users get: verified, with a model card."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stance.bundle import MANIFEST, REQUIRED, read_manifest, seal
from stance.errors import StanceError
from stance.export.card import model_card
from stance.inference import StanceClassifier
from stance.records import atomic_folder
from stance.schema import Pair

PARITY = 1e-5
"""Largest difference of a probability before and after export."""


def export_model(model_dir: Path | str, output: Path | str, report: dict[str, Any] | None = None) -> Path:
    """Copy a bundle to ``output`` with a card, and check that it answers the same as before.

    ``report`` is the evaluation that the card quotes; without one the card says that the model is unmeasured.
    """
    model_dir, output = Path(model_dir), Path(output)
    manifest = read_manifest(model_dir)
    if output.resolve() == model_dir.resolve():
        raise StanceError(f"output={output} is the model_dir itself; name another folder")
    with atomic_folder(output) as partial:
        for name in REQUIRED:
            shutil.copyfile(model_dir / name, partial / name)
        (partial / "README.md").write_text(model_card(manifest, report), encoding="utf-8")
        kept = {key: value for key, value in manifest.items() if key not in ("files", "format", "labels")}
        seal(partial, kept)
        assert (partial / MANIFEST).is_file()
        check_parity(model_dir, partial, PROBES)
    return output


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
    """The largest difference between two bundles' probabilities; above :data:`PARITY` the export fails."""
    first, second = (StanceClassifier(folder).probabilities(pairs) for folder in (before, after))
    difference = float(np.abs(first - second).max())
    if difference > PARITY:
        raise StanceError(f"{after}: probabilities differ from those of {before} by {difference:.2e} (limit {PARITY})")
    return difference


__all__ = ["check_parity", "export_model"]
