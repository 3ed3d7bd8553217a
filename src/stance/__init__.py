"""Who affirms, denies or leaves open what? (speaker, claim, stance) from news articles.

import stance
model = stance.load("models/stance")
model.predict(speaker="Iran", claim="Iran gave Russia drones", context=article_text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stance.errors import InputError, StanceError
from stance.schema import LABELS, Article, Attribution, Pair, Prediction, Span, Stance, Statement

if TYPE_CHECKING:
    from stance.inference import StanceClassifier, load

__all__ = [
    "LABELS",
    "Article",
    "Attribution",
    "InputError",
    "Pair",
    "Prediction",
    "Span",
    "Stance",
    "StanceClassifier",
    "StanceError",
    "Statement",
    "load",
]


def __getattr__(name: str) -> Any:
    """Load torch only when a model is asked for: records and errors stay cheap to import."""
    if name in ("load", "StanceClassifier"):
        from stance import inference

        return getattr(inference, name)
    raise AttributeError(f"module 'stance' has no attribute {name!r}")
