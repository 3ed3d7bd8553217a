"""Labeling functions: each holds one idea and votes affirm, deny, neutral or abstains (None) on a candidate.

A function reads a :class:`stance.pairs.Candidate`: the attributions that make the claim for the speaker (``own``) or
touch it (``near``). To add one, write it here and list it in :data:`FUNCTIONS`; its name becomes its row in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stance.attribution.cues import VERBS
from stance.pairs import Candidate
from stance.schema import Attribution, Stance
from stance.wording import stem, words

Vote = Stance | None
LabelingFunction = Callable[[Candidate], Vote]

_HEDGE = re.compile(
    r"\b(?:may|might|could|possibl[ey]|perhaps|maybe|unclear|unknown|uncertain|whether|if"
    r"|not (?:sure|certain|known))\b",
    re.I,
)
_NO_COMMENT = re.compile(
    r"\b(?:declin|refus)\w* to (?:comment|say|confirm|answer|discuss|elaborate)|no comment"
    r"|not (?:comment|respond|return)|(?:could|can|would) ?n[o']t (?:be reached|confirm)"
    r"|neither confirm\w* nor|too (?:early|soon) to",
    re.I,
)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|reject\w*|refut\w*|dismiss\w*|disput\w*|rebut\w*|false|untrue|baseless|unfounded|"
    r"fabricat\w*|nonsense|absurd|ridiculous|a lie|lies|hoax|debunk\w*|not true|wrong|no truth|fake)\b",
    re.I,
)
_ADMISSION = re.compile(
    r"\b(?:admit\w*|acknowledg\w*|conced\w*|confess\w*|confirm\w*|did not deny|does not deny)\b", re.I
)
_INVESTIGATION = re.compile(
    r"\b(?:investigat\w*|looking into|examin\w*|probe|inquiry|awaiting|waiting for|review)\b", re.I
)
_RELAY = re.compile(r"\b(?:citing|quoting|quoted|cited|according to|reportedly|sources? (?:said|told))\b", re.I)
_STRONG = (
    "confirm",
    "insist",
    "maintain",
    "assert",
    "stress",
    "warn",
    "accuse",
    "announce",
    "testify",
    "declare",
    "reiterate",
)


def _verb_forces(candidate: Candidate, attributions: tuple[Attribution, ...]) -> set[Stance]:
    forms = {word for attribution in attributions for word in words(candidate.cue(attribution))}
    return {VERBS[lemma].force for lemma in map(_lemma, forms) if lemma in VERBS}


_BY_STEM = {stem(lemma): lemma for lemma in sorted(VERBS, key=len, reverse=True)}
_IRREGULAR = {"said": "say", "told": "tell", "thought": "think", "wrote": "write", "knew": "know", "felt": "feel",
              "found": "find", "showed": "show", "denied": "deny", "denies": "deny", "denying": "deny",
              "swore": "swear"}  # fmt: skip


def _lemma(word: str) -> str:
    return _IRREGULAR.get(word) or _BY_STEM.get(stem(word), word)


def _own_text(candidate: Candidate) -> str:
    return " ".join(candidate.content(attribution) for attribution in candidate.own)


def _near_text(candidate: Candidate) -> str:
    return " ".join(f"{candidate.cue(a)} {candidate.content(a)}" for a in candidate.near)


def states_it(candidate: Candidate) -> Vote:
    """The speaker's own attribution states the claim with an affirming cue and no negation."""
    plain = candidate.own and not any(candidate.denied) and Stance.AFFIRM in _verb_forces(candidate, candidate.own)
    return Stance.AFFIRM if plain else None


def states_the_opposite(candidate: Candidate) -> Vote:
    """Every own attribution says the opposite: a denying cue or a negated content (not both)."""
    return Stance.DENY if candidate.own and all(candidate.denied) else None


def latest_position(candidate: Candidate) -> Vote:
    """Where a speaker's own attributions differ, the latest one stands."""
    if len(set(candidate.denied)) < 2:
        return None
    latest = max(zip(candidate.own, candidate.denied, strict=True), key=lambda item: item[0].content[0].start)
    return Stance.DENY if latest[1] else Stance.AFFIRM


