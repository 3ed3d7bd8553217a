"""Speaker-neutrality: the same words must get the same answer, whoever says them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from stance.evaluation.behaviour import PROPOSITIONS, Predict
from stance.evaluation.metrics import Floats
from stance.schema import LABELS, Pair, Stance

GROUPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "country": (("Iran", "Israel", "Russia", "Ukraine", "the United States", "China", "Nigeria", "France"),),
    "party": (("the Democrats", "the Republicans"), ("the Labour Party", "the Conservatives", "the Greens")),
    "gender": (("John Collins", "Mary Collins"), ("Ahmed Farouk", "Amina Farouk"), ("Pavel Novak", "Jana Novakova")),
    "origin of the name": (("John Collins", "Ahmed Farouk", "Pavel Novak", "Chinedu Obi", "Hiroshi Tanaka"),),
    "fame": (("the president", "a shopkeeper"), ("the pope", "a neighbour"), ("the central bank", "an intern")),
}
"""Sets of speakers that differ in one thing only; invented people, so that nobody has words put in their mouth."""

CARRIERS = (
    "{s} said that {past}.",
    "{s} denied that {past}.",
    "{s} said that {negated}.",
    "{s} could not confirm that {past}.",
    "{s} said that {possible}.",
    "According to {s}, {past}.",
)


def neutrality(predict: Predict) -> dict[str, dict[str, float]]:
    """For each group: the flip rate (share of the pairs of speakers of one set that get different answers for the same
    words), and the widest gap between the mean probabilities of "deny" of two speakers of one set."""
    result = {}
    for group, sets in GROUPS.items():
        answers = [_answers(predict, speakers) for speakers in sets]
        flips = [flip for one in answers for flip in _flips(one.argmax(axis=2))]
        denials = [one[:, :, LABELS.index(Stance.DENY)].mean(axis=0) for one in answers]
        result[group] = {
            "flip_rate": float(np.mean(flips)),
            "deny_gap": float(max(one.max() - one.min() for one in denials)),
            "texts": float(len(_texts())),
        }
    return result


def _answers(predict: Predict, speakers: tuple[str, ...]) -> Floats:
    """Probabilities (texts, speakers, 3)."""
    pairs = [_pair(speaker, carrier, number) for carrier, number in _texts() for speaker in speakers]
    return predict(pairs).reshape(len(_texts()), len(speakers), len(LABELS))


def _flips(labels: npt.NDArray[np.int64]) -> list[float]:
    """For every two speakers (columns), the share of the texts (rows) whose labels differ."""
    return [float((labels[:, a] != labels[:, b]).mean()) for a, b in combinations(range(labels.shape[1]), 2)]


def _texts() -> list[tuple[str, int]]:
    return [(carrier, number) for carrier in CARRIERS for number in range(len(PROPOSITIONS))]


def _pair(speaker: str, carrier: str, number: int) -> Pair:
    p = PROPOSITIONS[number]
    text = carrier.format(s=speaker, past=p.past, negated=p.negated, possible=p.possible)
    return Pair("", speaker, p.claim, text[:1].upper() + text[1:])
