"""Model folder -> predictions: :func:`load`, :class:`StanceClassifier`, article analysis."""

from __future__ import annotations

from pathlib import Path

from stance.inference.classifier import StanceClassifier, as_array


def load(source: str | Path, backend: str = "auto") -> StanceClassifier:
    """Open an exported model. Works offline, runs no code from the model, checks every file's hash.

    ``source`` is a folder, a ``.zip`` of one, or an MLflow address (``runs:/RUN/model``, ``models:/stance@champion``,
    which needs mlflow). ``backend`` is ``auto`` (what the export measured as best), ``torch``, ``onnx`` or ``int8``.
    Raises :class:`stance.errors.InputError` in one line for a folder that is missing, incomplete, tampered with, of a
    newer format or no model at all.
    """
    return StanceClassifier(source, backend)


__all__ = ["StanceClassifier", "as_array", "load"]
