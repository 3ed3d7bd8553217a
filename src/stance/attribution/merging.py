"""What a tagger finds besides the rules, as attributions: who "who" is, what a cue says of its content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from stance.attribution.cues import NOUNS, VERBS
from stance.attribution.drafts import Draft
from stance.attribution.parse import Paragraph
from stance.attribution.polarity import force_of
from stance.attribution.sources import named_by
from stance.attribution.tagged import Tagged
from stance.schema import Span, Stance

if TYPE_CHECKING:
    from spacy.tokens import Token

RULE = "tagger"

SURE = 0.97
"""How sure a tagger must be of a content that no rule finds. Chosen on 60 held-out training articles of PolNeAR; a
tagger in place of the rules, at any confidence, found worse attributions than they do (LOG.md)."""


def by_paragraph(tagged: Iterable[Tagged], parsed: Sequence[Paragraph]) -> list[list[Tagged]]:
    """For each paragraph what is tagged in it; a content of several goes with the first. The rest is boilerplate."""
    found: dict[int, list[Tagged]] = defaultdict(list)
    number = 0
    for one in sorted(tagged, key=lambda one: one.content):
        while number < len(parsed) and parsed[number].end <= one.content[0].start:
            number += 1
        if number < len(parsed) and one.content[0].end > parsed[number].start:
            found[number].append(one)
    return [found[number] for number in range(len(parsed))]


def merged(paragraph: Paragraph, tagged: Sequence[Tagged], drafts: Sequence[Draft]) -> list[Draft]:
    """The rules' attributions, and of the tagged ones the sure ones that share no word with theirs."""
    added = [
        one
        for one in tagged
        if one.confidence >= SURE and not any(_meet(draft.content, one.content) for draft in drafts)
    ]
    return [*drafts, *(_draft(paragraph, one, drafts) for one in added)]


def _draft(paragraph: Paragraph, one: Tagged, drafts: Sequence[Draft]) -> Draft:
    return Draft(
        source=one.source,
        named=paragraph.span(named_by(tuple(_tokens(paragraph, one.source)))) or one.source,
        cue=one.cue,
        content=one.content,
        rule=RULE,
        force=_force(paragraph, one.cue, drafts),
    )


def _force(paragraph: Paragraph, cue: tuple[Span, ...], drafts: Sequence[Draft]) -> Stance:
    """What the cue says of the content: by a rule that found the cue too, else by its word that the lexicon knows."""
    for draft in drafts:
        if draft.cue and _meet(draft.cue, cue):
            return draft.force
    known = [token for token in _tokens(paragraph, cue) if token.lemma_.lower() in _table(token)]
    return force_of(known[-1]) if known else Stance.AFFIRM


def _table(token: Token) -> Iterable[str]:
    return NOUNS if token.pos_ == "NOUN" else VERBS if token.pos_ in ("VERB", "AUX") else ()


def _tokens(paragraph: Paragraph, spans: Iterable[Span]) -> list[Token]:
    """The paragraph's tokens that spans of the article touch."""
    found: list[Token] = []
    for span in spans:
        start, end = max(span.start, paragraph.start), min(span.end, paragraph.end)
        tokens = (
            paragraph.doc.char_span(start - paragraph.start, end - paragraph.start, alignment_mode="expand")
            if start < end
            else None
        )
        found.extend(tokens or ())
    return found


def _meet(first: Iterable[Span], second: Sequence[Span]) -> bool:
    return any(one.meets(other) for one in first for other in second)
