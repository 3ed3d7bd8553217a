"""Labeling functions on hand-made sentences, and the matrix on hand-made votes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stance.attribution import attribute
from stance.claims import claims_of
from stance.labeling import FUNCTIONS, analysis, format_analysis, label_matrix, weighted_vote
from stance.labeling.gold import Judged, gold_candidates, gold_report, is_same_speaker, report_on
from stance.labeling.passage import read
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
    made = read(candidate(text, speaker, word))
    return {f.__name__: vote for f in FUNCTIONS if (vote := f(made)) is not None}


def weak_label(text: str, speaker: str, word: str = "dam") -> Stance | None:
    return weighted_vote(label_matrix([candidate(text, speaker, word)], FUNCTIONS))[0].stance


@pytest.mark.parametrize(
    ("text", "function", "stance"),
    [
        ("Ana Ruiz said the old dam was safe.", "states_it", "affirm"),
        ("Ana Ruiz denied that the old dam was leaking.", "states_the_opposite", "deny"),
        ("Ana Ruiz denied that the old dam was leaking.", "denying_cue", "deny"),
        ("Ana Ruiz said the old dam was not leaking.", "states_the_opposite", "deny"),
        ("Ana Ruiz asked whether the old dam was leaking.", "says_whether", "neutral"),
        ("According to Ana Ruiz, the old dam was leaking.", "states_it", "affirm"),
        ("“The old dam is safe for now,” said Ana Ruiz.", "says_the_claim", "affirm"),
    ],
)
def test_a_function_votes_on_what_the_rules_find(text: str, function: str, stance: str) -> None:
    assert votes(text)[function] == stance


def test_silence_is_neutral() -> None:
    text = "Ana Ruiz said the Melsund dam was safe.\n\nCoach Bo Lind said Melsund would train on Monday."
    found = votes(text, "Bo Lind")
    assert found["silent"] == Stance.NEUTRAL
    assert set(found.values()) == {Stance.NEUTRAL}


def test_the_speaker_of_a_claim_is_labelled_by_what_they_do_to_it() -> None:
    text = "Ana Ruiz said the old dam was safe.\n\nBo Lind denied that the old dam was safe."
    assert weak_label(text, "Ana Ruiz") == Stance.AFFIRM
    assert weak_label(text, "Bo Lind") == Stance.DENY


def test_a_hedge_is_no_affirmation_of_the_bare_claim_but_one_of_the_hedged_claim() -> None:
    text = "Ana Ruiz said the old dam was leaking.\n\nBo Lind said the old dam might be leaking."
    assert weak_label(text, "Ana Ruiz") == Stance.AFFIRM
    assert weak_label(text, "Bo Lind") != Stance.AFFIRM
    assert weak_label("Bo Lind said the old dam might be leaking.", "Bo Lind") == Stance.AFFIRM


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
    assert [label.stance for label in weighted_vote(matrix, min_confidence=0.0)] == list(Stance)


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


def test_the_report_draws_the_curve_from_the_surest_down_and_slices_it() -> None:
    sure = candidate("Ana Ruiz denied that the old dam was leaking.", "Ana Ruiz", "dam")
    less = candidate("Ana Ruiz said the old dam was leaking.", "Ana Ruiz", "dam")
    blank = Candidate(Article("b", "Rain fell."), "Bo Lind", "The bridge is open", (), (), ())
    report = report_on(
        [Judged(blank, Stance.DENY, "hard"), Judged(less, Stance.NEUTRAL, "easy"), Judged(sure, Stance.DENY, "hard")]
    )
    assert report.curve[0].accuracy == 1.0
    assert report.curve[-1].accuracy == pytest.approx(1 / 3)
    assert [point.confidence for point in report.curve] == sorted((p.confidence for p in report.curve), reverse=True)
    assert report.slices == {"deny": (1, 1.0), "neutral": (1, 0.0), "easy": (1, 0.0), "hard": (1, 1.0)}
    assert (report.coverage, report.accuracy) == (pytest.approx(2 / 3), 0.5)


def test_a_report_on_nothing_is_empty() -> None:
    assert gold_report([])[1:] == (0.0, 0.0, 0, [], {})
