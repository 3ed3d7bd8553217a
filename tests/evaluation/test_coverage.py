"""Gold pairs against built ones: every outcome on an article of a few invented lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.errors import InputError
from stance.evaluation.coverage import Outcome, Sameness, is_speaker, judge, read_gold, summary
from stance.evaluation.linking import ClaimPair, by_words, score
from stance.schema import Article, Pair, Stance
from tests.conftest import write_jsonl

TEXT = (
    "Ana Ruiz denied that the old dam leaks badly.\n\n"
    "Bo Lind said the council sold the new mill to a bank.\n\nThe town has a choir of forty singers."
)


@pytest.mark.parametrize(
    ("speaker", "claim", "stance", "evidence", "expected"),
    [
        ("Ana Ruiz", "The old dam leaks badly", "deny", None, Outcome.COVERED),
        ("Ana Ruiz", "The old dam leaks badly", "affirm", None, Outcome.WRONG),
        ("Carla Vaca", "The old dam leaks badly", "deny", None, Outcome.NOT_LINKED),
        ("Bo Lind", "Bread is cheap in May", "affirm", "the council sold the new mill", Outcome.NO_PROPOSITION),
        ("Carla Vaca", "Bread is cheap in May", "affirm", "the council sold the new mill", Outcome.OTHER_SPEAKER),
        ("Carla Vaca", "Bread is cheap in May", "affirm", "a choir of forty singers", Outcome.NO_ATTRIBUTION),
    ],
)
def test_each_outcome(speaker: str, claim: str, stance: str, evidence: str | None, expected: Outcome) -> None:
    pair = Pair("p", speaker, claim, TEXT, "a", Stance(stance), evidence)
    (judged,) = judge([Article("a", TEXT)], [pair], Sameness())
    assert judged.outcome is expected
    assert judged.strict is (expected is Outcome.COVERED)
    assert ("covered 1 of 1" in summary([judged])) is (expected is Outcome.COVERED)


def test_other_numbers_are_another_proposition() -> None:
    assert Sameness().of("The fire killed 12 people", ["The fire killed 15 people"]) == [(0.0, 0.0)]
    assert Sameness().of("The fire killed 12 people", ["The fire killed 12 men"])[0][1] == pytest.approx(6 / 8)


def test_speakers_of_states() -> None:
    assert is_speaker("US", "the United States")
    assert is_speaker("Moscow", "Russia")
    assert not is_speaker("Iran", "Russia")


def test_gold_without_labels_is_refused(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "gold.jsonl", [{"pair_id": "1", "speaker": "A", "claim": "B is so"}])
    with pytest.raises(InputError, match="no labelled pair"):
        read_gold(file)


def test_linking_score_by_hand() -> None:
    pairs = [
        ClaimPair("Karvia sold the mill", "The mill was sold by Karvia", True),
        ClaimPair("Karvia sold the mill", "A choir sang in the church", False),
        ClaimPair("Slag reached the river", "Waste poisoned fish", True),
    ]
    assert by_words(pairs) == [True, False, False]
    assert score(pairs, by_words(pairs)) == (1.0, 0.5, pytest.approx(2 / 3))
