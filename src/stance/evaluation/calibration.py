"""Probabilities that mean what they say: one temperature, and the confidence from which a promise holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar

from stance.evaluation.metrics import Floats
from stance.probability import softmax
from stance.schema import LABELS, Stance


class Promise(NamedTuple):
    """Answers of at least ``threshold`` were wrong at most ``max_error`` of the time on the pairs it was set on.

    ``coverage`` is their share of all pairs, ``error`` their own share of wrong ones, ``wrong_denials`` the share of
    wrong ones among those of them that say "deny" (0 where none does).
    """

    threshold: float
    max_error: float
    coverage: float
    error: float
    wrong_denials: float


def fit_temperature(logits: Floats, gold: Sequence[Stance]) -> float:
    """The temperature in [0.2, 5] under which logits (n, 3) give gold the greatest likelihood (Guo et al. 2017)."""
    indices = np.array([LABELS.index(label) for label in gold])

    def loss(log_temperature: float) -> float:
        probabilities = softmax(logits, float(np.exp(log_temperature)))
        return -float(np.log(np.maximum(probabilities[np.arange(len(indices)), indices], 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return float(np.exp(found.x))


def risk_coverage(probabilities: Floats, gold: Sequence[Stance]) -> list[tuple[float, float, float]]:
    """(threshold, coverage, error) for every confidence that occurs, surest first (Geifman and El-Yaniv 2017)."""
    confidence, wrong = _confidence(probabilities), _wrong(probabilities, gold)
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1)
    errors = wrong[order].cumsum() / answered
    last = np.append(confidence[order][1:] != confidence[order][:-1], True)  # equal confidences are answered together
    return [
        (float(t), float(c), float(e))
        for t, c, e in zip(confidence[order][last], answered[last] / len(order), errors[last], strict=True)
    ]


def keep_promise(probabilities: Floats, gold: Sequence[Stance], max_error: float) -> Promise:
    """The lowest confidence from which at most ``max_error`` of all answers and of all denials are wrong.

    Where no confidence keeps that, the threshold is above 1: the model promises nothing and always abstains.
    """
    for threshold, coverage, error in reversed(risk_coverage(probabilities, gold)):
        denials = _wrong_denials(probabilities, gold, threshold)
        if max(error, denials) <= max_error:
            return Promise(threshold, max_error, coverage, error, denials)
    return Promise(1.01, max_error, 0.0, 0.0, 0.0)


def promise_kept(probabilities: Floats, gold: Sequence[Stance], threshold: float) -> dict[str, float]:
    """Whether a promise holds on pairs that it was not set on: coverage, error and wrong denials there."""
    answered = _confidence(probabilities) >= threshold
    wrong = _wrong(probabilities, gold)
    return {
        "test_coverage": float(answered.mean()),
        "test_error": float(wrong[answered].mean()) if answered.any() else 0.0,
        "test_wrong_denials": _wrong_denials(probabilities, gold, threshold),
    }


def _wrong_denials(probabilities: Floats, gold: Sequence[Stance], threshold: float) -> float:
    denied = probabilities.argmax(axis=1) == LABELS.index(Stance.DENY)
    answered = denied & (_confidence(probabilities) >= threshold)
    return float(_wrong(probabilities, gold)[answered].mean()) if answered.any() else 0.0


def _confidence(probabilities: Floats) -> Floats:
    return np.asarray(probabilities.max(axis=1))


def _wrong(probabilities: Floats, gold: Sequence[Stance]) -> Floats:
    indices = np.array([LABELS.index(label) for label in gold])
    return np.asarray(probabilities.argmax(axis=1) != indices, dtype=float)
