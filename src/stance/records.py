"""Rows and records: every key of a row is checked on the way in; the way out is the same format."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from stance.errors import InputError, StanceError, one_of
from stance.files import Row, is_unicode, read_rows
from stance.schema import (
    AnnotatedArticle,
    Article,
    Attribution,
    Cell,
    Claim,
    Evidence,
    Link,
    Pair,
    Span,
    Speaker,
    Stance,
)

ON_ERROR = ("stop", "skip")
T = TypeVar("T")


def read_records(path: Path | str, parse: Callable[[Row, Path, int], T], on_error: str = "stop") -> Iterator[T]:
    """Parsed records of a JSONL or Parquet file, packed (``.gz``, ``.zst``) or not, or of ``-``, the standard input.

    ``on_error="skip"`` reports a broken line on stderr and goes on.
    """
    if on_error not in ON_ERROR:
        raise StanceError(f"on_error is {one_of(on_error, ON_ERROR)}")
    for number, row in read_rows(path):
        try:
            if isinstance(row, InputError):
                raise row
            yield parse(row, Path(path), number)
        except InputError as error:
            if on_error == "stop":
                raise
            print(f"skipped: {error}", file=sys.stderr)


# --- from rows to records --------------------------------------------------------------------------------------------


def _text(row: Row, key: str, path: Path, line: int, *, required: bool = True) -> str:
    value = row.get(key)
    if value is None and not required:
        return ""
    if value is None:
        raise InputError(path, f"key {key!r} is missing; found {', '.join(map(repr, row)) or 'no keys'}", line)
    if not isinstance(value, str):
        raise InputError(path, f"key {key!r} is {value!r:.40}, a string is needed", line)
    if not is_unicode(value):
        raise InputError(path, f"key {key!r} holds half a character (a lone surrogate)", line)
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
    extra = {key: value for key, value in row.items() if key not in PAIR_KEYS}
    for key, value in (extra | {"evidence": evidence}).items():
        if isinstance(value, str) and not is_unicode(value):
            raise InputError(path, f"key {key!r} holds half a character (a lone surrogate)", line)
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
        extra=extra,
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


def parse_attribution(row: Row, path: Path, line: int) -> Attribution:
    """An attribution from its JSON object; only ``article_id`` and ``content`` are required."""
    return Attribution(
        article_id=_text(row, "article_id", path, line),
        source=_spans(row, "source", path, line),
        cue=_spans(row, "cue", path, line),
        content=_spans(row, "content", path, line),
        speaker=_text(row, "speaker", path, line, required=False),
        quote_type=_text(row, "quote_type", path, line, required=False),
        rule=_text(row, "rule", path, line, required=False),
        negated=row.get("negated") is True,
        chain=tuple(_link(item, path, line) for item in _objects({"chain": []} | row, "chain", path, line)),
    )


def _spans(row: Row, key: str, path: Path, line: int) -> tuple[Span, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(_is_span(item) for item in value):
        raise InputError(path, f"key {key!r} must be a list of [start, end) with 0 <= start < end", line)
    return tuple(Span(*item) for item in value)


def _is_span(value: object) -> bool:
    integers = isinstance(value, list) and len(value) == 2 and all(type(offset) is int for offset in value)
    return integers and 0 <= value[0] < value[1]  # type: ignore[index]


def _link(item: Row, path: Path, line: int) -> Link:
    speaker, polarity = item.get("speaker"), item.get("polarity")
    if not isinstance(speaker, str) or polarity not in tuple(Stance):
        raise InputError(path, "a link of 'chain' needs a speaker and a polarity (affirm, deny or neutral)", line)
    return Link(speaker, Stance(polarity))


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
        "chain": [{"speaker": link.speaker, "polarity": link.polarity.value} for link in attribution.chain],
    }


class PairFile:
    """The pairs of a JSONL or Parquet file, read anew each time they are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[Pair]:
        return read_records(self.path, parse_pair)
