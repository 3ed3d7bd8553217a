"""The METRICS table: every number that is reported about predictions has its name, direction and function here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score, matthews_corrcoef, precision_recall_fscore_support

from stance.schema import LABELS, Stance

PRIMARY = "macro_f1"
"""The metric that models are chosen by; greater is better."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Metric(NamedTuple):
    """A function of gold indices (n,), and probabilities (n, 3) -> number, and its direction."""

    compute: Callable[[Ints, Floats], float]
    greater_is_better: bool = True


def _hard(function: Callable[[Ints, Ints], float]) -> Callable[[Ints, Floats], float]:
    return lambda gold, probabilities: float(function(gold, probabilities.argmax(axis=1)))


def _f1(label: Stance) -> Callable[[Ints, Ints], float]:
    index = LABELS.index(label)
    return lambda gold, predicted: f1_score(gold, predicted, labels=[index], average="macro", zero_division=0)


def _brier(gold: Ints, probabilities: Floats) -> float:
    return float(((probabilities - np.eye(len(LABELS))[gold]) ** 2).sum(axis=1).mean())


def calibration_bins(gold: Sequence[Stance], probabilities: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Mean confidence, accuracy and share of the pairs for each equal-width bin of confidence that holds any."""
    return _bins(np.array([LABELS.index(label) for label in gold], dtype=np.int64), probabilities, bins)


def _bins(gold: Ints, probabilities: Floats, bins: int) -> list[dict[str, float]]:
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {"confidence": float(confidence[one].mean()), "accuracy": float(right[one].mean()), "share": float(one.mean())}
        for one in (which == index for index in range(bins))
        if one.any()
    ]


def expected_calibration_error(gold: Ints, probabilities: Floats, bins: int = 10) -> float:
    """Mean gap between confidence and accuracy over equal-width bins of confidence (Guo et al. 2017)."""
    return sum(abs(one["confidence"] - one["accuracy"]) * one["share"] for one in _bins(gold, probabilities, bins))


METRICS: dict[str, Metric] = {
    "accuracy": Metric(_hard(lambda gold, predicted: float((gold == predicted).mean()))),
    "macro_f1": Metric(_hard(lambda g, p: f1_score(g, p, labels=[0, 1, 2], average="macro", zero_division=0))),
    **{f"f1_{label.value}": Metric(_hard(_f1(label))) for label in LABELS},
    "mcc": Metric(_hard(matthews_corrcoef)),
    "brier": Metric(_brier, greater_is_better=False),
    "ece": Metric(expected_calibration_error, greater_is_better=False),
}
"""Name -> metric. A new metric is a line here; it then appears in training logs, reports and MLflow."""


def score(gold: Sequence[Stance], probabilities: Floats) -> dict[str, float]:
    """All of :data:`METRICS` for gold labels (n) and probabilities (n, 3) in the order of LABELS."""
    indices = np.array([LABELS.index(label) for label in gold], dtype=np.int64)
    return {name: metric.compute(indices, np.asarray(probabilities, dtype=float)) for name, metric in METRICS.items()}


def per_class(gold: Sequence[Stance], predicted: Sequence[Stance]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and support of each class."""
    rows = precision_recall_fscore_support(gold, predicted, labels=list(LABELS), zero_division=0)
    return {
        label.value: dict(zip(("precision", "recall", "f1", "support"), map(float, column), strict=True))
        for label, *column in zip(LABELS, *rows, strict=True)
    }


def one_hot(labels: Sequence[Stance]) -> Floats:
    """Certain predictions (n, 3), for baselines that give labels only."""
    return np.eye(len(LABELS))[[LABELS.index(label) for label in labels]]
