"""The cue lexicon: verbs, nouns, adjectives and adverbs by which news gives words to a source.

One table for attribution and labelling alike. ``force`` is what the plain cue says about the content:
``affirm`` (said, confirmed), ``deny`` (denied, rejected) or ``neutral`` (asked, declined to say). The frames tell
which shapes of content a verb takes; a verb is listed for a frame where it reports more often than not in the news.
"""

from __future__ import annotations

from typing import NamedTuple

from stance.schema import Stance


class Cue(NamedTuple):
    """What a cue word does: the stance it gives to its content, and whether a bare object may be that content."""

    force: Stance
    takes_object: bool = False


def _table(force: Stance, clause: str, with_object: str = "") -> dict[str, Cue]:
    table = {lemma: Cue(force) for lemma in clause.split()}
    return table | {lemma: Cue(force, takes_object=True) for lemma in with_object.split()}


VERBS: dict[str, Cue] = {
    **_table(
        Stance.AFFIRM,
        """say tell add note write state declare argue insist maintain explain assert contend recall remark comment
        reply respond answer continue conclude observe tweet post think believe know feel realize realise understand
        swear testify caution estimate forecast calculate joke quip boast complain reiterate repeat stress emphasize
        emphasise report disclose concur agree figure reckon hold learn find discover show indicate suggest
        reveal mention opine elaborate clarify retort counter lament gush vow pledge threaten plan intend hope hop
        expect want wish promise guarantee assure convince remind inform notify brief hear speculate assume concede
        grant allow worry fear imagine decide determine resolve see anticipate prefer plead rule order demand urge
        claim allege tout read charge point recognize recognise imply signal demonstrate project""",
        """announce confirm admit acknowledge affirm predict warn accuse blame criticize criticise praise condemn
        endorse support defend propose describe call cite denounce blast slam attack mock thank attribute unveil hail
        applaud welcome recommend favor favour back outline detail express echo highlight deplore decry bemoan
        reaffirm corroborate credit portray label brand compare characterize characterise regret advocate voice
        lambast lambaste chide rebuke deride ridicule congratulate deem underscore liken invoke reference rail
        chant email shout yell scream name quote apologize apologise alert""",
    ),
    **_table(
        Stance.DENY,
        "doubt disagree",
        "deny reject refute dismiss dispute rebut disavow contradict debunk oppose challenge",
    ),
    **_table(Stance.NEUTRAL, "ask wonder decline refuse inquire enquire talk speak refer", "question consider discuss"),
    "investigate": Cue(Stance.NEUTRAL),
}

ALSO_OBJECT = frozenset(
    """say tell show see mention report repeat reiterate declare promise explain recall note tweet claim reveal
    stress emphasize emphasise share support offer address lament remember suggest answer expect demand disclose
    indicate want know""".split()
)
"""Verbs of a clause whose bare object is content too, if it is no listener: "explained the delay"."""

INFINITIVE = frozenset(
    """refuse decline want ask urge seek promise decide call hope hop pledge plan agree vow propose show intend
    threaten claim caution order wish demand advocate swear prefer warn tell forbid encourage project allege
    believe say report estimate opt aim like""".split()
)
"""Verbs of which "to" with a verb, and no clause, is content: "promised to resign"."""

GERUND = frozenset("deny admit acknowledge recall regret describe".split())
"""Verbs of which an "-ing" form is content: "denied selling the mine"."""

PREPOSITIONS: dict[str, tuple[str, ...]] = {
    "talk": ("about", "of"), "speak": ("about", "of", "against"), "ask": ("about", "for"), "complain": ("about", "of"),
    "refer": ("to",), "point": ("to",), "call": ("for", "on"), "advocate": ("for",), "argue": ("for", "against"),
    "rail": ("against",), "warn": ("of", "against", "about"), "comment": ("on",), "report": ("on",),
    "worry": ("about",), "boast": ("about", "of"), "joke": ("about",), "lash": ("at",), "apologize": ("for",),
    "apologise": ("for",),
    "focus": ("on",), "allude": ("to",), "object": ("to",), "respond": ("to",), "think": ("of", "about"),
    "say": ("about", "of"), "push": ("for",), "write": ("about", "of"), "agree": ("to", "with"), "plead": ("for",),
    "testify": ("about",), "speculate": ("about", "on"), "elaborate": ("on",), "insist": ("on",),
}  # fmt: skip
"""Verbs whose content stands behind a preposition: "called for an inquiry"."""

SEEMING = frozenset(("seem", "appear"))
HEARSAY = frozenset(("reportedly", "allegedly", "supposedly", "apparently", "purportedly", "seemingly"))
"""Words that give a clause to nobody in particular."""
NOUNS: dict[str, Cue] = {
    **_table(
        Stance.AFFIRM,
        """claim statement allegation accusation assertion argument belief view opinion warning announcement report
        promise pledge vow conclusion prediction suggestion admission confession acknowledgement acknowledgment comment
        remark contention insistence hope fear expectation concern finding testimony declaration complaint estimate
        charge confirmation assurance threat proposal sense feeling idea demand call""",
    ),
    **_table(Stance.DENY, "denial rejection rebuttal refutation dismissal"),
    **_table(Stance.NEUTRAL, "question doubt speculation rumor rumour"),
}

ADJECTIVES: dict[str, Cue] = {
    **_table(
        Stance.AFFIRM,
        """confident sure certain convinced adamant aware hopeful optimistic worried concerned afraid clear proud happy
        glad pleased sorry surprised disappointed determined positive""",
    ),
    **_table(Stance.NEUTRAL, "unsure uncertain unclear skeptical sceptical doubtful unaware"),
}

SAYING_PASSIVES = frozenset(
    """accuse expect say believe think report allege quote know suspect charge ask tell rumour rumor
    estimate""".split()
)
"""Verbs whose passive gives words to an agent that is often unnamed ("was accused of", "is believed to")."""
