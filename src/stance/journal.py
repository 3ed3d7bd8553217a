"""A file that is written over hours and survives a kill at any point: no line is lost, none is there twice."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from stance.errors import InputError, StanceError, reason
from stance.files import (
    STDIN,
    Row,
    arrow,
    atomic_write,
    ending,
    is_unicode,
    matching_files,
    sha256_text,
    whole_rows,
    write_json,
)
from stance.parallel import chunks

ROW_GROUP = 10_000
"""Rows that are in memory at a time when a journal becomes a Parquet file."""


def journal_files(output: Path) -> tuple[Path, Path]:
    """The two hidden files beside an output that is being written: its rows so far, and how far it is."""
    return output.with_name(f".{output.name}.journal"), output.with_name(f".{output.name}.done")


def check_apart(output: Path, input: Path, *beside: Path) -> None:
    """Refuse to write ``output``, or a file ``beside`` it, over the input, or where the next run would read it."""
    written = (output, *beside)
    there = [file for file in written if file.exists()]
    read = matching_files(input) if there else []
    replaced = {one for one in there for file in read if file.exists() and file.samefile(one)}
    for file in written:
        if file.resolve() == input.resolve():
            raise StanceError(f"output={output} is the input itself; name another file")
        if input.is_dir() and input.resolve() in file.resolve().parents:
            raise StanceError(f"output={output} lies in the input folder {input}; name a file elsewhere")
        if file in replaced or _is_matched(file, input):
            raise StanceError(f"{file}, which is written, is part of the input {input}; name an output elsewhere")


def _is_matched(file: Path, pattern: Path) -> bool:
    """Whether a pattern will find a file once it is there."""
    magic = has_magic(str(pattern)) and not pattern.exists()
    return magic and _parts_match(file.resolve().parts, pattern.resolve().parts)


def _parts_match(parts: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    if not patterns or not parts:
        return not parts and all(one == "**" for one in patterns)
    if patterns[0] == "**":
        return _parts_match(parts, patterns[1:]) or _parts_match(parts[1:], patterns)
    return fnmatchcase(parts[0], patterns[0]) and _parts_match(parts[1:], patterns[1:])


def run_key(input: Path | str, *about: object) -> str:
    """What makes two runs the same: every file of the input (a file, a folder, a pattern), its size and date, and
    ``about``, whatever else sets them apart. The standard input is never the same."""
    if str(input) == STDIN:
        return uuid4().hex
    found = matching_files(input)
    sizes = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in found if file.exists()]
    return sha256_text(repr([sizes, *about]))


class Journal:
    """Rows on their way to an output file, appended chunk by chunk to a hidden file beside it.

    Each chunk is a unit: it is on disk before the count of inputs done is, so that what a kill leaves beyond the last
    count is cut off on the next start. ``done`` is how many inputs a former run of the same ``key`` has dealt with.
    What a run of another key has left is overwritten by the first chunk, not before: a slip in a command line, such
    as a model that does not exist, costs nothing.
    """

    def __init__(self, output: Path, key: str) -> None:
        self.output, self.key = output, key
        self.suffix = output.suffix.lower()
        if self.suffix == ".parquet":
            arrow("Parquet")
        if ending(output) == ".parquet" != self.suffix:
            raise StanceError(f"{output}: Parquet is packed inside; name it .parquet")
        if self.suffix == ".zst":
            arrow("Zstandard")
        self.data, self.state = journal_files(output)
        self.file: IO[bytes] = self.data.open("ab")
        self._lock()
        self.done, self.rows, self.size = self._resumed()
        self.fresh = self.data.stat().st_size == 0
        self.cut = False

    def _lock(self) -> None:
        """One writer at a time, from before the state is read until the output has its name."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            same = os.fstat(self.file.fileno()).st_ino == self.data.stat().st_ino
        except OSError:
            same = False
        if not same:
            self.file.close()
            raise InputError(self.output, "is being written by another process")

    def _resumed(self) -> tuple[int, int, int]:
        try:
            state: dict[str, Any] = json.loads(self.state.read_text(encoding="utf-8"))
            counts = (int(state["inputs"]), int(state["rows"]), int(state["bytes"]))
        except (OSError, ValueError, KeyError, TypeError):
            return 0, 0, 0
        if state.get("key") != self.key or self.data.stat().st_size < counts[2]:
            print(f"{self.output}: not going on with an unfinished run of other input or settings", file=sys.stderr)
            return 0, 0, 0
        print(f"{self.output}: going on after {counts[0]} inputs of an unfinished run", file=sys.stderr)
        return counts

    def append(self, rows: Iterable[Row], inputs: int) -> None:
        """Put the rows of the next ``inputs`` inputs on disk."""
        self._cut()
        lines = [_line(row) for row in rows]
        self.file.write(self._packed("".join(lines).encode()))
        self.file.flush()
        os.fsync(self.file.fileno())
        self.done += inputs
        self.rows += len(lines)
        counts = {"inputs": self.done, "rows": self.rows, "bytes": self.file.tell()}
        write_json(self.state, {"key": self.key} | counts)

    def _cut(self) -> None:
        """Once, before anything is written: drop what lies beyond the last count, or another run's rows."""
        if not self.cut:
            self.file.truncate(self.size)
            self.cut = True

    def _packed(self, content: bytes) -> bytes:
        """Every chunk is a whole gzip member or zstd frame: files of these may be strung together, and cut between."""
        if content and self.suffix == ".gz":
            return gzip.compress(content, mtime=0)
        if content and self.suffix == ".zst":
            packed: bytes = arrow("Zstandard").Codec("zstd").compress(content, asbytes=True)
            return packed
        return content

    def finish(self) -> None:
        """Give the output its name."""
        self._cut()
        self.file.flush()
        if self.suffix == ".parquet":
            with atomic_write(self.output) as partial:
                _write_parquet(self.data, partial, self.output)
            self.data.unlink()
        else:
            self.data.replace(self.output)
        self.state.unlink(missing_ok=True)
        self.file.close()

    def abandon(self) -> None:
        """Leave what is there to go on with; nothing at all where nothing was done."""
        if self.fresh and not self.done:
            self.data.unlink(missing_ok=True)
        self.file.close()


@contextmanager
def journal(output: Path | str, key: str) -> Iterator[Journal]:
    """A :class:`Journal` that is finished when the block succeeds, and left to go on with when it fails."""
    output = Path(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    opened = Journal(output, key)
    try:
        yield opened
    except BaseException:
        opened.abandon()
        raise
    opened.finish()


def _line(row: Row) -> str:
    """A row as a line; what JSON has no form for (dates and decimals of Parquet files) becomes text."""
    line = json.dumps(row, ensure_ascii=False, default=str)
    return (line if is_unicode(line) else json.dumps(row, default=str)) + "\n"


def _write_parquet(lines: Path, output: Path, named: Path) -> None:
    """Two passes, a row group in memory: the first finds a schema that fits all rows, the second writes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schemas = [_table(rows).schema for rows in chunks(whole_rows(lines), ROW_GROUP)]
        schema = pa.unify_schemas(schemas or [pa.schema([])], promote_options="permissive")
        with pq.ParquetWriter(output, schema, compression="zstd") as writer:
            for rows in chunks(whole_rows(lines), ROW_GROUP):
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    except pa.ArrowException as error:
        raise InputError(named, f"has no Parquet form ({reason(error)}); its rows are kept in {lines}") from None


def _table(rows: list[Row]) -> Any:
    import pyarrow as pa

    names = dict.fromkeys(name for row in rows for name in row)  # Arrow itself looks at the first row's only
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows])
