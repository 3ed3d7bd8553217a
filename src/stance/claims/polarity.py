"""Negation out of a clause: "Iran gave no party drones" -> ("Iran gave a party drones", True)."""

from __future__ import annotations

import re

_CONTRACTIONS = {
    r"\bwon['’]t\b": "will not", r"\bcan['’]t\b": "can not", r"\bcannot\b": "can not", r"\bshan['’]t\b": "shall not",
    r"\b(\w+)n['’]t\b": r"\1 not",
}  # fmt: skip
_SCOPE_END = re.compile(
    r"\b(?:because|although|though|while|who|which|that|if|unless|when|where|until|but)\b|[;:]", re.I
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"\b(?:no longer|not at all|not even|not yet|not)\s+(?!only\b)", ""),
        (r"\bnever\s+", ""),
        (r"\b(?:there (is|are|was|were)) (?:absolutely )?no\b", r"there \1"),
        (r"\bno one\b|\bnobody\b", "someone"),
        (r"\bnothing\b", "something"),
        (r"\bnowhere\b", "somewhere"),
        (r"\bnone of\b", "some of"),
        (r"\bneither of\b", "one of"),
        (r"\bno\s+(?=[a-z]+(?:ies|s)\b)", ""),
        (r"\bno\s+(?=[aeiou])", "an "),
        (r"\bno\s+(?=[a-z])", "a "),
        (r"\bany\b(?! more)", "some"),
    )
)
_NEGATION = re.compile(
    r"\b(?:not|never|no one|nobody|nothing|nowhere|none of|neither of|no)\b(?! only\b)", re.IGNORECASE
)


def positive(clause: str) -> tuple[str, bool]:
    """The clause without the negation of its main part, and whether there was one.

    A second negation in the same part ("never said nothing") cancels the first in meaning, so the flip is counted by
    their number. Negation in a subordinate clause stays: it is part of the proposition.
    """
    text = clause
    for contraction, full in _CONTRACTIONS.items():
        text = re.sub(contraction, full, text, flags=re.IGNORECASE)
    scope = _SCOPE_END.search(text)
    head, tail = (text[: scope.start()], text[scope.start() :]) if scope else (text, "")
    count = len(_NEGATION.findall(head))
    if count == 0:
        return clause, False
    for pattern, replacement in _RULES:
        head = pattern.sub(replacement, head)
    return re.sub(r"\s{2,}", " ", head + tail).strip(), count % 2 == 1
