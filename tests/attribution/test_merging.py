"""A tagger's spans and the rules': who stays, who goes, and what either knows of the other's."""

from __future__ import annotations

import pytest

from stance.attribution import Tagged, attribute, merging
from stance.schema import Article, Attribution, Link, Span, Stance

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


def test_a_nested_rule_stays_and_what_else_the_rules_found_goes() -> None:
    outer, inner = found(TEXT, ("Sorvik", "said", ("that Bo Lind denied that the dam leaks",)))
    assert (outer.rule, outer.speaker, outer.negated) == ("tagger", "Elena Sorvik", False)
    assert inner.rule != "tagger"
    assert inner.chain == (Link("Elena Sorvik", Stance.AFFIRM), Link("Bo Lind", Stance.DENY))
    assert inner.content[0].of(TEXT).endswith("the dam leaks")


def test_a_rule_that_overlaps_goes_and_the_cue_keeps_its_force() -> None:
    (one,) = found(TEXT, ("Bo Lind", "denied", ("the dam leaks. Mira Orvel said it",)))
    assert (one.rule, one.speaker, one.negated) == ("tagger", "Bo Lind", True)


def test_what_meets_nothing_tagged_stays_only_where_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ("Bo Lind", "denied", ("that the dam leaks",))
    assert [one.speaker for one in found(TEXT, wanted)] == ["Bo Lind"]
    monkeypatch.setattr(merging, "KEEP_UNMET", True)
    assert [one.speaker for one in found(TEXT, wanted)] == ["Bo Lind", "Mira Orvel"]


def test_a_relative_pronoun_stands_for_its_noun() -> None:
    text = "Bo Lind, who denied that the dam leaks, left."
    (one,) = found(text, ("who", "denied", ("that the dam leaks",)))
    assert (one.speaker, one.negated) == ("Bo Lind", True)


def test_a_content_of_two_paragraphs_is_one_with_the_claims_of_both() -> None:
    text = "Ana Ruiz said: “The dam is safe today.\n\n“The bridge is safe too.”"
    (one,) = found(text, ("Ana Ruiz", "said", ("“The dam is safe today.", "“The bridge is safe too.”")))
    assert (one.speaker, one.quote_type) == ("Ana Ruiz", "direct")
    assert one.clauses is not None
    clauses = [" ".join(span.of(text) for span in clause.words) for clause in one.clauses]
    assert len(clauses) == 2
    assert "dam" in clauses[0]
    assert "bridge" in clauses[1]


def test_no_spans_no_attributions_but_the_turns_of_a_transcript() -> None:
    assert found(TEXT) == []
    turns = "RUIZ: The dam is safe. LIND: It leaks a lot.\n\nAna Ruiz and Bo Lind left."
    assert [one.rule for one in found(turns)] == ["turn", "turn"]


def test_without_a_tagger_the_rules_decide() -> None:
    ((_, rules),) = attribute([Article("a", TEXT)])
    assert len(rules) == 3
    assert "tagger" not in {one.rule for one in rules}
