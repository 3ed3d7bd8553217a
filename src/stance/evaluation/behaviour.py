"""A behaviour suite in the manner of CheckList (Ribeiro et al. 2020): what any reader of news would get right.

Each test is a template filled with every proposition and speaker; its pass rate is the share of fillings that the
model answers as it must. Some tests name the answer, others say that a change must not change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stance.evaluation.metrics import Floats
from stance.schema import LABELS, Pair, Stance

Predict = Callable[[Sequence[Pair]], Floats]
"""Pairs -> probabilities (n, 3) in the order of LABELS."""


@dataclass(frozen=True)
class Proposition:
    """One proposition in the forms that templates need."""

    claim: str
    past: str
    negated: str
    possible: str
    passive: str
    reworded: str
    other_number: str


PROPOSITIONS = (
    Proposition(
        "The company sold 40 drones to the army", "the company had sold 40 drones to the army",
        "the company had not sold 40 drones to the army", "the company might have sold 40 drones to the army",
        "40 drones had been sold to the army by the company", "the army had bought 40 drones from the company",
        "the company had sold 9 drones to the army",
    ),
    Proposition(
        "The council closed 12 schools last year", "the council had closed 12 schools last year",
        "the council had not closed 12 schools last year", "the council might have closed 12 schools last year",
        "12 schools had been closed by the council last year", "12 schools had been shut by the council last year",
        "the council had closed 2 schools last year",
    ),
    Proposition(
        "The factory dumped 200 tonnes of waste in the river",
        "the factory had dumped 200 tonnes of waste in the river",
        "the factory had not dumped 200 tonnes of waste in the river",
        "the factory might have dumped 200 tonnes of waste in the river",
        "200 tonnes of waste had been dumped in the river by the factory",
        "200 tonnes of the factory's waste had been tipped into the river",
        "the factory had dumped 20 tonnes of waste in the river",
    ),
    Proposition(
        "The minister met 5 lobbyists in May", "the minister had met 5 lobbyists in May",
        "the minister had not met 5 lobbyists in May", "the minister might have met 5 lobbyists in May",
        "5 lobbyists had been met by the minister in May", "5 lobbyists had had a meeting with the minister in May",
        "the minister had met 2 lobbyists in May",
    ),
    Proposition(
        "The club paid 30 million euros for the striker", "the club had paid 30 million euros for the striker",
        "the club had not paid 30 million euros for the striker",
        "the club might have paid 30 million euros for the striker",
        "30 million euros had been paid for the striker by the club",
        "the club had bought the striker for 30 million euros",
        "the club had paid 10 million euros for the striker",
    ),
    Proposition(
        "The hospital turned away 7 patients", "the hospital had turned away 7 patients",
        "the hospital had not turned away 7 patients", "the hospital might have turned away 7 patients",
        "7 patients had been turned away by the hospital", "7 patients had been refused by the hospital",
        "the hospital had turned away 2 patients",
    ),
)  # fmt: skip

SPEAKERS = (("Marta Keller", "Ivo Brandt"), ("the union", "the employers' association"), ("Daniel Osei", "Lena Ruud"))
"""Pairs of a speaker and another one."""

FILLER = "The talks go on next week."


@dataclass(frozen=True)
class Case:
    """A pair with the answer it must get (``expected``), must not get (``forbidden``), or must share with ``base``."""

    pair: Pair
    expected: Stance | None = None
    forbidden: Stance | None = None
    base: Pair | None = None


Template = Callable[[Proposition, str, str], Case]


def _says(text: str, stance: Stance, about: Callable[[Proposition], str] = lambda p: p.claim) -> Template:
    """A template with a known answer: ``{s}`` is the speaker that is asked about, ``{o}`` another."""
    return lambda p, s, o: Case(Pair("", s, about(p), _filled(text, p, s, o)), expected=stance)


def _same(text: str, changed: str, swap: Callable[[str], str] = lambda speaker: speaker) -> Template:
    """A template whose change must leave the answer as it is."""

    def made(p: Proposition, s: str, o: str) -> Case:
        other = swap(s)
        return Case(
            Pair("", other, p.claim, _filled(changed, p, other, o)), base=Pair("", s, p.claim, _filled(text, p, s, o))
        )

    return made


def _never(text: str, stance: Stance) -> Template:
    return lambda p, s, o: Case(Pair("", s, p.claim, _filled(text, p, s, o)), forbidden=stance)


def _filled(text: str, p: Proposition, s: str, o: str) -> str:
    filled = text.format(s=s, o=o, **{name: getattr(p, name) for name in p.__dataclass_fields__}, filler=FILLER)
    return ". ".join(_sentence(part) for part in filled.split(". "))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


A, D, N = Stance.AFFIRM, Stance.DENY, Stance.NEUTRAL
_NAMES = {
    "Marta Keller": "Tomas Keller",
    "the union": "the teachers' union",
    "Daniel Osei": "Akiko Tanaka",
}

BEHAVIOUR: dict[str, Template] = {
    "plain assertion": _says("{s} said that {past}.", A),
    "direct quote": _says("“{claim},” {s} said.", A),
    "affirming verb": _says("{s} confirmed on Monday that {past}.", A),
    "according to": _says("According to {s}, {past}.", A),
    "assertion, reworded": _says("{s} said that {reworded}.", A),
    "assertion, passive": _says("{s} said that {passive}.", A),
    "pronoun": _says("{s} spoke to reporters on Monday. “{claim},” they said.", A),
    "denying verb": _says("{s} denied that {past}.", D),
    "another denying verb": _says("{s} rejected the claim that {past}.", D),
    "negation": _says("{s} said that {negated}.", D),
    "called false": _says("{s} said it was untrue that {past}.", D),
    "double negation": _says("{s} said it was untrue that {negated}.", A),
    "hedge": _says("{s} said that {possible}.", N),
    "question": _says("{s} asked whether {past}.", N),
    "no comment": _says("{o} said that {past}. {s} declined to comment.", N),
    "cannot confirm": _says("{s} could not confirm that {past}.", N),
    "investigation": _says("{s} is investigating whether {past}.", N),
    "conditional": _says("{s} said there would be consequences if {past}.", N),
    "the other one denies": _says("{o} denied that {past}. {s} said that {past}.", A),
    "the other one affirms": _says("{o} said that {past}. {s} denied it.", D),
    "nested denial": _says("The newspaper reported that {s} had denied that {past}.", D),
    "nested assertion": _says("The newspaper reported on Monday that {s} had said that {past}.", A),
    "silent speaker": _says("{o} said that {past}. {s} was in the room.", N),
    "another number": _never("{s} said that {other_number}.", A),
    "irrelevant sentence added": _same("{s} denied that {past}.", "{filler} {s} denied that {past}. {filler}"),
    "speaker swapped": _same("{s} denied that {past}.", "{s} denied that {past}.", lambda s: _NAMES[s]),
    "cue synonym": _same("{s} said that {past}.", "{s} stated that {past}."),
    "claim paraphrased, affirmed": _says("{s} said that {past}.", A, lambda p: _sentence(p.reworded)),
    "claim paraphrased, denied": _says("{s} denied that {past}.", D, lambda p: _sentence(p.reworded)),
    "active to passive": _same("{s} denied that {past}.", "{s} denied that {passive}."),
}
"""Name -> template. A new test is a line."""


def behaviour(predict: Predict) -> dict[str, dict[str, float]]:
    """Pass rate and number of cases of every test."""
    cases = {
        name: [template(p, s, o) for p in PROPOSITIONS for s, o in SPEAKERS] for name, template in BEHAVIOUR.items()
    }
    asked = [pair for rows in cases.values() for case in rows for pair in (case.pair, case.base) if pair is not None]
    answers = iter([LABELS[index] for index in predict(asked).argmax(axis=1)])
    return {name: _rate([_passes(case, answers) for case in rows]) for name, rows in cases.items()}


def _passes(case: Case, answers: Iterator[Stance]) -> bool:
    """Whether a case's answer, the next one, is right; the answer to its base, if it has one, is the one after."""
    answer = next(answers)
    if case.base is not None:
        return answer is next(answers)
    return answer is case.expected if case.expected is not None else answer is not case.forbidden


def _rate(passed: list[bool]) -> dict[str, float]:
    return {"pass_rate": sum(passed) / len(passed), "cases": len(passed)}
