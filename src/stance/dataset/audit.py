"""Leakage audit: what stands on more than one side of a split. It fails a build whose test split would flatter."""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stance.corpus.sketches import SIZE, alike, sketch
from stance.dataset.probes import Probe
from stance.dataset.split import claim_keys, group_of, text_key
from stance.errors import StanceError, one_of
from stance.schema import Pair

MODES = ("fail", "warn")
NEAR_DUPLICATE = 0.5
"""Estimated Jaccard similarity of word shingles from which two contexts tell the same in the same words."""

WIRE_COPY = 0.8
"""From here on one is a copy of the other, but for a dateline or a cut."""

EXAMPLES = 3
"""So many of what stands on both sides are named, the worst first."""

_ARTICLES = frozenset(("the", "a", "an", "its", "their", "his", "her", "our"))


class Overlap(NamedTuple):
    """How many of ``total`` things stand on more than one side of a split, with the worst of them by name."""

    kind: str
    crossing: int
    total: int
    examples: tuple[str, ...] = ()


class Speakers(NamedTuple):
    """Pairs of the test split with a named speaker, how many of these speakers' names occur in train, and which most.

    Descriptions without a name ("the ministry") stand for somebody else in every article and are not counted.
    """

    named: int
    seen: int
    examples: tuple[str, ...] = ()


class Audit(NamedTuple):
    """What the splits of a dataset share, and how far parts of the input give the label away."""

    overlaps: tuple[Overlap, ...]
    speakers: Speakers
    probes: tuple[Probe, ...] = ()

    def problems(self) -> list[str]:
        """Everything for which a build fails, in one line each, the worst example by name.

        Speakers may recur, as people do in the news; it fails where knowing them is enough.
        """
        found = [
            f"{one.crossing} of {one.total} {one.kind} on more than one side of a split, such as {one.examples[0]}"
            for one in self.overlaps
            if one.crossing
        ]
        recurring = f"; recurring in test: {', '.join(self.speakers.examples)}" if self.speakers.examples else ""
        return found + [
            f"the speaker gives the label away ({one}{recurring})"
            for one in self.probes
            if one.name == "speaker only" and one.leaks
        ]

    def row(self) -> dict[str, Any]:
        """The audit as JSON, for the manifest."""
        overlaps = {
            one.kind: {"crossing": one.crossing, "total": one.total, "examples": list(one.examples)}
            for one in self.overlaps
        }
        return {"overlaps": overlaps, "speakers": self.speakers._asdict() | {"examples": list(self.speakers.examples)}}

    def __str__(self) -> str:
        """A section of the dataset card."""
        lines = ["## Leakage audit\n", "| | in all | on more than one side of a split |", "|---|---|---|"]
        lines += [f"| {one.kind} | {one.total} | {one.crossing} |" for one in self.overlaps]
        lines += ["", *(f"- {one.kind}: {example}" for one in self.overlaps for example in one.examples)]
        named, seen, examples = self.speakers
        share = 100 * seen / max(1, named)
        most = f"; most often {', '.join(examples)}" if examples else ""
        lines.append(f"Of {named} test pairs with a named speaker {seen} ({share:.1f} %) name one of train{most}.\n")
        return "\n".join(lines)


def audit_splits(splits: Mapping[str, Iterable[Pair]], probes: Sequence[Probe] = ()) -> Audit:
    """Hold the splits (name -> pairs) against each other.

    The pairs may be more than memory holds (:class:`stance.records.PairFile`): they are gone through twice (the second
    time for the names of examples, if there are any), and between the two some 50 bytes a pair and 600 a context are
    kept. Time grows with n log n.
    """
    sightings = _Sightings()
    speakers: dict[str, Counter[str]] = {}
    for side, (split, pairs) in enumerate(splits.items()):
        speakers[split] = Counter()
        for pair in pairs:
            sightings.add(pair, side)
            speakers[split].update([pair.speaker] if is_named(pair.speaker) else [])
    crossings = sightings.crossings()
    wanted = {number for one in crossings for ends in one.ends for number in ends}
    named = _pick(splits, wanted)
    overlaps = tuple(
        Overlap(one.kind, one.crossing, one.total, tuple(_example(one.kind, ends, named) for ends in one.ends))
        for one in crossings
    )
    return Audit(overlaps, _speakers(speakers), tuple(probes))


def check_mode(mode: str) -> None:
    """Refuse a mode that is not one of :data:`MODES`."""
    if mode not in MODES:
        raise StanceError(f"audit is {one_of(mode, MODES)}")


def enforce(audited: Audit, mode: str = "fail") -> None:
    """Raise a :class:`StanceError` of one line for an audit with problems; ``mode="warn"`` prints them on stderr."""
    check_mode(mode)
    problems = audited.problems()
    if problems and mode == "fail":
        raise StanceError(f"the splits leak: {'; '.join(problems)} (audit=warn writes the dataset all the same)")
    for problem in problems:
        print(f"audit: {problem}", file=sys.stderr)


# --- sightings: hashes of what was seen on which side -----------------------------------------------------------------


