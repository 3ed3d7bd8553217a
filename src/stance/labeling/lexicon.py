"""The words that labeling functions look for: negation, denial, hedge, refusal, admission, and pairs of opposites."""

from __future__ import annotations

import re
from functools import lru_cache

KEPT = 256
"""Texts whose answer a pattern keeps: the candidates of an article ask the same of the same sentences."""


class Words:
    """A pattern of words, in whatever case."""

    def __init__(self, pattern: str) -> None:
        compiled = re.compile(pattern, re.IGNORECASE)
        self.search = lru_cache(maxsize=KEPT)(compiled.search)
        self.findall = compiled.findall


def _any_of(*patterns: str) -> Words:
    return Words("|".join(rf"\b(?:{pattern})\b" for pattern in patterns))


NEGATION = Words(r"\b(?:not|never|no|none|nobody|nothing|nowhere|neither|nor|without|hardly|cannot)\b|n['’]t\b")
HEDGE = _any_of(
    r"may|might|could|possibl[ey]|possibility|perhaps|maybe|unclear|unknown|uncertain|unsure|whether|if",
    r"not (?:sure|certain|known|clear)|hard to believe|speculat\w+|seems?|appears?|remains to be seen|open question",
)
CONDITION = _any_of(r"if|unless|provided that|in case|should \w+ (?:fail|refuse)|depends?|depending")
REFUSAL = _any_of(
    r"(?:declin|refus)\w* to (?:comment|say|confirm|answer|discuss|elaborate|be drawn|name|rule|speculate)|no comment",
    r"(?:not|n['’]t|never) (?:comment|respond|return|answer|reply|say|discuss|be drawn|confirm|speculate)\w*",
    r"be reached|neither confirm\w* nor|preferred not to|no opinion|took no position|took no view|would say only",
    r"(?:could|would|can|will)(?: ?not|n['’]t) (?:say|confirm|be drawn|speculate|discuss|rule)",
)
IGNORANCE = _any_of(
    r"(?:do|does|did)(?: not|n['’]t) know|no idea|cannot (?:say|tell|know)|can['’]t (?:say|tell|know)",
    r"(?:had|have|has|having) (?:not|n['’]t) (?:seen|heard|read|checked)|not (?:aware|seen|heard)|unaware|yet to",
    r"too (?:early|soon)",
)
INQUIRY = _any_of(
    r"investigat\w*|looking into|look into|examin\w*|probe|inquir\w+|enquir\w+|await\w*|waiting for|review\w*|wait",
    r"stud(?:y|ies|ied|ying)|analy[sz]\w+|tests?|assess\w*|check\w*|verif\w*|autops\w+",
)
WHETHER = _any_of(r"whether|say if|asked if|say what|say who|how many")
UNDISPUTED = _any_of(r"(?:not|n['’]t|never) (?:dispute|deny|contest|challenge)\w*|not den(?:y|ied)")
UNSAID = _any_of(
    r"(?:never|not|n['’]t) (?:said|say|claim|claimed|suggest|suggested|assert|asserted|alleged?) (?:that|it|so)"
)
OPEN = _any_of(r"rul(?:e|ed|es|ing) (?:it |this |that |anything |nothing )?out|exclude[ds]?|left? open")
DENIAL = _any_of(
    r"den(?:y|ies|ied|ying|ials?)|reject\w*|refut\w*|dismiss\w*|disput\w*|rebut\w*|debunk\w*|contradict\w*|contest\w*",
    r"false\w*|untrue|not true|no truth|baseless|unfounded|groundless|fabricat\w*|invented|invention|nonsense|absurd",
    r"ridiculous|rubbish|a lie|lies|liars?|hoax\w*|wrong\w*|fake\w*|mistaken|fiction|myth|slander\w*|disagree\w*",
    r"bogus|incorrect|misread\w*|misle\w+|far from|the opposite|on the contrary|waved? \w+ (?:away|aside)|no such",
)
RIDICULE = _any_of(
    r"laugh\w*|jok(?:e|es|ed|ing)|fairy ?tales?|fantas\w+|imaginat\w+|science fiction|comed\w+|circus|snort\w*",
    r"so-called|supposed(?:ly)?|mock\w*|sneer\w*|absurd\w*|silly|ridicul\w*|laughable|scoff\w*",
    r"in (?:his|her|their) dreams",
)
ADMISSION = _any_of(
    r"admit\w*|acknowledg\w*|conced\w*|confess\w*|confirm(?:s|ed|ing)?|accept(?:s|ed)|agree(?:s|d)?|apologi[sz]\w*|yes"
)
QUESTIONING = _any_of(r"ask(?:s|ed|ing)?|wonder\w*|question(?:s|ed|ing)?|demand\w* to know|query|queried")
OUTRIGHT_NO = Words(r"(?:^|[“\"'‘:]\s*|\bsaid\s+|\banswered\s+)(?:no|nope|never|nonsense|rubbish|false)\b[,.!;—]")

_OPPOSITES = """
    safe/dangerous safe/unsafe sound/cracked open/closed open/shut alive/dead rise/fall rise/drop increase/decrease
    up/down higher/lower gain/lose profit/loss win/lose won/lost legal/illegal lawful/unlawful guilty/innocent
    genuine/fake genuine/forgery real/fake true/false accident/deliberate accidental/deliberate full/empty
    more/fewer more/less early/late before/after first/last old/new begin/end start/stop started/stopped begun/ended
    stay/leave stays/leave keep/sell keep/scrap buy/sell bought/sold hired/fired approve/reject approved/rejected
    approved/refused accept/reject accepted/refused accepted/rejected support/oppose supports/opposes agree/refuse
    pass/fail passed/failed succeed/fail success/failure clean/dirty clean/polluted clean/contaminated healthy/sick
    healthy/ill calm/storm raise/cut raised/cut raise/lower grow/shrink grew/shrank growing/shrinking strong/weak
    stronger/weaker quick/slow faster/slower cheap/expensive cheaper/dearer public/secret known/unknown
    present/absent inside/outside working/broken works/broken intact/damaged complete/incomplete finished/unfinished
    signed/unsigned vaccinated/unvaccinated enough/short shortage/plenty single/married together/apart peace/war
    ceasefire/attack voluntary/forced willingly/forced possible/impossible likely/unlikely necessary/unnecessary
    same/different unchanged/changed improve/worsen improved/worse better/worse good/bad harmless/harmful
    arrived/left arrive/leave enter/leave remain/leave remains/gone own/rented sober/drunk empty/crowded north/south
    left/right male/female day/night solved/unsolved paid/unpaid free/jailed released/held resigned/stayed
    resign/stay destroyed/kept lost/found
""".split()


def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for one, other in (pair.split("/") for pair in _OPPOSITES):
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


OPPOSITES = _opposites()
"""Word -> the words that news uses for its opposite."""
