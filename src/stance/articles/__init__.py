"""Source formats -> :class:`stance.schema.Article`. One file a format; :func:`read_articles` picks by file name."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from stance.articles.boilerplate import boilerplate_spans
from stance.articles.html import read_html
from stance.articles.jsonl import read_jsonl
from stance.articles.text import read_text
from stance.errors import InputError, StanceError, one_of
from stance.files import STDIN, ending, is_unicode, matching_files, stem
from stance.records import ON_ERROR
from stance.schema import Article

READERS: dict[str, Callable[[Path, str], Iterator[Article]]] = {
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_jsonl,
    ".parquet": read_jsonl,
}
"""File name ending -> reader of (path, on_error). A new source format is a file in this folder and a line here."""


def read_articles(path: Path | str, on_error: str = "stop") -> Iterator[Article]:
    """Articles of a file or, in name order, of every file with a known ending below a folder or matched by a pattern
    (``news/**/*.html``); ``-`` is the standard input (JSONL). Files and input may be packed (gzip, Zstandard).

    ``on_error="stop"`` raises :class:`InputError` at the first broken file or line; ``"skip"`` reports it on stderr
    and goes on with the next.
    """
    if on_error not in ON_ERROR:
        raise StanceError(f"on_error is {one_of(on_error, ON_ERROR)}")
    if str(path) == STDIN:
        yield from read_jsonl(Path(STDIN), on_error)
        return
    path = Path(path)
    files = _files(path)
    names = _names(files, path if path.is_dir() else _common_folder(files))
    for file in files:
        try:
            if not is_unicode(str(file)):
                raise InputError(file, "has a name that is not UTF-8; rename it")
            for article in READERS[ending(file)](file, on_error):
                yield replace(article, article_id=names[file]) if file in names else article
        except InputError as error:
            if on_error == "stop" or len(files) == 1:
                raise
            print(f"skipped: {error}", file=sys.stderr)


def _names(files: list[Path], folder: Path) -> dict[Path, str]:
    """Article ids for the files of a folder that hold one article each: their path in it, without its ending where
    that is enough to tell them apart."""
    single = [file for file in files if READERS[ending(file)] is not read_jsonl and file != folder]
    short = {file: (file.parent / stem(file)).relative_to(folder).as_posix() for file in single}
    often = Counter(short.values())
    return {file: name if often[name] == 1 else file.relative_to(folder).as_posix() for file, name in short.items()}


def _common_folder(files: list[Path]) -> Path:
    """What the files of a pattern are named relative to; a single file is named by its reader."""
    return Path(os.path.commonpath(file.parent for file in files)) if len(files) > 1 else files[0]


def _files(path: Path) -> list[Path]:
    found = matching_files(path)
    if found == [path]:
        if path.exists() and ending(path) not in READERS:
            raise InputError(path, f"unknown file ending {one_of(path.suffix, tuple(READERS))}")
        return [path] if ending(path) in READERS else _missing(path)
    files = [file for file in found if ending(file) in READERS]
    if not files:
        held = "holds" if path.is_dir() else "matches"
        raise InputError(path, f"{held} no file that ends in {', '.join(READERS)}")
    return files


def _missing(path: Path) -> list[Path]:
    raise InputError(path, "no such file or folder")


__all__ = ["READERS", "boilerplate_spans", "read_articles"]
