"""Ways of speaking and of taking sides, recognised by their surface in the evidence of a labelled cell.

A pattern a way: rough, but the same for everybody, so that coverage can be counted without a second annotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from stance.schema import AnnotatedArticle, Cell, Stance
from stance.wording import numbers, words

Way = Callable[[str, str, str], bool]
"""A function of (evidence, speaker name, claim)."""

_SAY = (
    r"(?:said|says|say|told|tells|added|claim(?:s|ed)|insist(?:s|ed)|denie[sd]|report(?:s|ed)|wrote|writes|argue[sd]|"
    r"warn(?:s|ed)|admit(?:s|ted)|confirm(?:s|ed)|accus(?:es|ed)|announced|stated|maintain(?:s|ed)|acknowledged|"
    r"suggest(?:s|ed)|alleg(?:es|ed)|testified|conceded|quoted|citing|according to|promised|recalled|complained)"
)
_DENIAL = r"\b(?:den(?:y|ies|ied|ying|ial)|reject\w*|dismiss\w*|refut\w*|rebut\w*|disput\w*|untrue|false\w*)\b"
_NEGATION = r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b"


def _matches(pattern: str, evidence: str, speaker: str, claim: str) -> bool:
    return re.search(pattern, evidence, re.IGNORECASE) is not None


def pattern(*patterns: str) -> Way:
    """A way that one of several patterns shows."""
    return partial(_matches, "|".join(f"(?:{one})" for one in patterns))


def _says(least: int, evidence: str, speaker: str, claim: str) -> bool:
    return len(re.findall(rf"\b{_SAY}\b", evidence, re.IGNORECASE)) >= least


def _renamed(evidence: str, speaker: str, claim: str) -> bool:
    name = words(speaker)
    return bool(name) and name[-1] not in words(evidence)


def _other_numbers(evidence: str, speaker: str, claim: str) -> bool:
    return bool(numbers(claim)) and bool(numbers(evidence)) and not numbers(claim) <= numbers(evidence)


def _no_denial_word(evidence: str, speaker: str, claim: str) -> bool:
    return re.search(rf"{_DENIAL}|{_NEGATION}", evidence, re.IGNORECASE) is None


_QUOTE = r"[“\"][^”\"]{%s}[”\"]"

SPEAKING: dict[str, Way] = {
    "direct quote": pattern(_QUOTE % "25,"),
    "quote of several sentences": pattern(r"[“\"][^”\"]+[.!?] [A-Z][^”\"]+[”\"]"),
    "broken or mixed quote": pattern(r"\w [“\"][^”\"]{3,80}[”\"] \w", r",[”\"] [^“\"]{3,60}[,.] [“\"]"),
    "indirect speech": lambda e, s, c: _says(1, e, s, c) and not re.search('[“"]', e),
    "free indirect speech or bare fact": lambda e, s, c: not _says(1, e, s, c) and not re.search('[“"]', e),
    "according to": pattern(r"\baccording to\b"),
    "headline or transcript form": pattern(r"^[A-Z][\w'’. -]{1,40}: "),
    "post or tweet": pattern(r"\b(?:tweet|post)(?:s|ed|ing)?\b", r"\bwrote on\b", r"\bInstagram|Facebook|Telegram\b"),
    "document, study or record": pattern(
        r"\b(?:report|audit|document|filing|memo|minutes|letter|study|paper|ruling|records?|statement|log|figures)\b"
    ),
    "poll or survey": pattern(r"\b(?:polls?|survey|respondents|per cent of those)\b"),
    "unnamed source": lambda e, s, c: bool(
        re.search(
            r"\b(?:officials?|sources?|person|people|insider|aides?|diplomat|employee|witness|resident)s?\b", s, re.I
        )
        and s[:1].islower()
    ),
    "nested two deep": partial(_says, 2),
    "nested three deep": partial(_says, 3),
    "title, nickname or pronoun": _renamed,
    "metonym": pattern(
        r"\b(?:the (?:palace|club|capital|ministry|bank|team|camp|city|studio|label|airline|company|firm)|city hall|"
        r"Washington|Moscow|Brussels|Beijing|London|Paris|Tehran|Kremlin|White House)\b"
    ),
    "joint sources": pattern(r"\bboth\b[^.]{2,60}\band\b", rf"\b\w+ and (?:the )?\w+ (?:both |all )?{_SAY}"),
    "noun cue": pattern(
        r"\b(?:claim|denial|allegation|suggestion|assertion|accusation|admission|warning|promise|insistence)s?"
        r" (?:that|of|by|from)\b"
    ),
    "passive cue": pattern(r"\b(?:was|were|been|is|are) (?:accused|said|told|quoted|reported|blamed|warned|described)"),
}

AFFIRMING: dict[str, Way] = {
    "confirmation or confession": pattern(r"\b(?:confirm|admit|acknowledg|conced|confess|own(?:ed|s) up)\w*"),
    "accusation": pattern(r"\b(?:accus|blam|alleg)\w*"),
    "warning or prediction": pattern(r"\b(?:warn|predict|expect|forecast)\w*", r"\bwill\b|['’]ll\b"),
    "finding with numbers": lambda e, s, c: bool(numbers(e)),
    "concession": pattern(r"\b(?:but|though|although|however|while|yet|even so)\b"),
    "did not deny, no one doubts": pattern(
        r"\b(?:not|n['’]t|never|no one|nobody|hardly)\b[^.]{0,30}\b(?:den\w+|doubt\w*|disput\w*|contest\w*|hid\w*)"
    ),
    "plain statement": lambda e, s, c: _says(1, e, s, c),
    "feeling about a fact": pattern(r"\b(?:regret|proud|relie[fv]|sorry|furious|delight|shock|sadden|thank|welcom)\w*"),
}

DENYING: dict[str, Way] = {
    "plain denial verb": pattern(_DENIAL),
    "negated statement": pattern(_NEGATION),
    "contrary fact with no denial word": _no_denial_word,
    "numbers that rule it out": _other_numbers,
    "alibi or dates": pattern(
        r"\b(?:at home|abroad|that (?:day|night|week|evening)|since (?:\d|last|May|March)|until)\b"
    ),
    "still, only, far from": pattern(r"\b(?:still|only|far from|yet to|long way|hardly|barely)\b"),
    "ridicule": pattern(
        r"\b(?:nonsense|absurd|laugh\w*|ridiculous|joke|fiction|fantas\w+|rubbish|fairy ?tale|myth|ludicrous|invent\w*|"
        r"made[- ]up|daydream\w*|imagin\w+|garbage|bunk)\b"
    ),
    "lawsuit": pattern(r"\b(?:su(?:ed|es|ing)|lawsuit|libel|defam\w+|writ)\b"),
    "search that found nothing": pattern(
        r"\b(?:came up empty|turned up nothing|found (?:no|nothing)|no (?:trace|sign))"
    ),
    "correction": pattern(r"\b(?:correct(?:ed|ion)|retract\w*|withdr[ae]w\w*|misquoted|mistake\w*)\b"),
}

LEAVING_OPEN: dict[str, Way] = {
    "no comment": pattern(r"\b(?:no comment|declin\w+|refus\w+|would not|did not (?:respond|reply|answer)|silent)\b"),
    "cannot confirm or rule out": pattern(r"\b(?:confirm|rule|exclude|verify)\w*\b", r"\btoo (?:early|soon)\b"),
    "investigation": pattern(r"\b(?:investigat|inquir|examin|review|audit|test|look)\w*"),
    "relay": pattern(
        r"\b(?:report|quot|cit|relay|sa(?:id|ys) that)\w*\b[^.]*\b(?:said|says|told|claim\w*|according)\b"
    ),
    "conditional": pattern(r"\b(?:if|unless|provided|should it|depend\w*|in case)\b"),
    "question": pattern(r"\?", r"\b(?:ask|wonder|question|whether)\w*"),
    "doubt": pattern(r"\b(?:doubt|scepti|skepti|unsure|not sure|uncertain|unclear|puzzl)\w*"),
    "hedge": pattern(r"\b(?:may|might|could|possib\w+|perhaps|maybe)\b"),
    "neighbouring matter": lambda e, s, c: (
        not any(way(e, s, c) for name, way in LEAVING_OPEN.items() if name != "neighbouring matter")
    ),
}

WAYS: dict[str, dict[str, Way]] = {
    "Ways of speaking": SPEAKING,
    "Ways of affirming": AFFIRMING,
    "Ways of denying": DENYING,
    "Ways of leaving open": LEAVING_OPEN,
}
"""Section of the plan -> way -> pattern. The names are the items of PLAN.md."""

_BY_STANCE = {
    Stance.AFFIRM: "Ways of affirming",
    Stance.DENY: "Ways of denying",
    Stance.NEUTRAL: "Ways of leaving open",
}


def ways_of_cell(annotated: AnnotatedArticle, cell: Cell) -> Iterator[tuple[str, str]]:
    """(section, way) of one labelled cell; a silent cell has none."""
    if cell.evidence is None:
        return
    speaker = next(s.name for s in annotated.speakers if s.id == cell.speaker)
    claim = next(c.text for c in annotated.claims if c.id == cell.claim)
    for section in ("Ways of speaking", _BY_STANCE[cell.stance]):
        for name, way in WAYS[section].items():
            if way(cell.evidence.text, speaker, claim):
                yield section, name


def ways_of(annotated: AnnotatedArticle) -> Iterator[tuple[str, str]]:
    """(section, way) of every labelled cell of an article."""
    for cell in annotated.stances:
        yield from ways_of_cell(annotated, cell)
