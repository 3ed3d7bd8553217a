"""Clause rules, quotations and speakers put together for one article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stance.attribution.clauses import Found, find
from stance.attribution.direct import Quoted, quoted
from stance.attribution.parse import Paragraph
from stance.attribution.quotes import quote_spans
from stance.attribution.speakers import SpeakerResolver
from stance.schema import Article, Attribution, Span

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens

NAMED = ("PERSON", "ORG", "GPE", "NORP")


def attributions_of(article: Article, parsed: list[Paragraph]) -> list[Attribution]:
    """All attributions of an article, ordered by where their content starts."""
    quotes = quote_spans(article.text)
    resolver = SpeakerResolver()
    result: list[Attribution] = []
    for paragraph in parsed:
        inside = [
            quote for quote in quotes if paragraph.start <= quote.start < paragraph.start + len(paragraph.doc.text)
        ]
        drafts = [_draft(article, paragraph, found) for sentence in paragraph.doc.sents for found in find(sentence)]
        drafts = _with_quotes(drafts, list(quoted(paragraph, inside, article.text)), result, article)
        result.extend(_resolved(drafts, article, paragraph, resolver))
    return sorted((a for a in result if a.content), key=lambda a: (a.content[0].start, -a.content[-1].end))


def _draft(article: Article, paragraph: Paragraph, found: Found) -> Attribution:
    return Attribution(
        article_id=article.article_id,
        source=paragraph.span(found.source),
        cue=paragraph.span(found.cue),
        content=paragraph.span(found.content),
        speaker="",
        quote_type="indirect",
        rule=found.rule,
        negated=found.negated,
    )


# --- quotations ------------------------------------------------------------------------------------------------------


def _with_quotes(
    drafts: list[Attribution], quotes: list[Quoted], before: list[Attribution], article: Article
) -> list[Attribution]:
    """Join the quotations of a paragraph to the drafts they belong to; the others become attributions of their own."""
    drafts = [draft for draft in drafts if not any(_within(draft.cue, quote.span) for quote in quotes)]
    for quote in quotes:
        index = next((i for i, draft in enumerate(drafts) if _overlaps(draft.content, quote.span)), None)
        if index is not None:
            drafts[index] = replace(drafts[index], content=_union(drafts[index].content, quote.span))
        elif quote.source or not (drafts or before):
            drafts.append(_direct(article, quote, quote.source, "quote"))
        elif drafts and any(draft.quote_type == "direct" or _touches_quote(draft, quotes) for draft in drafts):
            last = max(range(len(drafts)), key=lambda i: drafts[i].content[-1].end)
            drafts[last] = replace(drafts[last], content=_union(drafts[last].content, quote.span))
        else:
            drafts.append(_direct(article, quote, (), "floating"))
    return [replace(draft, quote_type=_quote_type(draft, quotes)) for draft in drafts]


def _direct(article: Article, quote: Quoted, source: tuple[Span, ...], rule: str) -> Attribution:
    return Attribution(article.article_id, source, quote.cue, (quote.span,), "", "direct", rule)


def _within(spans: tuple[Span, ...], outer: Span) -> bool:
    return bool(spans) and outer.start <= spans[0].start and spans[-1].end <= outer.end


def _overlaps(spans: tuple[Span, ...], other: Span) -> bool:
    return any(span.start < other.end and other.start < span.end for span in spans)


def _touches_quote(draft: Attribution, quotes: list[Quoted]) -> bool:
    return any(_overlaps(draft.content, quote.span) for quote in quotes)


def _union(spans: tuple[Span, ...], added: Span) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted([*spans, added]):
        if merged and span.start <= merged[-1].end + 1:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _quote_type(draft: Attribution, quotes: list[Quoted]) -> str:
    length = sum(span.end - span.start for span in draft.content)
    covered = sum(
        max(0, min(span.end, quote.span.end) - max(span.start, quote.span.start))
        for span in draft.content
        for quote in quotes
    )
    if not covered:
        return "indirect"
    return "direct" if covered >= 0.9 * length else "mixed"


# --- speakers --------------------------------------------------------------------------------------------------------


def _resolved(
    drafts: list[Attribution], article: Article, paragraph: Paragraph, resolver: SpeakerResolver
) -> list[Attribution]:
    """Name the sources, sentence by sentence, so that a pronoun finds the speaker named last before it."""
    entities = sorted(paragraph.doc.ents, key=lambda entity: entity.start_char)
    result, seen = [], 0
    for draft in sorted(drafts, key=_position):
        while seen < len(entities) and paragraph.start + entities[seen].start_char < _position(draft):
            _see(resolver, entities[seen])
            seen += 1
        result.append(replace(draft, speaker=_speaker(draft, article, paragraph, resolver)))
    for entity in entities[seen:]:
        _see(resolver, entity)
    return result


def _position(draft: Attribution) -> int:
    return (draft.source or draft.cue or draft.content)[-1].end


def _see(resolver: SpeakerResolver, entity: Tokens) -> None:
    if entity.label_ in NAMED and entity.root.dep_ not in ("compound", "amod", "poss", "pobj"):
        resolver.see(_name(entity), entity.label_, _titles(entity))


def _name(entity: Tokens) -> str:
    text = entity.text.strip()
    return text[:-2] if text.endswith(("'s", "’s")) else text


def _titles(entity: Tokens) -> set[str]:
    """Lower-cased words of the titles and appositions around a name."""
    root = entity.root
    beside = [t for c in root.children if c.dep_ in ("compound", "amod", "nmod") for t in c.subtree]
    for child in root.children:
        if child.dep_ == "appos":
            beside.extend(child.subtree)
    if root.dep_ == "appos":
        beside.extend(t for t in root.head.subtree if t.i < entity.start)
    return {t.lower_ for t in beside if t.is_alpha and not t.is_stop and not entity.start <= t.i < entity.end}


def _speaker(draft: Attribution, article: Article, paragraph: Paragraph, resolver: SpeakerResolver) -> str:
    if not draft.source:
        return _last_speaker(resolver) if draft.rule == "floating" else ""
    words = " ".join(span.of(article.text) for span in draft.source)
    inside = [
        (_name(entity), entity.label_)
        for entity in paragraph.doc.ents
        if any(span.start <= paragraph.start + entity.start_char < span.end for span in draft.source)
    ]
    return resolver.resolve(words, inside)


def _last_speaker(resolver: SpeakerResolver) -> str:
    return next((entity.name for entity in reversed(resolver.known) if entity.kind == "PERSON"), "")
