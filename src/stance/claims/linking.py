"""The same claim in other words: content words, numbers, names and polarity must agree.

Two claims are the same where they share most of their content words. Where the words leave it open, sentence
embeddings may decide (:class:`stance.claims.embedding.SentenceEncoder`); numbers, names, negation and opposites are
checked before either, as embeddings are blind to them.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from stance.claims.states import DEMONYMS, state_words
from stance.wording import STOP, numbers, stem, words

SAME = 0.7
"""Two claims are one from this Dice coefficient of their content stems: strict, a wrong link costs more than none."""

OPEN = 0.35
"""Below this coefficient two claims are different; between the two, embeddings may decide."""

PART = 0.6
"""A claim that has less than this share of the longer one's stems is a part of it at most, whatever the coefficient."""

COSINE = 0.8
"""Two claims that the words leave open are one from this cosine of their embeddings (scripts/benchmarks/linking.py)."""

MAX_BUCKET = 1000
"""So many leading claims under one stem are compared at most; a stem as common as that tells nothing."""

Encoder: TypeAlias = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""From texts to unit vectors, one row a text."""

_NEGATION = re.compile(r"\b(?:not|never|no|nobody|nothing|none|without|neither)\b|n['’]t\b", re.I)
_OPPOSITES = """rise fall|increase decrease|grow shrink|open close|win lose|guilty innocent|safe unsafe|safe dangerous
|legal illegal|up down|more fewer|more less|buy sell|arrive leave|higher lower|alive dead|true false
|accept reject|approve reject|start stop|begin end|allow ban|first last|above below|import export|support oppose"""
_LIMITS = frozenset("before after until unless if only almost nearly partly".split())
"""Words that bound a claim: "sold arms before the war" is less than "sold arms"."""
_OPPOSITE: dict[str, set[str]] = defaultdict(set)
for _one, _other in (entry.split() for entry in _OPPOSITES.split("|")):
    _OPPOSITE[stem(_one)].add(stem(_other))
    _OPPOSITE[stem(_other)].add(stem(_one))


@dataclass(frozen=True)
class Wording:
    """What of a claim is compared: stems (states by one name), numbers, stems of names, whether it is negated."""

    stems: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    negated: bool
    marks: frozenset[str]
    limits: frozenset[str]

    @classmethod
    @lru_cache(maxsize=2**10)  # of claims and speakers that are met again and again within an article
    def of(cls, claim: str) -> Wording:
        """The wording of one claim in positive polarity."""
        found = frozenset(stem(part) for word in words(claim) if word not in STOP for part in state_words(word))
        capitals = [
            word for word in re.findall(r"\b[A-Z][\w'’-]+", claim) if not claim.startswith(word) or _is_state(word)
        ]
        names = frozenset(
            stem(part) for word in words(" ".join(capitals)) if word not in STOP for part in state_words(word)
        )
        marks = frozenset(stem(word) for word in words(claim)) & _OPPOSITE.keys()
        return cls(
            found,
            frozenset(numbers(claim)),
            names,
            bool(_NEGATION.search(claim)),
            marks,
            _LIMITS & frozenset(words(claim)),
        )


def _is_state(word: str) -> bool:
    lower = re.sub(r"['’]s$", "", word.lower())
    return state_words(lower) != [lower] or word in DEMONYMS.values()


def shared(first: Wording, second: Wording) -> float:
    """The Dice coefficient of two claims' stems, in [0, 1]; 0 where their facts contradict each other."""
    if first.numbers != second.numbers or first.negated != second.negated or first.limits != second.limits:
        return 0.0
    if _opposed(first, second):
        return 0.0
    if first.names - second.stems and second.names - first.stems:
        return 0.0
    longer = max(len(first.stems), len(second.stems))
    if longer and len(first.stems & second.stems) < PART * longer:
        return min(dice(first.stems, second.stems), OPEN)
    return dice(first.stems, second.stems)


def dice(first: frozenset[str], second: frozenset[str]) -> float:
    """Twice the common elements by all: the F-measure of one set as an answer to the other."""
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0


def _opposed(first: Wording, second: Wording) -> bool:
    return any(_OPPOSITE[mark] & (second.marks - first.marks) for mark in first.marks - second.marks)


def same_claim(one: str, other: str) -> bool:
    """Whether two claims in positive polarity state the same proposition, by their words, numbers and names."""
    return shared(Wording.of(one), Wording.of(other)) >= SAME


