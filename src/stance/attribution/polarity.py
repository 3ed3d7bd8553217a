"""What a cue with its negation says of its content: affirm, deny or neutral."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.attribution.cues import NOUNS, VERBS
from stance.schema import Stance

if TYPE_CHECKING:
    from spacy.tokens import Token

RAISING = frozenset(("think", "believe", "expect", "feel", "agree", "accept", "want", "wish", "see", "imagine"))
"""Verbs whose negation is meant for their content: "does not think it leaks" says that it does not."""

_WITHHOLDING = frozenset(("avoid", "stop", "fail", "cease", "quit", "refuse", "decline", "neglect", "hesitate"))
_TAKING_BACK = frozenset(("apologise", "apologize", "refrain", "stop", "prevent", "deter", "abstain"))
"""Verbs before "for saying" or "from saying" under which the words are not, or no longer, upheld."""
_NO = frozenset(("never", "nor", "neither", "hardly"))


def force_of(cue: Token) -> Stance:
    """The polarity of a cue word as it is used: "did not deny" and "did not say" leave their content open."""
    table = NOUNS if cue.pos_ == "NOUN" else VERBS
    entry = table.get(cue.lemma_.lower())
    force = entry.force if entry is not None else Stance.AFFIRM
    if _is_withheld(cue):
        return Stance.NEUTRAL
    if cue.lemma_.lower() == "rule" and any(c.dep_ == "prt" and c.lower_ == "out" for c in cue.children):
        force = Stance.DENY
    if not is_negated(cue):
        return force
    return Stance.DENY if force is Stance.AFFIRM and cue.lemma_.lower() in RAISING else Stance.NEUTRAL


def _is_withheld(cue: Token) -> bool:
    """ "Stopped saying", "failed to say", "warned against assuming", "retracted his claim"."""
    above = cue.head
    if cue.dep_ == "xcomp":
        return above.lemma_.lower() in _WITHHOLDING
    if cue.dep_ == "dobj":
        return cue.pos_ == "NOUN" and above.lemma_.lower() in ("retract", "withdraw")
    if cue.dep_ != "pcomp":
        return False
    return above.lower_ in ("against", "without") or above.head.lemma_.lower() in _TAKING_BACK


def is_negated(token: Token) -> bool:
    """Whether the verb or noun stands under a negation of its own."""
    return any(c.dep_ == "neg" or c.lower_ in _NO or (c.dep_ == "det" and c.lower_ == "no") for c in token.children)
