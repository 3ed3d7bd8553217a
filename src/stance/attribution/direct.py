"""Quotations and their speakers: every quoted passage is given to a source near it, or to the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.attribution.cues import VERBS
from stance.attribution.parse import Paragraph
from stance.attribution.sources import named_by, source_of
from stance.schema import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

MIN_WORDS = 3
"""A shorter quotation outside any other attribution is a scare quote or a title."""

DASHES = frozenset(("-", "–", "—", "―", "--"))
MAX_SIGNATURE = 12
"""Tokens of a dash and the name behind it."""


@dataclass(frozen=True)
class Quoted:
    """A quotation with the source and cue found for it; both are empty where it has none of its own."""

    span: Span
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    named: tuple[Span, ...] = ()


def quoted(paragraph: Paragraph, quotes: list[Span], text: str) -> Iterator[Quoted]:
    """Each quotation of a paragraph with the cue that introduces or follows it in the same sentence."""
    for quote in quotes:
        if len(quote.of(text).split()) < MIN_WORDS:
            continue
        cue = _cue_beside(paragraph, quote)
        source = source_of(cue) if cue is not None else _colon_source(paragraph, quote)
        if signature := _signature(paragraph, quote):
            yield Quoted(
                quote, paragraph.span(signature[1:]), paragraph.span(signature[:1]), paragraph.span(signature[1:])
            )
            continue
        outside = tuple(t for t in source if not _inside(paragraph, t, quote))
        cue_span = paragraph.span([cue]) if cue is not None else ()
        yield Quoted(quote, paragraph.span(outside), cue_span, paragraph.span(named_by(outside)))


def _inside(paragraph: Paragraph, token: Token, quote: Span) -> bool:
    return quote.start <= paragraph.start + token.idx < quote.end


def _cue_beside(paragraph: Paragraph, quote: Span) -> Token | None:
    """The nearest reporting verb outside the quotation, within the sentences that the quotation touches."""
    first = paragraph.doc.char_span(*_clip(paragraph, quote), alignment_mode="expand")
    if first is None or len(first) == 0:
        return None
    start, end = first[0].sent.start, first[-1].sent.end
    following = paragraph.doc[end].sent if end < len(paragraph.doc) else None
    if following is not None and following[0].is_lower:  # "...," | he said. is often cut in two
        end = following.end
    cues = [
        token
        for token in paragraph.doc[start:end]
        if token.pos_ in ("VERB", "AUX")
        and not _inside(paragraph, token, quote)
        and token.lemma_.lower() in VERBS
        and source_of(token)
    ]
    middle = (first[0].i, first[-1].i)
    return min(cues, key=lambda t: min(abs(t.i - middle[0]), abs(t.i - middle[1])), default=None)


def _clip(paragraph: Paragraph, quote: Span) -> tuple[int, int]:
    length = len(paragraph.doc.text)
    return max(0, quote.start - paragraph.start), min(length, quote.end - paragraph.start)


def _signature(paragraph: Paragraph, quote: Span) -> tuple[Token, ...]:
    """The dash and the name in "'...' - Jane Roe", if nothing but a few words with a capital ends the paragraph."""
    after = [t for t in paragraph.doc if paragraph.start + t.idx >= quote.end and not t.is_space]
    signed = 2 <= len(after) <= MAX_SIGNATURE and after[0].text in DASHES and after[1].text[:1].isupper()
    return tuple(after) if signed and not any(t.pos_ in ("VERB", "AUX") for t in after) else ()


def _colon_source(paragraph: Paragraph, quote: Span) -> tuple[Token, ...]:
    """ "Jane Roe: '...'" gives the words before the colon, if they are a name and little else."""
    before = [t for t in paragraph.doc if paragraph.start + t.idx < quote.start and not t.is_space]
    if len(before) < 2 or before[-1].text != ":" or len(before) > 8:
        return ()
    names = [t for t in before[:-1] if t.ent_type_ in ("PERSON", "ORG", "GPE", "NORP")]
    return tuple(before[:-1]) if names else ()