class _Crossings(NamedTuple):
    """Like :class:`Overlap`, with the numbers of two pairs, one on each side, for each example."""

    kind: str
    crossing: int
    total: int
    ends: list[tuple[int, int]]


class _Keys:
    """Keys of eight bytes, each with the side and the number of the pair at which it was seen."""

    def __init__(self) -> None:
        self.keys, self.sides, self.numbers = array("Q"), array("b"), array("q")

    def add(self, key: int, side: int, number: int) -> None:
        self.keys.append(key)
        self.sides.append(side)
        self.numbers.append(number)

    def crossings(self, kind: str) -> _Crossings:
        """The keys that were seen on more than one side; the most frequent of them first."""
        keys, sides = np.array(self.keys, dtype=np.uint64), np.array(self.sides, dtype=np.int8)
        order = np.lexsort((sides, keys))
        keys, sides, numbers = keys[order], sides[order], np.array(self.numbers, dtype=np.int64)[order]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        ends = np.append(starts[1:], len(keys))[: len(starts)] - 1
        across = np.flatnonzero(sides[starts] != sides[ends])
        worst = across[np.argsort(starts[across] - ends[across], kind="stable")][:EXAMPLES]
        named = [(int(numbers[starts[i]]), int(numbers[ends[i]])) for i in worst]
        return _Crossings(kind, len(across), len(starts), named)


class _Sightings:
    """The articles, situations, claims and contexts of pairs, as they come."""

    def __init__(self) -> None:
        self.number = 0
        self.articles, self.situations, self.claims, self.contexts = _Keys(), _Keys(), _Keys(), _Keys()
        self.known: set[tuple[int, int]] = set()
        self.sketches = bytearray()

    def add(self, pair: Pair, side: int) -> None:
        """Note a pair of a side; a context is sketched once a side."""
        self.articles.add(text_key(pair.article_id or pair.pair_id), side, self.number)
        self.situations.add(text_key(group_of(pair)), side, self.number)
        for key in claim_keys(pair):
            self.claims.add(key, side, self.number)
        context = text_key(pair.context)
        if (context, side) not in self.known:
            self.known.add((context, side))
            self.contexts.add(context, side, self.number)
            self.sketches += sketch(pair.context).tobytes()
        self.number += 1

    def crossings(self) -> list[_Crossings]:
        """What was seen on more than one side, kind by kind."""
        near = self._near()
        return [
            self.articles.crossings("articles"),
            self.situations.crossings("situations"),
            self.claims.crossings("claim clusters"),
            self._by_similarity("pairs of wire copies", [one for one in near if one[0] >= WIRE_COPY]),
            self._by_similarity("pairs of near-duplicate contexts", [one for one in near if one[0] < WIRE_COPY]),
        ]

    def _near(self) -> list[tuple[float, int, int]]:
        sketches: npt.NDArray[np.uint32] = np.frombuffer(self.sketches, dtype=np.uint32).reshape(-1, SIZE)
        return [(one.similarity, one.first, one.second) for one in alike(sketches, NEAR_DUPLICATE)]

    def _by_similarity(self, kind: str, near: list[tuple[float, int, int]]) -> _Crossings:
        sides, numbers = self.contexts.sides, self.contexts.numbers
        across = [one for one in near if sides[one[1]] != sides[one[2]]]
        worst = sorted(across, key=lambda one: -one[0])[:EXAMPLES]
        return _Crossings(kind, len(across), len(near), [(numbers[one], numbers[other]) for _, one, other in worst])


# --- names ------------------------------------------------------------------------------------------------------------


def _pick(splits: Mapping[str, Iterable[Pair]], wanted: set[int]) -> dict[int, tuple[str, Pair]]:
    """The pairs with the wanted numbers, each with its split."""
    if not wanted:
        return {}
    numbered = enumerate((split, pair) for split, pairs in splits.items() for pair in pairs)
    return {number: found for number, found in numbered if number in wanted}


def _example(kind: str, ends: tuple[int, int], named: dict[int, tuple[str, Pair]]) -> str:
    (here, one), (there, other) = named[ends[0]], named[ends[1]]
    shared = {"articles": one.article_id or one.pair_id, "situations": group_of(one), "claim clusters": one.claim}
    what = f"{shared[kind]!r:.120} in " if kind in shared else "the texts of "
    names = (one.article_id, other.article_id) if kind not in shared else (one.pair_id, other.pair_id)
    return f"{what}{here} ({names[0]}) and {there} ({names[1]})"


def is_named(speaker: str) -> bool:
    """Whether a speaker is given by a name and not only described: a capital besides a leading article's."""
    return any(word[:1].isupper() for word in speaker.split() if word.lower() not in _ARTICLES)


def _speakers(named: Mapping[str, Counter[str]]) -> Speakers:
    train, test = named.get("train", Counter()), named.get("test", Counter())
    seen = Counter({name: count for name, count in sorted(test.items()) if name in train})
    return Speakers(test.total(), seen.total(), tuple(name for name, _ in seen.most_common(EXAMPLES)))
