"""Train, validation and test by a hash of a name; what is tied by a claim or a text shares the name."""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from stance.corpus.sketches import SIZE, alike, sketch
from stance.schema import AnnotatedArticle, Pair
from stance.wording import numbers, stems, words

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

TIED = 0.4
"""Estimated similarity of two contexts from which they stay on one side. The audit fails at :data:`NEAR_DUPLICATE`
(0.5), two standard deviations of the estimate above."""

Edges = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def split_of(name: str, topic: str = "") -> str:
    """The split of an article or situation: its topic decides first, then the first 8 bytes of its name's SHA-256."""
    if topic in TEST_TOPICS:
        return "test"
    bucket = name_hash(name) % 100
    return "train" if bucket < 80 else "validation" if bucket < 90 else "test"


def split_of_annotated(annotated: AnnotatedArticle) -> str:
    """The split into which the pairs of an annotated article fall where nothing ties it to another."""
    return split_of(annotated.situation or annotated.article.article_id, annotated.topic)


def name_hash(name: str) -> int:
    """The first 8 bytes of a name's SHA-256: a number that no other program or version gives otherwise."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])


def group_of(pair: Pair) -> str:
    """What must stay on one side of a split: the situation, the article, or the pair itself."""
    return str(pair.extra.get("situation") or pair.article_id or pair.pair_id)


@lru_cache(maxsize=4096)  # pairs of one claim come close to each other
def claim_key(claim: str) -> int:
    """Eight bytes that claims with the same content stems and numbers share, whatever their order and small words."""
    content = sorted(stems(claim) | numbers(claim)) or words(claim)
    return text_key(" ".join(content))


def claim_keys(pair: Pair) -> Iterator[int]:
    """The keys that a pair shares with others that state the same: of its claim's words, and of its ``claim_cluster``
    where the pairs have been linked (scripts/link_claims.py)."""
    yield claim_key(pair.claim)
    if cluster := pair.extra.get("claim_cluster"):
        yield text_key(f"cluster {cluster}")


def text_key(text: str) -> int:
    """Eight bytes that stand for a text: among ten million texts two collide by chance with 3e-6."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def splits_of(pairs: Iterable[Pair]) -> dict[str, str]:
    """The split of each group (see :func:`group_of`) of a source, which is read once.

    Groups that share a claim or nearly the same context (wire copies, new versions of a report) form a component, and
    the whole of it falls where the smallest of its names does; a component that touches one of :data:`TEST_TOPICS` is
    test. So a text only ever changes its split when a text with a smaller name arrives that is tied to it. Memory: 16
    bytes a pair and some 600 a context; no text is kept.
    """
    ties = _Ties()
    for pair in pairs:
        ties.add(pair)
    return ties.splits()


class _Ties:
    """Groups, numbered as they come, and what ties them to each other, as hashes."""

    def __init__(self) -> None:
        self.groups: dict[str, int] = {}
        self.tested: set[int] = set()
        self.claims, self.claimants = array("Q"), array("q")
        self.articles: dict[int, int] = {}
        self.contexts: dict[int, int] = {}
        self.sketches, self.sketched = bytearray(), array("q")
        self.equal, self.equals = array("q"), array("q")

    def add(self, pair: Pair) -> None:
        """Take a pair's group, topic, claim and context in."""
        group = self.groups.setdefault(group_of(pair), len(self.groups))
        if pair.extra.get("topic") in TEST_TOPICS:
            self.tested.add(group)
        for key in claim_keys(pair):
            self.claims.append(key)
            self.claimants.append(group)
        self._tie(self.articles.setdefault(text_key(pair.article_id or pair.pair_id), group), group)
        self._tie(self.contexts.setdefault(text_key(pair.context), group), group)
        if len(self.contexts) > len(self.sketched):
            self.sketches += sketch(pair.context).tobytes()
            self.sketched.append(group)

    def _tie(self, owner: int, group: int) -> None:
        if owner != group:
            self.equal.append(owner)
            self.equals.append(group)

    def splits(self) -> dict[str, str]:
        """Each group's split, by its component."""
        components: dict[int, list[str]] = defaultdict(list)
        labels = _components(len(self.groups), [self._by_claim(), self._by_context(), self._by_equal_name()])
        for name, label in zip(self.groups, labels, strict=True):
            components[label].append(name)
        tested = {labels[group] for group in self.tested}
        found = {label: "test" if label in tested else split_of(min(names)) for label, names in components.items()}
        return {name: found[label] for name, label in zip(self.groups, labels, strict=True)}

    def _by_claim(self) -> Edges:
        claims, owners = np.array(self.claims, dtype=np.uint64), np.array(self.claimants, dtype=np.int64)
        order = np.argsort(claims, kind="stable")
        same = np.flatnonzero(claims[order][1:] == claims[order][:-1])
        return owners[order][same], owners[order][same + 1]

    def _by_context(self) -> Edges:
        near = alike(np.frombuffer(self.sketches, dtype=np.uint32).reshape(-1, SIZE), TIED)
        owners = np.array(self.sketched, dtype=np.int64)
        first, second = [one.first for one in near], [one.second for one in near]
        return owners[np.array(first, dtype=np.int64)], owners[np.array(second, dtype=np.int64)]

    def _by_equal_name(self) -> Edges:
        """The same article or the very same context."""
        return np.array(self.equal, dtype=np.int64), np.array(self.equals, dtype=np.int64)


def _components(size: int, edges: list[Edges]) -> list[int]:
    """The number of the connected component of each of ``size`` nodes."""
    first, second = (np.concatenate(ends) for ends in zip(*edges, strict=True))
    graph = coo_matrix((np.ones(len(first), dtype=np.int8), (first, second)), shape=(size, size))
    labels: list[int] = connected_components(graph, directed=False)[1].tolist()
    return labels
