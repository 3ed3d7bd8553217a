"""A tagger's spans in place of the rules' attributions, with what the rules know besides: who "who" is, what a cue says
of its content, what is nested in a content.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from stance.attribution.chains import inside
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

KEEP_UNMET = False
"""Whether what the rules find stays where the tagger finds nothing."""


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
    """The tagged attributions, and of the rules' those that lie in a tagged content as a whole."""
    contents = [one.content for one in tagged]
    kept = [draft for draft in drafts if _stays(draft, contents)]
    return [_draft(paragraph, one, drafts) for one in tagged] + kept


def _stays(draft: Draft, contents: Sequence[tuple[Span, ...]]) -> bool:
    if draft.cue and any(all(inside(span, content) for span in draft.spans) for content in contents):
        return True
    return KEEP_UNMET and not any(_meet(draft.content, content) for content in contents)


def _draft(paragraph: Paragraph, one: Tagged, drafts: Sequence[Draft]) -> Draft:
    """A tagged attribution with what the rules say of the words that it shares with one of theirs."""
    same = [draft for draft in drafts if _meet(draft.content, one.content)]
    twin = max(same, key=lambda draft: _common(draft.content, one.content), default=None)
    named = paragraph.span(named_by(tuple(_tokens(paragraph, one.source)))) or one.source
    if not named and twin is not None:
        named = twin.named
    return Draft(
        source=one.source,
        named=named,
        cue=one.cue,
        content=one.content,
        rule=RULE,
        force=_force(paragraph, one.cue, drafts),
        floating=not named and twin is not None and twin.floating,
    )


def _force(paragraph: Paragraph, cue: tuple[Span, ...], drafts: Sequence[Draft]) -> Stance:
    """What the cue says of the content: by the rule that found it too, else by its word that the lexicon knows."""
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


def _common(first: Iterable[Span], second: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in first for b in second)
