"""Model folders whose files are listed with their hashes: what was changed, added or lost is seen on opening."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.files import sha256_file, write_json


@dataclass(frozen=True)
class Seal:
    """The manifest of one kind of model folder: a JSON file ``name`` with format, labels and the files' SHA-256.

    ``format`` is raised whenever a reader of an older version could misread a folder. ``missing`` is what an error
    says of a folder that is not there.
    """

    name: str
    format: int
    labels: tuple[str, ...]
    required: tuple[str, ...]
    missing: str = "no such model folder"

    def write(self, folder: Path, content: dict[str, Any]) -> None:
        """Write the manifest with the hashes of all other files of the folder."""
        files = {name: sha256_file(folder / name) for name in self._names(folder)}
        known = {"format": self.format, "labels": list(self.labels)}
        write_json(folder / self.name, known | content | {"files": files})

    def read(self, folder: Path | str, *, verify: bool = True) -> dict[str, Any]:
        """The manifest; ``verify`` compares the hashes.

        Raises :class:`InputError` with one line for a folder that is missing, incomplete, tampered with, of a newer
        format or with other labels.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(folder, self.missing)
        manifest = self._load(folder)
        self._check(folder, manifest)
        for name, digest in manifest["files"].items() if verify else ():
            if sha256_file(folder / name) != digest:
                raise InputError(folder / name, "is not the file that was exported (its hash differs)")
        return manifest

    def _load(self, folder: Path) -> dict[str, Any]:
        path = folder / self.name
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise InputError(folder, f"holds no {self.name}, so it is no model of this project") from None
        except (OSError, ValueError, RecursionError) as error:
            raise InputError(path, f"cannot be read ({error})") from None
        if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
            raise InputError(path, "is not a manifest")
        return manifest

    def _check(self, folder: Path, manifest: dict[str, Any]) -> None:
        path, found = folder / self.name, manifest.get("format")
        if found != self.format:
            raise InputError(path, f"has format {found!r}; this version of stance reads format {self.format}")
        if manifest.get("labels") != list(self.labels):
            raise InputError(path, f"has labels {manifest.get('labels')!r}; needed: {', '.join(self.labels)}")
        for name in {*self.required, *manifest["files"]}:
            if Path(name).is_absolute() or ".." in Path(name).parts:
                raise InputError(path, f"names a file outside the folder: {name!r}")
            if name in self.required and name not in manifest["files"]:
                raise InputError(path, f"lists no hash for {name}")
            if not (folder / name).is_file():
                raise InputError(folder / name, "is missing: the model folder is incomplete")
        if stray := sorted(set(self._names(folder)) - set(manifest["files"])):
            raise InputError(folder / stray[0], "is no part of the model: the folder was changed after its export")

    def _names(self, folder: Path) -> list[str]:
        """The folder's files but the manifest and hidden ones, by their path in it."""
        files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        return sorted(name for path in files if (name := str(path.relative_to(folder))) != self.name)