def link(claims: Sequence[str], encode: Encoder | None = None, cosine: float = COSINE) -> list[int]:
    """For each claim the index of the first claim of the list that states the same (its own index if none does).

    With ``encode`` the pairs that the words leave open are the same from the given cosine on. Claims are met through
    the stems that they share, rarest first, so that the cost stays near the number of claims.
    """
    wordings = [Wording.of(claim) for claim in claims]
    floor = SAME if encode is None else OPEN
    index = _Index(wordings, floor)
    vectors = _vectors(claims, wordings, encode, floor)
    result: list[int] = []
    for i, wording in enumerate(wordings):
        likeness = ((_likeness(wordings[j], wording, vectors, j, i, cosine), -j) for j in index.near(i))
        best, leader = max(likeness, default=(0.0, 0))
        if best >= SAME:
            result.append(-leader)
        else:
            result.append(i)
            index.add(i)
    return result


def _likeness(
    first: Wording, second: Wording, vectors: dict[int, npt.NDArray[np.float32]], i: int, j: int, cosine: float
) -> float:
    """At least SAME where two claims are one: by their words, else by their embeddings."""
    by_words = shared(first, second)
    if by_words >= SAME or by_words < OPEN or i not in vectors or j not in vectors:
        return by_words
    close = float(vectors[i] @ vectors[j])
    return SAME if close >= cosine else by_words


def _vectors(
    claims: Sequence[str], wordings: Sequence[Wording], encode: Encoder | None, floor: float
) -> dict[int, npt.NDArray[np.float32]]:
    """Embeddings of the claims that stand in a pair which the words leave open; of no others, as they cost."""
    if encode is None:
        return {}
    wanted: set[int] = set()
    index = _Index(wordings, floor)
    for i, wording in enumerate(wordings):
        unsure = [j for j in index.near(i) if OPEN <= shared(wordings[j], wording) < SAME]
        wanted |= {i, *unsure} if unsure else set()
        index.add(i)
    order = sorted(wanted)
    return dict(zip(order, encode([claims[i] for i in order]), strict=True)) if order else {}


class _Index:
    """Leading claims under their rarest stems.

    Prefix filtering (Chaudhuri, Ganti and Kaushik 2006): two sets with a Dice coefficient of at least ``floor`` meet
    within the first few of their stems in any fixed order (:func:`prefix_length`); the rarest come first.
    """

    def __init__(self, wordings: Sequence[Wording], floor: float) -> None:
        counts = Counter(one for wording in wordings for one in wording.stems)
        self._prefixes = [
            sorted(wording.stems, key=lambda one: (counts[one], one))[: prefix_length(len(wording.stems), floor)]
            for wording in wordings
        ]
        self._leaders: dict[str, list[int]] = defaultdict(list)

    def near(self, index: int) -> Iterator[int]:
        """Leading claims that may be the same as one, each once, in the order in which they came."""
        found = {i for one in self._prefixes[index] for i in self._leaders.get(one, [])[-MAX_BUCKET:]}
        return iter(sorted(found))

    def add(self, index: int) -> None:
        """Make a claim a leading one."""
        for one in self._prefixes[index]:
            self._leaders[one].append(index)


def prefix_length(size: int, floor: float) -> int:
    """How many of a set's elements, in a fixed order, meet every set whose Dice coefficient with it is ``floor``.

    Such a set shares at least ``floor / (2 - floor)`` of this one's elements, so that the rest of them cannot all be
    missed.
    """
    return size - math.ceil(round(floor / (2 - floor) * size, 6)) + 1 if size else 0


def cluster_ids(claims: Iterable[str], encode: Encoder | None = None, cosine: float = COSINE) -> list[str]:
    """An id for each claim of many articles, shared by those that state the same: a hash of the first one's words.

    Copies of wire stories collapse at once (equal stems), so that only different wordings are compared. The ids depend
    on the claims and their order alone.
    """
    from stance.files import sha256_text

    texts = list(claims)
    firsts: dict[tuple[frozenset[str], frozenset[str], bool], int] = {}
    kept: list[int] = []
    place: list[int] = []
    for i, text in enumerate(texts):
        wording = Wording.of(text)
        key = (wording.stems, wording.numbers, wording.negated)
        if key not in firsts:
            firsts[key] = len(kept)
            kept.append(i)
        place.append(firsts[key])
    leaders = link([texts[i] for i in kept], encode, cosine)
    return [f"c{sha256_text(texts[kept[leaders[where]]])[:12]}" for where in place]
