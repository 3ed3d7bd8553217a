"""Annotated articles from the corpus' folders; stand-off gold joined with the texts it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from stance.errors import InputError
from stance.files import Row, sha256_text
from stance.records import parse_annotated, parse_article, read_records
from stance.schema import AnnotatedArticle, Article

OWN_PARTS = ("articles", "passages")
"""The folders of a corpus that hold their own texts."""

PARTS = (*OWN_PARTS, "wikinews")
"""All folders; the last holds labels and offsets only."""

BLANK = "·"
"""Stands for every character of a text that is not there."""


def annotated_files(folder: Path) -> list[Path]:
    """The JSONL files of a folder of the corpus, in name order."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise InputError(folder, "holds no .jsonl file")
    return files


def read_annotated(folder: Path, on_error: str = "stop") -> Iterator[AnnotatedArticle]:
    """The annotated articles of every JSONL file of a folder, in name order."""
    for file in annotated_files(folder):
        yield from read_records(file, parse_annotated, on_error)


def join_wikinews(standoff: Path, texts: Path, on_error: str = "stop") -> Iterator[AnnotatedArticle]:
    """Stand-off annotations with their texts put back; a text that is missing or changed is an error."""
    parse = joiner(texts)
    for file in annotated_files(standoff):
        yield from read_records(file, parse, on_error)


def joiner(texts: Path) -> Callable[[Row, Path, int], AnnotatedArticle]:
    """A parser of stand-off rows that knows the articles of ``texts`` (a JSONL, or a folder with articles.jsonl)."""
    by_id = {article.article_id: article for article in _texts(texts)}

    def parse(row: Row, path: Path, line: int) -> AnnotatedArticle:
        return parse_annotated(_with_text(row, by_id, path, line), path, line)

    return parse


def _texts(folder: Path) -> Iterable[Article]:
    return read_records(folder / "articles.jsonl" if folder.is_dir() else folder, parse_article)


def _with_text(row: Row, by_id: dict[str, Article], path: Path, line: int) -> Row:
    article = by_id.get(str(row.get("article_id")))
    if article is None:
        raise InputError(path, f"no text for article {row.get('article_id')!r} in wikinews_dir", line)
    if sha256_text(article.text) != row.get("sha256"):
        raise InputError(path, f"the text of {article.article_id!r} is not the one annotated (its hash differs)", line)
    return row | {"text": article.text}


def parse_standoff(row: Row, path: Path, line: int) -> AnnotatedArticle:
    """A stand-off row without its text: blanks stand for the words, so that all but the words can be checked."""
    if not isinstance(row.get("sha256"), str) or "text" in row:
        raise InputError(path, "a stand-off row has the key 'sha256' and no key 'text'", line)
    ends = [cell["evidence"][1] for cell in row.get("stances", []) if isinstance(cell.get("evidence"), list)]
    return parse_annotated(row | {"text": BLANK * max([1, *ends])}, path, line)
