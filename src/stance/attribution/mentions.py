"""The names of an article in reading order, fed to the resolver as the text goes on."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from stance.attribution.parse import Paragraph
from stance.attribution.speakers import SpeakerResolver
from stance.schema import Article, Span

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens

SALIENT = frozenset(("nsubj", "nsubjpass", "ROOT", "appos", "attr", "agent", "npadvmod"))
MAX_LABELS = 100
"""Different labels of a transcript's turns that are looked up in its text."""

NAMED = ("PERSON", "ORG", "GPE", "NORP")


class Mentions:
    """Reads an article's names up to a position, and names the sources that come after it."""

    def __init__(self, article: Article, quotes: list[Span]) -> None:
        self._text = article.text
        self._resolver = SpeakerResolver()
        self._quotes = quotes
        self._read_to = 0
        self._written: dict[str, str] = {}

    def read(self, paragraph: Paragraph, end: int) -> None:
        """Note the names of the paragraph that were not read yet and start before ``end``."""
        for entity in paragraph.entities:
            start = paragraph.start + entity.start_char
            if self._read_to <= start < end and _may_speak(entity):
                salient = entity.root.dep_ in SALIENT and not self._is_quoted(start)
                self._resolver.see(_name(entity), entity.label_, _titles(entity), salient)
        self._read_to = max(self._read_to, end)

    def _is_quoted(self, position: int) -> bool:
        index = bisect_right(self._quotes, (position, len(self._text))) - 1
        return index >= 0 and position < self._quotes[index].end

    def speaker(self, paragraph: Paragraph, named: tuple[Span, ...], floating: bool = False) -> str:
        """The speaker that a source names; a floating quotation goes on with the person named last."""
        if not named:
            return self._resolver.last_person() if floating else ""
        words = " ".join(span.of(self._text) for span in named)
        inside = [
            (_name(entity), entity.label_)
            for entity in paragraph.entities
            if any(span.start <= paragraph.start + entity.start_char < span.end for span in named)
        ]
        return self._resolver.resolve(self._with_first_name(words) if words.isupper() else words, inside)

    def _with_first_name(self, upper: str) -> str:
        """ "RUIZ" of a transcript as the text writes it elsewhere: "Ana Ruiz", if a first name stands there."""
        if upper not in self._written and len(self._written) < MAX_LABELS and " " not in upper and len(upper) > 3:
            match = re.search(rf"\b(?!The\b|Mr|Ms)[A-Z][\w’'-]+ {re.escape(upper.title())}\b", self._text)
            self._written[upper] = match[0] if match else upper
        return self._written.get(upper, upper)


def _may_speak(entity: Tokens) -> bool:
    aside = entity.root.dep_ in ("compound", "amod", "poss", "pobj")
    return entity.label_ == "PERSON" or (entity.label_ in NAMED and not aside)


def _name(entity: Tokens) -> str:
    text = entity.text.strip()
    return text[:-2] if text.endswith(("'s", "’s")) else text


def _titles(entity: Tokens) -> set[str]:
    """Lower-cased words of the titles and appositions around a name."""
    root = entity.root
    beside = [t for c in root.children if c.dep_ in ("compound", "amod", "nmod") for t in c.subtree]
    for child in root.children:
        if child.dep_ == "appos":
            beside.extend(child.subtree)
    if root.dep_ == "appos":
        beside.extend(t for t in root.head.subtree if t.i < entity.start)
    return {
        t.lower_.strip(".")
        for t in beside
        if t.text.strip(".").isalpha() and not t.is_stop and not entity.start <= t.i < entity.end
    }
