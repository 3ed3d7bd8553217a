"""A tagger's spans beside the rules': what is added, and what the rules' lexicon and grammar know of it."""

from __future__ import annotations

import pytest

from stance.attribution import Tagged, attribute, merging
from stance.schema import Article, Attribution, Span

TEXT = (
    "Minister Elena Sorvik opened the dam on Monday. Sorvik said that Bo Lind denied that the dam leaks. "
    "Mira Orvel said it was late."
)


class Fixed:
    """A tagger that finds the passages it is told to: source, cue and pieces of content."""

    digest = "fixed"

    def __init__(self, *wanted: tuple[str, str, tuple[str, ...]]) -> None:
        self.wanted = wanted

    def __call__(self, article: Article) -> list[Tagged]:
        def spans(*passages: str) -> tuple[Span, ...]:
            found = ((article.text.rindex(passage), passage) for passage in passages if passage)
            return tuple(Span(start, start + len(passage)) for start, passage in found)

        return [Tagged(spans(source), spans(cue), spans(*content)) for source, cue, content in self.wanted]


def found(text: str, *wanted: tuple[str, str, tuple[str, ...]]) -> list[Attribution]:
    return next(attribute([Article("a", text)], Fixed(*wanted)))[1]


OPENED = ("Minister Elena Sorvik", "opened", ("the dam on Monday",))


def test_what_the_rules_do_not_find_is_added() -> None:
    added, *rules = found(TEXT, OPENED)
    assert (added.rule, added.speaker, added.content[0].of(TEXT)) == ("tagger", "Elena Sorvik", "the dam on Monday")
    assert rules == found(TEXT)
    assert len(rules) == 3


def test_what_shares_a_word_with_a_content_of_the_rules_is_not() -> None:
    assert found(TEXT, ("Bo Lind", "denied", ("the dam leaks. Mira Orvel said it",))) == found(TEXT)


def test_what_the_tagger_is_not_sure_of_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(found(TEXT, OPENED)) == 4
    monkeypatch.setattr(merging, "SURE", 1.01)
    assert found(TEXT, OPENED) == found(TEXT)


def test_the_lexicon_tells_what_a_cue_says_of_its_content() -> None:
    text = "The dam on Monday, Bo Lind denied on Sunday."
    assert [one.negated for one in found(text, ("Bo Lind", "denied", ("The dam on Monday",)))] == [True]


def test_a_relative_pronoun_stands_for_its_noun() -> None:
    text = "Bo Lind, who mapped the leaks of the dam, left."
    (one,) = found(text, ("who", "mapped", ("the leaks of the dam",)))
    assert one.speaker == "Bo Lind"


def test_a_content_of_two_paragraphs_is_one_with_the_claims_of_both() -> None:
    text = "Ana Ruiz at noon: the dam is safe today.\n\nThe bridge is safe too."
    (one,) = found(text, ("Ana Ruiz", "", ("the dam is safe today.", "The bridge is safe too.")))
    assert one.speaker == "Ana Ruiz"
    assert one.clauses is not None
    clauses = [" ".join(span.of(text) for span in clause.words) for clause in one.clauses]
    assert len(clauses) == 2
    assert "dam" in clauses[0]
    assert "bridge" in clauses[1]


def test_turns_of_a_transcript_are_left_to_their_colons() -> None:
    turns = "RUIZ: The dam is safe. LIND: It leaks a lot.\n\nAna Ruiz and Bo Lind left."
    assert [one.rule for one in found(turns, ("Ana Ruiz and Bo Lind", "left", ("It leaks a lot",)))] == ["turn", "turn"]
