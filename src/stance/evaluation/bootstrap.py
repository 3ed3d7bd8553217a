"""How sure a score is: articles are drawn again with replacement, whole ones, as pairs of one article hang together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from stance.evaluation.metrics import Floats
from stance.schema import LABELS, Stance

ROUNDS = 2000
MIN_GROUPS = 8
"""Fewer articles tell nothing of their spread: drawing from them again gives intervals that are far too narrow."""

Counts = npt.NDArray[np.float64]
"""Confusion counts (..., gold, predicted): macro-F1 needs no more, so that a round costs one product of matrices."""


def macro_f1(counts: Counts) -> Floats:
    """Macro-F1 of confusion counts (..., 3, 3); a class that neither occurs nor is predicted counts as 0."""
    right = np.diagonal(counts, axis1=-2, axis2=-1)
    total = counts.sum(axis=-1) + counts.sum(axis=-2)
    f1 = np.divide(2 * right, total, out=np.zeros_like(right), where=total > 0)
    return np.asarray(f1.mean(axis=-1))


def group_counts(gold: Sequence[Stance], probabilities: Floats, groups: Sequence[str]) -> Counts:
    """The confusion counts (n groups, 3, 3) of each group, in the order in which the groups first occur."""
    number = {group: index for index, group in enumerate(dict.fromkeys(groups))}
    counts = np.zeros((len(number), len(LABELS), len(LABELS)))
    for label, predicted, group in zip(gold, probabilities.argmax(axis=1), groups, strict=True):
        counts[number[group], LABELS.index(label), predicted] += 1
    return counts


def _resampled(counts: Counts, rounds: int) -> Floats:
    """Macro-F1 (rounds,) of groups drawn with replacement, seed 0: equal draws for every model of the same groups."""
    weights = np.random.default_rng(0).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=rounds)
    return macro_f1(np.tensordot(weights.astype(float), counts, axes=1))


def bootstrap_interval(
    gold: Sequence[Stance], probabilities: Floats, groups: Sequence[str], rounds: int = ROUNDS
) -> tuple[float, float]:
    """95 % interval of macro-F1 over ``groups`` (articles or situations), by percentiles.

    With fewer than :data:`MIN_GROUPS` groups it is all of [0, 1].
    """
    if len(set(groups)) < MIN_GROUPS:
        return 0.0, 1.0
    low, high = np.percentile(_resampled(group_counts(gold, probabilities, groups), rounds), [2.5, 97.5])
    return float(low), float(high)


class Comparison(NamedTuple):
    """Model b against model a on the same pairs.

    ``difference`` of macro-F1 with its 95 % interval; ``better``: share of the rounds in which b has more;
    ``only_a`` and ``only_b``: pairs that only one gets right, and McNemar's exact ``p`` for their difference.
    """

    difference: float
    low: float
    high: float
    better: float
    only_a: int
    only_b: int
    p: float


def compare(gold: Sequence[Stance], a: Floats, b: Floats, groups: Sequence[str], rounds: int = ROUNDS) -> Comparison:
    """Paired bootstrap over groups, and McNemar's exact test over pairs, of two models' probabilities (n, 3).

    With fewer than :data:`MIN_GROUPS` groups the interval is all of [-1, 1] and ``better`` is 0.
    """
    first, second = (group_counts(gold, one, groups) for one in (a, b))
    differences = _resampled(second, rounds) - _resampled(first, rounds)
    low, high = np.percentile(differences, [2.5, 97.5])
    better = float((differences > 0).mean())
    if len(first) < MIN_GROUPS:
        low, high, better = -1.0, 1.0, 0.0
    indices = np.array([LABELS.index(label) for label in gold])
    right_a, right_b = (one.argmax(axis=1) == indices for one in (a, b))
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    return Comparison(
        difference=float(macro_f1(second.sum(axis=0)) - macro_f1(first.sum(axis=0))),
        low=float(low),
        high=float(high),
        better=better,
        only_a=only_a,
        only_b=only_b,
        p=float(binomtest(only_b, only_a + only_b).pvalue) if only_a + only_b else 1.0,
    )
