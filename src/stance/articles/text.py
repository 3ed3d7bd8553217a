"""Plain text: one article a file, its id the file's name, its text exactly the file's (so that offsets fit it)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from stance.errors import InputError
from stance.files import decode, existing_file, open_bytes, stem, unpacking
from stance.schema import Article

MAX_FILE_BYTES = 64 * 2**20


def read_text(path: Path, on_error: str = "stop") -> Iterator[Article]:
    """The one article of a .txt file; the first line is taken as its title when a blank line follows it."""
    text = file_text(path)
    yield Article(article_id=stem(path), text=text, title=_title(text))


def file_text(path: Path) -> str:
    """The text of a whole file, refused when it is missing, empty, binary, mis-encoded or too large."""
    path = existing_file(path)
    with unpacking(path), open_bytes(path) as file:
        return whole_text(file, path)


def whole_text(file: IO[bytes], path: Path) -> str:
    """The text of an open file (``path`` is its name in errors), refused as by :func:`file_text`."""
    raw = file.read(MAX_FILE_BYTES + 1)  # of what is unpacked: a small archive may hold much
    if len(raw) > MAX_FILE_BYTES:
        raise InputError(path, f"is larger than {MAX_FILE_BYTES // 2**20} MiB, too long for one article")
    text = decode(raw, path)
    if not text.strip():
        raise InputError(path, "is empty")
    return text


def _title(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return first.strip() if rest.startswith("\n") and len(first.split()) <= 30 else ""