def denying_cue(candidate: Candidate) -> Vote:
    """The cue of an own attribution is a verb or noun of denial."""
    return Stance.DENY if any(a.negated for a in candidate.own) and all(candidate.denied) else None


def strong_cue(candidate: Candidate) -> Vote:
    """A cue of commitment (confirmed, insists, warned, accused) over a content without negation."""
    cues = " ".join(candidate.cue(a) for a in candidate.own)
    strong = any(_lemma(word) in _STRONG for word in words(cues))
    return Stance.AFFIRM if strong and not any(candidate.denied) else None


def neutral_cue(candidate: Candidate) -> Vote:
    """The speaker asks, wonders, investigates or declines."""
    if candidate.presupposed:
        return None
    return Stance.NEUTRAL if _verb_forces(candidate, candidate.own) == {Stance.NEUTRAL} else None


def presupposed(candidate: Candidate) -> Vote:
    """The speaker asks somebody to stop what the claim says that they do."""
    return Stance.AFFIRM if candidate.presupposed else None


def hedged(candidate: Candidate) -> Vote:
    """The content is hedged: may, might, could, possible, unclear, whether."""
    return Stance.NEUTRAL if _HEDGE.search(_own_text(candidate)[:120]) else None


def according_to(candidate: Candidate) -> Vote:
    """ "According to X" gives the content to X as a fact."""
    plain = any(a.rule == "according_to" for a in candidate.own) and not any(candidate.denied)
    return Stance.AFFIRM if plain else None


def direct_quote(candidate: Candidate) -> Vote:
    """The speaker's own quoted words, taken as they stand."""
    if not any(a.quote_type == "direct" for a in candidate.own):
        return None
    return Stance.DENY if all(candidate.denied) else Stance.AFFIRM


def no_comment(candidate: Candidate) -> Vote:
    """Declines to comment, cannot confirm, too early to say."""
    text = _near_text(candidate) + " ".join(candidate.cue(a) for a in candidate.own)
    return Stance.NEUTRAL if _NO_COMMENT.search(text) else None


def silent(candidate: Candidate) -> Vote:
    """The article gives this speaker no words that share a content word with the claim."""
    return Stance.NEUTRAL if candidate.silent else None


def relayed(candidate: Candidate) -> Vote:
    """The speaker (an outlet, most often) only passes on what others said."""
    cues = " ".join(f"{candidate.cue(a)} {candidate.content(a)}" for a in candidate.attributions)
    return Stance.NEUTRAL if not candidate.own and _RELAY.search(cues) else None


def near_denial(candidate: Candidate) -> Vote:
    """The speaker denies something close to the claim."""
    return Stance.DENY if not candidate.own and _DENIAL.search(_near_text(candidate)) else None


def near_admission(candidate: Candidate) -> Vote:
    """The speaker admits or confirms something close to the claim."""
    text = _near_text(candidate)
    return Stance.AFFIRM if not candidate.own and _ADMISSION.search(text) and not _DENIAL.search(text) else None


def near_investigation(candidate: Candidate) -> Vote:
    """The speaker investigates or waits."""
    return Stance.NEUTRAL if not candidate.own and _INVESTIGATION.search(_near_text(candidate)) else None


def near_hedge(candidate: Candidate) -> Vote:
    """The speaker speaks of something close to the claim, with a hedge."""
    return Stance.NEUTRAL if not candidate.own and _HEDGE.search(_near_text(candidate)) else None


FUNCTIONS: tuple[LabelingFunction, ...] = (
    states_it,
    states_the_opposite,
    latest_position,
    denying_cue,
    strong_cue,
    neutral_cue,
    presupposed,
    hedged,
    according_to,
    direct_quote,
    no_comment,
    silent,
    relayed,
    near_denial,
    near_admission,
    near_investigation,
    near_hedge,
)
