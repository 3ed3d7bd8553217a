"""Bundle -> predictions: :func:`load`, :class:`StanceClassifier`, article analysis."""

from __future__ import annotations

from pathlib import Path

from stance.inference.classifier import StanceClassifier


def load(source: str | Path) -> StanceClassifier:
    """Open an exported model folder. Works offline; raises :class:`stance.errors.InputError` for anything else."""
    return StanceClassifier(source)


__all__ = ["StanceClassifier", "load"]
