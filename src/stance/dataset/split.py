"""Train, validation and test by a hash of the article's id: a split never changes as data grows."""

from __future__ import annotations

import hashlib

from stance.schema import Pair

SPLITS = ("train", "validation", "test")
TEST_TOPICS = frozenset(
    (
        "archaeology and museums",
        "aviation accidents",
        "food safety and recalls",
        "football transfers",
        "hoaxes and viral stories",
        "royal families",
    )
)
"""Topics that occur only in the test split: how a model does on them is how it does on news of a new kind."""


def split_of(name: str, topic: str = "") -> str:
    """The split of an article or situation: its topic decides first, then the first 8 bytes of its name's SHA-256."""
    if topic in TEST_TOPICS:
        return "test"
    bucket = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % 100
    return "train" if bucket < 80 else "validation" if bucket < 90 else "test"


def split_of_pair(pair: Pair) -> str:
    """The split of a pair is that of its situation, so that variants of one story never face each other."""
    return split_of(group_of(pair), str(pair.extra.get("topic", "")))


def group_of(pair: Pair) -> str:
    """What must stay on one side of a split: the situation, the article, or the pair itself."""
    return str(pair.extra.get("situation") or pair.article_id or pair.pair_id)
