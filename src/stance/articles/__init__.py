"""Source formats -> :class:`stance.schema.Article`. One file a format; :func:`read_articles` picks by file name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from stance.articles.boilerplate import boilerplate_spans
from stance.articles.html import read_html
from stance.articles.jsonl import read_jsonl
from stance.articles.text import read_text
from stance.errors import InputError, StanceError, one_of
from stance.records import ON_ERROR
from stance.schema import Article

READERS: dict[str, Callable[[Path, str], Iterator[Article]]] = {
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_jsonl,
}
"""File name ending -> reader of (path, on_error). A new source format is a file in this folder and a line here."""


def read_articles(path: Path | str, on_error: str = "stop") -> Iterator[Article]:
    """Articles of a file or, in name order, of every file with a known ending below a folder.

    ``on_error="stop"`` raises :class:`InputError` at the first broken file or line; ``"skip"`` reports it on stderr
    and goes on with the next.
    """
    if on_error not in ON_ERROR:
        raise StanceError(f"on_error is {one_of(on_error, ON_ERROR)}")
    path = Path(path)
    files = _files(path)
    for file in files:
        try:
            yield from READERS[file.suffix.lower()](file, on_error)
        except InputError as error:
            if on_error == "stop" or file == path:
                raise
            print(f"skipped: {error}", file=sys.stderr)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        if path.exists() and path.suffix.lower() not in READERS:
            raise InputError(path, f"unknown file ending {one_of(path.suffix, tuple(READERS))}")
        return [path] if path.suffix.lower() in READERS else _missing(path)
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in READERS and file.is_file())
    if not files:
        raise InputError(path, f"holds no file that ends in {', '.join(READERS)}")
    return files


def _missing(path: Path) -> list[Path]:
    raise InputError(path, "no such file or folder")


__all__ = ["READERS", "boilerplate_spans", "read_articles"]
