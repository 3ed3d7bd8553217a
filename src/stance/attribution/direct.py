"""Quotations and their speakers: every quoted passage is given to a source near it, or to the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from stance.attribution.cues import VERBS
from stance.attribution.parse import Paragraph
from stance.attribution.sources import is_nobody, named_by, source_of
from stance.schema import Span

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens
    from spacy.tokens import Token

MIN_WORDS = 3
"""A shorter quotation outside any other attribution is a scare quote or a title."""

DASHES = frozenset(("-", "–", "—", "―", "--"))
MAX_SIGNATURE = 12
"""Tokens of a dash and the name behind it."""


MAX_LABEL = 8
"""Tokens of a name and the colon behind it."""


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
    if (verb := _verb_above(first)) is not None and not _inside(paragraph, verb, quote):
        return verb
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
        and (source := source_of(token))
        and not is_nobody(source)
    ]
    middle = (first[0].i, first[-1].i)
    return min(cues, key=lambda t: min(abs(t.i - middle[0]), abs(t.i - middle[1])), default=None)


def _verb_above(words: Tokens) -> Token | None:
    """ "..., Bo Lind bellowed while the guard said nothing": the verb that has the quotation as its clause."""
    top = words.root
    verb = top.head
    speaks = top.dep_ == "ccomp" and verb.pos_ == "VERB" and any(c.dep_ == "nsubj" for c in verb.children)
    return verb if speaks and verb.i not in range(words.start, words.end) and not is_nobody(source_of(verb)) else None


def _tokens(paragraph: Paragraph, quote: Span) -> tuple[int, int]:
    """Where the quotation's tokens start and end; looked up, since a paragraph may hold hundreds of quotations."""
    found = paragraph.doc.char_span(*_clip(paragraph, quote), alignment_mode="expand")
    return (found.start, found.end) if found is not None else (0, len(paragraph.doc))


def _after(paragraph: Paragraph, quote: Span) -> Iterator[Token]:
    places = range(_tokens(paragraph, quote)[1], len(paragraph.doc))
    return (token for token in map(paragraph.doc.__getitem__, places) if not token.is_space)


def _before(paragraph: Paragraph, quote: Span) -> Iterator[Token]:
    places = range(_tokens(paragraph, quote)[0] - 1, -1, -1)
    return (token for token in map(paragraph.doc.__getitem__, places) if not token.is_space)


def _clip(paragraph: Paragraph, quote: Span) -> tuple[int, int]:
    last = paragraph.doc[-1]
    length = last.idx + len(last)  # "doc.text" would join all tokens once more for each quotation
    return max(0, quote.start - paragraph.start), min(length, quote.end - paragraph.start)


def _signature(paragraph: Paragraph, quote: Span) -> tuple[Token, ...]:
    """The dash and the name in "'...' - Jane Roe", if nothing but a few words with a capital ends the paragraph."""
    after = list(islice(_after(paragraph, quote), MAX_SIGNATURE + 1))
    signed = 2 <= len(after) <= MAX_SIGNATURE and after[0].text in DASHES and after[1].text[:1].isupper()
    return tuple(after) if signed and not any(t.pos_ in ("VERB", "AUX") for t in after) else ()


def _colon_source(paragraph: Paragraph, quote: Span) -> tuple[Token, ...]:
    """ "Jane Roe: '...'" gives the words before the colon, if they are a name and little else."""
    before = list(islice(_before(paragraph, quote), MAX_LABEL + 1))[::-1]
    if len(before) < 2 or before[-1].text != ":" or len(before) > MAX_LABEL:
        return ()
    names = [t for t in before[:-1] if t.ent_type_ in ("PERSON", "ORG", "GPE", "NORP")]
    return tuple(before[:-1]) if names else ()
