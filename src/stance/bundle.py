"""The bundle: a self-contained model folder. Written by training and export, opened by inference.

``model.safetensors`` and ``config.json`` (the encoder), ``tokenizer.json``, ``stance.json`` (format version, labels,
encoding options, facts of the run, SHA-256 of every other file). Nothing in it is executable.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from stance.encoding import EncodingOptions
from stance.errors import InputError
from stance.files import atomic_folder, sha256_file, write_json
from stance.schema import LABELS

FORMAT = 1
"""Raised whenever a reader of an older version could misread a bundle."""

MANIFEST = "stance.json"
REQUIRED = ("model.safetensors", "config.json", "tokenizer.json")


def write_bundle(
    folder: Path | str, model: Any, tokenizer: Tokenizer, options: EncodingOptions, facts: dict[str, Any]
) -> None:
    """Write a bundle atomically; an older one of the same name is replaced."""
    with atomic_folder(folder) as partial:
        model.save_pretrained(partial, safe_serialization=True)
        tokenizer.save(str(partial / "tokenizer.json"))
        seal(partial, {"encoding": options.as_dict(), "facts": facts})


def seal(folder: Path, content: dict[str, Any]) -> None:
    """Write ``stance.json`` with the hashes of all other files of the folder."""
    files = {
        str(path.relative_to(folder)): sha256_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    known = {"format": FORMAT, "labels": [label.value for label in LABELS]}
    write_json(folder / MANIFEST, known | content | {"files": files})


def read_manifest(folder: Path | str, *, verify: bool = True) -> dict[str, Any]:
    """The checked manifest of a bundle.

    Raises :class:`InputError` with one line for a folder that is missing, incomplete, tampered with, of a newer format
    or with other labels.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(folder, "no such model folder")
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(folder, f"holds no {MANIFEST}, so it is no model of this project") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(path, f"cannot be read ({error})") from None
    _check(folder, path, manifest)
    if verify:
        for name, digest in manifest["files"].items():
            if sha256_file(folder / name) != digest:
                raise InputError(folder / name, "is not the file that was exported (its hash differs)")
    return dict(manifest)


def _check(folder: Path, path: Path, manifest: Any) -> None:
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise InputError(path, "is not a manifest")
    if manifest.get("format") != FORMAT:
        raise InputError(path, f"has format {manifest.get('format')!r}; this version of stance reads format {FORMAT}")
    if manifest.get("labels") != [label.value for label in LABELS]:
        raise InputError(path, f"has labels {manifest.get('labels')!r}; needed: {', '.join(LABELS)}")
    for name in {*REQUIRED, *manifest["files"]}:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise InputError(path, f"names a file outside the folder: {name!r}")
        if name in REQUIRED and name not in manifest["files"]:
            raise InputError(path, f"lists no hash for {name}")
        if not (folder / name).is_file():
            raise InputError(folder / name, "is missing: the model folder is incomplete")


def encoding_options(manifest: dict[str, Any], path: Path | str) -> EncodingOptions:
    """The encoding options of a manifest."""
    try:
        return EncodingOptions(**manifest["encoding"])
    except (KeyError, TypeError):
        raise InputError(path, "holds encoding options that this version of stance does not know") from None
