"""Contents with several clauses, pronouns, and denials without a "not"; every expected claim is worked out by hand."""

from __future__ import annotations

import pytest

from stance.attribution import attribute
from stance.claims import claims_of
from stance.claims.cast import Cast, is_person
from stance.claims.inflection import participle, past, third_person
from stance.claims.polarity import done, positive
from stance.schema import Article


def claims(text: str) -> list[tuple[str, bool]]:
    article, attributions = next(attribute([Article("a", text)]))
    return [(claim.text, claim.denied) for claim in claims_of(article, attributions)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The mayor sold the old mill and the council paid no fee for it, Ana Ruiz said.",
            [("The mayor sold the old mill", False), ("The council paid a fee for it", True)],
        ),
        (
            "The firm left the port in May but it did not pay the workers, Ana Ruiz said.",
            [("The firm left the port in May", False), ("The firm paid the workers", True)],
        ),
        (
            "Ana Ruiz said the bridge had never been closed because the engineers checked every bolt.",
            [("The bridge had been closed", True), ("The engineers checked every bolt", False)],
        ),
        (
            "The minister, Bo Lind, denied reports about the sale of old tanks to Karvia.",
            [("Old tanks were sold to Karvia", True)],
        ),
        ("Ana Ruiz denied selling the old mine to Karvia.", [("Ana Ruiz was selling the old mine to Karvia", True)]),
        ("Ana Ruiz denied knowing the owner of the mill.", [("Ana Ruiz knew the owner of the mill", True)]),
        ('"No, we did not sell the mill to Karvia," Bo Lind said.', [("Bo Lind sold the mill to Karvia", True)]),
        ("Ana Ruiz said the club failed to pay its players.", [("The club paid its players", True)]),
        (
            "Ana Ruiz said the delegation boycotted the talks in Melsund.",
            [("The delegation attended the talks in Melsund", True)],
        ),
    ],
)
def test_each_clause_is_a_claim_of_its_own(text: str, expected: list[tuple[str, bool]]) -> None:
    found = claims(text)
    for one in expected:
        assert one in found, found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("that if the tax falls, shops will open again", [("If the tax falls, shops will open again", False)]),
        (
            "the pilot, not the co-pilot, was flying the plane",
            [("The pilot, not the co-pilot, was flying the plane", False)],
        ),
        (
            "the ferry sank in the north, not in the south",
            [("The ferry sank in the north, not in the south", False)],
        ),
        (
            "it was not until Friday that the firm paid the workers",
            [("It was not until Friday that the firm paid the workers", False)],
        ),
        (
            "the firm had not only closed the mine but sold the land",
            [("The firm had closed the mine", False), ("The firm sold the land", False)],
        ),
        ("the firm neither closed the mine nor sold the land", [("The firm closed the mine", True)]),
        ("the ferry did not sink in the north", [("The ferry sank in the north", True)]),
    ],
)
def test_conditions_stay_and_contrasts_deny_nothing(content: str, expected: list[tuple[str, bool]]) -> None:
    assert claims(f"Bo Lind said {content}.") == expected


def test_an_opening_condition_stays_in_a_quotation() -> None:
    assert claims("“If the tax falls, the shops will open again,” Bo Lind said.") == [
        ("If the tax falls, the shops will open again", False)
    ]


def test_her_before_a_preposition_possesses_nothing() -> None:
    assert claims("The judge said Marsh had pushed her on the stairs.") == []


def test_it_that_stands_for_nothing_is_not_the_speaker() -> None:
    found = claims("The head of the hospital said that it was too early to say that the fever had spread.")
    assert ("It was too early to say that the fever had spread", False) in found


def test_we_is_the_body_that_a_person_speaks_for() -> None:
    text = "Icelandic Foreign Minister Orm Darabi met reporters. “We have sold no ships to Karvia,” Darabi said."
    assert ("Iceland has sold ships to Karvia", True) in claims(text)
    cast = Cast("Lena Voss, chief executive of Nordmark Rail, spoke. The Borund Bank chairman Ole Moe did not.")
    assert cast.body_of("Lena Voss") == "Nordmark Rail"
    assert cast.body_of("Ole Moe") == "The Borund Bank"
    assert cast.body_of("Ana Ruiz") == "Ana Ruiz"
    for body in ("Norvik", "Norvik of Borund", "A.B. Norvik", "St. Orm College"):
        assert Cast(f"We met Bo Lind, the head of {body}. He was late.").body_of("Bo Lind") == body


def test_a_pronoun_that_nothing_explains_drops_the_claim() -> None:
    assert claims("“She has sold the mine to Karvia,” Ana Ruiz said.") == []
    cast = Cast("", {"Karel Hodan": {"he"}})
    assert cast.may_be("his", "Karel Hodan")
    assert not cast.may_be("she", "Karel Hodan")
    assert not cast.may_be("he", "the ministry of health")
    assert cast.may_be("it", "the ministry of health")
    assert cast.may_be("they", "two officials")


def test_persons_by_their_words() -> None:
    assert all(map(is_person, ("Ana Ruiz", "the bus driver", "an Icelandic official", "Ursula von der Leyen")))
    assert not any(map(is_person, ("the Fish Health Authority", "Iceland", "two officials", "NASA", "Norland Police")))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("the side did not attend", "the side attended"),
        ("it does not deny this", "it denies this"),
        ("they do not leak", "they leak"),
        ("it provided no acceptable documents", "it provided acceptable documents"),
        ("there is no evidence of it", "there is evidence of it"),
        ("there is no shield left", "there is a shield left"),
        ("I have not taken anything", "I have taken something"),
        ("she can not go", "she can go"),
        ("it couldn’t win", "it could win"),
        ("no one else failed", "someone else failed"),
    ],
)
def test_nothing_of_the_negation_stays(clause: str, expected: str) -> None:
    assert positive(clause) == (expected, True)


def test_negation_at_given_places_only() -> None:
    clause = "those who did not pay never came"
    assert positive(clause, [clause.index("never")]) == ("those who did not pay came", True)
    assert positive(clause, []) == (clause, False)


def test_verbs_of_not_doing() -> None:
    assert done("the firm failed to pay", 9) == ("the firm paid", True)
    assert done("it has refused to sell", 3) == ("it has sold", True)
    assert done("it lacked funds", 3) == ("it had funds", True)
    assert done("the dam failed", 8) == ("the dam failed", False)


def test_forms() -> None:
    assert (past("deny"), past("sell"), past("close")) == ("denied", "sold", "closed")
    assert (participle("see"), participle("carry")) == ("seen", "carried")
    assert (third_person("have"), third_person("pass"), third_person("deny")) == ("has", "passes", "denies")
