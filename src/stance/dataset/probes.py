"""Artefact probes: how far the label shows in a part of the input that should not give it away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline

from stance.dataset.split import group_of
from stance.schema import Pair

MAX_GAIN = 0.08
"""A probe may beat the majority class by this much accuracy; above it the data leaks."""

PARTS: dict[str, Callable[[Pair], str]] = {
    "claim only": lambda pair: pair.claim,
    "speaker only": lambda pair: pair.speaker,
    "context only": lambda pair: pair.context,
}


class Probe(NamedTuple):
    """Accuracy of a linear model on one part of the input, beside the majority class."""

    name: str
    accuracy: float
    majority: float

    def __str__(self) -> str:
        gain = 100 * (self.accuracy - self.majority)
        return f"{self.name}: accuracy {self.accuracy:.3f}, {gain:+.1f} points against the majority class"

    @property
    def leaks(self) -> bool:
        """Whether the part gives the label away."""
        return self.accuracy - self.majority > MAX_GAIN


def linear_model(samples: int, features: int | None = None, **regression: Any) -> Pipeline:
    """TF-IDF of word 1- and 2-grams with logistic regression, for ``samples`` training texts.

    ``features`` limits the grams to the most frequent ones; ``regression`` is handed to scikit-learn's regression.
    """
    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2 if samples > 50 else 1, max_features=features, sublinear_tf=True),
        LogisticRegression(max_iter=1000, **regression),
    )


def probe(pairs: Sequence[Pair], folds: int = 3) -> list[Probe]:
    """Cross-validated accuracy of each of :data:`PARTS`, folds split by situation; [] where there are too few."""
    labels = np.array([str(pair.stance) for pair in pairs])
    groups = [group_of(pair) for pair in pairs]
    if len(set(groups)) < folds or len(set(labels)) < 2:
        return []
    majority = max(Counter(labels).values()) / len(labels)
    return [
        Probe(name, _accuracy([part(p) for p in pairs], labels, groups, folds), majority)
        for name, part in PARTS.items()
    ]


def _accuracy(texts: list[str], labels: npt.NDArray[np.str_], groups: list[str], folds: int) -> float:
    right = 0
    for train, test in GroupKFold(folds).split(texts, labels, groups):
        model = linear_model(len(train), features=20_000, tol=1e-3).fit([texts[i] for i in train], labels[train])
        right += int((model.predict([texts[i] for i in test]) == labels[test]).sum())
    return right / len(labels)
