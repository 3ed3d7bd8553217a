"""Who says what, with which words: articles -> attributions.

Direct quotes, indirect speech with a cue lexicon, "according to", noun and passive cues, headlines; sources are
resolved to the fullest name that the article gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stance.attribution.assemble import attributions_of
from stance.attribution.contents import with_clauses
from stance.attribution.parse import Paragraph, parse
from stance.schema import Article, Attribution


def attribute(articles: Iterable[Article]) -> Iterator[tuple[Article, list[Attribution]]]:
    """Each article with its attributions in reading order. Streams: one article is in memory at a time."""
    for article, parsed in parse(articles):
        yield article, attributions_in(article, parsed)


def attributions_in(article: Article, parsed: list[Paragraph]) -> list[Attribution]:
    """The attributions of a parsed article in reading order, with the clauses of their contents."""
    return with_clauses(attributions_of(article, parsed), parsed)


__all__ = ["attribute", "attributions_in", "parse"]
