"""Pairs -> predictions, from a bundle. Imports torch and transformers' encoder classes; no hydra, mlflow or spaCy."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForSequenceClassification
from transformers.utils import logging as transformers_logging

from stance.bundle import encoding_options, read_manifest
from stance.encoding import Encoded, Encoder, pad_batch
from stance.errors import InputError, StanceError
from stance.schema import LABELS, Pair, Prediction

if TYPE_CHECKING:
    from stance.inference.analyzer import ArticleAnalysis
    from stance.schema import Article

transformers_logging.disable_progress_bar()  # loading takes a blink: a bar for it is noise

BATCH_TOKENS = 4096
WINDOW = 2048


class StanceClassifier:
    """A loaded model. Calls are thread-safe; a folder may be shared by several processes.

    >>> model = stance.load("models/stance")                                       # doctest: +SKIP
    >>> model.predict("Iran", "Iran gave Russia drones", article_text).stance      # doctest: +SKIP
    <Stance.DENY: 'deny'>
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        options = encoding_options(self.manifest, self.folder)
        try:
            self.encoder = Encoder(Tokenizer.from_file(str(self.folder / "tokenizer.json")), options)
            config = AutoConfig.from_pretrained(str(self.folder), local_files_only=True, trust_remote_code=False)
            self._model = AutoModelForSequenceClassification.from_pretrained(
                str(self.folder), config=config, use_safetensors=True, local_files_only=True, trust_remote_code=False
            ).eval()
        except StanceError:
            raise
        except Exception as error:
            raise InputError(self.folder, f"cannot be loaded as a model ({str(error).splitlines()[0]})") from None
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model.to(self.device)
        self._lock = threading.Lock()
        self.temperature = float(self.manifest.get("temperature", 1.0))

    def predict(self, speaker: str, claim: str, context: str) -> Prediction:
        """The stance that ``context`` (a passage or a whole article) gives ``speaker`` on ``claim``."""
        return self.predict_batch([Pair("", speaker, claim, context)])[0]

    def predict_batch(self, pairs: Iterable[Pair], batch_tokens: int = BATCH_TOKENS) -> list[Prediction]:
        """One prediction a pair, in the same order. ``batch_tokens`` bounds a batch's padded tokens, and so memory."""
        return list(self.predict_stream(pairs, batch_tokens))

    def predict_stream(self, pairs: Iterable[Pair], batch_tokens: int = BATCH_TOKENS) -> Iterator[Prediction]:
        """Like :meth:`predict_batch` for any number of pairs: a window of them is in memory at a time."""
        if batch_tokens < 1:
            raise StanceError(f"batch_tokens is {batch_tokens}; it must be at least 1")
        window: list[Encoded] = []
        for pair in pairs:
            _check(pair)
            window.append(self.encoder.encode(pair.speaker, pair.claim, pair.context))
            if len(window) == WINDOW:
                yield from self._answers(window, batch_tokens)
                window = []
        yield from self._answers(window, batch_tokens)

    def probabilities(self, pairs: Sequence[Pair]) -> npt.NDArray[np.float64]:
        """Probabilities (n, 3) in the order of LABELS, for evaluation."""
        rows = [[p.probabilities[label] for label in LABELS] for p in self.predict_stream(pairs)]
        return np.array(rows, dtype=float).reshape(-1, len(LABELS))

    def analyze(self, article: Article | str) -> ArticleAnalysis:
        """The statements of a whole article: who affirms, denies or leaves open what. Needs ``stance[articles]``."""
        from stance.inference.analyzer import analyze_article

        return analyze_article(self, article)

    def _answers(self, window: list[Encoded], batch_tokens: int) -> Iterator[Prediction]:
        rows = np.zeros((len(window), len(LABELS)))
        for batch in _batches([len(one.input_ids) for one in window], batch_tokens):
            rows[batch] = self._forward([window[index] for index in batch])
        for encoded, row in zip(window, rows, strict=True):
            probabilities = {label: float(value) for label, value in zip(LABELS, row, strict=True)}
            yield Prediction(LABELS[int(row.argmax())], probabilities, encoded.evidence, encoded.truncated)

    def _forward(self, batch: list[Encoded]) -> npt.NDArray[np.float64]:
        arrays = pad_batch(
            [one.input_ids for one in batch], [one.token_type_ids for one in batch], self.encoder.pad, multiple=1
        )
        with self._lock, torch.inference_mode():
            logits = self._model(**{k: torch.from_numpy(v).to(self.device) for k, v in arrays.items()}).logits
        scaled = logits.double().cpu().numpy() / self.temperature
        exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


def _check(pair: Pair) -> None:
    for name in ("speaker", "claim", "context"):
        value: Any = getattr(pair, name)
        if not isinstance(value, str) or not value.strip():
            raise StanceError(f"pair {pair.pair_id!r}: {name} is {value!r:.40}, a non-empty string is needed")


def _batches(lengths: Sequence[int], batch_tokens: int) -> Iterator[list[int]]:
    """Indices in batches of similar length whose padded size stays within ``batch_tokens`` (one pair at least)."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and (len(batch) + 1) * lengths[index] > batch_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
