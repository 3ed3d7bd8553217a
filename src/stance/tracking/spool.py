"""A run on disk while MLflow is away: its calls in the order they were made, and the files that they name."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from stance.errors import InputError
from stance.files import Row, whole_rows, write_json, write_rows

LOCAL = "local-"
"""Opens the id of a run that MLflow has not seen yet."""

CALLS = frozenset(("params", "metrics", "tags", "artifacts", "text", "dataset", "model", "end"))

UPLOADED = "uploaded.json"
"""Local ids -> the ids that their runs got in MLflow."""


class Spool:
    """The folder of one run: ``run.json`` (about the run), ``calls.jsonl``, and ``files/`` with copies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls.jsonl"
        self.locked: IO[str] | None = None

    @classmethod
    def opened(cls, root: Path, run_id: str, about: Row) -> Spool:
        """The spool of a run, made where it is not there yet; ``about`` is what MLflow must know to make the run."""
        spool = cls(root / run_id)
        while not spool.is_locked():  # an upload that has just ended has taken the folder with it
            spool.close()
            spool.folder.mkdir(parents=True, exist_ok=True)
            if not spool.about_file.is_file():
                write_json(spool.about_file, about)
            spool.locked = spool.about_file.open(encoding="utf-8")
            fcntl.flock(spool.locked, fcntl.LOCK_SH)
        spool._cut_half_line()
        return spool

    def is_locked(self) -> bool:
        """Whether this process holds a lock on the ``run.json`` that lies there now."""
        try:
            return self.locked is not None and os.fstat(self.locked.fileno()).st_ino == self.about_file.stat().st_ino
        except OSError:
            return False

    def lock(self) -> bool:
        """Take the spool for an upload by this process alone; False where somebody still writes into it."""
        self.locked = self.about_file.open(encoding="utf-8")
        try:
            fcntl.flock(self.locked, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.close()
            return False
        self._cut_half_line()
        return True

    def _cut_half_line(self) -> None:
        """Drop what a kill or a full disk has left of a line at the end of the calls."""
        if self.calls.is_file():
            with self.calls.open("r+b") as file:
                file.truncate(file.read().rfind(b"\n") + 1)

    def close(self) -> None:
        """Give the spool free."""
        if self.locked is not None:
            self.locked.close()
            self.locked = None

    @property
    def about_file(self) -> Path:
        """``run.json``."""
        return self.folder / "run.json"

    def about(self) -> dict[str, Any]:
        """What was known when the run began: experiment, name, start (ms), tags, parent."""
        made: dict[str, Any] = json.loads(self.about_file.read_text(encoding="utf-8"))
        return made

    def append(self, name: str, arguments: dict[str, Any]) -> None:
        """Put a call on disk, with a copy of the file or folder that it names."""
        if "path" in arguments:
            arguments = arguments | {"path": self._copied(Path(arguments["path"]))}
        with self.calls.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"call": name, "arguments": arguments}) + "\n")

    def _copied(self, path: Path) -> str:
        files = self.folder / "files"
        files.mkdir(exist_ok=True)
        inside = files / str(len(list(files.iterdir()))) / path.name
        inside.parent.mkdir()
        if path.is_dir():
            shutil.copytree(path, inside)
        else:
            shutil.copyfile(path, inside)
        return str(inside.relative_to(self.folder))

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The calls in their order, with paths as they can be opened.

        Raises :class:`InputError` for a call that no tracker makes, or a path that leads out of the spool.
        """
        for number, row in enumerate(whole_rows(self.calls) if self.calls.is_file() else (), start=1):
            arguments = row.get("arguments")
            if row.get("call") not in CALLS or not isinstance(arguments, dict):
                raise InputError(self.calls, "is not a call of a run", number)
            yield row["call"], arguments | self._opened(arguments, number)

    def _opened(self, arguments: dict[str, Any], number: int) -> dict[str, str]:
        if "path" not in arguments:
            return {}
        path = (self.folder / str(arguments["path"])).resolve()
        if not path.is_relative_to((self.folder / "files").resolve()):
            raise InputError(self.calls, f"names a file outside its folder: {arguments['path']!r:.60}", number)
        return {"path": str(path)}

    def drop(self, count: int) -> None:
        """Forget the first calls: they have been delivered. Ends stay until the run itself has ended."""
        if count:
            rows = list(whole_rows(self.calls))
            write_rows(self.calls, [row for n, row in enumerate(rows) if n >= count or row["call"] == "end"])

    def remove(self) -> None:
        """Delete the folder."""
        self.close()
        shutil.rmtree(self.folder)


def waiting(root: Path) -> list[Spool]:
    """The runs that wait for an upload, parents before their children."""
    spools = [Spool(file.parent) for file in sorted(root.glob("*/run.json"))]
    return sorted(spools, key=lambda spool: (bool(spool.about().get("parent")), spool.about()["start"]))


def uploaded(root: Path) -> dict[str, str]:
    """Local ids of runs that have been uploaded -> their ids in MLflow."""
    file = root / UPLOADED
    known: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return known


def note_upload(root: Path, local: str, run_id: str) -> None:
    """Remember which run of MLflow a local run has become."""
    write_json(root / UPLOADED, uploaded(root) | {local: run_id})
