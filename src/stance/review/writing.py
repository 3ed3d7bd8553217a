"""Files of the human loop, by their endings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stance.errors import InputError, one_of
from stance.files import atomic_write, ending, write_json
from stance.review.corrections import Correction
from stance.review.label_studio import labeling_config, read_export, tasks
from stance.review.selection import Doubt
from stance.review.sheet import read_sheet, sheet

READERS: dict[str, Callable[[Path | str, str], Iterator[Correction]]] = {".json": read_export, ".csv": read_sheet}


def write_review(doubts: Sequence[Doubt], path: Path | str) -> list[Path]:
    """Write the tasks as ``.json``, and beside them, under the same name, the labeling config (``.xml``) and the
    ``.csv``; returns the three paths."""
    path = Path(path)
    if path.suffix != ".json":
        raise InputError(path, "does not end in .json (the .xml and .csv are written beside it)")
    write_json(path, tasks(doubts))
    beside = {".xml": labeling_config(), ".csv": "\ufeff" + sheet(doubts)}  # by the mark spreadsheets know UTF-8
    for suffix, text in beside.items():
        with atomic_write(path.with_suffix(suffix)) as partial:
            partial.write_bytes(text.encode("utf-8", "replace"))
    return [path, *map(path.with_suffix, beside)]


def read_judgements(path: Path | str, annotator: str = "") -> list[Correction]:
    """The judgements of Label Studio's export (``.json``) or of a filled-in sheet (``.csv``)."""
    if ending(path) not in READERS:
        raise InputError(path, f"its ending is {one_of(ending(path), tuple(READERS))}")
    return list(READERS[ending(path)](path, annotator))
