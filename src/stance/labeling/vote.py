"""The label model: a weighted vote whose weights are fitted on the corpus' train split.

A label's score is its bias plus the weights of the functions that vote for it; the softmax of the scores is the
confidence. A weight is never negative: no function can speak against its own vote. On the corpus' validation and test
splits this did better than majority vote, than votes weighted by accuracy, and than Dawid-Skene models fitted by EM.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from stance.errors import StanceError
from stance.files import write_json
from stance.labeling.functions import FUNCTIONS
from stance.labeling.matrix import ABSTAIN, Matrix
from stance.probability import Floats, softmax
from stance.schema import LABELS, Stance

WEIGHTS = Path(__file__).parent / "weights.json"
"""The fitted numbers, written by scripts/fit_labels.py; ``about`` in it tells how."""

PENALTY = 1.0
"""Half of this times the squared weights is added to the loss, so that rare functions are not trusted too far."""

MIN_CONFIDENCE = 0.6
"""Below this a weak label is left open: about two in five of such labels would be wrong."""


class WeakLabel(NamedTuple):
    """An aggregated label, or None where the votes leave it open; ``confidence`` is its estimated probability."""

    stance: Stance | None
    confidence: float


class VoteWeights(NamedTuple):
    """A weight for each function (columns of the matrix) and a bias for each label, in the order of LABELS."""

    functions: Floats
    bias: Floats


def probabilities(matrix: Matrix, weights: VoteWeights) -> Floats:
    """Rows over :data:`stance.schema.LABELS` that sum to 1, shape (candidates, labels)."""
    return softmax(_votes(matrix) @ weights.functions + weights.bias)


def weighted_vote(
    matrix: Matrix, weights: VoteWeights | None = None, min_confidence: float = MIN_CONFIDENCE
) -> list[WeakLabel]:
    """The most probable label of each row; rows without a vote or below ``min_confidence`` stay open.

    The fitted weights belong to the columns of :data:`FUNCTIONS`; matrices of other functions bring their own.
    """
    rows = probabilities(matrix, weights or fitted_weights())
    voted = (matrix != ABSTAIN).any(axis=1)
    best = rows.argmax(axis=1)
    confidence = np.where(voted, rows.max(axis=1), 0.0)
    return [
        WeakLabel(LABELS[label] if some and sure >= min_confidence else None, float(sure))
        for label, sure, some in zip(best, confidence, voted, strict=True)
    ]


def fit_weights(matrix: Matrix, gold: Sequence[Stance]) -> VoteWeights:
    """Weights and biases that make the gold labels most likely; the loss is convex, so the result is the only one."""
    from scipy.optimize import minimize  # slow to import, and only fitting needs it

    votes, wanted = _votes(matrix), np.eye(len(LABELS))[[LABELS.index(label) for label in gold]]
    columns = matrix.shape[1]

    def loss(numbers: Floats) -> tuple[float, Floats]:
        weights, bias = numbers[:columns], numbers[columns:]
        rows = softmax(votes @ weights + bias)
        off = rows - wanted
        slope = np.concatenate([np.einsum("nkj,nk->j", votes, off) + PENALTY * weights, off.sum(axis=0)])
        likely = np.log(np.maximum((rows * wanted).sum(axis=1), 1e-12)).sum()
        return float(PENALTY * weights @ weights / 2 - likely), slope

    bounds = [(0.0, None)] * columns + [(None, None)] * len(LABELS)
    found = minimize(loss, np.zeros(columns + len(LABELS)), jac=True, method="L-BFGS-B", bounds=bounds).x
    return VoteWeights(found[:columns], found[columns:] - found[columns:].mean())


def _votes(matrix: Matrix) -> Floats:
    """Shape (candidates, labels, functions): 1 where the function votes for the label."""
    return np.stack([matrix == index for index in range(len(LABELS))], axis=1).astype(np.float64)


def write_weights(weights: VoteWeights, about: str, path: Path = WEIGHTS) -> None:
    """The numbers of :data:`FUNCTIONS` with a sentence on where they come from."""
    names = [function.__name__ for function in FUNCTIONS]
    row = {
        "about": about,
        "bias": {label.value: round(float(value), 3) for label, value in zip(LABELS, weights.bias, strict=True)},
        "functions": {name: round(float(value), 3) for name, value in zip(names, weights.functions, strict=True)},
    }
    write_json(path, row)
    fitted_weights.cache_clear()


@lru_cache(maxsize=1)
def fitted_weights(path: Path = WEIGHTS) -> VoteWeights:
    """The weights of :data:`FUNCTIONS`; StanceError where one of them has none yet."""
    row = json.loads(path.read_text(encoding="utf-8"))
    names = [function.__name__ for function in FUNCTIONS]
    if missing := [name for name in names if name not in row["functions"]]:
        raise StanceError(f"no fitted weight for {', '.join(missing)}: run scripts/fit_labels.py")
    return VoteWeights(
        np.array([row["functions"][name] for name in names]), np.array([row["bias"][label] for label in LABELS])
    )
