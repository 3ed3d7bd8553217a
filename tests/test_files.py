"""Packed and columnar files are read like plain ones; broken archives and endless lines are named, not believed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from stance import files
from stance.articles import read_articles
from stance.errors import InputError
from stance.files import ending, read_rows, stem
from stance.records import parse_article, read_records

ROWS = [{"article_id": f"a{n}", "text": f"Ana said number {n} was safe."} for n in range(5)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def packed(folder: Path, name: str) -> Path:
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(LINES[:100]) + gzip.compress(LINES[100:]))  # two members, as journals write
    elif name.endswith(".zst"):
        pack = zstandard.ZstdCompressor().compress
        path.write_bytes(pack(LINES[:100]) + pack(LINES[100:]))
    elif name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    else:
        path.write_bytes(LINES)
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet"])
def test_every_kind_of_file_gives_the_same_records(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path, name)
    assert [article.article_id for article in read_records(path, parse_article)] == [row["article_id"] for row in ROWS]
    assert [article.text for article in read_articles(path)] == [row["text"] for row in ROWS]


def test_the_standard_input_is_a_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES)))
    assert len(list(read_articles("-"))) == 5


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_broken_archive_is_one_line(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path, name)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"cannot be unpacked|is not JSON") as caught:
        list(read_records(path, parse_article))
    assert "\n" not in str(caught.value)
    path.write_bytes(b"this is no archive at all")
    with pytest.raises(InputError, match="cannot be unpacked"):
        list(read_records(path, parse_article))


def test_a_broken_parquet_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 but not really")
    with pytest.raises(InputError, match="not a readable Parquet file"):
        list(read_records(tmp_path / "a.parquet", parse_article))


def test_an_archive_that_unpacks_to_one_endless_line_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_LINE_BYTES", 1000)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"x" * 10_000_000))
    [(number, row)] = read_some(tmp_path / "a.jsonl.gz")
    assert number == 1
    assert "line is longer" in str(row)


def read_some(path: Path) -> list[tuple[int, object]]:
    try:
        return list(read_rows(path))
    except InputError as error:
        return [(1, error)]


def test_packed_texts_are_articles(tmp_path: Path) -> None:
    (tmp_path / "news.txt.gz").write_bytes(gzip.compress(b"Ana said the dam was safe."))
    [article] = read_articles(tmp_path / "news.txt.gz")
    assert (article.article_id, article.text) == ("news", "Ana said the dam was safe.")


def test_endings_and_stems() -> None:
    assert [ending(name) for name in ("a.jsonl", "a.JSONL.GZ", "a.parquet", "a", "a.gz")] == [
        ".jsonl", ".jsonl", ".parquet", "", ""
    ]  # fmt: skip
    assert [stem(name) for name in ("x/a.txt", "a.txt.gz", "a.b.txt")] == ["a", "a", "a.b"]
