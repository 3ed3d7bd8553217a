"""Texts that say the same in nearly the same words, and words taken over from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from stance.wording import words

SHINGLE = 4
"""Words of a shingle: short enough that a changed name or number leaves most shingles of a copy alike."""

COPIED = 12
"""So many words in a row that occur elsewhere are no accident of the language."""


class NearDuplicate(NamedTuple):
    """Two texts and the Jaccard similarity of their word shingles, in [0, 1]."""

    first: str
    second: str
    similarity: float


def shingles(text: str, size: int = SHINGLE) -> set[str]:
    """Every run of ``size`` lower-cased words of a text (the whole text where it is shorter)."""
    found = words(text)
    return {" ".join(found[i : i + size]) for i in range(max(1, len(found) - size + 1))}


def near_duplicates(texts: Mapping[str, str], threshold: float = 0.5) -> Iterator[NearDuplicate]:
    """Pairs of texts (name -> text) at least as similar as ``threshold``.

    Candidates come from MinHash with locality-sensitive hashing (Broder 1997), so that the cost grows with the number
    of texts and not with its square; each is then compared exactly.
    """
    from datasketch import MinHash, MinHashLSH  # slow to import, and only the corpus' check needs it

    index = MinHashLSH(threshold=0.8 * threshold, num_perm=64)  # a low sieve: what it lets through is compared
    known: dict[str, set[str]] = {}
    for name, text in texts.items():
        known[name] = shingles(text)
        hashed = MinHash(num_perm=64)
        hashed.update_batch([one.encode() for one in sorted(known[name])])
        for other in sorted(index.query(hashed)):
            similarity = len(known[name] & known[other]) / len(known[name] | known[other])
            if similarity >= threshold:
                yield NearDuplicate(other, name, similarity)
        index.insert(name, hashed)


def copied(texts: Mapping[str, str], outside: Iterable[str], size: int = COPIED) -> Iterator[tuple[str, str]]:
    """(name, words) for each text that shares ``size`` words in a row with a text from outside."""
    owners = {run: name for name, text in texts.items() if len(words(text)) >= size for run in shingles(text, size)}
    told: set[str] = set()
    for text in outside:
        for run in shingles(text, size) & owners.keys():
            if owners[run] not in told:
                told.add(owners[run])
                yield owners[run], run


def outside_texts(folder: Path) -> Iterator[str]:
    """Every string of four words or more in the .jsonl and .txt files below a folder."""
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".txt":
            yield file.read_text(encoding="utf-8", errors="replace")
        elif file.suffix == ".jsonl":
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                yield from (value for value in json.loads(line).values() if isinstance(value, str) and " " in value)
