"""Files of the human loop, by their endings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stance.errors import InputError, one_of
from stance.files import atomic_write, ending, write_json, write_rows
from stance.review.corrections import Correction, read_corrections
from stance.review.label_studio import labeling_config, read_export, tasks
from stance.review.selection import Doubt
from stance.review.sheet import read_sheet, sheet

READERS: dict[str, Callable[[Path | str, str], Iterator[Correction]]] = {".json": read_export, ".csv": read_sheet}


def review_files(path: Path | str, overwrite: bool = False) -> list[Path]:
    """The three files of a review. Those that are there may hold what people have filled in: they are refused unless
    ``overwrite`` is given."""
    path = Path(path)
    if path.suffix != ".json":
        raise InputError(path, "does not end in .json (the .xml and .csv are written beside it)")
    files = [path, path.with_suffix(".xml"), path.with_suffix(".csv")]
    there = [file for file in files if file.suffix != ".xml" and file.exists()]
    if there and not overwrite:
        raise InputError(there[-1], "is there and may hold judgements; name another output, or give overwrite=true")
    return files


def write_review(doubts: Sequence[Doubt], path: Path | str, overwrite: bool = False) -> list[Path]:
    """Write the tasks as ``.json``, and beside them, under the same name, the labeling config (``.xml``) and the
    ``.csv``; returns the three paths. See :func:`review_files` for ``overwrite``."""
    files = review_files(path, overwrite)
    write_json(files[0], tasks(doubts))
    beside = (labeling_config(), "\ufeff" + sheet(doubts))  # by the mark spreadsheets know UTF-8
    for file, text in zip(files[1:], beside, strict=True):
        with atomic_write(file) as partial:
            partial.write_bytes(text.encode("utf-8", "replace"))
    return files


def add_corrections(judged: Sequence[Correction], path: Path | str) -> int:
    """Write corrections after those that a file holds already (of two by one person the later one stands); returns
    how many it held."""
    path = Path(path)
    former = read_corrections(path) if path.is_file() and path.stat().st_size else []
    write_rows(path, (one.row() for one in (*former, *judged)))
    return len(former)


def read_judgements(path: Path | str, annotator: str = "") -> list[Correction]:
    """The judgements of Label Studio's export (``.json``) or of a filled-in sheet (``.csv``)."""
    if ending(path) not in READERS:
        raise InputError(path, f"its ending is {one_of(ending(path), tuple(READERS))}")
    return list(READERS[ending(path)](path, annotator))
