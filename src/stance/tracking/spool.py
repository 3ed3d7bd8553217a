"""A run on disk while MLflow is away: its calls in the order they were made, and the files that they name."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from stance.files import Row, write_json
from stance.records import read_records

LOCAL = "local-"
"""Opens the id of a run that MLflow has not seen yet."""

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
        spool.folder.mkdir(parents=True, exist_ok=True)
        if not spool.about_file.is_file():
            write_json(spool.about_file, about)
        spool.lock()
        return spool

    def lock(self) -> bool:
        """Take the spool for this process, until it is closed or ends; False where another has it."""
        self.locked = self.about_file.open(encoding="utf-8")
        try:
            fcntl.flock(self.locked, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.close()
            return False
        return True

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
        """The calls in their order, with paths as they can be opened."""

        def parse(row: Row, path: Path, line: int) -> tuple[str, dict[str, Any]]:
            arguments = row["arguments"]
            opened = {"path": str(self.folder / arguments["path"])} if "path" in arguments else {}
            return row["call"], arguments | opened

        if self.calls.is_file():
            yield from read_records(self.calls, parse)

    def drop(self, count: int) -> None:
        """Forget the first calls: they have been delivered."""
        if not count:
            return
        lines = self.calls.read_text(encoding="utf-8").splitlines(keepends=True)[count:]
        partial = self.calls.with_suffix(".partial")
        partial.write_text("".join(lines), encoding="utf-8")
        partial.replace(self.calls)

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
