"""The tagger's folder: safetensors, the encoder's config, the tokenizer, and ``tagger.json`` with their hashes.

Nothing in it is executable.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from stance.files import atomic_folder
from stance.sealing import Seal
from stance.tagging.labels import LABELS

MANIFEST = "tagger.json"
SEAL = Seal(
    name=MANIFEST,
    format=1,
    labels=LABELS,
    required=("model.safetensors", "config.json", "tokenizer.json"),
    missing="no such tagger folder; python scripts/train_tagger.py makes one",
)


def write_tagger(folder: Path | str, model: Any, tokenizer: Tokenizer, facts: dict[str, Any]) -> None:
    """Write a tagger atomically; an older one of the same name is replaced. ``facts`` tell of its training."""
    with atomic_folder(folder, MANIFEST) as partial:
        model.save_pretrained(partial, safe_serialization=True)
        tokenizer.save(str(partial / "tokenizer.json"))
        SEAL.write(partial, {"facts": facts})


def read_tagger(folder: Path | str) -> dict[str, Any]:
    """The checked manifest of a tagger's folder; one line of :class:`InputError` for what is no whole tagger."""
    return SEAL.read(folder)
