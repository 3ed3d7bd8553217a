"""From the words of a source to the fullest name that an article gives."""

from __future__ import annotations

import pytest

from stance.attribution.speakers import MAX_KNOWN, SpeakerResolver


def resolver(*seen: tuple[str, str, set[str]]) -> SpeakerResolver:
    one = SpeakerResolver()
    for name, kind, titles in seen:
        one.see(name, kind, titles)
    return one


PEOPLE = (("Ana Ruiz", "PERSON", {"ms"}), ("Tom Vale", "PERSON", {"chairman", "mr"}))


@pytest.mark.parametrize(
    ("source", "speaker"),
    [
        ("Ruiz", "Ana Ruiz"),
        ("she", "Ana Ruiz"),
        ("he", "Tom Vale"),
        ("the chairman", "Tom Vale"),
        ("The plant's chairman, Tom Vale", "Tom Vale"),
        ("Karvian envoy Odile Strand", "Odile Strand"),
        ("a worker at the plant", "a worker at the plant"),
        ("Tom Vale, a critic of Ruiz", "Tom Vale"),
        ("Norland’s minister of health Ana Ruiz", "Ana Ruiz"),
    ],
)
def test_names_titles_and_pronouns(source: str, speaker: str) -> None:
    assert resolver(*PEOPLE).resolve(source, []) == speaker


@pytest.mark.parametrize("source", ["Tom Vale's wife", "A lawyer for Tom Vale", "The lawyer for the late Tom Vale"])
def test_who_is_described_by_a_name_is_not_its_bearer(source: str) -> None:
    assert resolver(*PEOPLE).resolve(source, [("Tom Vale", "PERSON")]) == source


def test_a_pronoun_follows_the_subject_and_not_the_name_beside_it() -> None:
    one = resolver(("Ana Ruiz", "PERSON", set()))
    one.see("Eva Mora", "PERSON", set(), salient=False)
    assert one.resolve("she", []) == "Ana Ruiz"


def test_it_is_the_body_and_she_the_person() -> None:
    one = resolver(("Harbour Board", "ORG", set()), ("Ana Ruiz", "PERSON", set()))
    assert one.resolve("it", []) == "Harbour Board"
    assert one.resolve("she", []) == "Ana Ruiz"


def test_a_thing_that_speaks_is_no_he() -> None:
    one = resolver(("Tom Vale", "PERSON", set()))
    one.resolve("the logbook", [])
    assert one.resolve("he", []) == "Tom Vale"


def test_a_described_speaker_is_found_again_by_a_pronoun() -> None:
    one = resolver()
    one.resolve("a technician at the plant", [])
    assert one.resolve("he", []) == "a technician at the plant"


def test_a_rare_name_that_the_parser_takes_for_a_firm_may_be_she() -> None:
    assert resolver(("Ilka Moren", "ORG", set())).resolve("she", []) == "Ilka Moren"


def test_no_more_names_are_kept_than_may_be() -> None:
    one = resolver(*((f"Person{i} Name{i}", "PERSON", set()) for i in range(MAX_KNOWN + 50)))
    assert len(one.known) <= MAX_KNOWN
    assert one.known[-1].name == f"Person{MAX_KNOWN + 49} Name{MAX_KNOWN + 49}"
