"""Reading and writing records: everything is checked on the way in, nothing is half-written on the way out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from stance.errors import InputError, StanceError, one_of
from stance.schema import AnnotatedArticle, Article, Attribution, Cell, Claim, Evidence, Pair, Span, Speaker, Stance

MAX_LINE_BYTES = 64 * 2**20
"""A JSONL line above this size is refused: no article is that long."""

ON_ERROR = ("stop", "skip")
Row = dict[str, Any]
T = TypeVar("T")


# --- files -----------------------------------------------------------------------------------------------------------


def existing_file(path: Path | str) -> Path:
    """``path`` if it is a readable, non-empty file; else an :class:`InputError` that says which of these it is not."""
    path = Path(path)
    if path.is_dir():
        raise InputError(path, "is a folder, a file is needed")
    if not path.is_file():
        raise InputError(path, "no such file")
    if not os.access(path, os.R_OK):
        raise InputError(path, "cannot be read (permission denied)")
    if path.stat().st_size == 0:
        raise InputError(path, "is empty")
    return path


def decode(raw: bytes, path: Path, line: int | None = None) -> str:
    """UTF-8 text (a byte order mark is dropped); binary and other encodings are refused by name."""
    if b"\x00" in raw:
        raise InputError(path, "is binary, not text", line)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path, f"is not UTF-8 (byte {error.start})", line) from None


def sha256_file(path: Path | str) -> str:
    """Hex digest of a file's bytes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_text(text: str) -> str:
    """Hex digest of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _object(text: str, path: Path, line: int) -> Row:
    try:
        row = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        raise InputError(path, f"is not JSON ({reason})", line) from None
    if not isinstance(row, dict):
        raise InputError(path, f"holds a {type(row).__name__}, an object is needed", line)
    return row


def read_records(path: Path | str, parse: Callable[[Row, Path, int], T], on_error: str = "stop") -> Iterator[T]:
    """Parsed records of a JSONL file. ``on_error="skip"`` reports a broken line on stderr and goes on."""
    if on_error not in ON_ERROR:
        raise StanceError(f"on_error is {one_of(on_error, ON_ERROR)}")
    path = existing_file(path)
    with path.open("rb") as file:
        for number, raw in enumerate(_lines(file, path), start=1):
            try:
                if text := decode(raw, path, number).strip():
                    yield parse(_object(text, path, number), path, number)
            except InputError as error:
                if on_error == "stop":
                    raise
                print(f"skipped: {error}", file=sys.stderr)


def _lines(file: Any, path: Path) -> Iterator[bytes]:
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise InputError(path, f"line is longer than {MAX_LINE_BYTES // 2**20} MiB", number)
        yield raw


@contextmanager
def atomic_write(path: Path | str) -> Iterator[Path]:
    """A temporary path beside ``path`` to write to; it takes the final name only when the block succeeds."""
    path = Path(path)
    partial = _partial(path)
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path | str) -> Iterator[Path]:
    """Like :func:`atomic_write` for a folder: the old one stays untouched until the new one is whole."""
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise InputError(path, "is a file, a folder is needed")
    partial = _partial(path)
    partial.mkdir()
    try:
        yield partial
        if path.exists():
            old = path.with_name(f".{path.name}.{os.getpid()}.old")
            path.rename(old)
            partial.rename(path)
            shutil.rmtree(old)
        else:
            partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _partial(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError(path.parent, "is a file, a folder is needed") from None
    except PermissionError:
        raise InputError(path.parent, "cannot be written (permission denied)") from None
    if path.is_dir() and path.name == "":
        raise InputError(path, "names no file")
    return path.with_name(f".{path.name}.{os.getpid()}.partial")


def write_rows(path: Path | str, rows: Iterable[Row]) -> int:
    """Write JSONL atomically; returns the number of lines."""
    if Path(path).is_dir():
        raise InputError(path, "is a folder, a file name is needed")
    count = 0
    with atomic_write(path) as partial, partial.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def write_json(path: Path | str, value: object) -> None:
    """Write one JSON document atomically, indented and with a final newline."""
    with atomic_write(path) as partial:
        partial.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


# --- from rows to records --------------------------------------------------------------------------------------------


def _text(row: Row, key: str, path: Path, line: int, *, required: bool = True) -> str:
    value = row.get(key)
    if value is None and not required:
        return ""
    if value is None:
        raise InputError(path, f"key {key!r} is missing; found {', '.join(map(repr, row)) or 'no keys'}", line)
    if not isinstance(value, str):
        raise InputError(path, f"key {key!r} is {value!r:.40}, a string is needed", line)
    if required and not value.strip():
        raise InputError(path, f"key {key!r} is empty", line)
    return value


def _stance(value: object, path: Path, line: int) -> Stance:
    try:
        return Stance(value)  # type: ignore[arg-type]
    except ValueError:
        raise InputError(path, f"key 'stance' is {one_of(value, tuple(Stance))}", line) from None


def parse_article(row: Row, path: Path, line: int) -> Article:
    """An article from its JSONL object; keys that the format does not know are kept in ``extra``."""
    optional = {key: _text(row, key, path, line, required=False) for key in ("title", "url", "published", "publisher")}
    known = {"article_id", "text", *optional}
    return Article(
        article_id=_text(row, "article_id", path, line),
        text=_text(row, "text", path, line),
        extra={key: value for key, value in row.items() if key not in known},
        **optional,
    )


PAIR_KEYS = ("pair_id", "article_id", "speaker", "claim", "context", "stance", "evidence", "label_source", "confidence")


def parse_pair(row: Row, path: Path, line: int) -> Pair:
    """A pair from its JSONL object; ``stance`` and what follows it are optional."""
    evidence = row.get("evidence")
    confidence = row.get("confidence")
    if confidence is not None and not isinstance(confidence, int | float):
        raise InputError(path, f"key 'confidence' is {confidence!r}, a number is needed", line)
    return Pair(
        pair_id=_text(row, "pair_id", path, line, required=False) or f"line-{line}",
        article_id=_text(row, "article_id", path, line, required=False),
        speaker=_text(row, "speaker", path, line),
        claim=_text(row, "claim", path, line),
        context=_text(row, "context", path, line),
        stance=None if row.get("stance") is None else _stance(row["stance"], path, line),
        evidence=evidence if isinstance(evidence, str) else None,
        label_source=_text(row, "label_source", path, line, required=False),
        confidence=confidence,
        extra={key: value for key, value in row.items() if key not in PAIR_KEYS},
    )


def parse_annotated(row: Row, path: Path, line: int) -> AnnotatedArticle:
    """An annotated article; every id, evidence string and label is checked against the article itself."""
    article = parse_article(row, path, line)
    speakers = tuple(_speaker(item, path, line) for item in _objects(row, "speakers", path, line))
    claims = tuple(
        Claim(_text(item, "id", path, line), _text(item, "text", path, line))
        for item in _objects(row, "claims", path, line)
    )
    known = ({s.id for s in speakers}, {c.id for c in claims})
    cells = tuple(_cell(item, article.text, known, path, line) for item in _objects(row, "stances", path, line))
    tags = {key: _text(row, key, path, line, required=False) for key in ("topic", "style", "region", "situation")}
    annotation = {"speakers", "claims", "stances", "complete", *tags}
    extra = {key: value for key, value in article.extra.items() if key not in annotation}
    return AnnotatedArticle(
        article=dataclasses.replace(article, extra=extra),
        speakers=speakers,
        claims=claims,
        stances=cells,
        complete=bool(row.get("complete", False)),
        **tags | {"situation": tags["situation"] or article.article_id},
    )


def _objects(row: Row, key: str, path: Path, line: int) -> list[Row]:
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InputError(path, f"key {key!r} must be a list of objects", line)
    return value


def _speaker(item: Row, path: Path, line: int) -> Speaker:
    mentions = item.get("mentions", [])
    if not isinstance(mentions, list) or not all(isinstance(mention, str) for mention in mentions):
        raise InputError(path, "key 'mentions' must be a list of strings", line)
    return Speaker(_text(item, "id", path, line), _text(item, "name", path, line), tuple(mentions))


def _cell(item: Row, text: str, known: tuple[set[str], set[str]], path: Path, line: int) -> Cell:
    speaker, claim = _text(item, "speaker", path, line), _text(item, "claim", path, line)
    for key, value, ids in (("speaker", speaker, known[0]), ("claim", claim, known[1])):
        if value not in ids:
            raise InputError(path, f"a stance's {key} is {one_of(value, sorted(ids))}", line)
    return Cell(
        speaker,
        claim,
        _stance(item.get("stance"), path, line),
        _evidence(item.get("evidence"), text, path, line),
        _text(item, "difficulty", path, line, required=False),
    )


def _evidence(value: object, text: str, path: Path, line: int) -> Evidence | None:
    """Evidence is an exact substring of the text, or (stand-off annotation) its two offsets."""
    if value is None:
        return None
    if isinstance(value, str):
        start = text.find(value)
        if start < 0 or not value:
            raise InputError(path, f"evidence {value!r:.60} does not occur in the text", line)
        return Evidence(start, start + len(value), value)
    if isinstance(value, list) and len(value) == 2 and all(isinstance(offset, int) for offset in value):
        start, end = value
        if 0 <= start < end <= len(text):
            return Evidence(start, end, text[start:end])
    raise InputError(path, f"evidence {value!r:.60} is neither a substring of the text nor [start, end)", line)


# --- from records to rows --------------------------------------------------------------------------------------------


def article_row(article: Article) -> Row:
    """The JSON object of an article; empty optional keys are left out."""
    row: Row = {"article_id": article.article_id, "text": article.text}
    row |= {key: value for key in ("title", "url", "published", "publisher") if (value := getattr(article, key))}
    return row | dict(article.extra)


def pair_row(pair: Pair) -> Row:
    """The JSON object of a pair, in the order of the format; unknown values are left out."""
    row = {key: value for key in PAIR_KEYS if (value := getattr(pair, key)) not in (None, "")}
    return row | dict(pair.extra)


def spans_row(spans: Iterable[Span]) -> list[list[int]]:
    """Spans as JSON: a list of [start, end)."""
    return [[span.start, span.end] for span in spans]


def attribution_row(attribution: Attribution) -> Row:
    """The JSON object of an attribution."""
    return {
        "article_id": attribution.article_id,
        "source": spans_row(attribution.source),
        "cue": spans_row(attribution.cue),
        "content": spans_row(attribution.content),
        "speaker": attribution.speaker,
        "quote_type": attribution.quote_type,
        "rule": attribution.rule,
        "negated": attribution.negated,
    }
