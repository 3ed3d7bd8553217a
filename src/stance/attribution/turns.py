"""Turns of a transcript: "RUIZ: The dam is safe. VALE: It leaks." gives each turn to the one named before its colon."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from stance.attribution.parse import Paragraph
from stance.schema import Span

_LABEL = re.compile(
    r"(?:(?<=[.?!…\"”] )|(?<=\n)|(?<!.))"  # opens the paragraph, a line or a sentence
    r"(?P<name>[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})(?: \([^()\n]{1,60}\))?(?P<colon>:)\s+(?=\S)"
)
MIN_WORDS = 3
"""Shorter turns ("RUIZ: Yes.") make no content worth a claim."""


class Turn(NamedTuple):
    """Who has the word, the colon that gives it, and what is said."""

    source: Span
    cue: Span
    content: Span


def words_of(text: str) -> frozenset[str]:
    """The words of a text as they are written, looked up once for all of its paragraphs."""
    return frozenset(re.findall(r"[^\W\d_][\w'’-]*", text))


def speaker_turns(paragraph: Paragraph, words: frozenset[str]) -> list[Turn]:
    """The turns in a paragraph; "WHAT WE KNOW: ..." opens none, as its words name nobody elsewhere in the text."""
    text, start = paragraph.text, paragraph.start
    labels = list(_LABEL.finditer(text))
    turns = []
    for label, following in pairwise([*labels, None]):
        assert label is not None
        said = text[label.end() : following.start() if following else len(text)].rstrip()
        if len(said.split()) >= MIN_WORDS and _is_name(label["name"], words):
            name, colon = (Span(start + a, start + b) for a, b in (label.span("name"), label.span("colon")))
            turns.append(Turn(name, colon, Span(start + label.end(), start + label.end() + len(said))))
    return turns


def _is_name(name: str, words: frozenset[str]) -> bool:
    """Upper-case words of which the last is written as a name elsewhere."""
    last = name.rsplit(maxsplit=1)[-1]
    return len(last) > 1 and last.title() in words
