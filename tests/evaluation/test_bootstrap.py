"""Intervals and comparisons, against scikit-learn and against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from stance.evaluation import bootstrap_interval, compare
from stance.evaluation.bootstrap import group_counts, macro_f1
from stance.evaluation.metrics import one_hot
from stance.schema import LABELS, Stance

A, D, N = Stance.AFFIRM, Stance.DENY, Stance.NEUTRAL


def test_macro_f1_is_scikit_learns() -> None:
    random = np.random.default_rng(1)
    for classes in (3, 2, 1):  # with absent classes too
        gold = [LABELS[i] for i in random.integers(0, classes, 50)]
        predicted = [LABELS[i] for i in random.integers(0, classes, 50)]
        counts = group_counts(gold, one_hot(predicted), ["one"] * 50)
        expected = f1_score(gold, predicted, labels=list(LABELS), average="macro", zero_division=0)
        assert macro_f1(counts[0]) == pytest.approx(expected)


def test_counts_are_kept_by_group() -> None:
    counts = group_counts([A, D, N, A], one_hot([A, A, N, D]), ["x", "y", "x", "y"])
    assert counts.shape == (2, 3, 3)
    assert counts[0].tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 1]]
    assert counts[1].tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_the_interval_is_that_of_a_plain_loop() -> None:
    """An independent way: draw groups one by one, score with scikit-learn, take percentiles."""
    random = np.random.default_rng(2)
    gold = [LABELS[i] for i in random.integers(0, 3, 120)]
    predicted = [g if random.random() < 0.6 else LABELS[random.integers(0, 3)] for g in gold]
    groups = [str(index // 6) for index in range(120)]
    values = []
    for _ in range(800):
        chosen = [6 * g + offset for g in random.integers(0, 20, 20) for offset in range(6)]
        pair = [gold[i] for i in chosen], [predicted[i] for i in chosen]
        values.append(f1_score(*pair, labels=list(LABELS), average="macro", zero_division=0))
    expected = np.percentile(values, [2.5, 97.5])
    assert bootstrap_interval(gold, one_hot(predicted), groups) == pytest.approx(tuple(expected), abs=0.02)


def test_a_model_against_itself() -> None:
    same = compare([A, D, N] * 10, one_hot([A, D, A] * 10), one_hot([A, D, A] * 10), [str(i) for i in range(30)])
    assert same[:4] == (0, 0, 0, 0)
    assert same.p == 1


def test_mcnemar_by_hand() -> None:
    """b alone is right on 8 pairs, a alone on 1: two-sided exact p = 2 (C(9,0) + C(9,1)) / 2^9 = 20 / 512."""
    gold = [A] * 10
    a = one_hot([D] * 8 + [A, A])
    b = one_hot([A] * 8 + [D, A])
    result = compare(gold, a, b, [str(i) for i in range(10)])
    assert (result.only_a, result.only_b) == (1, 8)
    assert result.p == pytest.approx(20 / 512)
    assert result.difference > 0
    assert result.better > 0.95
    assert result.low < result.difference < result.high


def test_a_few_articles_tell_nothing_of_their_spread() -> None:
    gold, answers = [A, D, N] * 10, one_hot([A, D, A] * 10)
    assert bootstrap_interval(gold, answers, ["one article"] * 30) == (0, 1)
    result = compare(gold, answers, one_hot(gold), ["one article"] * 30)
    assert (result.low, result.high, result.better) == (-1, 1, 0)
    assert result.difference > 0
