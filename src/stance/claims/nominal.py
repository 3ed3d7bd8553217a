"""Contents without a finite clause, put into one: "to close the plant", "selling arms", "the use of drones".

Each rule knows one way in which English packs a statement; the others of a phrase's kinds ("the offer") state nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stance.attribution.cues import NOUNS
from stance.claims.cast import Cast, is_plural
from stance.claims.inflection import past
from stance.schema import Attribution

_COMMISSIVE = re.compile(
    r"\b(?:plan|promise|vow|pledge|threaten|intend|agree|decide|expect|prepare|refuse|decline|guarantee|hope)", re.I
)
_REFUSING = re.compile(r"\b(?:refuse|decline)", re.I)
_REQUEST = re.compile(
    r"\b(?:ask|urg|press|push|order|tell|told|demand|call|warn|want|beg|plead|appeal|request|command)", re.I
)
_ADMITTING = re.compile(r"\b(?:den[iy]|admit|confess|acknowledg|recall|regret|remember|report)", re.I)
_ACCUSING = re.compile(r"accus|blam|suspect|charg", re.I)
_UNREAL = re.compile(
    r"\b(?:propos|consider|back|support|oppos|favou?r|advocat|recommend|endors|predict|describ|call|prais|thank)", re.I
)
"""Cues whose object need not have happened."""
_ACCUSED_OF = re.compile(r"^(?P<who>.{2,80}?) of (?P<what>\w+ing\b.*)$", re.S)
_HEARSAY = re.compile(
    rf"^(?:[\w'’-]+ ){{0,4}}?(?:{'|'.join(NOUNS)}|report|controversy|coverage|stor(?:y|ie)|charge|accusation)s?"
    r" (?:of|about|over|on|regarding|concerning) ",
    re.I,
)
"""Reports, rumours, allegations: what follows is what they say."""
_WITH_THAT = re.compile(
    rf"^(?:\W*(?:the|any|all|these|those|such|some|\w+['’]s?|media|earlier|recent|widespread)\s+)*(?:{'|'.join(NOUNS)})s?\s+that\s+",
    re.I,
)
_DONE = dict(
    entry.split(":")
    for entry in """use:used sale:sold delivery:delivered supply:supplied killing:killed murder:murdered arrest:arrested
    detention:detained theft:stolen destruction:destroyed bombing:bombed shelling:shelled invasion:invaded
    closure:closed collapse:collapsed transfer:transferred shipment:shipped export:exported deployment:deployed
    abuse:abused torture:tortured poisoning:poisoned kidnapping:kidnapped abduction:abducted dismissal:dismissed
    release:released purchase:bought payment:paid discovery:discovered leak:leaked falsification:falsified
    manipulation:manipulated resignation:resigned death:died departure:departed hacking:hacked""".split()
)
"""Noun of an action -> the participle that states it; those of INTRANSITIVE stand without "was"."""
_INTRANSITIVE = frozenset(("collapse", "resignation", "death", "departure"))
_OWNED = (
    (r"involvement in", "was involved in"), (r"responsibility for", "was responsible for"),
    (r"knowledge of", "knew of"),
    (r"role in", "played a role in"), (r"part in", "took part in"), (r"links? (?:to|with)", "has links to"),
    (r"ties (?:to|with)", "has ties to"), (r"contacts? with", "had contact with"), (r"support (?:for|of)", "supported"),
    (r"use of", "used"), (r"sale of", "sold"), (r"invasion of", "invaded"), (r"attacks? (?:on|against)", "attacked"),
    (r"supply of", "supplied"), (r"killing of", "killed"), (r"plans? to", "plans to"),
    (r"complicity in", "was complicit in"),
    (r"delivery of", "delivered"), (r"interference in", "interfered in"), (r"possession of", "possessed"),
)  # fmt: skip
"""What somebody has or does in a noun, and the verb for it."""
_DOUBT = r"(?:(?:alleged|supposed|reported|purported|claimed|any|direct|personal) )*"
_ACTION = re.compile(
    rf"(?:the )?{_DOUBT}(?P<noun>{'|'.join(_DONE)})s? of (?P<what>.+?)"
    r"(?P<rest>(?: (?:in|by|at|on|from|to|for|during|near|with|against|last)\b.*)?)$",
    re.S | re.I,
)
_STOP = re.compile(r"^(?:to )?(?:immediately )?(?:stop|cease|halt|end|quit|refrain from)\s+(?P<what>\w+ing\b.*)$", re.S)


class Phrase(NamedTuple):
    """A finite sentence made of a phrase; ``presupposed`` where the speaker takes it for granted."""

    text: str
    presupposed: bool = False


def of_phrase(attribution: Attribution, content: str, text: str, cast: Cast) -> Phrase | None:
    """The sentence that a content without a finite clause states, or None where it states nothing."""
    cue = " ".join(span.of(text) for span in attribution.cue)
    for rule in (_promised, _accused, _gerund, _owned, _action):
        if (made := rule(content, cue, attribution)) is not None:
            return Phrase(made)
    if (made := _stopped(content, cue, _between(attribution, text))) is not None:
        return Phrase(made, presupposed=True)
    if _WITH_THAT.match(content):
        return Phrase(_WITH_THAT.sub("", content))
    return None


def _between(attribution: Attribution, text: str) -> str:
    """The words between cue and content: "Karvia" in "asked Karvia to stop ..."."""
    if not attribution.cue or not attribution.content:
        return ""
    words = text[attribution.cue[-1].end : attribution.content[0].start].strip(" ,")
    return re.sub(r"^(?:on|upon|for|to|that)\s+", "", words)


def _promised(content: str, cue: str, attribution: Attribution) -> str | None:
    if not (attribution.speaker and re.match(r"to\s+\w+", content) and _COMMISSIVE.search(cue)):
        return None
    return f"{attribution.speaker} {'will not' if _REFUSING.search(cue) else 'will'} {content[3:]}"


def _accused(content: str, cue: str, attribution: Attribution) -> str | None:
    accusation = _ACCUSED_OF.match(content) if _ACCUSING.search(cue) else None
    return f"{accusation['who']} {_be(accusation['who'])} {accusation['what']}" if accusation else None


def _gerund(content: str, cue: str, attribution: Attribution) -> str | None:
    """ "Denied selling arms", "admitted having sold arms"."""
    who = attribution.speaker
    if not who or attribution.rule not in ("verb_clause", "verb_object") or not _ADMITTING.search(cue):
        return None
    if match := re.match(r"(?:ever )?having (?:ever )?(.+)$", content, re.S):
        return f"{who} had {match[1]}"
    if match := re.match(r"(?:ever )?being (.+)$", content, re.S):
        return f"{who} {_be(who)} {match[1]}"
    if match := re.match(r"(?:ever )?(know|own|need|want|belong|contain|believ)ing\b(.*)$", content, re.S):
        return f"{who} {past(match[1] if match[1] != 'believ' else 'believe')}{match[2]}"
    return f"{who} {_be(who)} {content}" if re.match(r"[a-z]{2,}ing\b(?! (?:of|by|from|was|is)\b)", content) else None


def _owned(content: str, cue: str, attribution: Attribution) -> str | None:
    """ "Karvia's support for the rebels", and the speaker's own "any involvement in the fire"."""
    if _UNREAL.search(cue):
        return None
    phrase = _HEARSAY.sub("", content)
    for noun, verb in _OWNED:
        if match := re.match(rf"(?P<who>.{{2,60}}?)['’]s? {_DOUBT}{noun} (?P<what>.+)$", phrase, re.S | re.I):
            return f"{match['who']} {verb} {match['what']}"
        own = re.match(rf"{_DOUBT}{noun} (?P<what>.+)$", phrase, re.S | re.I)
        if own and phrase == content and attribution.speaker and _ADMITTING.search(cue):
            return f"{attribution.speaker} {verb} {own['what']}"
    return None


