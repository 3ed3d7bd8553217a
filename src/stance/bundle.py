"""The bundle: a self-contained model folder. Written by training and export, opened by inference.

``model.safetensors`` and ``config.json`` (the encoder), ``tokenizer.json``, ``stance.json`` (format version, labels,
encoding options, facts of the run, SHA-256 of every other file). Nothing in it is executable.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from stance.encoding import EncodingOptions
from stance.errors import InputError, StanceError
from stance.files import atomic_folder
from stance.schema import LABELS
from stance.sealing import Seal

FORMAT = 1
"""Raised whenever a reader of an older version could misread a bundle."""

MANIFEST = "stance.json"
REQUIRED = ("model.safetensors", "config.json", "tokenizer.json")


def write_bundle(
    folder: Path | str,
    model: Any,
    tokenizer: Tokenizer,
    options: EncodingOptions,
    facts: dict[str, Any],
    temperature: float = 1.0,
) -> None:
    """Write a bundle atomically; an older one of the same name is replaced.

    Logits are divided by ``temperature`` before they become probabilities.
    """
    with atomic_folder(folder, MANIFEST) as partial:
        model.save_pretrained(partial, safe_serialization=True)
        tokenizer.save(str(partial / "tokenizer.json"))
        seal(partial, {"encoding": options.as_dict(), "temperature": temperature, "facts": facts})


SEAL = Seal(MANIFEST, FORMAT, tuple(label.value for label in LABELS), REQUIRED)


def seal(folder: Path, content: dict[str, Any]) -> None:
    """Write ``stance.json`` with the hashes of all other files of the folder."""
    SEAL.write(folder, content)


def read_manifest(folder: Path | str, *, verify: bool = True) -> dict[str, Any]:
    """The checked manifest of a bundle.

    Raises :class:`InputError` with one line for a folder that is missing, incomplete, tampered with, of a newer format
    or with other labels, and for a manifest whose values make no sense.
    """
    manifest = SEAL.read(folder, verify=verify)
    path = Path(folder) / MANIFEST
    _check_numbers(path, manifest)
    encoding_options(manifest, path)
    return manifest


def _check_numbers(path: Path, manifest: Mapping[str, Any]) -> None:
    promise = manifest.get("promise", {})
    facts = manifest.get("facts", {})
    if not isinstance(promise, dict) or not isinstance(facts, dict):
        raise InputError(path, "is not a manifest")
    for name, value in (
        ("temperature", manifest.get("temperature", 1.0)),
        ("threshold", promise.get("threshold", 1.0)),
    ):
        if not isinstance(value, int | float) or not math.isfinite(value) or not 0 < value < 100:
            raise InputError(path, f"{name} is {value!r:.40}, a number above 0 is needed")


def encoding_options(manifest: Mapping[str, Any], path: Path | str) -> EncodingOptions:
    """The encoding options of a manifest."""
    given = manifest.get("encoding")
    known = {field.name: type(field.default) for field in dataclasses.fields(EncodingOptions)}
    if not isinstance(given, dict) or not set(given) <= set(known):
        raise InputError(path, "holds encoding options that this version of stance does not know")
    for name, value in given.items():
        wanted = (int, float) if known[name] is float else (known[name],)
        if type(value) not in wanted:
            raise InputError(path, f"encoding.{name} is {value!r:.40}, {known[name].__name__} is needed")
    try:
        return EncodingOptions(**given)
    except StanceError as error:
        raise InputError(path, str(error)) from None
