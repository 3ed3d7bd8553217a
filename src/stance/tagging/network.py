"""The token model: an encoder with one linear layer, whose columns are the heads. The only part that needs torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import AutoConfig, AutoModelForTokenClassification

from stance.errors import InputError, reason
from stance.tagging.labels import LABELS
from stance.tagging.windows import Window

BATCH = 16
"""Windows that are answered together."""


def load_network(folder: Path) -> Any:
    """The model of a tagger's folder, ready to answer."""
    try:
        config = AutoConfig.from_pretrained(str(folder), trust_remote_code=False)
        if config.num_labels != len(LABELS):
            raise InputError(folder / "config.json", f"has {config.num_labels} outputs, {len(LABELS)} are needed")
        model = AutoModelForTokenClassification.from_pretrained(
            str(folder), config=config, use_safetensors=True, trust_remote_code=False, attn_implementation="eager"
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(folder, f"holds no token model ({reason(error)})") from None
    return model.eval()


def padded(windows: Sequence[Window], pad: int) -> dict[str, torch.Tensor]:
    """The inputs of a batch: token ids and which of them are no padding."""
    width = max(len(window.ids) for window in windows)
    ids = torch.full((len(windows), width), pad)
    mask = torch.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def scores(model: Any, windows: Sequence[Window], pad: int) -> npt.NDArray[np.float64]:
    """A row for each word of the windows, in their order, and a column for each label.

    Windows of about the same length are answered together. The batches follow from the windows alone, so that an
    article's answers never depend on what else is read.
    """
    rows: list[npt.NDArray[np.float64]] = [np.zeros((0, len(LABELS)))] * len(windows)
    order = sorted(range(len(windows)), key=lambda index: len(windows[index].ids))
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            logits = model(**padded([windows[index] for index in part], pad)).logits.double().numpy()
            for row, index in enumerate(part):
                rows[index] = logits[row, windows[index].positions]
    return np.concatenate([np.zeros((0, len(LABELS))), *rows])
