"""A file that is written over hours and survives a kill at any point: no line is lost, none is there twice."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from stance.errors import InputError
from stance.files import Row, atomic_write, ending, read_rows, write_json, zstandard

ROW_GROUP = 10_000
"""Rows that are in memory at a time when a journal becomes a Parquet file."""


class Journal:
    """Rows on their way to an output file, appended chunk by chunk to a hidden file beside it.

    Each chunk is a unit: it is on disk before the count of inputs done is, so that what a kill leaves beyond the last
    count is cut off on the next start. ``done`` is how many inputs a former run of the same ``key`` has dealt with.
    """

    def __init__(self, output: Path, key: str) -> None:
        self.output, self.key = output, key
        self.data, self.state = (output.with_name(f".{output.name}.{part}") for part in ("journal", "done"))
        self.done, self.rows, size = self._resumed()
        self.file: IO[bytes] = self.data.open("ab")
        self._lock()
        self.file.truncate(size)

    def _resumed(self) -> tuple[int, int, int]:
        try:
            state: dict[str, Any] = json.loads(self.state.read_text(encoding="utf-8"))
            counts = (int(state["inputs"]), int(state["rows"]), int(state["bytes"]))
        except (OSError, ValueError, KeyError, TypeError):
            return 0, 0, 0
        if state.get("key") != self.key or not self.data.is_file() or self.data.stat().st_size < counts[2]:
            print(f"{self.output}: an unfinished run of another input, model or setting is discarded", file=sys.stderr)
            return 0, 0, 0
        print(f"{self.output}: going on after {counts[0]} inputs of an unfinished run", file=sys.stderr)
        return counts

    def _lock(self) -> None:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(self.output, "is being written by another process") from None

    def append(self, rows: Iterable[Row], inputs: int) -> None:
        """Put the rows of the next ``inputs`` inputs on disk."""
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        self.file.write(self._packed("".join(lines).encode("utf-8", "surrogatepass")))
        self.file.flush()
        os.fsync(self.file.fileno())
        self.done += inputs
        self.rows += len(lines)
        counts = {"inputs": self.done, "rows": self.rows, "bytes": self.file.tell()}
        write_json(self.state, {"key": self.key} | counts)

    def _packed(self, content: bytes) -> bytes:
        """Every chunk is a whole gzip member or zstd frame: files of these may be strung together, and cut between."""
        if not content or self.output.suffix == ".parquet":
            return content
        if self.output.suffix == ".gz":
            return gzip.compress(content, mtime=0)
        if self.output.suffix == ".zst":
            packed: bytes = zstandard().ZstdCompressor().compress(content)
            return packed
        return content

    def finish(self) -> None:
        """Give the output its name."""
        self.file.close()
        if ending(self.output) == ".parquet":
            with atomic_write(self.output) as partial:
                _write_parquet(self.data, partial)
            self.data.unlink()
        else:
            self.data.replace(self.output)
        self.state.unlink(missing_ok=True)


@contextmanager
def journal(output: Path | str, key: str) -> Iterator[Journal]:
    """A :class:`Journal` that is finished when the block succeeds, and left to go on with when it fails."""
    output = Path(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    opened = Journal(output, key)
    try:
        yield opened
    except BaseException:
        opened.file.close()
        if not opened.done:  # nothing to go on with
            opened.data.unlink(missing_ok=True)
        raise
    opened.finish()


def _write_parquet(lines: Path, output: Path) -> None:
    """Two passes, a row group in memory: the first finds a schema that fits all rows, the second writes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.unify_schemas(
        [table.schema for table in _tables(lines)] or [pa.schema([])], promote_options="permissive"
    )
    with pq.ParquetWriter(output, schema, compression="zstd") as writer:
        for rows in _groups(lines):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _tables(lines: Path) -> Iterator[Any]:
    import pyarrow as pa

    return (pa.Table.from_pylist(rows) for rows in _groups(lines))


def _groups(lines: Path) -> Iterator[list[Row]]:
    if lines.stat().st_size == 0:
        return
    rows = (row for _, row in read_rows(lines) if isinstance(row, dict))
    while group := list(islice(rows, ROW_GROUP)):
        yield group
