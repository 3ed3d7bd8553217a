"""Sentence embeddings on a processor: mean pooling over an encoder's tokens, unit length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stance.errors import InputError, reason

MAX_TOKENS = 64
"""A claim has at most 25 words; what is longer is cut."""


class SentenceEncoder:
    """Texts -> unit vectors, with the weights of a model folder (``config.json``, safetensors, ``tokenizer.json``).

    A call embeds its texts in batches of about the same length; about 100 claims a second on two slow cores. The
    vectors of texts that were seen before are kept.
    """

    def __init__(self, folder: Path | str, batch_size: int = 32) -> None:
        from transformers import AutoModel

        from stance.tokens import read_tokenizer, without_frame

        self.batch_size = batch_size
        self._tokenizer: Any = without_frame(read_tokenizer(folder))
        try:
            self._model: Any = AutoModel.from_pretrained(
                str(folder), use_safetensors=True, trust_remote_code=False
            ).eval()
        except Exception as error:
            raise InputError(str(folder), f"is no encoder's folder ({reason(error)})") from None
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._seen: dict[str, npt.NDArray[np.float32]] = {}

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row of unit length a text, in the order of the texts."""
        fresh = sorted({text for text in texts if text not in self._seen}, key=len)
        for start in range(0, len(fresh), self.batch_size):
            batch = fresh[start : start + self.batch_size]
            self._seen.update(zip(batch, self._embed(batch), strict=True))
        width = int(self._model.config.hidden_size)
        return np.stack([self._seen[text] for text in texts]) if texts else np.zeros((0, width), dtype=np.float32)

    def _embed(self, batch: list[str]) -> npt.NDArray[np.float32]:
        import torch

        encoded = self._tokenizer.encode_batch(batch)
        width = max(len(one.ids) for one in encoded)
        ids = torch.zeros((len(batch), width), dtype=torch.long)
        mask = torch.zeros((len(batch), width), dtype=torch.long)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = torch.tensor(one.ids)
            mask[row, : len(one.ids)] = 1
        with torch.inference_mode():
            states = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        made: npt.NDArray[np.float32] = torch.nn.functional.normalize(pooled, dim=1).numpy()
        return made
