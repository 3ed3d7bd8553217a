"""Rows are counted and hashed as they pass; a sample does not depend on the order."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from stance.dataset import build_dataset, tally
from stance.dataset.build import SCHEMA
from stance.dataset.tally import Sample, SplitFile
from stance.schema import Pair, Stance


def row(number: int, article: str, stance: str, part: str = "") -> dict[str, object]:
    empty = dict.fromkeys(SCHEMA.names, "")
    return empty | {
        "pair_id": str(number), "article_id": article, "stance": stance, "label_source": "weak", "confidence": 0.5,
        "part": part,
    }  # fmt: skip


def test_a_split_file_counts_and_hashes_what_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "ROW_GROUP", 2)
    rows = [row(0, "a", "affirm"), row(1, "a", "deny", "x"), row(2, "b", "deny", "x"), row(3, "a", "neutral")]
    split = SplitFile(tmp_path / "s.parquet", SCHEMA)
    for one in rows[:3]:
        split.add(one)
    assert len(split.rows) == 1, "two of three are in the file already"
    split.add(rows[3])
    split.close()
    assert pq.read_table(tmp_path / "s.parquet").to_pylist() == rows
    assert pq.ParquetFile(tmp_path / "s.parquet").num_row_groups == 2
    assert split.counts() == {"pairs": 4, "articles": 2, "affirm": 1, "deny": 2, "neutral": 1}
    assert split.values["part"] == {("", "affirm"): 1, ("x", "deny"): 2, ("", "neutral"): 1}
    joined = "\n".join(json.dumps(one, sort_keys=True) for one in rows)
    assert split.digest == hashlib.sha256(joined.encode()).hexdigest()


def test_an_empty_split_is_a_file_all_the_same(tmp_path: Path) -> None:
    split = SplitFile(tmp_path / "s.parquet", SCHEMA)
    split.close()
    assert pq.read_table(tmp_path / "s.parquet").schema == SCHEMA
    assert split.counts()["articles"] == 0


def pairs(count: int) -> list[Pair]:
    return [
        Pair(
            str(n),
            f"S{n % 5}",
            f"Claim {n} holds",
            f"Words of the article {n % 40}.",
            f"a{n % 40}",
            list(Stance)[n % 3],
            label_source="weak",
        )
        for n in range(count)
    ]


def sampled(shown: list[Pair], size: int) -> Sample:
    sample = Sample(size)
    for pair in shown:
        sample.add(pair)
    return sample


def test_a_sample_is_the_same_whatever_the_order() -> None:
    shown = pairs(500)
    first = sampled(shown, 60)
    mixed = shown.copy()
    Random(4).shuffle(mixed)
    assert len(first.pairs) == 60
    assert [int(p.pair_id) for p in first.pairs] == sorted(int(p.pair_id) for p in sampled(mixed, 60).pairs)
    assert str(first) == "Of 500 pairs, the 60 whose ids have the smallest hashes were probed. "


def test_a_sample_of_few_is_all_of_them_in_their_order() -> None:
    assert sampled(pairs(9), 9).pairs == pairs(9)
    assert str(sampled(pairs(9), 9)) == ""


class Twice:
    """Pairs that can be read again and again, and are never a list."""

    def __iter__(self) -> object:
        return iter(pairs(200))


def test_pairs_of_a_file_make_the_dataset_that_a_list_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = build_dataset(pairs(200), tmp_path / "one")
    monkeypatch.setattr(tally, "ROW_GROUP", 7)
    two = build_dataset(Twice(), tmp_path / "two")  # type: ignore[arg-type]
    assert (two["digest"], two["counts"]) == (one["digest"], one["counts"])
    assert sum(split["pairs"] for split in one["counts"].values()) == 200
    assert (tmp_path / "one" / "README.md").read_text() == (tmp_path / "two" / "README.md").read_text()


def test_the_card_says_when_not_all_pairs_were_probed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stance.dataset.build.Sample", lambda: Sample(90))
    build_dataset(pairs(200), tmp_path / "ds")
    assert "Of 200 pairs, the 90 whose ids" in (tmp_path / "ds" / "README.md").read_text()
