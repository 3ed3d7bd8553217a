"""Words and sentences of English text without a parser: what linking, labelling and evidence selection compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from stance.schema import Span, Stance

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*", re.UNICODE)
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+\s+|\n+\s*")  # possessive: linear in any run of dots
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|St|Prof|Rev|Hon|Jr|Sr|No|vs|Inc|Ltd|Co|Corp"
    r"|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
SHORT = 500
"""Characters of a claim or sentence whose words are kept in mind."""

STOP = frozenset(
    """a an the and or but if of to in on at by for with from as is are was were be been being am do
    does did has have had having will would shall should can could may might must not no nor that
    this these those it its he she they them his her their him who whom whose which what when where
    why how i you we us our my your there here than then so such some any all both each more most
    other into over under about after before between during out up down off again also just only own
    same too very said says say""".split()
)
_SUFFIXES = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ingly",
    "edly",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "est",
    "ed",
    "er",
    "es",
    "ly",
    "s",
    "e",
    "y",
)
_NUMBER_WORDS = dict(
    zip(
        """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty""".split(),
        map(str, range(1, 21)),
        strict=True,
    )
)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of ``text``; line breaks always end one, abbreviations never do."""
    spans: list[Span] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        head = text[max(start, match.start() - 12) : match.start() + 1]
        if "\n" not in match.group() and (_ABBREVIATION.search(head) or text[match.end() : match.end() + 1].islower()):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        spans.append(Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))


def pieces(text: str, span: Span, size: int) -> Iterator[Span]:
    """A span cut at spaces into spans of at most ``size`` characters."""
    start = span.start
    while span.end - start > size:
        cut = text.rfind(" ", start + 1, start + size)
        end = cut if cut > start else start + size
        yield Span(start, end)
        start = end
    yield Span(start, span.end)


def words(text: str) -> list[str]:
    """Lower-cased words; possessive endings are dropped."""
    return list(_short(text) if len(text) <= SHORT else _words(text))


def _words(text: str) -> tuple[str, ...]:
    lower = (word.lower() for word in _WORD.findall(text))
    return tuple(word[:-2] if word.endswith(("'s", "’s")) else word for word in lower)


_short = lru_cache(maxsize=2**12)(_words)  # the claims and sentences of an article are compared again and again


@lru_cache(maxsize=2**16)  # the same few words make up most of all texts
def stem(word: str) -> str:
    """A crude stem: number words become digits, common English endings fall."""
    word = _NUMBER_WORDS.get(word, word)
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def stems(text: str) -> set[str]:
    """Stems of the content words of ``text``."""
    return {stem(word) for word in words(text) if word not in STOP}


def numbers(text: str) -> set[str]:
    """The numbers of ``text``, digits and number words alike."""
    found = {word.rstrip(".") for word in words(text) if word[0].isdigit()}
    return found | {_NUMBER_WORDS[word] for word in words(text) if word in _NUMBER_WORDS and word != "one"}


def overlap(part: set[str], whole: set[str]) -> float:
    """The share of ``part`` that occurs in ``whole``; 0 for an empty part."""
    return len(part & whole) / len(part) if part else 0.0


_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject\w*|refut\w*|dismiss\w*|not|never|no|false|untrue)\b|n['’]t\b", re.IGNORECASE
)
_OPEN = re.compile(
    r"\b(?:may|might|could|possibl[ey]|whether|if|unclear|declin\w+|no comment|investigat\w+|ask\w*|wonder\w*)\b",
    re.IGNORECASE,
)


def cue_stance(sentence: str) -> Stance:
    """The stance that a sentence's words suggest at first sight: denial, then hedge or question, else assertion."""
    if _DENIAL.search(sentence):
        return Stance.DENY
    return Stance.NEUTRAL if _OPEN.search(sentence) else Stance.AFFIRM
