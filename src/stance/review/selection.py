"""Which pairs a person should look at: weak labels of little confidence, answers that differ, disputed claims."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from stance.dataset import SPLITS, claim_key, labelled_pairs, load_dataset, pairs_of
from stance.errors import StanceError, one_of
from stance.schema import Pair, Prediction, Stance

DISPUTED = 0.25
"""What a claim that one speaker affirms and another denies adds to a doubt: less than a model that answers
otherwise, as disputes are what news is about."""


class Doubt(NamedTuple):
    """A pair, how doubtful its label is (0 and up), and why; the reasons do not give the label away."""

    pair: Pair
    score: float
    reasons: tuple[str, ...]


def reviewable(path: Path | str, split: str = "all") -> list[Pair]:
    """The labelled pairs of a dataset folder, of all splits or one, or of a pairs JSONL."""
    if split not in ("all", *SPLITS):
        raise StanceError(f"split is {one_of(split, ('all', *SPLITS))}")
    if not Path(path).is_dir():
        return labelled_pairs(path)
    dataset = load_dataset(path)
    return [pair for name in SPLITS if split in ("all", name) for pair in pairs_of(dataset[name])]


def doubts(pairs: Sequence[Pair], answers: Sequence[Prediction] = (), limit: int = 200) -> list[Doubt]:
    """The ``limit`` pairs whose labels are most in doubt, the worst first; pairs without any doubt are left out.

    Three things add up: one minus the confidence of a weak label; with a model's ``answers`` (one a pair), the
    probability of an answer that differs from the label, or one minus that of an answer that agrees; and
    :data:`DISPUTED` for claims on which speakers contradict each other.
    """
    disputed = _disputed(pairs)
    if limit < 1:
        raise StanceError(f"limit is {limit}; it must be at least 1")
    judged = (
        _doubt(pair, answers[index] if answers else None, claim_key(pair.claim) in disputed)
        for index, pair in enumerate(pairs)
    )
    return heapq.nsmallest(
        limit, (one for one in judged if one.score > 0), key=lambda one: (-one.score, one.pair.pair_id)
    )


def _disputed(pairs: Sequence[Pair]) -> set[int]:
    """The claims that are both affirmed and denied."""
    taken: dict[int, set[Stance]] = defaultdict(set)
    for pair in pairs:
        if pair.stance is not None:
            taken[claim_key(pair.claim)].add(pair.stance)
    return {key for key, stances in taken.items() if {Stance.AFFIRM, Stance.DENY} <= stances}


def _doubt(pair: Pair, answer: Prediction | None, disputed: bool) -> Doubt:
    found: list[tuple[float, str]] = []
    if pair.label_source == "weak" and pair.confidence is not None and pair.confidence < 1:
        found.append((1 - pair.confidence, f"weak label, confidence {pair.confidence:.2f}"))
    if answer is not None:
        sure = answer.probabilities[answer.stance]
        differs = answer.stance != pair.stance
        reason = f"the model answers otherwise ({sure:.2f})" if differs else f"the model is sure to {sure:.2f}"
        found.append((sure if differs else 1 - sure, reason))
    if disputed:
        found.append((DISPUTED, "one speaker affirms the claim, another denies it"))
    return Doubt(pair, sum(score for score, _ in found), tuple(reason for _, reason in found))
