"""The pairs as a CSV that a spreadsheet opens safely, and the filled-in CSV back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from stance.errors import InputError
from stance.files import decode, existing_file
from stance.review.corrections import Correction, parse_correction
from stance.review.label_studio import MAX_BYTES
from stance.review.selection import Doubt

COLUMNS = ("pair_id", "speaker", "claim", "stance", "note", "annotator", "evidence", "context", "reason")
"""``stance``, ``note`` and ``annotator`` are to be filled in; the order never changes."""

MAX_CELL = 32_000
"""Characters of a cell; spreadsheets cut at 32,767."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones count as formulas, too
_GUARD = "'"


def guarded(value: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what would begin one.

    One goes before an apostrophe too, so that :func:`unguarded` gives back what was there.
    """
    clean = value.replace("\0", "")[:MAX_CELL]
    risky = clean.lstrip(" \u00a0").startswith(_FORMULA) or clean.startswith(_GUARD)
    return _GUARD + clean if risky else clean


def unguarded(cell: str) -> str:
    """The value of a guarded cell."""
    return cell.removeprefix(_GUARD)


def sheet(doubts: Iterable[Doubt]) -> str:
    """The CSV's text: a header, then one row a pair; long contexts are cut at the end."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for doubt in doubts:
        pair = doubt.pair
        asked = (pair.pair_id, pair.speaker, pair.claim, "", "", "")
        given = (pair.evidence or "", pair.context, "; ".join(doubt.reasons))
        writer.writerow([guarded(value) for value in (*asked, *given)])
    return text.getvalue()


def read_sheet(path: Path | str, annotator: str = "") -> Iterator[Correction]:
    """The judgements of a filled-in CSV (commas, semicolons or tabs); rows without a stance are passed over.

    ``annotator`` stands for an empty cell of that column.
    """
    path = existing_file(path)
    if path.stat().st_size > MAX_BYTES:
        raise InputError(path, f"is larger than {MAX_BYTES // 2**20} MiB")
    text = decode(path.read_bytes(), path)
    header = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    names: list[str] = []
    for line, cells in _rows(reader, path):
        if not names:
            names = _names(cells, path)
            continue
        row = {name: unguarded(cell) for name, cell in zip(names, cells, strict=False)}
        if row.get("stance", "").strip():
            yield parse_correction(row | {"annotator": row.get("annotator") or annotator}, path, line)


def _rows(reader: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each row."""
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as error:
        raise InputError(path, f"is not CSV ({error})", line) from None


def _names(cells: list[str], path: Path) -> list[str]:
    for needed in ("pair_id", "stance"):
        if needed not in cells:
            raise InputError(path, f"has no column {needed!r}; found {', '.join(cells)[:80]}", 1)
    return cells
