"""States by their demonyms: "the Icelandic minister" speaks for Iceland, and "Icelandic ferries" are Iceland's."""

from __future__ import annotations

import re

from stance.attribution.speakers import METONYMS

_DEMONYMS = """Afghan Afghanistan|Albanian Albania|Algerian Algeria|American United States|Argentine Argentina
|Armenian Armenia|Australian Australia|Austrian Austria|Azerbaijani Azerbaijan|Belarusian Belarus|Belgian Belgium
|Bolivian Bolivia|Brazilian Brazil|British United Kingdom|Bulgarian Bulgaria|Canadian Canada|Chilean Chile
|Chinese China|Colombian Colombia|Croatian Croatia|Cuban Cuba|Czech Czech Republic|Danish Denmark|Dutch Netherlands
|Egyptian Egypt|Estonian Estonia|Ethiopian Ethiopia|Finnish Finland|French France|Georgian Georgia|German Germany
|Greek Greece|Hungarian Hungary|Icelandic Iceland|Indian India|Indonesian Indonesia|Iranian Iran|Iraqi Iraq
|Irish Ireland|Israeli Israel|Italian Italy|Japanese Japan|Jordanian Jordan|Kenyan Kenya|Latvian Latvia
|Lebanese Lebanon|Libyan Libya|Lithuanian Lithuania|Malaysian Malaysia|Mexican Mexico|Moroccan Morocco
|Nigerian Nigeria|Norwegian Norway|Pakistani Pakistan|Palestinian Palestine|Peruvian Peru|Philippine Philippines
|Polish Poland|Portuguese Portugal|Qatari Qatar|Romanian Romania|Russian Russia|Saudi Saudi Arabia|Scottish Scotland
|Serbian Serbia|Slovak Slovakia|Slovenian Slovenia|Spanish Spain|Sudanese Sudan|Swedish Sweden|Swiss Switzerland
|Syrian Syria|Taiwanese Taiwan|Thai Thailand|Tunisian Tunisia|Turkish Turkey|Ukrainian Ukraine|Venezuelan Venezuela
|Vietnamese Vietnam|Welsh Wales|Yemeni Yemen"""
DEMONYMS: dict[str, str] = dict(entry.strip().split(" ", 1) for entry in _DEMONYMS.split("|"))
_ONE_NAME: dict[str, str] = {
    **{name: state for name, state in METONYMS.items() if " " not in name},
    **{demonym.lower(): state for demonym, state in DEMONYMS.items()},
}


def state_words(word: str) -> list[str]:
    """The words of the state that a lower-cased demonym, capital or short name stands for, or the word itself."""
    state = None if word == "us" else _ONE_NAME.get(word)
    return state.lower().split() if state else [word]


def state_of(name: str) -> str | None:
    """The state whose government a capital or short name stands for when it speaks, or None."""
    plain = re.sub(r"^[Tt]he ", "", name)
    return METONYMS.get(plain.lower()) if plain[:1].isupper() else None  # "us" is no state
