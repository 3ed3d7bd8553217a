"""Content -> proposition in positive polarity; expected values are worked out by hand."""

from __future__ import annotations

import pytest

from stance.attribution import attribute
from stance.claims import claims_of
from stance.claims.linking import link, same_claim
from stance.claims.polarity import positive
from stance.schema import Article


@pytest.mark.parametrize(
    ("clause", "expected", "negated"),
    [
        ("the dam is not safe", "the dam is safe", True),
        ("Karvia has paid no firm for ferries", "Karvia has paid a firm for ferries", True),
        ("they never met", "they met", True),
        ("nobody was hurt", "someone was hurt", True),
        ("the plant won't close", "the plant will close", True),
        ("the dam is safe", "the dam is safe", False),
        ("it is known that nobody came", "it is known that nobody came", False),
        ("he never said nothing", "he said something", False),
        ("not only the dam leaks", "not only the dam leaks", False),
    ],
)
def test_negation_is_taken_out_and_counted(clause: str, expected: str, negated: bool) -> None:
    assert positive(clause) == (expected, negated)


def claims(text: str) -> list[tuple[str, str, bool]]:
    article, attributions = next(attribute([Article("a", text)]))
    return [(c.attribution.speaker, c.text, c.denied) for c in claims_of(article, attributions)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Ruiz denied that the old dam leaks badly.", ("Ana Ruiz", "The old dam leaks badly", True)),
        ("Ana Ruiz said the dam does not leak badly.", ("Ana Ruiz", "The dam leaks badly", True)),
        ("“We have sold no ferries to Karvia,” said Bo Lind.", ("Bo Lind", "Bo Lind has sold ferries to Karvia", True)),
        ("Bo Lind said he would leave the club.", ("Bo Lind", "Bo Lind would leave the club", False)),
        ("Ana Ruiz denied claims that the old dam leaks.", ("Ana Ruiz", "The old dam leaks", True)),
        ("Ana Ruiz refused to close the plant.", ("Ana Ruiz", "Ana Ruiz will close the plant", True)),
    ],
)
def test_a_content_becomes_a_claim(text: str, expected: tuple[str, str, bool]) -> None:
    assert expected in claims(text)


def test_questions_and_wishes_are_no_claims() -> None:
    assert claims("“Will the dam be safe?” Ana Ruiz asked.") == []
    assert claims("Ana Ruiz wants to see the dam.") == []


def test_the_same_claim_is_linked_and_other_numbers_are_not() -> None:
    assert same_claim("Karvia provided Norland with ferries", "Karvia has provided ferries to Norland")
    assert not same_claim("The fire killed 12 people", "The fire killed 15 people")
    assert link(["The dam leaks badly", "The mayor resigned", "The dam leaks badly"]) == [0, 1, 0]
