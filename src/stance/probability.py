"""Logits -> probabilities: one softmax for training, evaluation and inference. Needs nothing but numpy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Logits (n, k) -> probabilities (n, k), cooled or heated by a temperature; n may be 0."""
    scaled = logits / temperature
    exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))
