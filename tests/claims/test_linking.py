"""The same claim in other words, within an article and across many."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stance.claims.linking import Wording, cluster_ids, link, prefix_length, same_claim, shared


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ankara paid Tokyo for the old ships", "Turkey paid Japan for the old ships", True),
        ("Icelandic ships reached Karvia in May", "Ships of Iceland reached Karvia in May", True),
        ("The fire in Melsund killed 12 people", "The fire in Melsund killed 15 people", False),
        ("Ana Ruiz sold the old mill to the council", "Bo Lind sold the old mill to the council", False),
        ("The bank will raise the rate in May", "The bank will not raise the rate in May", False),
        ("Prices of bread will rise in Karvia", "Prices of bread will fall in Karvia", False),
        ("Karvia sold ships before the war", "Karvia sold ships in the war", False),
    ],
)
def test_words_numbers_names_and_polarity_decide(one: str, other: str, same: bool) -> None:
    assert same_claim(one, other) is same


def test_dice_by_hand() -> None:
    first, second = Wording.of("the old dam leaks"), Wording.of("the old dam leaks badly")
    assert shared(first, second) == pytest.approx(2 * 3 / (3 + 4))


def test_embeddings_decide_only_what_the_words_leave_open() -> None:
    claims = ["Slag poisoned the river at Borund", "The river at Borund was contaminated by waste", "A choir sang"]
    asked: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.array([[1.0, 0.0]] * len(texts), dtype=np.float32)

    assert 0.35 <= shared(Wording.of(claims[0]), Wording.of(claims[1])) < 0.7
    assert link(claims) == [0, 1, 2]
    assert link(claims, encode) == [0, 0, 2]
    assert asked == claims[:2]


def test_the_prefix_meets_every_set_that_is_near_enough() -> None:
    for size in range(1, 30):
        common = math.ceil(0.7 / 1.3 * size - 1e-9)  # the least that a set with a Dice coefficient of 0.7 shares
        assert prefix_length(size, 0.7) == size - common + 1


def test_clusters_are_those_of_comparing_all_with_all() -> None:
    nouns, verbs = ("mill", "mine", "port", "dam", "farm"), ("sold", "closed", "flooded", "bought")
    claims = [f"Karvia {verb} the {size} {noun} in {place}" for verb in verbs for noun in nouns
              for size in ("old", "new") for place in ("Borund", "Melsund")]  # fmt: skip
    brute: list[int] = []
    for i, claim in enumerate(claims):
        likeness = [(shared(Wording.of(claims[j]), Wording.of(claim)), -j) for j in range(i) if brute[j] == j]
        best, leader = max(likeness, default=(0.0, 0))
        brute.append(-leader if best >= 0.7 else i)
    assert link(claims) == brute


def test_ids_are_shared_by_the_same_claims_of_many_articles() -> None:
    ids = cluster_ids(
        iter(["Turkey sold ships to Karvia", "The mayor of Borund resigned", "Ankara sold ships to Karvia"])
    )
    assert ids[0] == ids[2] != ids[1]
    assert cluster_ids([]) == []
