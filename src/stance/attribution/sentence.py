"""A sentence's tokens, looked through once: which of them have a lemma or a form that a rule wants.

spaCy makes a token anew each time a span is walked, and each of its attributes is looked up anew; a dozen rules that
walk every sentence would spend most of their time on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import cached_property
from typing import TYPE_CHECKING

from stance.attribution.cues import VERBS

if TYPE_CHECKING:
    from spacy.tokens import Token


class Sentence:
    """The tokens of a sentence in reading order, under their lower-cased lemmas and forms."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.tokens = tuple(tokens)
        self._lemmas: dict[str, list[Token]] = {}
        self._forms: dict[str, list[Token]] = {}
        for token in self.tokens:
            self._lemmas.setdefault(token.lemma_.lower(), []).append(token)
            self._forms.setdefault(token.lower_, []).append(token)

    def with_lemma(self, lemmas: Set[str]) -> list[Token]:
        """The tokens that have one of some lemmas."""
        return _in_order(self._lemmas, lemmas)

    def with_form(self, forms: Set[str]) -> list[Token]:
        """The tokens that have one of some forms, whatever their case."""
        return _in_order(self._forms, forms)

    @cached_property
    def cues(self) -> list[Token]:
        """The verbs that the lexicon knows."""
        return [token for token in self.with_lemma(VERBS.keys()) if token.pos_ in ("VERB", "AUX")]


def _in_order(table: dict[str, list[Token]], wanted: Set[str]) -> list[Token]:
    return sorted((token for one in table.keys() & wanted for token in table[one]), key=lambda token: token.i)
