"""A progress bar with a rate and an end time; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from stance.errors import InputError
from stance.files import STDIN, ending, matching_files, open_bytes, unpacking

T = TypeVar("T")


def progress(items: Iterable[T], source: Path | str, unit: str) -> Iterator[T]:
    """``items`` as they are, with a bar on stderr if that is a terminal; the total is counted first where the source
    is made of files, so that the bar has an end time."""
    shown = sys.stderr.isatty()
    total = _total(source) if shown else None
    yield from tqdm(items, total=total, unit=f" {unit}", disable=not shown)


def _total(source: Path | str) -> int | None:
    """Records of a file, folder or pattern: lines of JSONL, rows of Parquet, one for any other file; None where a file
    that is missing or broken is the reader's to name."""
    try:
        return sum(map(_records, matching_files(source))) if str(source) != STDIN else None
    except (OSError, InputError, ValueError):
        return None


def _records(path: Path) -> int:
    if ending(path) == ".parquet":
        import pyarrow.parquet as pq

        return int(pq.read_metadata(path).num_rows)
    if ending(path) != ".jsonl":
        return 1
    with unpacking(path), open_bytes(path) as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(2**20), b""))
