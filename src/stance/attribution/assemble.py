"""Clause rules, quotations and speakers put together for one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stance.attribution.chains import with_chains
from stance.attribution.clauses import Found, find
from stance.attribution.direct import Quoted, quoted
from stance.attribution.drafts import Draft
from stance.attribution.mentions import Mentions
from stance.attribution.merging import by_paragraph, merged
from stance.attribution.parse import Paragraph
from stance.attribution.quotes import quote_spans, quote_type_of
from stance.attribution.speakers import FIRST_PERSON
from stance.attribution.tagged import Tagged
from stance.attribution.turns import Turn, speaker_turns, words_of
from stance.schema import Article, Attribution, Link, Span, Stance


def attributions_of(article: Article, parsed: list[Paragraph], tagged: Sequence[Tagged] = ()) -> list[Attribution]:
    """All attributions of an article, ordered by where their content starts.

    What is ``tagged`` is added where the rules find nothing, but for the turns of a transcript, which its colons give.
    """
    quotes = quote_spans(article.text)
    mentions, words = Mentions(article, quotes), words_of(article.text)
    result: list[Attribution] = []
    for paragraph, own in zip(parsed, by_paragraph(tagged, parsed), strict=True):
        inside = [quote for quote in quotes if paragraph.start <= quote.start < paragraph.end]
        drafts = [_draft(paragraph, found) for sentence in paragraph.doc.sents for found in find(sentence)]
        if turns := speaker_turns(paragraph, words):
            drafts = _with_turns(drafts, turns)
        else:
            drafts = with_quotes(drafts, list(quoted(paragraph, inside, article.text)), bool(result))
            drafts = merged(paragraph, own, drafts)
        result.extend(with_chains(_resolved(drafts, article, paragraph, mentions, quotes if own else inside)))
    return sorted(result, key=lambda a: (a.content[0].start, -a.content[-1].end))


def _draft(paragraph: Paragraph, found: Found) -> Draft:
    source, named = paragraph.span(found.source), paragraph.span(found.named)
    cue, content = paragraph.span(found.cue), paragraph.span(found.content)
    first_person = all(token.lower_ in FIRST_PERSON for token in found.source)
    return Draft(source, named, cue, content, found.rule, found.force, first_person)


def _with_turns(drafts: list[Draft], turns: list[Turn]) -> list[Draft]:
    """A turn of a transcript is one content; what its speaker says of others is nested in it, "I think" is not."""
    own = [Draft((turn.source,), (turn.source,), (turn.cue,), (turn.content,), "turn") for turn in turns]
    labels = [span for turn in turns for span in (turn.source, turn.cue)]
    return own + [d for d in drafts if not d.first_person and not any(_overlaps(d.spans, label) for label in labels)]


# --- quotations ------------------------------------------------------------------------------------------------------


def with_quotes(drafts: list[Draft], quotes: list[Quoted], told_before: bool) -> list[Draft]:
    """Join the quotations of a paragraph to the drafts they belong to; the others become drafts of their own."""
    drafts = [draft for draft in drafts if not any(_within(draft.cue, quote.span) for quote in quotes)]
    for quote in quotes:
        index = _owner(drafts, quote, quotes)
        if index is not None:
            drafts[index] = replace(drafts[index], content=_union(drafts[index].content, quote.span))
        elif quote.source or not (drafts or told_before):
            drafts.append(Draft(quote.source, quote.named, quote.cue, (quote.span,), "quote"))
        else:
            drafts.append(Draft((), (), (), (quote.span,), "floating"))
    return [draft for draft in drafts if draft.content]


def _owner(drafts: list[Draft], quote: Quoted, quotes: list[Quoted]) -> int | None:
    """The draft a quotation belongs to: its content holds it, its cue is the same, or it was quoted just before."""
    for index, draft in enumerate(drafts):
        if _overlaps(draft.content, quote.span):
            return index
    for index, draft in enumerate(drafts):
        if quote.cue and _overlaps(draft.cue, quote.cue[0]):
            return index
    if quote.source or not any(_touches_quote(draft, quotes) for draft in drafts):
        return None
    return max(range(len(drafts)), key=lambda i: drafts[i].content[-1].end)


def _within(spans: tuple[Span, ...], outer: Span) -> bool:
    return bool(spans) and outer.start <= spans[0].start and spans[-1].end <= outer.end


def _overlaps(spans: tuple[Span, ...], other: Span) -> bool:
    return any(span.meets(other) for span in spans)


def _touches_quote(draft: Draft, quotes: list[Quoted]) -> bool:
    return any(_overlaps(draft.content, quote.span) for quote in quotes)


def _union(spans: tuple[Span, ...], added: Span) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted([*spans, added]):
        if merged and span.start <= merged[-1].end + 1:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


# --- speakers --------------------------------------------------------------------------------------------------------


def _resolved(
    drafts: list[Draft], article: Article, paragraph: Paragraph, mentions: Mentions, quotes: list[Span]
) -> list[Attribution]:
    """Name the sources in reading order, so that a pronoun finds the speaker named last before it."""
    result = []
    for draft in sorted(drafts, key=lambda draft: draft.position):
        mentions.read(paragraph, draft.position)
        speaker = mentions.speaker(paragraph, draft.named, floating=draft.rule == "floating")
        result.append(_attribution(draft, article, speaker, quotes))
    mentions.read(paragraph, paragraph.end)
    return result


def _attribution(draft: Draft, article: Article, speaker: str, quotes: list[Span]) -> Attribution:
    return Attribution(
        article_id=article.article_id,
        source=draft.source,
        cue=draft.cue,
        content=draft.content,
        speaker=speaker,
        quote_type=quote_type_of(draft.content, quotes),
        rule=draft.rule,
        negated=draft.force is Stance.DENY,
        chain=(Link(speaker, draft.force),),
    )
