"""Pairs -> predictions, from a model folder. No hydra, mlflow or spaCy; torch only where the backend is torch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import numpy.typing as npt

from stance.bundle import encoding_options, read_manifest
from stance.encoding import Encoded, Encoder
from stance.errors import StanceError
from stance.files import is_unicode
from stance.inference.backends import BATCH_TOKENS, open_backend
from stance.model_source import open_source
from stance.probability import softmax
from stance.schema import LABELS, Article, Pair, Prediction
from stance.tokens import read_tokenizer

if TYPE_CHECKING:
    from stance.inference.analyzer import ArticleAnalysis

WINDOW = 2048
"""Pairs that :meth:`StanceClassifier.predict_stream` holds at a time."""


class StanceClassifier:
    """A loaded model. Calls are thread-safe; a folder may be shared by several processes.

    ``folder`` is where it lies, ``manifest`` what its ``stance.json`` says, ``backend`` what computes. Answers whose
    probability is below ``promise`` (0 where the export measured none) are marked as abstained. ``threads`` bounds the
    processors that it works on; 0 is all of them.

    >>> import stance
    >>> model = stance.load("models/stance")
    >>> text = "Ana Ruiz said the dam was safe. Bo Lind denied it."
    >>> answer = model.predict("Bo Lind", "The dam is safe", text)
    >>> answer.stance in stance.LABELS, round(sum(answer.probabilities.values()), 6)
    (True, 1.0)
    >>> answer.evidence.text
    'Bo Lind denied it.'
    >>> text[answer.evidence.start : answer.evidence.end] == answer.evidence.text
    True
    """

    def __init__(self, source: Path | str, backend: str = "auto", threads: int = 0) -> None:
        self._source = open_source(source)  # keeps an unpacked archive alive as long as the model
        self.folder = self._source.folder
        self.manifest = read_manifest(self.folder)
        options = encoding_options(self.manifest, self.folder)
        self.encoder = Encoder(read_tokenizer(self.folder), options)
        self.backend = open_backend(backend, self.folder, self.manifest, self.encoder.pad, threads)
        self.temperature = float(self.manifest.get("temperature", 1.0))
        self.promise = float(self.manifest.get("promise", {}).get("threshold", 0.0))

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
        for window in self._windows(pairs):
            probabilities = softmax(self.backend.logits(window, batch_tokens), self.temperature)
            yield from map(self._answer, window, probabilities)

    def logits(self, pairs: Iterable[Pair]) -> npt.NDArray[np.float64]:
        """The model's raw output (n, 3) in the order of LABELS, before calibration."""
        rows = [self.backend.logits(window) for window in self._windows(pairs)]
        return np.concatenate(rows) if rows else np.zeros((0, len(LABELS)))

    def probabilities(self, pairs: Sequence[Pair]) -> npt.NDArray[np.float64]:
        """Probabilities (n, 3) in the order of LABELS, for evaluation."""
        return as_array(self.predict_stream(pairs))

    @overload
    def analyze(self, articles: Article | str) -> ArticleAnalysis: ...

    @overload
    def analyze(self, articles: Iterable[Article]) -> Iterator[ArticleAnalysis]: ...

    def analyze(self, articles: Article | str | Iterable[Article]) -> ArticleAnalysis | Iterator[ArticleAnalysis]:
        """Who affirms, denies or leaves open what in a whole article. Needs ``stance[articles]``.

        One article (a record, or its text) gives one analysis; an iterable of records gives a stream of analyses in the
        same order, of which one is in memory at a time.
        """
        from stance.inference.analyzer import analyze_articles

        if isinstance(articles, str):
            articles = Article("article", articles)
        if isinstance(articles, Article):
            return next(analyze_articles(self, [articles]))
        return analyze_articles(self, articles)

    def _windows(self, pairs: Iterable[Pair]) -> Iterator[list[Encoded]]:
        window: list[Encoded] = []
        for pair in pairs:
            _check(pair)
            window.append(self.encoder.encode(pair.speaker, pair.claim, pair.context))
            if len(window) == WINDOW:
                yield window
                window = []
        if window:
            yield window

    def _answer(self, encoded: Encoded, row: npt.NDArray[np.float64]) -> Prediction:
        probabilities = {label: float(value) for label, value in zip(LABELS, row, strict=True)}
        best = LABELS[int(row.argmax())]
        abstained = probabilities[best] < self.promise
        return Prediction(best, probabilities, encoded.evidence, encoded.truncated, abstained)


def as_array(predictions: Iterable[Prediction]) -> npt.NDArray[np.float64]:
    """The probabilities (n, 3) of predictions, in the order of LABELS."""
    rows = [[one.probabilities[label] for label in LABELS] for one in predictions]
    return np.array(rows, dtype=float).reshape(-1, len(LABELS))


def _check(pair: Pair) -> None:
    for name in ("speaker", "claim", "context"):
        value: Any = getattr(pair, name)
        if not isinstance(value, str) or not value.strip() or not is_unicode(value):
            raise StanceError(f"pair {pair.pair_id!r}: {name} is {value!r:.40}, a non-empty string is needed")
