"""Temperature and promise, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from stance.evaluation.calibration import fit_temperature, keep_promise, promise_kept, risk_coverage
from stance.probability import softmax
from stance.schema import Stance

A, D, N = Stance.AFFIRM, Stance.DENY, Stance.NEUTRAL


def test_the_temperature_makes_confidence_equal_accuracy() -> None:
    """Logits (z, 0, 0), right in 3 of 4 cases. The likelihood is greatest where the softmax of the first class is the
    share of right answers: e^x / (e^x + 2) = 3/4, so x = ln 6 and T = z / ln 6."""
    logits = np.tile([5.0, 0.0, 0.0], (8, 1))
    gold = [A, A, A, D, A, A, A, N]
    temperature = fit_temperature(logits, gold)
    assert temperature == pytest.approx(5 / np.log(6), rel=1e-3)
    assert softmax(logits, temperature)[0, 0] == pytest.approx(0.75, abs=1e-3)


def test_the_temperature_stays_in_its_bounds() -> None:
    sure_and_right = np.tile([1.0, 0.0, 0.0], (4, 1))
    assert fit_temperature(sure_and_right, [A] * 4) == pytest.approx(0.2, rel=0.01)
    assert fit_temperature(sure_and_right, [D] * 4) == pytest.approx(5.0, rel=0.01)


PROBABILITIES = np.array(
    [
        [0.9, 0.05, 0.05],  # affirm, right
        [0.1, 0.8, 0.1],  # deny, right
        [0.15, 0.7, 0.15],  # deny, wrong
        [0.6, 0.2, 0.2],  # affirm, right
        [0.25, 0.25, 0.5],  # neutral, wrong
    ]
)
GOLD = [A, D, N, A, A]


def test_risk_and_coverage_by_hand() -> None:
    assert risk_coverage(PROBABILITIES, GOLD) == [
        (0.9, pytest.approx(0.2), 0.0),
        (0.8, pytest.approx(0.4), 0.0),
        (0.7, pytest.approx(0.6), pytest.approx(1 / 3)),
        (0.6, pytest.approx(0.8), pytest.approx(1 / 4)),
        (0.5, pytest.approx(1.0), pytest.approx(2 / 5)),
    ]


def test_the_promise_holds_for_all_answers_and_for_denials() -> None:
    """At 0.6 a quarter of the answers is wrong, but one of two denials: only a limit of 0.5 allows that."""
    assert keep_promise(PROBABILITIES, GOLD, 0.3).threshold == 0.8
    loose = keep_promise(PROBABILITIES, GOLD, 0.5)
    assert (loose.threshold, loose.coverage) == (0.5, 1.0)
    assert loose.error == pytest.approx(0.4)
    assert loose.wrong_denials == pytest.approx(0.5)


def test_a_promise_that_cannot_be_kept_is_not_made() -> None:
    hopeless = keep_promise(PROBABILITIES[2:3], GOLD[2:3], 0.1)
    assert hopeless.threshold > 1
    assert hopeless.coverage == 0


def test_equal_confidences_are_answered_together() -> None:
    tied = np.array([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1]])
    assert risk_coverage(tied, [A, D]) == [(0.8, 1.0, 0.5)]


def test_a_promise_is_checked_on_other_pairs() -> None:
    """At 0.7: three answered of five, one of them wrong; of two denials one is wrong."""
    assert promise_kept(PROBABILITIES, GOLD, 0.7) == {
        "test_coverage": pytest.approx(0.6),
        "test_error": pytest.approx(1 / 3),
        "test_wrong_denials": pytest.approx(0.5),
    }
    assert promise_kept(PROBABILITIES, GOLD, 1.01) == {"test_coverage": 0, "test_error": 0, "test_wrong_denials": 0}
