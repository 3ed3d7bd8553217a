"""Who says what in the corpus' articles, as spans: stand-off files, joined with the texts that they speak of.

``attributions/*.jsonl`` beside ``articles/``: one article a line, its attributions with source, cue and content;
``attributions/blind/`` holds what a second annotator made of some of them, without having seen the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from stance.corpus.reading import annotated_files, read_annotated
from stance.errors import InputError
from stance.files import Row, read_rows, sha256_text
from stance.records import parse_attribution
from stance.schema import Article, Attribution

FOLDER = "attributions"
"""The folder of the spans, beside the parts."""

BLIND = f"{FOLDER}/blind"
"""The folder of the second annotation."""


class SpannedArticle(NamedTuple):
    """An article and its attributions, of which source, cue and content are known."""

    article: Article
    attributions: list[Attribution]


def read_spans(path: Path, folder: str = FOLDER) -> Iterator[SpannedArticle]:
    """The spans of a corpus' articles, in the order of the files; the first that is wrong is an :class:`InputError`."""
    for one in _read(path / folder, [one.article for one in read_annotated(path / "articles")]):
        if isinstance(one, InputError):
            raise one
        yield one


@dataclass(frozen=True)
class CheckedSpans:
    """How many articles have spans and how many attributions these are, what they have, and what is wrong."""

    articles: int
    attributions: int
    with_source: int
    with_cue: int
    pieces: int
    problems: list[str]

    def __str__(self) -> str:
        return (
            f"{self.articles} articles with spans, {self.attributions} attributions: {self.with_source} with a source, "
            f"{self.with_cue} with a cue, {self.pieces} with a content in several pieces"
        )


def check_spans(path: Path, articles: Iterable[Article]) -> CheckedSpans:
    """Count the spans of a corpus' ``articles`` and collect every problem."""
    read = list(_read(path / FOLDER, articles))
    found = [one for spanned in read if isinstance(spanned, SpannedArticle) for one in spanned.attributions]
    return CheckedSpans(
        articles=sum(isinstance(one, SpannedArticle) for one in read),
        attributions=len(found),
        with_source=sum(bool(one.source) for one in found),
        with_cue=sum(bool(one.cue) for one in found),
        pieces=sum(len(one.content) > 1 for one in found),
        problems=[str(one) for one in read if isinstance(one, InputError)],
    )


def _read(folder: Path, articles: Iterable[Article]) -> Iterator[SpannedArticle | InputError]:
    by_id = {article.article_id: article for article in articles}
    seen: set[str] = set()
    for file in annotated_files(folder):
        for line, row in read_rows(file):
            try:
                yield _parsed(row, by_id, seen, file, line)
            except InputError as error:
                yield error


def _parsed(
    row: Row | InputError, by_id: Mapping[str, Article], seen: set[str], path: Path, line: int
) -> SpannedArticle:
    if isinstance(row, InputError):
        raise row
    article = by_id.get(str(row.get("article_id")))
    if article is None:
        raise InputError(path, f"no article {row.get('article_id')!r:.60} in the corpus' articles", line)
    if article.article_id in seen:
        raise InputError(path, f"{article.article_id}: the article stands twice", line)
    seen.add(article.article_id)
    if sha256_text(article.text) != row.get("text_sha256"):
        raise InputError(path, f"the text of {article.article_id!r} is not the one annotated (its hash differs)", line)
    return SpannedArticle(article, _attributions(row, article, path, line))


def _attributions(row: Row, article: Article, path: Path, line: int) -> list[Attribution]:
    rows = row.get("attributions")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise InputError(path, "key 'attributions' must be a list of objects", line)
    found = [parse_attribution({**one, "article_id": article.article_id}, path, line) for one in rows]
    for number, one in enumerate(found):
        if not one.content:
            raise InputError(path, f"{article.article_id}: attribution {number} has no content", line)
        for span in (*one.source, *one.cue, *one.content):
            if span.end > len(article.text):
                raise InputError(path, f"{article.article_id}: {list(span)} ends behind the text", line)
    for first, second in pairwise(sorted(span for one in found for span in one.content)):
        if first.meets(second):
            raise InputError(path, f"{article.article_id}: contents {list(first)} and {list(second)} overlap", line)
    return found
