"""The cue lexicon: verbs, nouns and adjectives by which news gives words to a source, and what each does to them.

One table for attribution and labelling alike. ``force`` is what the plain cue says about the content:
``affirm`` (said, confirmed), ``deny`` (denied, rejected) or ``neutral`` (asked, declined to say).
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
        emphasise report disclose disclosing concur agree figure reckon hold learn find discover show indicate suggest
        reveal mention opine elaborate clarify retort counter lament gush vow pledge threaten plan intend hope expect
        want wish promise guarantee assure convince remind inform notify brief hear speculate assume concede grant
        allow worry fear imagine decide determine resolve see anticipate prefer plead rule order demand urge claim
        allege tout argue read charge""",
        """announce confirm admit acknowledge affirm predict warn accuse blame criticize criticise praise condemn
        endorse support defend propose describe call cite denounce blast slam attack mock thank attribute unveil hail
        applaud welcome recommend favor favour back outline detail express echo highlight deplore decry bemoan
        reaffirm corroborate credit portray label brand compare characterize characterise regret advocate voice""",
    ),
    **_table(
        Stance.DENY, "doubt disagree", "deny reject refute dismiss dispute rebut disavow contradict debunk oppose"
    ),
    **_table(Stance.NEUTRAL, "ask wonder decline refuse inquire enquire", "question investigate consider discuss"),
}

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

ACCORDING = ("according to", "in the words of", "in the opinion of", "in the view of")
