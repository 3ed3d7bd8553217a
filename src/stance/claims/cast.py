"""Whom a pronoun of a content may mean: the speaker, by gender and number, or the body that the speaker speaks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from stance.claims.states import DEMONYMS, state_of
from stance.schema import Article, Attribution

PERSONAL = frozenset(("he", "she", "it", "they"))
_CASES = {"him": "he", "his": "he", "her": "she", "hers": "she", "its": "it", "them": "they", "their": "they",
          "theirs": "they"}  # fmt: skip
_BODY = re.compile(
    r"\b(?:ministry|company|firm|board|police|council|government|agency|authority|office|department|committee|union"
    r"|federation|association|court|university|institute|bank|group|team|club|party|army|navy|force|press|times|news"
    r"|daily|post|herald|church|commission|bureau|service|laboratory|lab|hospital|school|parliament|senate|report"
    r"|reports|study|statement|airline|airlines|lines|ltd|inc|plc|corp|ag|gmbh|media|network|foundation|trust|fund|lawyers"
    r"|society|centre|center|museum|states|kingdom|nations|house|campaign|coalition|side|tribunal|inquiry|tv|radio)\b",
    re.I,
)
_ROLE = re.compile(
    r"(?:man|woman|person|minister|president|mayor|chief|director|doctor|lawyer|driver|worker|judge|king|queen|mother"
    r"|father|brother|sister|son|daughter|wife|husband|coach|professor|spokes\w+|senator|general|colonel|captain|chair"
    r"|diplomat|ambassador|expert|witness|officer|official|prosecutor|owner|member|analyst|scientist|teacher|nurse"
    r"|secretary|source|farmer|player|pilot|editor|writer|actor|actress|singer|guard|priest|bishop|[a-z]{3,}ist)$",
    re.I,
)
_HIM = re.compile(
    r"\b(?:mr|sir|lord|king|prince|father|brother|son|husband|chairman|spokesman|businessman|man|boy)\b", re.I
)
_HER = re.compile(
    r"\b(?:mrs|ms|miss|lady|queen|princess|mother|sister|daughter|wife|chairwoman|spokeswoman|businesswoman|woman|actress"
    r"|girl)\b",
    re.I,
)
_OFFICES = (
    r"(?:(?:foreign|prime|defen[cs]e|interior|finance|health|energy|trade|oil|deputy|justice|first|vice|agriculture"
    r"|transport|education|culture|economy|chief|senior|acting|former) )*"
    r"(?:minister|president|premier|ambassador|envoy|diplomat|chancellor|secretary of \w+|leader|negotiator|spokes\w+)"
)
_POSTS = (
    r"(?:chief executive(?: officer)?|ceo|chairman|chairwoman|chair|president|director|head|boss|spokes\w+|owner"
    r"|manager|leader)"
)
_CAPITALISED = r"(?:St\.|(?:[A-Z]\.)+|[A-Z](?:[\w&'’-]|\.(?=\w))*)"  # without the full stop of the sentence
_BODY_NAME = rf"(?:the )?{_CAPITALISED}(?: (?:of|for|and|&|{_CAPITALISED}))*"
_DEMONYM = "|".join(DEMONYMS)
_STATE_OFFICE = rf"\b({_DEMONYM}) (?i:{_OFFICES})"
_BODY_POST = rf", (?:an?|the|its|their)?\s*(?:\w+ )?{_POSTS} (?:of|for|at) ({_BODY_NAME})"
_POST = rf"(?:['’]s)? {_POSTS},? "
_HAS_STATE_OFFICE, _HAS_BODY_POST, _HAS_POST = map(re.compile, (_STATE_OFFICE, _BODY_POST, _POST))
_OF_STATE = re.compile(rf"(?:the )?({_DEMONYM}) (?i:{_OFFICES})$")


@dataclass
class Cast:
    """What an article shows of its speakers: the pronouns that it uses for each, and whom their "we" means."""

    text: str = ""
    pronouns: dict[str, set[str]] = field(default_factory=dict)
    _bodies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, article: Article, attributions: Iterable[Attribution]) -> Cast:
        """Read off the sources: where "she said" was resolved to a name, the name goes with "she"."""
        cast = cls(article.text)
        for attribution in attributions:
            source = " ".join(span.of(article.text) for span in attribution.source).lower()
            if source in PERSONAL and attribution.speaker.lower() != source:
                cast.pronouns.setdefault(attribution.speaker, set()).add(source)
        return cast

    def may_be(self, pronoun: str, speaker: str) -> bool:
        """Whether a third-person pronoun, in any case, can stand for the speaker."""
        word = _CASES.get(pronoun.lower(), pronoun.lower())
        if not speaker or word not in PERSONAL or speaker.lower() in PERSONAL:
            return False
        seen = self.pronouns.get(speaker, set())
        if word in ("he", "she") and seen & {"he", "she"}:
            return word in seen
        if word in ("he", "she"):
            other = _HER if word == "he" else _HIM
            return is_person(speaker) and not other.search(speaker)
        if word == "they":
            return not is_person(speaker)
        return not is_person(speaker) and not is_plural(speaker)

    def body_of(self, speaker: str) -> str:
        """Whom the speaker's "we" means: the state or body that the article names beside them, or the speaker."""
        if speaker not in self._bodies:
            self._bodies[speaker] = self._body(speaker) if is_person(speaker) else speaker
        return self._bodies[speaker]

    def _body(self, speaker: str) -> str:
        name = re.escape(speaker)
        if match := _found(_HAS_STATE_OFFICE, rf"{_STATE_OFFICE},? {name}\b", self.text):
            return DEMONYMS[match[1]]
        if match := _found(_HAS_BODY_POST, rf"\b{name}{_BODY_POST}", self.text):
            return match[1]
        if match := _found(_HAS_POST, rf"\b({_BODY_NAME}){_POST}{name}\b", self.text):
            return re.sub(r"['’]s$", "", match[1])
        if match := _OF_STATE.match(speaker):
            return DEMONYMS[match[1]]
        return state_of(speaker) or speaker


def _found(part: re.Pattern[str], whole: str, text: str) -> re.Match[str] | None:
    """Where a text has a pattern with a name in it; compiled only where the text has the part without the name."""
    return re.search(whole, text) if part.search(text) else None


def is_person(name: str) -> bool:
    """Whether a speaker's name or description is one human being's, by its words."""
    words = [word for word in re.split(r"[\s,]+", name) if word]
    if not words or _BODY.search(name) or is_plural(name) or state_of(name) or name in DEMONYMS.values():
        return False
    if name[:1].islower() or words[0].lower() in ("the", "a", "an", "one", "another"):
        head = re.split(r"\s+(?:of|for|at|in|from|with|who|close|on|familiar)\b|,", name)[0].split()
        return bool(head) and bool(
            _ROLE.search(head[-1]) or (head[-1][0].isupper() and _ROLE.search(" ".join(head[:-1])))
        )
    named = [word for word in words if word[0].isupper()]
    return len(words) <= 5 and len(named) >= max(1, len(words) - 2) and not name.isupper()


def is_plural(name: str) -> bool:
    """ "Two officials", "residents", "Karvia and Norland"."""
    if re.search(r"\b(?:and|both|two|three|several|some|many|most|officials|people|others)\b", name, re.I):
        return True
    head = re.split(r"\s+(?:of|for|at|in|from|with|who|close|on|familiar)\b|,", name)[0]
    return bool(re.search(r"[a-z][^su'’\W]s$", head)) and not head[:1].isupper()
