"""The records that flow through every stage, and the only place for the names and the order of the stances.

The formats on disk are described in data/README.md; :mod:`stance.records` reads and writes them. All offsets are
Unicode code points into the text as it was given, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Stance(StrEnum):
    """A speaker's commitment to the truth of a claim, as the article presents it."""

    AFFIRM = "affirm"
    DENY = "deny"
    NEUTRAL = "neutral"


LABELS: tuple[Stance, ...] = tuple(Stance)
"""Class order of every model, matrix and table of the project."""


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers in ``text``."""
        return text[self.start : self.end]

    def meets(self, other: Span | Evidence) -> bool:
        """Whether the two have a character in common."""
        return self.start < other.end and other.start < self.end


class Evidence(NamedTuple):
    """The passage that an answer rests on: ``context[start:end] == text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Article:
    """One news article; ``extra`` holds keys of the input that the project does not know."""

    article_id: str
    text: str
    title: str = ""
    url: str = ""
    published: str = ""
    publisher: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Speaker:
    """Somebody to whom an article attributes words; ``mentions`` are the other ways the article names them."""

    id: str
    name: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One checkable proposition in positive polarity that stands alone."""

    id: str
    text: str


@dataclass(frozen=True)
class Cell:
    """A labelled cell of the speaker x claim grid of an annotated article (ids refer to its lists)."""

    speaker: str
    claim: str
    stance: Stance
    evidence: Evidence | None
    difficulty: str = ""


@dataclass(frozen=True)
class AnnotatedArticle:
    """An article with gold stances; ``complete`` where every speaker x claim cell is labelled.

    Texts that tell variants of one situation share its name (``situation``) and the wording of their claims.
    """

    article: Article
    speakers: tuple[Speaker, ...]
    claims: tuple[Claim, ...]
    stances: tuple[Cell, ...]
    complete: bool = False
    topic: str = ""
    style: str = ""
    region: str = ""
    situation: str = ""


class Link(NamedTuple):
    """One link of a chain of attributions: who passes the words on, and what the link says of them.

    ``polarity`` is affirm ("said"), deny ("denied", "does not believe") or neutral ("asked whether", "did not say").
    """

    speaker: str
    polarity: Stance


@dataclass(frozen=True)
class Clause:
    """A finite clause of an attribution's content that makes a claim of its own, in spans of the article.

    ``words`` read in their order as a sentence: a subject that the clause shares with another one, or the noun that a
    relative clause is about, is put in its place. ``negations`` are the words that deny the clause as a whole,
    ``open`` the pronouns that nothing before them in the clause explains, ``finite`` the word that carries the tense
    (``present`` where it has the bare form of "they leak"). ``reason``: the clause backs another one.
    """

    words: tuple[Span, ...]
    negations: tuple[Span, ...] = ()
    open: tuple[Span, ...] = ()
    finite: Span | None = None
    present: bool = False
    reason: bool = False


@dataclass(frozen=True)
class Attribution:
    """Who says what, with which words. Spans may be discontinuous; ``source`` is empty where nobody is named.

    ``rule`` names the rule that found it; ``negated`` tells that the cue turns the content round ("denied that").
    ``chain`` goes from the outermost attribution whose content holds this one to this one itself, which is its last
    link: "the Herald reported that the mayor denied X" gives X the chain Herald (affirm), the mayor (deny). ``clauses``
    are the finite clauses of the content, or None where no parse is at hand (one read from disk).
    """

    article_id: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speaker: str
    quote_type: str
    rule: str = ""
    negated: bool = False
    chain: tuple[Link, ...] = ()
    clauses: tuple[Clause, ...] | None = field(default=None, compare=False, repr=False)

    @property
    def nested(self) -> bool:
        """Whether the article gives it to its source through another source."""
        return len(self.chain) > 1


@dataclass(frozen=True)
class Pair:
    """A speaker and a claim to be judged in a context (a passage or a whole article).

    ``provenance`` says where a built pair comes from (offsets, rule); unknown keys of an input line stay in ``extra``.
    """

    pair_id: str
    speaker: str
    claim: str
    context: str
    article_id: str = ""
    stance: Stance | None = None
    evidence: str | None = None
    label_source: str = ""
    confidence: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Prediction:
    """A model's answer for one pair.

    ``probabilities`` maps each of :data:`LABELS` to [0, 1] (they sum to 1); ``evidence`` is the sentence of the
    caller's context that weighed most, or None where the context has no words; ``truncated`` counts the tokens of
    context that the model did not see; ``abstained`` tells that the probability of ``stance`` is below the one from
    which the model keeps its promise (its card says which errors it promises to stay under).
    """

    stance: Stance
    probabilities: Mapping[Stance, float]
    evidence: Evidence | None
    truncated: int = 0
    abstained: bool = False


@dataclass(frozen=True)
class Statement:
    """One line of an analysed article: a speaker's stance on a claim, and the spans it rests on.

    The first ``own`` of the ``attributions`` make the claim itself, the others are the speaker's words near it.
    """

    article_id: str
    speaker: str
    claim: str
    stance: Stance
    probabilities: Mapping[Stance, float]
    evidence: Evidence | None
    attributions: tuple[Attribution, ...] = ()
    own: int = 0
    abstained: bool = False
