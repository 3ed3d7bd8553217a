"""Every labeling function on a hand-made reading: where it votes, and the near miss on which it abstains."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stance.labeling import FUNCTIONS
from stance.labeling.passage import Reading, read
from stance.pairs import Candidate
from stance.schema import Article, Attribution, Link, Span, Stance

CLAIM = "The old dam at Orsk is leaking"
FIRST = "The herald wrote that the old dam at Orsk is leaking. "
"""Somebody else comes closest to the claim; what follows within two sentences is an answer."""


def spans(text: str, words: str) -> tuple[Span, ...]:
    return (Span(text.index(words), text.index(words) + len(words)),) if words else ()


def attribution(text: str, cue: str, content: str, negated: bool = False, rule: str = "verb_clause") -> Attribution:
    return Attribution("a", (), spans(text, cue), spans(text, content), "Ana Ruiz", "indirect", rule, negated)


def reading(
    text: str,
    claim: str = CLAIM,
    own: tuple[Attribution, ...] = (),
    denied: tuple[bool, ...] = (),
    near: tuple[Attribution, ...] = (),
    silent: bool = False,
) -> Reading:
    return read(Candidate(Article("a", text), "Ana Ruiz", claim, own, denied, near, silent))


def said(text: str, cue: str, content: str, denied: bool = False, **more: object) -> Reading:
    one = attribution(text, cue, content, bool(more.get("negated")), str(more.get("rule", "verb_clause")))
    return reading(text, own=(one,), denied=(denied,))


def unshown(cue: str) -> Reading:
    text = f"The report {cue} that the old dam at Orsk is leaking."
    one = replace(attribution(text, cue, CLAIM[4:]), chain=(Link("Ana Ruiz", Stance.NEUTRAL),))
    return reading(text, own=(one,), denied=(False,))


def close_by(text: str, cue: str, content: str) -> Reading:
    return reading(text, near=(attribution(text, cue, content),))


SAID = "Ana Ruiz said the old dam was leaking."
DENIED = "Ana Ruiz denied the old dam was leaking."
TWICE = "Ana Ruiz said the old dam was leaking. Later Ana Ruiz denied a leaking dam."
CASES: list[tuple[str, Reading, str | None]] = [
    ("states_it", said(SAID, "said", "the old dam was leaking"), "affirm"),
    ("states_it", said("Ana Ruiz said the dam might be leaking.", "said", "the dam might be leaking"), None),
    ("states_it", said(DENIED, "denied", "the old dam was leaking", denied=True), None),
    ("states_it", said("Ana Ruiz never said that the dam was leaking.", "said", "the dam was leaking"), None),
    ("states_it", unshown("does not show"), None),
    ("states_it", said("Ana Ruiz did not the dam was leaking.", "not", "the dam was leaking"), None),
    ("says_the_claim", unshown("does not show"), "neutral"),
    ("states_the_opposite", said(DENIED, "denied", "the old dam was leaking", denied=True), "deny"),
    ("states_the_opposite", said(SAID, "said", "the old dam was leaking"), None),
    ("denying_cue", said(DENIED, "denied", "the old dam was leaking", denied=True, negated=True), "deny"),
    ("denying_cue", said(SAID, "said", "the old dam was leaking", denied=True), None),
    ("says_the_claim", said("Ana Ruiz said the old dam at Orsk leaks.", "said", "old dam at Orsk leaks"), "affirm"),
    ("says_the_claim", said("Ana Ruiz said the dam is old.", "said", "the dam is old"), None),
    ("conditional", reading("Ana Ruiz said the old dam at Orsk will be leaking if it rains."), "neutral"),
    ("conditional", reading("Ana Ruiz said the old dam at Orsk will be leaking."), None),
    ("no_comment", reading("Ana Ruiz declined to comment on the dam."), "neutral"),
    ("no_comment", reading("Ana Ruiz commented on the dam."), None),
    ("silent", reading("Ana Ruiz sang.", silent=True), "neutral"),
    ("silent", reading("Ana Ruiz sang."), None),
    ("near_denial", close_by("Ana Ruiz called a dam leak a hoax.", "called", "a dam leak a hoax"), "deny"),
    ("near_denial", close_by("Ana Ruiz called a dam leak sad.", "called", "a dam leak sad"), None),
    ("near_admission", close_by("Ana Ruiz admitted a leak.", "admitted", "a leak"), "affirm"),
    ("near_admission", close_by("Ana Ruiz saw a leak.", "saw", "a leak"), None),
    ("near_hedge", close_by("Ana Ruiz said a leak is possible.", "said", "a leak is possible"), "neutral"),
    ("near_hedge", close_by("Ana Ruiz said a leak is there.", "said", "a leak is there"), None),
    ("plain_words", reading(SAID), "affirm"),
    ("plain_words", reading("Ana Ruiz said the old dam was not leaking."), None),
    ("plain_words", reading(FIRST + "Ana Ruiz likes dams."), None),
    ("negated_clause", reading("Ana Ruiz said the old dam was not leaking."), "deny"),
    ("negated_clause", reading("Ana Ruiz said the old dam was leaking, but it was not raining."), None),
    ("close_negated_clause", reading("Ana Ruiz said the old dam at Orsk was never leaking."), "deny"),
    ("close_negated_clause", reading("Ana Ruiz said nothing to the old man. " + FIRST), None),
    ("hedged_clause", reading("Ana Ruiz said the old dam may be leaking."), "neutral"),
    ("hedged_clause", reading("Ana Ruiz said the dam may be leaking.", claim="The dam may be leaking"), None),
    ("hedged_clause", reading("Ana Ruiz said the old dam was leaking, and it may rain."), None),
    ("denial_word", reading("Ana Ruiz rejected that the old dam at Orsk was leaking."), "deny"),
    ("denial_word", reading("Ana Ruiz saw that the old dam at Orsk was leaking."), None),
    ("says_whether", reading("Ana Ruiz would not say whether the old dam was leaking."), "neutral"),
    ("says_whether", reading("Ana Ruiz would not say that the old dam was leaking."), None),
    ("does_not_dispute", reading("Ana Ruiz did not dispute that the dam was leaking."), "affirm"),
    ("does_not_dispute", reading("Ana Ruiz will dispute that the dam was leaking."), None),
    ("outright_no", reading("Ana Ruiz said: “No, the dam is fine.”"), "deny"),
    ("outright_no", reading("Ana Ruiz laughed at the leaking dam."), "deny"),
    ("outright_no", reading("Ana Ruiz said no dam is fine."), None),
    ("accused_denies", reading("Ana Ruiz did not pay a bribe.", claim="Ana Ruiz paid a bribe"), "deny"),
    ("accused_denies", reading("Ana Ruiz saw that Bo did not pay.", claim="Bo Lind paid a bribe"), None),
]
COUNTED = "The Orsk ward holds 38 patients"
ANSWERS: list[tuple[str, Reading, str | None]] = [
    ("answers_with_denial", reading(FIRST + "Ana Ruiz called this slander."), "deny"),
    ("answers_with_denial", reading("Ana Ruiz called it slander. " + FIRST), None),
    ("answers_with_negation", reading(FIRST + "Ana Ruiz had never seen it."), "deny"),
    ("answers_with_negation", reading(FIRST + "Ana Ruiz had seen it."), None),
    ("answers_with_hedge", reading(FIRST + "Ana Ruiz is awaiting a report."), "neutral"),
    ("answers_with_hedge", reading(FIRST + "Ana Ruiz has a report."), None),
    ("answers_with_admission", reading(FIRST + "Ana Ruiz conceded as much."), "affirm"),
    ("answers_with_admission", reading(FIRST + "Ana Ruiz conceded nothing."), None),
    ("close_question", reading("Ana Ruiz was asked about the leaking dam."), "neutral"),
    ("close_question", reading("Ana Ruiz was told about the leaking dam."), None),
    ("same_numbers", reading("Ana Ruiz said the ward had 38 patients.", claim=COUNTED), "affirm"),
    ("same_numbers", reading("Ana Ruiz said the ward never had 38 patients.", claim=COUNTED), None),
    ("other_numbers", reading("Ana Ruiz said the ward had four patients.", claim=COUNTED), "deny"),
    ("other_numbers", reading("Ana Ruiz said the ward had four nurses.", claim=COUNTED), None),
    ("other_numbers", reading("Ana Ruiz said the ward had four patients, then 38 patients.", claim=COUNTED), None),
    ("never_gives_the_number", reading("Ana Ruiz said the ward was full.", claim=COUNTED), "neutral"),
    ("never_gives_the_number", reading("Ana Ruiz said the ward had 38 beds.", claim=COUNTED), None),
    ("opposite_words", reading("Ana Ruiz said the bridge was closed.", claim="The bridge is open"), "deny"),
    ("opposite_words", reading("Ana Ruiz said the bridge was not closed.", claim="The bridge is open"), None),
    ("refuses_to_rule_out", reading("Ana Ruiz would not rule out a leaking dam."), "neutral"),
    ("refuses_to_rule_out", reading("Ana Ruiz made a rule about the leaking dam."), None),
    ("does_not_know", reading("Ana Ruiz does not know about the dam."), "neutral"),
    ("does_not_know", reading("Ana Ruiz knows about the dam."), None),
    ("inquires", reading("Ana Ruiz is examining the dam."), "neutral"),
    ("inquires", reading("Ana Ruiz is praising the dam."), None),
    ("shares_next_to_nothing", reading(FIRST + "Rain fell. It was late. Ana Ruiz sang."), "neutral"),
    ("shares_next_to_nothing", reading("Ana Ruiz sang about a dam at Orsk."), None),
    ("speaks_of_something_else", reading(FIRST + "Rain fell. It was late. Ana Ruiz sang."), "neutral"),
    ("speaks_of_something_else", reading(FIRST + "Ana Ruiz sang."), None),
    ("spoke_too_early", reading("Ana Ruiz sang. " + FIRST), None),
    ("spoke_too_early", reading("Ana Ruiz sang.\n\nA bird fell. " + FIRST), "neutral"),
    ("spoke_too_early", reading(FIRST + "Ana Ruiz sang."), None),
    ("nearest_words_are_far", reading(FIRST + "Rain fell. " * 5 + "Ana Ruiz sang."), "neutral"),
    ("nearest_words_are_far", reading(FIRST + "Rain fell. " * 4 + "Ana Ruiz sang."), None),
]


@pytest.mark.parametrize(("name", "made", "expected"), [*CASES, *ANSWERS])
def test_a_function_votes_on_its_own_idea(name: str, made: Reading, expected: str | None) -> None:
    function = next(function for function in FUNCTIONS if function.__name__ == name)
    assert function(made) == expected


def test_the_latest_position_stands() -> None:
    first = attribution(TWICE, "said", "the old dam was leaking")
    second = attribution(TWICE, "denied", "a leaking dam", negated=True)
    latest = next(function for function in FUNCTIONS if function.__name__ == "latest_position")
    assert latest(reading(TWICE, own=(first, second), denied=(False, True))) == "deny"
    assert latest(reading(TWICE, own=(first, second), denied=(True, False))) == "affirm"
    assert latest(reading(TWICE, own=(first, second), denied=(False, False))) is None


def test_every_function_has_a_case_that_votes_and_one_that_abstains() -> None:
    names = {function.__name__ for function in FUNCTIONS} - {"latest_position"}
    assert len(names) >= 20
    assert {name for name, _, expected in [*CASES, *ANSWERS] if expected} == names
    assert {name for name, _, expected in [*CASES, *ANSWERS] if expected is None} == names
