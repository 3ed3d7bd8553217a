"""Pairs -> padded tensors for the Trainer."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
import torch
from datasets import Dataset

from stance.encoding import Encoder, pad_batch
from stance.files import atomic_write
from stance.schema import LABELS, Pair

KEPT = 16
"""Files of tokenised pairs that a cache holds; the ones used longest ago go first."""


def encode_pairs(pairs: Sequence[Pair], encoder: Encoder, cache: Path | str = "") -> Dataset:
    """Token ids, segment ids, label index and length of each pair; tokenised once, before training.

    ``cache`` is a folder in which they are kept under a hash of the pairs, the tokenizer and the encoding options.
    """
    if not cache:
        return _encoded(pairs, encoder)
    file = Path(cache) / f"{_key(pairs, encoder)}.parquet"
    if file.is_file():
        os.utime(file)
        return Dataset(pq.read_table(file))
    encoded = _encoded(pairs, encoder)
    with suppress(OSError):  # a full disk costs the next run its head start, not this one
        with atomic_write(file) as partial:
            pq.write_table(encoded.data.table, partial)
        for old in sorted(file.parent.glob("*.parquet"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    return encoded


def _key(pairs: Sequence[Pair], encoder: Encoder) -> str:
    made = hashlib.sha256(f"{encoder.options}{encoder.tokenizer.to_str()}".encode())
    for pair in pairs:
        made.update(repr((pair.speaker, pair.claim, pair.context, str(pair.stance))).encode())
    return made.hexdigest()[:24]


def _encoded(pairs: Sequence[Pair], encoder: Encoder) -> Dataset:
    rows = []
    for pair in pairs:
        assert pair.stance is not None, "training pairs are labelled"
        encoded = encoder.encode(pair.speaker, pair.claim, pair.context)
        rows.append(
            {
                "input_ids": encoded.input_ids,
                "token_type_ids": encoded.token_type_ids,
                "labels": LABELS.index(pair.stance),
                "length": len(encoded.input_ids),
            }
        )
    return Dataset.from_list(rows)


def by_length(encoded: Dataset) -> npt.NDArray[np.intp]:
    """The indices of encoded pairs, longest first: batches of that order hold little padding."""
    return np.argsort(-np.asarray(encoded["length"]), kind="stable")


class Collator:
    """Pads a batch to its longest member, rounded up to a multiple of 8."""

    def __init__(self, pad: int) -> None:
        self.pad = pad

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        batch = pad_batch([row["input_ids"] for row in rows], [row["token_type_ids"] for row in rows], self.pad)
        tensors = {name: torch.from_numpy(array) for name, array in batch.items()}
        return tensors | {"labels": torch.tensor([row["labels"] for row in rows])}
