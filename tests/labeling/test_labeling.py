"""Labeling functions on hand-made sentences, and the matrix on hand-made votes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stance.attribution import attribute
from stance.claims import claims_of
from stance.labeling import FUNCTIONS, analysis, format_analysis, label_matrix, majority
from stance.labeling.gold import gold_candidates, gold_report, is_same_speaker
from stance.labeling.weak import weak_pairs
from stance.pairs import Candidate, candidates_of
from stance.records import parse_annotated
from stance.schema import Article, Speaker, Stance
from tests.conftest import annotated_row

A, D, N, X = 0, 1, 2, -1


def candidate(text: str, speaker: str, word: str) -> Candidate:
    article, attributions = next(attribute([Article("a", text)]))
    found = candidates_of(article, attributions, claims_of(article, attributions))
    return next(c for c in found if c.speaker == speaker and word in c.claim)


def votes(text: str, speaker: str = "Ana Ruiz", word: str = "dam") -> dict[str, Stance]:
    made = candidate(text, speaker, word)
    return {f.__name__: vote for f in FUNCTIONS if (vote := f(made)) is not None}


@pytest.mark.parametrize(
    ("text", "function", "stance"),
    [
        ("Ana Ruiz said the old dam was safe.", "states_it", "affirm"),
        ("Ana Ruiz denied that the old dam was leaking.", "states_the_opposite", "deny"),
        ("Ana Ruiz denied that the old dam was leaking.", "denying_cue", "deny"),
        ("Ana Ruiz said the old dam was not leaking.", "states_the_opposite", "deny"),
        ("Ana Ruiz insisted that the old dam was safe.", "strong_cue", "affirm"),
        ("Ana Ruiz said the old dam might be leaking.", "hedged", "neutral"),
        ("Ana Ruiz asked whether the old dam was leaking.", "neutral_cue", "neutral"),
        ("According to Ana Ruiz, the old dam was leaking.", "according_to", "affirm"),
        ("“The old dam is safe for now,” said Ana Ruiz.", "direct_quote", "affirm"),
    ],
)
def test_a_function_votes_on_its_own_idea(text: str, function: str, stance: str) -> None:
    assert votes(text)[function] == stance


def test_the_latest_position_stands() -> None:
    text = "Ana Ruiz denied that the old dam was leaking.\n\nAna Ruiz said the old dam was leaking."
    assert votes(text)["latest_position"] == Stance.AFFIRM


def test_silence_is_neutral() -> None:
    text = "Ana Ruiz said the Melsund dam was safe.\n\nCoach Bo Lind said Melsund would train on Monday."
    assert votes(text, "Bo Lind") == {"silent": Stance.NEUTRAL}


def test_who_asks_to_stop_something_takes_it_for_granted() -> None:
    text = "The government of Norland asked Karvia to stop selling slag to farmers."
    made = votes(text, "The government of Norland", "selling slag")
    assert made["presupposed"] == Stance.AFFIRM
    assert "neutral_cue" not in made


def test_majority_by_hand() -> None:
    matrix = np.array([[A, A, D], [A, D, X], [X, X, X], [N, X, X]], dtype=np.int8)
    labels = majority(matrix)
    assert [label.stance for label in labels] == [Stance.AFFIRM, None, None, Stance.NEUTRAL]
    assert labels[0].confidence == pytest.approx(2 / 3)
    weighted = majority(matrix, np.array([1.0, 3.0, 1.0]))
    assert weighted[1].stance == Stance.DENY
    assert weighted[1].confidence == pytest.approx(0.75)


def test_the_table_by_hand() -> None:
    matrix = np.array([[A, A], [A, D], [X, D], [X, X]], dtype=np.int8)
    gold = [Stance.AFFIRM, Stance.DENY, Stance.DENY, Stance.NEUTRAL]
    first, second = analysis(matrix, FUNCTIONS[:2], gold)
    assert first[1:] == (0.5, 0.5, 0.25, 0.5)
    assert second[1:] == (0.75, 0.5, 0.25, 1.0)
    assert first.name in format_analysis([first])


def test_gold_cells_become_candidates() -> None:
    annotated = parse_annotated(annotated_row(0), Path("x"), 1)
    attributions = next(attribute([annotated.article]))[1]
    made = {c.speaker: (c, gold) for c, gold in gold_candidates(annotated, attributions)}
    assert made["Ana Ruiz"][0].denied == (False,)
    assert made["the union"][0].denied == (True,)
    assert made["the ministry"][1] == Stance.NEUTRAL
    matrix = label_matrix([c for c, _ in made.values()], FUNCTIONS)
    assert matrix.shape == (3, len(FUNCTIONS))
    assert [label.stance for label in majority(matrix)][:2] == [Stance.AFFIRM, Stance.DENY]


def test_speakers_are_matched_by_name_and_surname() -> None:
    speaker = Speaker("s", "Ana Maria Ruiz", ("the mayor",))
    assert is_same_speaker(["Mayor", "Ruiz"][1], speaker)
    assert is_same_speaker("The mayor", speaker)
    assert not is_same_speaker("Bo Lind", speaker)


def test_weak_pairs_carry_source_and_confidence() -> None:
    pairs = list(weak_pairs([Article("a", "Ana Ruiz denied that the old dam was leaking.")]))
    assert [(p.speaker, p.stance, p.label_source) for p in pairs] == [("Ana Ruiz", Stance.DENY, "weak")]
    assert pairs[0].confidence is not None
    assert 0.6 <= pairs[0].confidence <= 1


def test_the_gold_report_judges_functions_and_the_aggregate() -> None:
    report = gold_report(parse_annotated(annotated_row(number), Path("x"), 1) for number in range(4))
    assert report.cells == 12
    rows = {row.name: row for row in report.functions}
    assert rows["denying_cue"].accuracy == 1
    assert rows["denying_cue"].coverage == pytest.approx(1 / 3)
    assert report.accuracy > 0.6
    assert "aggregated: coverage" in str(report)
