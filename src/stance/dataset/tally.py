"""The rows of a split on their way to its Parquet file: counted and hashed as they pass, a row group in memory."""

from __future__ import annotations

import hashlib
import heapq
import json
from array import array
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stance.dataset.split import name_hash
from stance.schema import LABELS, Pair

ROW_GROUP = 5_000
"""Rows that are in memory at a time."""

MAX_SAMPLE = 30_000
"""Pairs that are looked at together where all of them would not fit into memory."""

COUNTED = ("label_source", "difficulty", "part")
"""Columns whose values are counted, by stance."""


class SplitFile:
    """A split's Parquet file, and what its card and manifest tell of it. Close it to finish the file."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self.writer = pq.ParquetWriter(path, schema)
        self.rows: list[dict[str, Any]] = []
        self.pairs = 0
        self.stances: Counter[str] = Counter()
        self.values: dict[str, Counter[tuple[str, str]]] = {column: Counter() for column in COUNTED}
        self._hash = hashlib.sha256()
        self._ids = array("Q")  # 8 bytes an article
        self._last = None

    def add(self, row: dict[str, Any]) -> None:
        """Write a row."""
        self._hash.update((b"\n" if self.pairs else b"") + json.dumps(row, sort_keys=True).encode())
        if row["article_id"] != self._last:
            self._last = row["article_id"]
            self._ids.append(name_hash(row["article_id"]))
        self.pairs += 1
        self.stances[row["stance"]] += 1
        for column in COUNTED:
            self.values[column][row[column], row["stance"]] += 1
        self.rows.append(row)
        if len(self.rows) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        self.writer.write_table(pa.Table.from_pylist(self.rows, schema=self.schema))
        self.rows = []

    def close(self) -> None:
        """Write what is left and finish the file."""
        if self.rows or not self.pairs:
            self._flush()
        self.writer.close()

    @property
    def digest(self) -> str:
        """A hash of the rows that does not depend on the file format's version."""
        return self._hash.hexdigest()

    @property
    def articles(self) -> int:
        """Different articles."""
        return len(np.unique(np.frombuffer(self._ids, dtype=np.uint64))) if self._ids else 0

    def counts(self) -> dict[str, int]:
        """Pairs, articles, and pairs of each stance."""
        return {"pairs": self.pairs, "articles": self.articles} | {one.value: self.stances[one] for one in LABELS}


class Sample:
    """At most ``size`` of the pairs that it is shown: those whose ids have the smallest hashes, whatever their order.

    Where there are no more than that, it is all of them, in the order in which they came.
    """

    def __init__(self, size: int = MAX_SAMPLE) -> None:
        self.size, self.seen = size, 0
        self._heap: list[tuple[int, int, Pair]] = []

    def add(self, pair: Pair) -> None:
        """Show it a pair."""
        entry = (-name_hash(f"{pair.article_id}\n{pair.pair_id}"), -self.seen, pair)
        push: Callable[..., Any] = heapq.heappush if len(self._heap) < self.size else heapq.heappushpop
        push(self._heap, entry)
        self.seen += 1

    @property
    def pairs(self) -> list[Pair]:
        """The sample, in the order in which its pairs came."""
        return [pair for _, _, pair in sorted(self._heap, key=lambda entry: -entry[1])]

    def __str__(self) -> str:
        if self.seen <= self.size:
            return ""
        return f"Of {self.seen} pairs, the {self.size} whose ids have the smallest hashes were probed. "
