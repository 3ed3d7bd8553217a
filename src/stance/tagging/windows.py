"""Article -> windows of tokens: whole paragraphs packed together, offsets kept, some words of context before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tokenizers import Tokenizer

from stance.attribution.quotes import paragraphs
from stance.schema import Span
from stance.tagging.labels import Word
from stance.tokens import token_ids, without_frame
from stance.wording import sentences

ROOM = 128
"""Tokens of a window."""

CONTEXT = 20
"""Tokens from before a window that it is opened with, so that "he said" is not the first that the model sees."""

LIMIT = ROOM - CONTEXT - 3
"""Tokens of a paragraph that are kept together; longer ones are cut between sentences."""


@dataclass(frozen=True)
class Window:
    """A model input: token ids, the words that it is asked about, and where the first token of each stands."""

    ids: list[int]
    words: list[Word]
    positions: list[int]


@dataclass
class Unit:
    """Sentences of one paragraph that go into the same window: token ids, words, the first token of each word."""

    ids: list[int]
    words: list[Word]
    firsts: list[int]

    def add(self, other: Unit) -> None:
        """Put another unit behind this one."""
        self.firsts += [len(self.ids) + first for first in other.firsts]
        self.ids += other.ids
        self.words += other.words


class Cutter:
    """Cuts articles for a tokenizer; every word of an article is asked about in exactly one window."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = without_frame(tokenizer)
        self.opening, self.closing, self.pad = token_ids(tokenizer, "[CLS]", "[SEP]", "[PAD]")

    def windows(self, text: str) -> list[Window]:
        """The windows of an article in reading order."""
        made: list[Window] = []
        current: list[Unit] = []
        context: list[int] = []
        for unit in self._units(text):
            if current and self._size(context, [*current, unit]) > ROOM:
                made.append(self._window(context, current))
                context, current = current[-1].ids[-CONTEXT:], []
            current.append(unit)
        return [*made, self._window(context, current)] if current else made

    def _size(self, context: list[int], units: list[Unit]) -> int:
        return 1 + (len(context) + 1 if context else 0) + sum(len(unit.ids) + 1 for unit in units)

    def _window(self, context: list[int], units: list[Unit]) -> Window:
        window = Window([self.opening, *context, self.closing] if context else [self.opening], [], [])
        for unit in units:
            window.positions.extend(len(window.ids) + first for first in unit.firsts)
            window.words.extend(unit.words)
            window.ids.extend([*unit.ids, self.closing])
        return window

    # --- what is kept together ---------------------------------------------------------------------------------------

    def _units(self, text: str) -> Iterator[Unit]:
        count = 0
        for number, paragraph in enumerate(paragraphs(text)):
            whole = paragraph.of(text)
            spans = [Span(paragraph.start + s.start, paragraph.start + s.end) for s in sentences(whole)]
            yield from _packed(part for part in self._sentences(text, spans, number, count))
            count += len(spans)

    def _sentences(self, text: str, spans: list[Span], paragraph: int, count: int) -> Iterator[Unit]:
        encoded = self.tokenizer.encode_batch([span.of(text) for span in spans], add_special_tokens=False)
        for number, (span, one) in enumerate(zip(spans, encoded, strict=True), start=count):
            unit, last = Unit([], [], []), None
            for token, word, (start, end) in zip(one.ids, one.word_ids, one.offsets, strict=True):
                if word != last:
                    unit.firsts.append(len(unit.ids))
                    unit.words.append(Word(span.start + start, span.start + end, paragraph, number))
                else:
                    unit.words[-1] = unit.words[-1]._replace(end=span.start + end)
                unit.ids.append(token)
                last = word
            yield from _short(unit)


def _short(unit: Unit) -> Iterator[Unit]:
    """A sentence cut before words so that each part has at most :data:`LIMIT` tokens."""
    while len(unit.ids) > LIMIT:
        words = max(1, sum(first <= LIMIT for first in unit.firsts) - 1)
        cut = unit.firsts[words] if words < len(unit.firsts) else len(unit.ids)
        yield Unit(unit.ids[: min(cut, LIMIT)], unit.words[:words], unit.firsts[:words])
        unit = Unit(unit.ids[cut:], unit.words[words:], [first - cut for first in unit.firsts[words:]])
    if unit.ids:
        yield unit


def _packed(parts: Iterable[Unit]) -> Iterator[Unit]:
    """Sentences of one paragraph put together up to :data:`LIMIT` tokens."""
    current = Unit([], [], [])
    for part in parts:
        if current.ids and len(current.ids) + len(part.ids) > LIMIT:
            yield current
            current = Unit([], [], [])
        current.add(part)
    if current.ids:
        yield current
