"""Spans <-> labels of words: what the token model is taught, and what its answers mean.

Four heads answer for each word: whether it opens (B) or continues (I) a content, a source or a cue; J opens a later
piece of a content that the sentence interrupts ("The dam," said Ruiz, "is safe"). The fourth says on which side of a
content its source stands.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stance.schema import Attribution, Span

OUT, BEGIN, INSIDE, AGAIN = range(4)
LEFT, RIGHT, NOWHERE = range(3)
IGNORED = -100
"""The label of a word that a head is not asked about: the side of what is no content."""

HEADS = {
    "content": ("O", "B", "I", "J"),
    "source": ("O", "B", "I"),
    "cue": ("O", "B", "I"),
    "side": ("left", "right", "none"),
}
LABELS = tuple(f"{head}-{label}" for head, labels in HEADS.items() for label in labels)
"""The columns of the token model's output, in order."""

Group = list[int]
"""Words, by their numbers, that stand side by side."""


def columns(head: str) -> slice:
    """The columns of a head."""
    start = LABELS.index(f"{head}-{HEADS[head][0]}")
    return slice(start, start + len(HEADS[head]))


class Word(NamedTuple):
    """A word (or punctuation mark) by its characters, and the numbers of its paragraph and sentence in the text."""

    start: int
    end: int
    paragraph: int
    sentence: int


def labels_of(words: Sequence[Word], attributions: Iterable[Attribution]) -> list[list[int]]:
    """For each word of an article its four labels, in the order of :data:`HEADS`.

    A word belongs to a span that it has a character in common with. Every paragraph opens its contents anew.
    """
    table = [[OUT, OUT, OUT, IGNORED] for _ in words]
    for one in attributions:
        for column, spans in enumerate((one.content, one.source, one.cue)):
            for index, label in _labelled(words, spans, AGAIN if column == 0 else BEGIN):
                table[index][column] = label
                if column == 0:
                    table[index][3] = _side(one)
    return table


def _labelled(words: Sequence[Word], spans: Iterable[Span], again: int) -> Iterable[tuple[int, int]]:
    """(number, label) of the words of some spans; ``again`` opens those that do not follow on the one before."""
    last = -1
    for span in sorted(spans):
        for index in _covered(words, span):
            if index == last:
                continue
            if last < 0 or words[index].paragraph != words[last].paragraph:
                yield index, BEGIN
            else:
                yield index, INSIDE if index == last + 1 else again
            last = index


def _covered(words: Sequence[Word], span: Span) -> range:
    first = bisect_right(words, span.start, key=lambda word: word.end)
    return range(first, bisect_left(words, span.end, key=lambda word: word.start))


def _side(one: Attribution) -> int:
    if not one.source:
        return NOWHERE
    return LEFT if min(one.source).start < min(one.content).start else RIGHT


def groups_of(labels: Iterable[int]) -> list[list[Group]]:
    """What labels of one head say: things, each a list of its pieces; an I with nothing before it opens one."""
    found: list[list[Group]] = []
    before = OUT
    for index, label in enumerate(labels):
        if label == INSIDE and before != OUT:
            found[-1][-1].append(index)
        elif label == AGAIN and found:
            found[-1].append([index])
        elif label != OUT:
            found.append([[index]])
        before = label
    return found


def span_of(words: Sequence[Word], group: Group) -> Span:
    """The characters from a group's first word to its last."""
    return Span(words[group[0]].start, words[group[-1]].end)
