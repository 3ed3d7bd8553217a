"""Negation out of a clause: "The firm paid no fee" -> ("The firm paid a fee", True)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from stance.claims.inflection import participle, past, third_person

_SCOPE_END = re.compile(
    r"\b(?:because|although|though|while|who|which|that|if|unless|when|where|until|but)\b|[;:]", re.I
)
_NEGATION = re.compile(
    r"n['’]t\b|\b(?:can(?=not\b))?(?:not|never|no one|nobody|nothing|nowhere|none(?= of)|neither|no)\b|(?<=can)not\b",
    re.I,
)
_MASS = frozenset(
    """evidence truth proof information money damage doubt contact trace knowledge intention harm progress water power
    food help support pressure reason need involvement responsibility interest influence access""".split()
)
"""Nouns that take no article where "no" falls: "no evidence" is the denial of "evidence"."""
_PHRASE_END = re.compile(r" (?:of|in|on|at|to|for|with|from|by|that|who|which|was|were|is|are|had|has|have|and|or)\b.*")
_PLURAL = re.compile(r"(?:[^s'’]s|men|women|people|children)$")
_AUXILIARIES = {"wo": "will", "ca": "can", "sha": "shall"}
_NOT = re.compile(r"(?:not|never)\b(?:\s+(?:at all|even|yet|ever)\b)?\s*", re.I)
_WHOLE = {"no one": "someone", "nobody": "someone", "nothing": "something", "nowhere": "somewhere", "none": "some",
          "neither": "", "nor": "or"}  # fmt: skip
_WEAK = ((r"\banyone\b", "someone"), (r"\banybody\b", "somebody"), (r"\banything\b", "something"),
         (r"\banywhere\b", "somewhere"), (r"\bany\b(?! more)", "some"),
         (r"\s+(?:at all|whatsoever|any more|anymore)\b", ""),
         (r"\bever\s+", ""))  # fmt: skip
"""Words that live on negation, and what they are without it."""


def positive(clause: str, negations: Sequence[int] | None = None) -> tuple[str, bool]:
    """The clause without the negation of its main part, and whether there was one.

    ``negations`` are the offsets of the words that deny the clause as a whole; without them they are looked for up to
    the first subordinate clause. Two negations ("never said nothing") cancel each other in meaning, so the flip is
    counted by their number. Negation in a subordinate clause stays: it is part of the proposition.
    """
    found = _main_negations(clause) if negations is None else list(negations)
    found = [at for at in found if not re.match(r"not only\b|no doubt\b|no less\b", clause[at:], re.I)]
    if not found:
        return clause, False
    paired = bool(re.search(r"\bneither\b.*\bnor\b", clause, re.I))
    text = clause
    for at in sorted(found, reverse=True):
        text = _without(text, at)
    for pattern, replacement in _WEAK:
        text = re.sub(pattern, replacement, text, flags=re.I)
    flips = len(found) - (1 if paired and any(clause[at : at + 3].lower() == "nor" for at in found) else 0)
    return re.sub(r"\s{2,}", " ", text).strip(), flips % 2 == 1


def _main_negations(clause: str) -> list[int]:
    scope = _SCOPE_END.search(clause)
    return [match.start() for match in _NEGATION.finditer(clause, 0, scope.start() if scope else len(clause))]


def _without(text: str, at: int) -> str:
    """The text without the negation that starts at an offset."""
    before, after = text[:at], text[at:]
    if re.match(r"n['’]t\b", after, re.I):
        stem = re.search(r"\w+$", before)
        word = stem.group() if stem else ""
        if word.lower() in _AUXILIARIES:
            before = before[: len(before) - len(word)] + _AUXILIARIES[word.lower()]
        return _supported(before, after[3:].lstrip())
    if match := _NOT.match(after):
        return _supported(before, after[match.end() :])
    if match := re.match(r"(no longer|no more than|no)\s+", after, re.I):
        return _with_article(before, after[match.end() :], match[1].lower())
    for word, replacement in _WHOLE.items():
        if re.match(rf"{word}\b", after, re.I):
            return before + replacement + after[len(word) :]
    return text


def _with_article(before: str, rest: str, negator: str) -> str:
    if negator != "no":
        return before + rest
    if re.match(r"one\b", rest, re.I):
        return f"{before}some{rest}"
    words = re.match(r"[\w'’-]+(?: [\w'’-]+){0,3}", rest)
    phrase = _PHRASE_END.split(words.group())[0].split() if words else []
    if (
        not phrase
        or not phrase[0][0].isalpha()
        or any(_PLURAL.search(word) or word.lower() in _MASS for word in phrase)
    ):
        return before + rest
    return f"{before}{'an' if phrase[0][0].lower() in 'aeiou' else 'a'} {rest}"


def _supported(before: str, rest: str) -> str:
    """ "Did attend" -> "attended": a "do" that only carried the negation goes with it."""
    helper = re.search(r"\b(did|does|do)\s*$", before, re.I)
    verb = re.match(r"((?:\w+ly|also|just|in fact) )?([a-z]+)\b", rest)
    if helper is None:
        return f"{before.rstrip()} {rest}" if rest[:1].isalnum() else before.rstrip() + rest
    if verb is None:
        return f"{before}{rest}"
    inflect: Callable[[str], str] = {"did": past, "does": third_person}.get(helper[1].lower(), str)
    form = inflect(verb[2])
    return f"{before[: helper.start()]}{verb[1] or ''}{form}{rest[verb.end() :]}"


# --- verbs that deny what follows them -------------------------------------------------------------------------------

_NOT_DOING = re.compile(r"(fail|refuse|decline|neglect|forget|forgot)(ed|d|s|es|)\s+to\s+(?:even\s+)?([a-z]+)\b")
_STAYED_AWAY = re.compile(
    r"(?:shunned|boycotted|skipped|shuns|boycotts|skips|boycott|shun|skip)\b(?!\s+(?:to|and|or)\b)"
)
_LACKED = re.compile(r"(lacked|lacks|lack)\b(?=\s+\w)")


def done(clause: str, finite: int) -> tuple[str, bool]:
    """ "The firm failed to pay", "the club skipped the fair": what was not done, as if it had been.

    ``finite`` is the offset of the word that carries the tense. Returns the clause and whether it was turned round.
    """
    before, verb, flags = clause[:finite], clause[finite:], re.I
    if match := re.match(_NOT_DOING.pattern, verb, flags):
        is_past = match[2].endswith("d") or match[1].lower() == "forgot"
        undone = past(match[3]) if is_past else third_person(match[3]) if match[2] else match[3]
        return before + undone + verb[match.end() :], True
    if match := re.match(rf"(has|have|had)\s+{_NOT_DOING.pattern}", verb, flags):
        return f"{before}{match[1]} {participle(match[4])}{verb[match.end() :]}", True
    if match := re.match(_STAYED_AWAY.pattern, verb, flags):
        word = match.group().lower()
        form = "attended" if word.endswith("ed") else "attends" if word.endswith("s") else "attend"
        return before + form + verb[match.end() :], True
    if match := re.match(_LACKED.pattern, verb, flags):
        return before + {"lacked": "had", "lacks": "has", "lack": "have"}[match[1].lower()] + verb[match.end() :], True
    return clause, False
