"""Plain text: one article a file, its id the file's name, its text exactly the file's (so that offsets fit it)."""

from __future__ import annotations

import codecs
import re
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
    text = decoded(raw, path)
    if not text.strip():
        raise InputError(path, "is empty")
    return text


def decoded(raw: bytes, path: Path) -> str:
    """Text in UTF-8, in UTF-16 that says so, or in the encoding that its bytes speak for; binary files are refused."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    try:
        return decode(raw, path)
    except InputError:
        if b"\x00" in raw:
            raise
    return _guessed(raw, path)


def _guessed(raw: bytes, path: Path) -> str:
    """A web page names its encoding; else the most plausible one of those that English news is kept in."""
    from charset_normalizer import from_bytes  # slow to import, and only old files need it

    named = _META.search(raw[:4096])
    if named and (encoding := _meant(named[1].decode("ascii"))):
        try:
            return raw.decode(encoding, "replace")
        except (LookupError, UnicodeError):
            pass
    if _UNUSED.isdisjoint(raw) and _mostly_ascii(raw):
        return raw.decode("cp1252", "replace")
    best = from_bytes(raw[: 2**20]).best()
    if best is None:
        raise InputError(path, "is text in no known encoding")
    return raw.decode(best.encoding, "replace")


def _meant(charset: str) -> str | None:
    """The encoding that a page means, as browsers read it: "Latin-1" and "ASCII" are Windows-1252, and a page whose
    declaration can be read byte by byte is in no UTF-16 or UTF-32."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return None
    if name.startswith(("utf-16", "utf-32")):
        return None
    return "cp1252" if name in ("iso8859-1", "ascii") else name


_META = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)
_UNUSED = frozenset(b"\x81\x8d\x8f\x90\x9d")
"""Bytes that Windows-1252, in which most English text that is not UTF-8 is kept, does not use."""


def _mostly_ascii(raw: bytes) -> bool:
    """A few bytes beyond ASCII in English text are Western quotation marks and accents; a statistic would guess."""
    return sum(byte > 0x7F for byte in raw) < 0.12 * len(raw)


def _title(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return first.strip() if rest.startswith(("\n", "\r\n")) and len(first.split()) <= 30 else ""
