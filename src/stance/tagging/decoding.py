"""The token model's answers -> attributions: the best labels, then the cue and the source of each content."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from stance.attribution.quotes import quote_spans
from stance.attribution.tagged import Tagged
from stance.probability import Floats
from stance.tagging.labels import (
    AGAIN,
    BEGIN,
    HEADS,
    INSIDE,
    LEFT,
    NOWHERE,
    OUT,
    RIGHT,
    Group,
    Word,
    columns,
    groups_of,
    span_of,
)  # fmt: skip

MIN_WORDS = 2
"""A content of fewer words is a slip."""

FAR_CUE, FAR_SOURCE = 40, 60
"""Words between a content and what may still be its cue, its source; a sentence's end counts as many words."""

SENTENCE = 15
"""How many words the end of a sentence counts for."""

NEAR_CUE, AROUND_CUE, RIGHT_SIDE, NO_SOURCE = 0.7, 5.0, 12.0, 0.6
"""What a source's distance to the cue weighs; what it gains with the cue between it and the content, and on the side
that the model has named; from which probability on the model's "no source" is believed. Chosen on held-out news."""

_OPENING, _CLOSING = "“\"«„‘'”", "”\"»’'“"


def decode(text: str, words: Sequence[Word], scores: Floats) -> list[Tagged]:
    """The attributions of an article from a score for each word and each of the :data:`stance.tagging.labels.LABELS`.

    A quotation that goes on over paragraphs makes one content, whose source is the one named first.
    """
    found: list[Tagged] = []
    for _, numbers in groupby(range(len(words)), key=lambda index: words[index].paragraph):
        inside = list(numbers)
        part = slice(inside[0], inside[-1] + 1)
        found.extend(_in_paragraph(words[part], log_probabilities(scores[part])))
    return _joined(text, found)


def log_probabilities(scores: Floats) -> Floats:
    """Logarithms of each head's probabilities, side by side as the scores are."""
    result = np.empty(scores.shape)
    for head in HEADS:
        own = scores[:, columns(head)].astype(float)
        own = own - own.max(axis=1, keepdims=True)
        result[:, columns(head)] = own - np.log(np.exp(own).sum(axis=1, keepdims=True))
    return result


def best_labels(logs: Floats) -> list[int]:
    """The most probable labels in which no thing goes on that was not opened (Viterbi): I follows B, I or J, and J
    follows O."""
    count = logs.shape[1]
    forbidden = np.zeros((count, count))
    forbidden[OUT, INSIDE] = -np.inf
    if count > AGAIN:
        forbidden[BEGIN:, AGAIN] = -np.inf
    score = logs[0].copy()
    score[INSIDE:] = -np.inf
    back = []
    for row in logs[1:]:
        reached = score[:, None] + forbidden
        back.append(reached.argmax(axis=0))
        score = reached.max(axis=0) + row
    path = [int(score.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


# --- who belongs to what ---------------------------------------------------------------------------------------------


def _in_paragraph(words: Sequence[Word], logs: Floats) -> Iterator[Tagged]:
    contents = groups_of(best_labels(logs[:, columns("content")]))
    sources, cues = (
        [pieces[0] for pieces in groups_of(best_labels(logs[:, columns(head)]))] for head in ("source", "cue")
    )
    sides, outside = np.exp(logs[:, columns("side")]), np.exp(logs[:, columns("content")][:, OUT])
    for pieces in contents:
        whole = [index for piece in pieces for index in piece]
        if len(whole) < MIN_WORDS:
            continue
        cue = _cue(words, pieces, _near(cues, whole, FAR_CUE))
        source = _source(words, pieces, cue, _near(sources, whole, FAR_SOURCE), sides[whole].mean(axis=0))
        named, said, content = (tuple(span_of(words, one) for one in groups) for groups in (source, cue, pieces))
        yield Tagged(named, said, content, float((1 - outside[whole]).mean()))


def _near(groups: list[Group], content: Group, far: int) -> list[Group]:
    """The groups of a head, which stand in reading order, that lie at most ``far`` words from a content."""
    first = bisect_left(groups, content[0] - far, key=lambda group: group[-1])
    return groups[first : bisect_right(groups, content[-1] + far, key=lambda group: group[0])]


def _cue(words: Sequence[Word], pieces: list[Group], cues: list[Group]) -> list[Group]:
    """The nearest cue (as a list of one), none where it is far."""
    distances = [_distance(words, cue, pieces) for cue in cues]
    nearest = min(range(len(cues)), key=lambda index: distances[index], default=None)
    return [cues[nearest]] if nearest is not None and distances[nearest] <= FAR_CUE else []


def _source(
    words: Sequence[Word], pieces: list[Group], cue: list[Group], sources: list[Group], sides: Floats
) -> list[Group]:
    """The source that is near the content and its cue, on the side that the model names; none where it names none."""
    if sides[NOWHERE] > NO_SOURCE or not sources:
        return []
    first, last = pieces[0][0], pieces[-1][-1]

    def cost(source: Group) -> float:
        total = _distance(words, source, pieces) - RIGHT_SIDE * float(sides[RIGHT if source[0] > first else LEFT])
        if cue:
            total += NEAR_CUE * _distance(words, source, cue)
            total -= AROUND_CUE * (min(source[0], first) < cue[0][0] < max(source[-1], last))
        return total

    nearest = min(sources, key=cost)
    return [nearest] if _distance(words, nearest, pieces) <= FAR_SOURCE else []


def _distance(words: Sequence[Word], group: Group, pieces: list[Group]) -> int:
    """Words and sentence ends between a group and the nearest of some pieces."""
    nearest = min(pieces, key=lambda piece: max(piece[0] - group[-1], group[0] - piece[-1]))
    left, right = (group[-1], nearest[0]) if group[-1] < nearest[0] else (nearest[-1], group[0])
    return max(0, right - left - 1) + SENTENCE * max(0, words[right].sentence - words[left].sentence)


# --- quotations of several paragraphs --------------------------------------------------------------------------------


def _joined(text: str, found: list[Tagged]) -> list[Tagged]:
    """Contents put together where a quotation goes on in the next paragraph."""
    open_ends = {span.end for span in quote_spans(text) if text[span.end - 1] not in _CLOSING}
    joined: list[Tagged] = []
    for one in sorted(found, key=lambda tagged: tagged.content):
        before = joined[-1] if joined else None
        if before and _goes_on(text, before.content[-1].end, one.content[0].start, open_ends):
            sure = min(before.confidence, one.confidence)
            joined[-1] = Tagged(before.source or one.source, before.cue or one.cue, before.content + one.content, sure)
        else:
            joined.append(one)
    return joined


def _goes_on(text: str, end: int, start: int, open_ends: set[int]) -> bool:
    """Whether an open quotation ends a paragraph at ``end``, and the next one opens with a mark at ``start``."""
    between = text[end:start]
    opened = (between + text[start : start + 1]).lstrip(" .,;:!?…\r\n\t")
    unclosed = end + len(between) - len(between.lstrip(".,;:!?… ")) in open_ends
    return "\n" in between and unclosed and opened[:1] != "" and opened[0] in _OPENING and len(opened) <= 2
