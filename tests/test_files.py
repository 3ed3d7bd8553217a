"""Packed and columnar files are read like plain ones; broken archives and endless lines are named, not believed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance import files
from stance.articles import read_articles
from stance.errors import InputError
from stance.files import atomic_folder, ending, read_rows, stem
from stance.records import parse_article, read_records

ROWS = [{"article_id": f"a{n}", "text": f"Ana said number {n} was safe."} for n in range(5)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def zstd(content: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(content, asbytes=True))


def packed(folder: Path, name: str) -> Path:
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(LINES[:100]) + gzip.compress(LINES[100:]))  # two members, as journals write
    elif name.endswith(".zst"):
        path.write_bytes(zstd(LINES[:100]) + zstd(LINES[100:]))
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
@pytest.mark.parametrize("missing", [1, 8, 20])
def test_a_cut_archive_is_one_line(tmp_path: Path, name: str, missing: int) -> None:
    path = packed(tmp_path, name)
    path.write_bytes(path.read_bytes()[:-missing])
    with pytest.raises(InputError, match="cannot be unpacked") as caught:
        list(read_records(path, parse_article))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.txt.gz", "a.txt.zst"])
def test_what_is_no_archive_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is no archive at all")
    with pytest.raises(InputError, match="cannot be unpacked"):
        list(read_articles(tmp_path / name))


def test_half_characters_and_endless_numbers_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"article_id": "a", "text": "\\ud83d said"}\n')
    with pytest.raises(InputError, match="half a character"):
        list(read_records(path, parse_article))
    path.write_text('{"article_id": "a", "text": "x", "n": ' + "9" * 5000 + "}\n")
    with pytest.raises(InputError, match="is not JSON"):
        list(read_records(path, parse_article))


def test_a_slip_does_not_cost_a_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all my work")
    with pytest.raises(InputError, match="holds other things"), atomic_folder(tmp_path / "mine", "report.json"):
        pass
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "all my work"
    for content in ("one", "two"):
        with atomic_folder(tmp_path / "ours", "report.json") as partial:
            (partial / "report.json").write_text(content)
    assert (tmp_path / "ours" / "report.json").read_text() == "two"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine", "ours"]


def test_articles_of_a_folder_have_ids_of_their_own(tmp_path: Path) -> None:
    for name in ("1/story.txt", "2/story.txt", "a.txt", "a.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>Ana Ruiz said that the old dam was safe for now, and left.</p>")
    ids = [article.article_id for article in read_articles(tmp_path, on_error="skip")]
    assert {"1/story", "2/story", "a.txt"} <= set(ids)
    assert len(ids) == len(set(ids))


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
