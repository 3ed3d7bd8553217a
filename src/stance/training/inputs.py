"""Pairs -> padded tensors for the Trainer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from datasets import Dataset

from stance.encoding import Encoder, pad_batch
from stance.schema import LABELS, Pair


def encode_pairs(pairs: Sequence[Pair], encoder: Encoder) -> Dataset:
    """Token ids, segment ids, label index and length of each pair; tokenised once, before training."""
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


class Collator:
    """Pads a batch to its longest member, rounded up to a multiple of 8."""

    def __init__(self, pad: int) -> None:
        self.pad = pad

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        batch = pad_batch([row["input_ids"] for row in rows], [row["token_type_ids"] for row in rows], self.pad)
        tensors = {name: torch.from_numpy(array) for name, array in batch.items()}
        return tensors | {"labels": torch.tensor([row["labels"] for row in rows])}
