"""Speaker-neutrality: the same words must get the same answer, whoever says them."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from stance.evaluation.behaviour import PROPOSITIONS, Predict
from stance.schema import LABELS, Pair, Stance

GROUPS: dict[str, tuple[str, ...]] = {
    "country": ("Iran", "Israel", "Russia", "Ukraine", "the United States", "China", "Nigeria", "France"),
    "party": ("the Democrats", "the Republicans", "the Labour Party", "the Conservatives", "the Greens", "Fidesz"),
    "gender": ("John Collins", "Mary Collins", "Ahmed Farouk", "Amina Farouk", "Pavel Novak", "Jana Novakova"),
    "fame": ("the president", "the pope", "the central bank", "a shopkeeper", "a neighbour", "an intern"),
}
"""Speakers that a reader might think of differently; invented people, so that nobody has words put in their mouth."""

CARRIERS = (
    "{s} said that {past}.",
    "{s} denied that {past}.",
    "{s} said that {negated}.",
    "{s} could not confirm that {past}.",
    "{s} said that {possible}.",
    "According to {s}, {past}.",
)


def neutrality(predict: Predict) -> dict[str, dict[str, float]]:
    """For each group: the flip rate (share of the pairs of speakers that get different answers for the same words),
    and the widest gap between two speakers' mean probability of "deny"."""
    result = {}
    for group, speakers in GROUPS.items():
        pairs = [_pair(speaker, carrier, number) for carrier, number in _texts() for speaker in speakers]
        probabilities = predict(pairs).reshape(len(_texts()), len(speakers), len(LABELS))
        labels = probabilities.argmax(axis=2)
        flips = [labels[:, a] != labels[:, b] for a, b in combinations(range(len(speakers)), 2)]
        denials = probabilities[:, :, LABELS.index(Stance.DENY)].mean(axis=0)
        result[group] = {
            "flip_rate": float(np.mean(flips)),
            "deny_gap": float(denials.max() - denials.min()),
            "texts": float(len(_texts())),
        }
    return result


def _texts() -> list[tuple[str, int]]:
    return [(carrier, number) for carrier in CARRIERS for number in range(len(PROPOSITIONS))]


def _pair(speaker: str, carrier: str, number: int) -> Pair:
    p = PROPOSITIONS[number]
    text = carrier.format(s=speaker, past=p.past, negated=p.negated, possible=p.possible)
    return Pair("", speaker, p.claim, text[:1].upper() + text[1:])
