"""The weighted vote on hand-made votes; its fit on counts whose maximum likelihood is known."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from stance.errors import StanceError
from stance.labeling import FUNCTIONS, fit_weights, vote, weighted_vote
from stance.labeling.vote import VoteWeights, fitted_weights, probabilities, write_weights
from stance.schema import LABELS, Stance

A, D, N, X = 0, 1, 2, -1
PLAIN = VoteWeights(np.array([math.log(2), math.log(3)]), np.zeros(3))


def test_probabilities_by_hand() -> None:
    matrix = np.array([[A, A], [A, D], [X, X]], dtype=np.int8)
    expected = [[6 / 8, 1 / 8, 1 / 8], [2 / 6, 3 / 6, 1 / 6], [1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(probabilities(matrix, PLAIN), expected)


def test_the_surest_label_stands_and_the_others_stay_open() -> None:
    matrix = np.array([[A, A], [A, D], [X, X]], dtype=np.int8)
    labels = weighted_vote(matrix, PLAIN, min_confidence=0.6)
    assert [label.stance for label in labels] == [Stance.AFFIRM, None, None]
    assert [label.confidence for label in labels] == pytest.approx([0.75, 0.5, 0.0])
    assert weighted_vote(matrix, PLAIN, min_confidence=0.5)[1].stance == Stance.DENY


def test_no_votes_are_no_labels() -> None:
    assert weighted_vote(np.zeros((0, 2), dtype=np.int8), PLAIN) == []


def test_the_fit_finds_the_share_of_right_votes() -> None:
    matrix = np.full((8000, 1), A, dtype=np.int8)
    matrix[4000:] = D
    gold = [*[Stance.AFFIRM] * 3200, *[Stance.DENY] * 400, *[Stance.NEUTRAL] * 400]
    gold += [*[Stance.DENY] * 3200, *[Stance.AFFIRM] * 400, *[Stance.NEUTRAL] * 400]
    weights = fit_weights(matrix, gold)
    assert probabilities(matrix, weights)[0] == pytest.approx([0.8, 0.1, 0.1], abs=0.01)
    assert weights.bias.sum() == pytest.approx(0)


def test_a_function_that_is_mostly_wrong_gets_no_weight() -> None:
    matrix = np.full((90, 2), X, dtype=np.int8)
    matrix[:30, 0], matrix[30:60, 0], matrix[:30, 1] = A, D, D
    gold = [Stance.AFFIRM] * 30 + [Stance.DENY] * 30 + [Stance.NEUTRAL] * 30
    good, wrong = fit_weights(matrix, gold).functions
    assert good > 1
    assert wrong == 0


def test_the_shipped_weights_belong_to_the_functions() -> None:
    row = json.loads(vote.WEIGHTS.read_text(encoding="utf-8"))
    assert list(row["functions"]) == [function.__name__ for function in FUNCTIONS]
    assert "scripts/fit_labels.py" in row["about"]
    assert all(weight >= 0.05 for weight in row["functions"].values()), "a function without weight is to be deleted"


def test_weights_come_back_as_written(tmp_path: Path) -> None:
    weights = VoteWeights(np.arange(len(FUNCTIONS)) / 8, np.array([0.25, -0.5, 0.25]))
    write_weights(weights, "by hand", tmp_path / "weights.json")
    back = fitted_weights(tmp_path / "weights.json")
    np.testing.assert_array_equal(back.functions, weights.functions)
    np.testing.assert_array_equal(back.bias, weights.bias)


def test_a_function_without_a_weight_is_named(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({"bias": dict.fromkeys(LABELS, 0.0), "functions": {}}), encoding="utf-8")
    with pytest.raises(StanceError, match=r"no fitted weight for states_it, .*scripts/fit_labels\.py"):
        fitted_weights(path)
