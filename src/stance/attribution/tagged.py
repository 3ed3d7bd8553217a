"""What a tagger finds besides the rules: spans without speakers. Taggers themselves stand to the right."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from stance.schema import Article, Span


class Tagged(NamedTuple):
    """The spans of one attribution in an article's text; ``source`` and ``cue`` may be empty, ``content`` never.

    ``confidence`` is the mean probability of the content's words to be in one, in [0, 1].
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float = 1.0


class Tagger(Protocol):
    """Anything that finds attributions in an article's text: a pure function of the article."""

    @property
    def digest(self) -> str:
        """What sets this tagger apart from others: two of the same digest find the same spans."""

    def __call__(self, article: Article) -> list[Tagged]:
        """The attributions of an article in the order of their contents, none of them inside another."""
