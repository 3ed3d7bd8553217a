"""Forms of English verbs: what "did attend", "does leak" and "failed to come" are in one word."""

from __future__ import annotations

import re

_IRREGULAR = """be was been|become became become|begin began begun|bite bit bitten|blow blew blown|break broke broken
|bring brought brought|build built built|burn burned burned|buy bought bought|catch caught caught|choose chose chosen
|come came come|cost cost cost|cut cut cut|deal dealt dealt|do did done|draw drew drawn|drink drank drunk
|drive drove driven|eat ate eaten|fall fell fallen|feel felt felt|fight fought fought|find found found|flee fled fled
|fly flew flown|forbid forbade forbidden|forget forgot forgotten|get got got|give gave given|go went gone
|grow grew grown|hang hung hung|have had had|hear heard heard|hide hid hidden|hit hit hit|hold held held|hurt hurt hurt
|keep kept kept|know knew known|lay laid laid|lead led led|leave left left|lend lent lent|let let let|lie lay lain
|lose lost lost|make made made|mean meant meant|meet met met|pay paid paid|put put put|quit quit quit|read read read
|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said said|see saw seen|seek sought sought
|sell sold sold|send sent sent|set set set|shake shook shaken|shed shed shed|shoot shot shot|show showed shown
|shut shut shut|sing sang sung|sink sank sunk|sit sat sat|sleep slept slept|speak spoke spoken|spend spent spent
|spread spread spread|stand stood stood|steal stole stolen|stick stuck stuck|strike struck struck|swear swore sworn
|swim swam swum|take took taken|teach taught taught|tear tore torn|tell told told|think thought thought
|throw threw thrown|understand understood understood|wake woke woken|wear wore worn|win won won
|withdraw withdrew withdrawn|write wrote written|undergo underwent undergone|overcome overcame overcome
|admit admitted admitted|ban banned banned|commit committed committed|control controlled controlled|drop dropped dropped
|jam jammed jammed|occur occurred occurred|permit permitted permitted|plan planned planned|prefer preferred preferred
|refer referred referred|rob robbed robbed|shun shunned shunned|slip slipped slipped|stab stabbed stabbed
|step stepped stepped|stop stopped stopped|submit submitted submitted|transfer transferred transferred
|trap trapped trapped|leak leaked leaked"""
_FORMS: dict[str, tuple[str, str]] = {
    base: (past, participle) for base, past, participle in (entry.split() for entry in _IRREGULAR.split("|"))
}
_SINGULAR = {"have": "has", "do": "does", "be": "is", "are": "is", "am": "is", "were": "was", "go": "goes"}


def past(base: str) -> str:
    """The past tense of a base form: "attend" -> "attended", "sell" -> "sold"."""
    return _FORMS[base][0] if base in _FORMS else _regular(base)


def participle(base: str) -> str:
    """The past participle of a base form: "see" -> "seen"."""
    return _FORMS[base][1] if base in _FORMS else _regular(base)


def third_person(verb: str) -> str:
    """The singular of a present form: "have" -> "has", "deny" -> "denies", "leak" -> "leaks"."""
    if verb in _SINGULAR:
        return _SINGULAR[verb]
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if re.search(r"(?:s|sh|ch|x|z)$", verb) else f"{verb}s"


def _regular(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    return f"{base[:-1]}ied" if re.search(r"[^aeiou]y$", base) else f"{base}ed"
