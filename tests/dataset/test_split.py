"""What is tied by an article, a claim or a text falls on one side; what is not keeps the split of its name."""

from __future__ import annotations

from stance.dataset import SPLITS, TEST_TOPICS, splits_of
from stance.dataset.split import claim_key, split_of
from stance.schema import Pair

TOWNS = "Arona Belwick Corvik Dunstad Elmere Farford Golby Holton".split()


def text(number: int) -> str:
    """Forty words that no other number shares a run of four with."""
    return " ".join(f"w{number}x{place}" for place in range(40))


def pair(number: int, claim: str = "", context: str = "", **extra: str) -> Pair:
    return Pair(
        str(number), "Ana", claim or f"Town {number} will close its bridge", context or text(number), f"a{number}",
        extra=extra,
    )  # fmt: skip


def test_untied_articles_keep_the_split_of_their_own_name() -> None:
    found = splits_of(pair(number) for number in range(200))
    assert found == {f"a{number}": split_of(f"a{number}") for number in range(200)}
    assert set(found.values()) == set(SPLITS)


def test_a_shared_claim_ties_whatever_its_small_words() -> None:
    assert claim_key("The dam at Arona is leaking") == claim_key("A dam is leaking at Arona.")
    assert claim_key("Two dams are leaking") != claim_key("Three dams are leaking")
    apart = next(number for number in range(100) if split_of(f"a{number}") == "test")
    claim, same = "The Arona dam is leaking", "the dam of Arona was leaking"
    found = splits_of([pair(0, claim), pair(apart, same), *map(pair, range(200, 210))])
    assert split_of("a0") == "train"  # and "a0" is the smaller name
    assert found["a0"] == found[f"a{apart}"] == "train"


def test_copies_tie_in_a_chain_and_the_smallest_name_decides() -> None:
    """b is near a, c near b, c is far from a: 40 words have 37 runs; 30 shared words are 27 of 47 (0.57), 20 are 17 of
    57 (0.30)."""
    words = " ".join(f"v{place}" for place in range(60)).split()
    texts = [" ".join(words[start : start + 40]) for start in (0, 10, 20)]
    names = ["z", "y", "x"]
    pairs = [Pair(n, "Ana", f"Town {n}{n}{n} closes", t, n) for n, t in zip(names, texts, strict=True)]
    expected = split_of("x")
    assert splits_of(pairs) == dict.fromkeys(names, expected)
    assert splits_of(reversed(pairs)) == dict.fromkeys(names, expected)
    ends = splits_of([pairs[0], pairs[2]])
    assert ends == {"z": split_of("z"), "x": split_of("x")}


def test_a_thousand_copies_of_a_wire_report_are_one_component() -> None:
    copies = [pair(number, context=f"{TOWNS[number % 8]} {text(7)}") for number in range(1000)]
    assert len(set(splits_of(copies).values())) == 1


def test_one_article_in_two_situations_stays_whole_and_a_test_topic_draws_all_to_test() -> None:
    topic = sorted(TEST_TOPICS)[0]
    train = [number for number in range(50) if split_of(f"a{number}") == "train"][:2]
    one = pair(train[0], "The Arona dam is leaking")
    other = pair(train[1], "The Arona dam is leaking", topic=topic)
    assert set(splits_of([one, other]).values()) == {"test"}
    halves = [
        Pair(str(n), "Ana", f"Claim {n}{n} holds firmly", "text", "a", extra={"situation": f"s{n}"}) for n in (1, 2)
    ]
    found = splits_of(halves)
    assert found == dict.fromkeys(("s1", "s2"), split_of("s1"))