def _action(content: str, cue: str, attribution: Attribution) -> str | None:
    """ "Reports about the use of drones in the war" -> "drones were used in the war"."""
    phrase = _HEARSAY.sub("", content)
    if _UNREAL.search(cue) or (phrase == content and not _ADMITTING.search(cue)):
        return None
    match = _ACTION.match(phrase)
    if match is None:
        return None
    noun = match["noun"].lower()
    verb = _DONE[noun] if noun in _INTRANSITIVE else f"{_be(match['what'])} {_DONE[noun]}"
    return f"{match['what']} {verb}{match['rest']}"


def _stopped(content: str, cue: str, who: str) -> str | None:
    """Whoever asks somebody to stop doing a thing takes it that they do it."""
    match = _STOP.match(content)
    if match is None or not _REQUEST.search(cue) or not 1 <= len(who.split()) <= 6 or re.search(r"[.;:\"“]", who):
        return None
    past = bool(re.search(r"(?:ed|told|begged|sought)$", cue.split(maxsplit=1)[0])) if cue else False
    return f"{who} {_be(who, past)} {match['what']}"


def _be(who: str, past: bool = True) -> str:
    last = who.rsplit(maxsplit=1)[-1]
    by_form = last[:1].islower() and bool(re.search(r"[a-z](?:[^su'’\W]s|men|people|children)$", last))
    plural = is_plural(who) or by_form
    return ("were" if plural else "was") if past else ("are" if plural else "is")
