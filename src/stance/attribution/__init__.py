"""Who says what, with which words: articles -> attributions.

Direct quotes, indirect speech with a cue lexicon, "according to", noun and passive cues, headlines; sources are
resolved to the fullest name that the article gives. A tagger (:mod:`stance.tagging`) may find more
where the rules find nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stance.attribution.assemble import attributions_of
from stance.attribution.contents import with_clauses
from stance.attribution.parse import Paragraph, parse
from stance.attribution.tagged import Tagged, Tagger
from stance.schema import Article, Attribution


def attribute(articles: Iterable[Article], tagger: Tagger | None = None) -> Iterator[tuple[Article, list[Attribution]]]:
    """Each article with its attributions in reading order, found by rules, or by a tagger and rules.

    Streams: one article is in memory at a time.
    """
    for article, parsed in parse(articles):
        yield article, attributions_in(article, parsed, tagger)


def attributions_in(article: Article, parsed: list[Paragraph], tagger: Tagger | None = None) -> list[Attribution]:
    """The attributions of a parsed article in reading order, with the clauses of their contents.

    ``tagger`` finds more where the rules find nothing.
    """
    return with_clauses(attributions_of(article, parsed, tagger(article) if tagger else ()), parsed)


__all__ = ["Tagged", "Tagger", "attribute", "attributions_in", "parse"]
