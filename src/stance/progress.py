"""A progress bar with a rate and an end time; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(items: Iterable[T], source: Path | str, unit: str) -> Iterator[T]:
    """``items`` as they are, with a bar on stderr if that is a terminal; the total is counted for a JSONL source."""
    shown = sys.stderr.isatty()
    path = Path(source)
    total = None
    if shown and path.suffix == ".jsonl" and path.is_file():
        with path.open("rb") as file:
            total = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(2**20), b""))
    yield from tqdm(items, total=total, unit=f" {unit}", disable=not shown)
