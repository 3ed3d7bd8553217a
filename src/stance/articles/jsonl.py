"""JSONL and Parquet of articles: one object a line or row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stance.records import parse_article, read_records
from stance.schema import Article


def read_jsonl(path: Path, on_error: str = "stop") -> Iterator[Article]:
    """The articles of a .jsonl or .parquet file in the article format."""
    return read_records(path, parse_article, on_error)
