"""A candidate in its article: which sentences are the speaker's, and how much of the claim each sentence holds.

Attributions miss much of what an article gives to a speaker: the sentence before the quote, the pronoun that goes on,
the answer to somebody else's charge. A :class:`Reading` finds these without a parser, once for all functions.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from stance.pairs import Candidate
from stance.schema import Span
from stance.wording import STOP, numbers, sentences, stem, words

REPLY = 2
"""Sentences after the one that holds most of the claim in which a speaker's words are taken for an answer to it."""

MAX_MATCHES = 16
"""Claims whose matches are kept: the candidates of a claim come one after the other."""

_PREFIX = 6
_CONTINUING = re.compile(r"\W*(?:he|she|they|it|his|her|their|its|we|i|our|my)\b|[“\"'‘]", re.I)
_CLAUSE_END = re.compile(
    r"[;:—–“”\"]|,? \b(?:but|although|though|which|who|because|while|when|and)\b|, ", re.IGNORECASE
)
_TITLES = frozenset("mr mrs ms miss dr sir dame lord lady professor prof".split())
_NAME_END = re.compile(r",| (?:of|at|for|from|in|who|on|with) ")


class Sentence(NamedTuple):
    """A sentence of an article: span, words, content stems, numbers, and whether it goes on in a paragraph."""

    span: Span
    text: str
    words: frozenset[str]
    stems: frozenset[str]
    numbers: frozenset[str]
    continues: bool


@lru_cache(maxsize=4)
def article_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of an article; kept for the candidates of the same article that follow."""
    spans = sentences(text)
    ends = [0, *(span.end for span in spans)]
    return tuple(
        Sentence(
            span,
            span.of(text),
            frozenset(words(span.of(text))),
            content_stems(span.of(text)),
            frozenset(numbers(span.of(text))),
            index > 0 and "\n" not in text[ends[index] : span.start],
        )
        for index, span in enumerate(spans)
    )


@lru_cache(maxsize=2**13)  # the same claims and sentences are held against each other again and again
def content_stems(text: str) -> frozenset[str]:
    """Stems of content words, cut to six letters so that "poisoned" meets "poisoning" and "election" "electoral"."""
    return frozenset(stem(word)[:_PREFIX] for word in words(text) if word not in STOP)


def head_word(name: str) -> str:
    """The word by which a text goes on to call a speaker: "Mayor Ana Ruiz" -> ruiz, "the union of pilots" -> union."""
    known = [word for word in words(_NAME_END.split(name)[0]) if word not in STOP and word not in _TITLES]
    return known[-1] if known else ""


@dataclass(frozen=True)
class Reading:
    """A candidate with the article around it.

    ``own`` are the indices of the speaker's sentences; ``match`` is for each sentence the share of the claim's content
    stems that it holds, in [0, 1], rare stems weighing more, the speaker's own name left out.
    """

    candidate: Candidate
    sentences: tuple[Sentence, ...]
    own: tuple[int, ...]
    match: tuple[float, ...]

    @cached_property
    def best(self) -> int | None:
        """The speaker's sentence that holds most of the claim (the first of several), or None."""
        held = [index for index in self.own if self.match[index] > 0]
        return max(held, key=lambda index: self.match[index], default=None)

    @property
    def best_text(self) -> str:
        """The words of :attr:`best`, empty where there is none."""
        return self.sentences[self.best].text if self.best is not None else ""

    @cached_property
    def best_clause(self) -> str:
        """The clause of :attr:`best_text` that holds most of the claim: what a negation or a hedge must stand in."""
        wanted = content_stems(self.candidate.claim) - content_stems(self.candidate.speaker)
        clauses = [clause for clause in _CLAUSE_END.split(self.best_text) if clause.strip()]
        return max(clauses, key=lambda clause: len(wanted & content_stems(clause)), default="")

    @property
    def closeness(self) -> float:
        """How much of the claim the speaker's best sentence holds, in [0, 1]."""
        return self.match[self.best] if self.best is not None else 0.0

    @property
    def relative(self) -> float:
        """:attr:`closeness` as a share of what any sentence of the article reaches; 1 where the best is theirs."""
        return self.closeness / max(self.match) if self.best is not None else 0.0

    @cached_property
    def top(self) -> int:
        """The sentence of the article that holds most of the claim, whoever speaks."""
        return max(range(len(self.match)), key=lambda index: self.match[index], default=0)

    @cached_property
    def reply(self) -> str:
        """What the speaker says within :data:`REPLY` sentences after somebody else comes closest to the claim."""
        answers = [i for i in self.own if 0 < i - self.top <= REPLY] if self.top not in self.own else []
        return " ".join(self.sentences[index].text for index in answers)

    @cached_property
    def about_speaker(self) -> bool:
        """Whether the claim is about the speaker: their name opens it."""
        return head_word(self.candidate.speaker) in words(self.candidate.claim)[:4]


def read(candidate: Candidate) -> Reading:
    """The candidate with the speaker's sentences and the claim's matches."""
    found = article_sentences(candidate.article.text)
    wanted = content_stems(candidate.claim) - content_stems(candidate.speaker)
    return Reading(candidate, found, _own(candidate, found), _match(candidate.article.text, wanted))


def _own(candidate: Candidate, found: tuple[Sentence, ...]) -> tuple[int, ...]:
    """Sentences that name the speaker or hold their attributed words, and those that go on from one of these."""
    text = candidate.article.text
    sources = [span.of(text) for a in candidate.attributions for span in a.source]
    heads = {head_word(name) for name in (candidate.speaker, *sources)} - {""}
    attributed = [span for a in candidate.attributions for span in a.content]
    own: list[int] = []
    for index, sentence in enumerate(found):
        goes_on = bool(own) and own[-1] == index - 1 and (sentence.continues or _CONTINUING.match(sentence.text))
        if sentence.words & heads or goes_on or any(sentence.span.meets(span) for span in attributed):
            own.append(index)
    return tuple(own)


@lru_cache(maxsize=MAX_MATCHES)
def _match(text: str, wanted: frozenset[str]) -> tuple[float, ...]:
    """The share of a claim's stems in each sentence; kept for the claim's other speakers, who follow at once."""
    found = article_sentences(text)
    shared = [sentence.stems & wanted for sentence in found]
    seen = Counter(chain.from_iterable(shared))
    weights = {word: math.log((len(found) + 1) / (seen[word] + 0.5)) for word in wanted}
    total = sum(weights.values()) or 1.0
    return tuple(sum(weights[word] for word in held) / total if held else 0.0 for held in shared)
