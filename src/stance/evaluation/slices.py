"""Slices: the kinds of pairs on which a model may be weaker than its average tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from stance.dataset.split import TEST_TOPICS
from stance.schema import Pair
from stance.wording import words

_QUOTE = re.compile(r"[\"“”«»]")
_NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without)\b|n['’]t\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:may|might|could|would|possibl[ey]|perhaps|likely|apparently|reportedly|allegedly|seem\w*|appear\w*)\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:said|says?|told|report(?:s|ed|ing)|den(?:y|ies|ied)|claim\w+|according to|quoted|cit(?:ed|ing)|wrote"
    r"|announc\w+)\b",
    re.IGNORECASE,
)


_DESCRIBED = re.compile(
    r"(?:an?|one|two|three|four|five|some|several|many|unnamed|anonymous|senior)\b.*?"
    r"\b(?:officials?|sources?|people|persons?|diplomats?|witness(?:es)?|residents?|workers?|experts?|analysts?|users?"
    r"|officers?|members?|employees?|neighbours?|neighbors?|employers?|lawyers?|doctors?|man|woman|men|women)\b",
    re.IGNORECASE,
)
""""an Iranian official" has a capital and no name."""


def _evidence(pair: Pair, choose: Callable[[str], str]) -> str:
    """A property of the gold evidence; pairs without any (silent speakers) are in no such slice."""
    return choose(pair.evidence) if pair.evidence else ""


def difficulty(pair: Pair) -> str:
    """How hard the annotator found the pair: easy, medium, hard."""
    return str(pair.extra.get("difficulty", ""))


def part(pair: Pair) -> str:
    """The part of the corpus."""
    return str(pair.extra.get("part", ""))


def topic(pair: Pair) -> str:
    """The topic of the plan."""
    return str(pair.extra.get("topic", ""))


def unseen_topic(pair: Pair) -> str:
    """Whether the topic occurs in the training data at all."""
    return ("unseen" if topic(pair) in TEST_TOPICS else "seen") if topic(pair) else ""


def quotation(pair: Pair) -> str:
    """Whether the evidence holds quoted words."""
    return _evidence(pair, lambda text: "direct or mixed" if _QUOTE.search(text) else "indirect")


def nesting(pair: Pair) -> str:
    """Whether the evidence reports that somebody reports."""
    return _evidence(pair, lambda text: "nested" if len(_REPORTING.findall(text)) > 1 else "plain")


def negation(pair: Pair) -> str:
    """Whether the evidence holds a negation."""
    return _evidence(pair, lambda text: "negated" if _NEGATION.search(text) else "not negated")


def hedging(pair: Pair) -> str:
    """Whether the evidence holds a hedge."""
    return _evidence(pair, lambda text: "hedged" if _HEDGE.search(text) else "not hedged")


def naming(pair: Pair) -> str:
    """Whether the speaker has a name, or is a description such as "two officials"."""
    described = _DESCRIBED.match(pair.speaker) or not any(
        word[:1].isupper() for word in pair.speaker.split() if word.lower() != "the"
    )
    return "unnamed" if described else "named"


def length(pair: Pair) -> str:
    """Words of the context."""
    count = len(words(pair.context))
    return "up to 50 words" if count <= 50 else "51 to 200 words" if count <= 200 else "above 200 words"


def truncation(pair: Pair) -> str:
    """Whether the model saw the whole context; known where predictions came with it."""
    seen = pair.extra.get("truncated")
    return "" if seen is None else "truncated" if int(seen) > 0 else "whole"


SLICES: dict[str, Callable[[Pair], str]] = {
    "difficulty": difficulty,
    "part": part,
    "quotation": quotation,
    "nesting": nesting,
    "negation": negation,
    "hedging": hedging,
    "naming": naming,
    "unseen topic": unseen_topic,
    "context": length,
    "truncation": truncation,
    "topic": topic,
}
"""Name -> the value of a pair, "" for pairs that the slice says nothing about. A new slice is a function and a line."""


def with_truncation(pairs: Sequence[Pair], truncated: Sequence[int]) -> list[Pair]:
    """The pairs with the tokens of context that a model did not see of each, for the slice of that name."""
    return [replace(pair, extra={**pair.extra, "truncated": left}) for pair, left in zip(pairs, truncated, strict=True)]
