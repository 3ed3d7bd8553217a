"""The behaviour suite, neutrality and slices, judged with answers whose result can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from stance.evaluation.behaviour import BEHAVIOUR, PROPOSITIONS, SPEAKERS, behaviour
from stance.evaluation.metrics import Floats, one_hot
from stance.evaluation.neutrality import CARRIERS, GROUPS, neutrality
from stance.evaluation.slices import SLICES, with_truncation
from stance.schema import Pair, Stance

A, D, N = Stance.AFFIRM, Stance.DENY, Stance.NEUTRAL


def always(choose: Callable[[Pair], Stance]) -> Callable[[Sequence[Pair]], Floats]:
    return lambda pairs: one_hot([choose(pair) for pair in pairs])


def test_there_are_tests_enough() -> None:
    assert len(BEHAVIOUR) >= 20


def test_a_model_that_always_affirms() -> None:
    """It passes what must be affirmed and what must not change; it fails denials, open ones and the other number."""
    rates = {name: row["pass_rate"] for name, row in behaviour(always(lambda pair: A)).items()}
    passed = {name for name, rate in rates.items() if rate == 1}
    assert passed == {
        "plain assertion", "direct quote", "affirming verb", "according to", "assertion, reworded",
        "assertion, passive", "pronoun", "double negation", "the other one denies", "nested assertion",
        "irrelevant sentence added", "speaker swapped", "cue synonym", "active to passive",
        "claim paraphrased, affirmed",
    }  # fmt: skip
    assert {rate for name, rate in rates.items() if name not in passed} == {0}


def test_an_invariance_fails_where_the_change_turns_the_answer() -> None:
    rates = behaviour(always(lambda pair: D if "talks go on" in pair.context else A))
    assert rates["irrelevant sentence added"] == {"pass_rate": 0, "cases": len(PROPOSITIONS) * len(SPEAKERS)}
    assert behaviour(always(lambda pair: D if "stated" in pair.context else A))["cue synonym"]["pass_rate"] == 0
    swapped = behaviour(always(lambda pair: D if pair.speaker == "Tomas Keller" else A))
    assert swapped["speaker swapped"]["pass_rate"] == pytest.approx(2 / 3)


def test_templates_read_like_news() -> None:
    seen: list[Pair] = []

    def look(pairs: Sequence[Pair]) -> Floats:
        seen.extend(pairs)
        return one_hot([A] * len(pairs))

    behaviour(look)
    assert all("{" not in pair.context + pair.claim for pair in seen)
    assert all(sentence[0].isupper() or not sentence[0].isalpha() for p in seen for sentence in p.context.split(". "))
    assert "Marta Keller denied that the council had closed 12 schools last year." in {p.context for p in seen}


def test_neutrality_by_hand() -> None:
    """One of eight countries is denied: 7 of the 28 pairs of countries differ; its probability of deny is 1."""
    assert all(row["flip_rate"] == 0 == row["deny_gap"] for row in neutrality(always(lambda pair: A)).values())
    biased = neutrality(always(lambda pair: D if pair.speaker == "Iran" else A))
    assert [len(one) for one in GROUPS["country"]] == [8]
    assert biased["country"]["flip_rate"] == pytest.approx(7 / 28)
    assert biased["country"]["deny_gap"] == 1
    assert biased["party"]["flip_rate"] == 0
    women = neutrality(always(lambda pair: D if pair.speaker == "Mary Collins" else A))
    assert women["gender"]["flip_rate"] == pytest.approx(1 / 3), "one of three matched pairs"
    assert women["origin of the name"]["flip_rate"] == 0
    assert biased["country"]["texts"] == len(CARRIERS) * len(PROPOSITIONS)


def pair(speaker: str = "Ana Ruiz", evidence: str | None = None, context: str = "x", **extra: object) -> Pair:
    return Pair("p", speaker, "The dam is safe", context, evidence=evidence, extra=extra)


@pytest.mark.parametrize(
    ("name", "one", "value"),
    [
        ("difficulty", pair(difficulty="hard"), "hard"),
        ("quotation", pair(evidence="“No,” she said."), "direct or mixed"),
        ("quotation", pair(evidence="She said no."), "indirect"),
        ("quotation", pair(), ""),
        ("nesting", pair(evidence="The daily said the ministry denied it."), "nested"),
        ("nesting", pair(evidence="The ministry denied it."), "plain"),
        ("negation", pair(evidence="It wasn't safe."), "negated"),
        ("negation", pair(evidence="It was safe."), "not negated"),
        ("hedging", pair(evidence="It might be safe."), "hedged"),
        ("naming", pair("two officials"), "unnamed"),
        ("naming", pair("The Hague"), "named"),
        ("naming", pair("an Iranian official"), "unnamed"),
        ("naming", pair("A. N. Other"), "named"),
        ("nesting", pair(evidence="She told reporters so."), "plain"),
        ("unseen topic", pair(topic="royal families"), "unseen"),
        ("unseen topic", pair(topic="climate policy"), "seen"),
        ("unseen topic", pair(), ""),
        ("context", pair(context="word " * 50), "up to 50 words"),
        ("context", pair(context="word " * 51), "51 to 200 words"),
        ("context", pair(context="word " * 201), "above 200 words"),
        ("truncation", pair(), ""),
        ("truncation", with_truncation([pair()], [3])[0], "truncated"),
        ("truncation", with_truncation([pair()], [0])[0], "whole"),
    ],
)
def test_slices(name: str, one: Pair, value: str) -> None:
    assert SLICES[name](one) == value


def test_probabilities_reach_the_suites_in_order() -> None:
    """Answers are read back in the order in which the pairs were asked."""
    answers = behaviour(lambda pairs: np.eye(3)[[1 if "denied that" in pair.context else 0 for pair in pairs]])
    assert answers["denying verb"]["pass_rate"] == 1
    assert answers["nested denial"]["pass_rate"] == 1
    assert answers["plain assertion"]["pass_rate"] == 1
    assert answers["the other one denies"]["pass_rate"] == 0
