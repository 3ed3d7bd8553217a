"""Labeling functions: each holds one idea and votes affirm, deny, neutral or abstains (None) on a candidate.

A function reads a :class:`stance.labeling.passage.Reading`: the attributions that make the claim for the speaker
(``candidate.own``) or touch it (``near``), and the speaker's sentences in the article. To add one, write it here, list
it in :data:`FUNCTIONS` and fit the weights again (scripts/fit_labels.py); its name becomes its row in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stance.attribution.cues import VERBS
from stance.labeling import lexicon
from stance.labeling.passage import Reading, content_stems
from stance.schema import Attribution, Stance
from stance.wording import STOP, numbers, overlap, stem, words

Vote = Stance | None
LabelingFunction = Callable[[Reading], Vote]

CLOSE = 0.5
"""From this share of the claim's stems on, a sentence is taken to be about the claim."""

MUCH = 0.6
"""The same as a share of what the sentence of the article reaches that is closest to the claim."""

NEARLY_ALL = 0.8
"""From this share on, an attribution is taken to say the claim itself."""

FAR, NOTHING = 0.3, 0.1
"""Below the first share the speaker is taken to speak of something else, below the second there is no doubt of it."""


def _vote(stance: Stance, holds: object) -> Vote:
    return stance if holds else None


def _verb_forces(reading: Reading, attributions: tuple[Attribution, ...]) -> set[Stance]:
    """What the cues say of their contents: by the parse that found them, or by their bare words where none is kept."""
    bare = [attribution for attribution in attributions if not attribution.chain]
    forms = {word for attribution in bare for word in words(reading.candidate.cue(attribution))}
    known = {attribution.chain[-1].polarity for attribution in attributions if attribution.chain}
    return known | {VERBS[lemma].force for lemma in map(_lemma, forms) if lemma in VERBS}


_BY_STEM = {stem(lemma): lemma for lemma in sorted(VERBS, key=len, reverse=True)}
_IRREGULAR = {"said": "say", "told": "tell", "thought": "think", "wrote": "write", "knew": "know", "felt": "feel",
              "found": "find", "showed": "show", "denied": "deny", "denies": "deny", "denying": "deny",
              "swore": "swear", "says": "say"}  # fmt: skip


def _lemma(word: str) -> str:
    return _IRREGULAR.get(word) or (word if word in STOP else _BY_STEM.get(stem(word), word))


def _near_text(reading: Reading) -> str:
    candidate = reading.candidate
    return " ".join(f"{candidate.cue(a)} {candidate.content(a)}" for a in candidate.near)


def _turned(text: str) -> bool:
    """Whether a text says no in some way: an odd number of negations, or a word of denial."""
    return len(lexicon.NEGATION.findall(text)) % 2 == 1 or bool(lexicon.DENIAL.search(text))


def _plain(text: str) -> bool:
    return not _turned(text) and not lexicon.HEDGE.search(text)


def _hedges(reading: Reading, text: str) -> bool:
    """Whether a text hedges what the claim itself does not: who says "may" affirms a claim with "may" in it."""
    return bool(lexicon.HEDGE.search(text)) and not lexicon.HEDGE.search(reading.candidate.claim)


_COUNT = re.compile(r"\b(\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (\w+)", re.IGNORECASE)


def _counts(text: str) -> set[tuple[str, str]]:
    """What a text counts and how many: the noun's stem and the number."""
    return {(stem(noun.lower()), stem(number.lower())) for number, noun in _COUNT.findall(text)}


# The attribution that makes the claim


def states_it(reading: Reading) -> Vote:
    """The speaker's own attribution states the claim with an affirming cue, no negation and no hedge."""
    candidate = reading.candidate
    plain = not any(candidate.denied) and not any(_hedges(reading, candidate.content(a)) for a in candidate.own)
    said = plain and not lexicon.UNSAID.search(reading.best_text)
    return _vote(Stance.AFFIRM, said and Stance.AFFIRM in _verb_forces(reading, candidate.own))


def states_the_opposite(reading: Reading) -> Vote:
    """Every own attribution says the opposite, by its cue or in its content (not both); none refuses to speak."""
    candidate = reading.candidate
    refuses = any(lexicon.REFUSAL.search(f"{candidate.cue(a)} {candidate.content(a)}") for a in candidate.own)
    return _vote(Stance.DENY, candidate.own and all(candidate.denied) and not refuses)


def latest_position(reading: Reading) -> Vote:
    """Where a speaker's own attributions differ, the latest one stands."""
    candidate = reading.candidate
    if len(set(candidate.denied)) < 2:
        return None
    latest = max(zip(candidate.own, candidate.denied, strict=True), key=lambda item: item[0].content[0].start)
    return Stance.DENY if latest[1] else Stance.AFFIRM


def denying_cue(reading: Reading) -> Vote:
    """The cue of an own attribution is a verb or noun of denial."""
    candidate = reading.candidate
    return _vote(Stance.DENY, any(a.negated for a in candidate.own) and all(candidate.denied))


def says_the_claim(reading: Reading) -> Vote:
    """An own attribution holds nearly all words of the claim: little is left to reword, and its cue decides."""
    candidate, wanted = reading.candidate, set(content_stems(reading.candidate.claim))
    for attribution, denied in zip(candidate.own, candidate.denied, strict=True):
        content = candidate.content(attribution)
        if overlap(wanted, set(content_stems(content))) >= NEARLY_ALL and not _hedges(reading, content):
            return Stance.NEUTRAL if _is_open(attribution) else Stance.DENY if denied else Stance.AFFIRM
    return None


def _is_open(attribution: Attribution) -> bool:
    """ "Does not show that", "asked whether": the cue leaves its content open."""
    return bool(attribution.chain) and attribution.chain[-1].polarity is Stance.NEUTRAL


def conditional(reading: Reading) -> Vote:
    """The claim is made under a condition: "could reopen if ..."."""
    return _vote(Stance.NEUTRAL, lexicon.CONDITION.search(reading.best_text) and reading.closeness >= CLOSE)


# Attributions near the claim


def no_comment(reading: Reading) -> Vote:
    """Declines to comment, cannot confirm, would not say, close to the claim."""
    return _vote(Stance.NEUTRAL, lexicon.REFUSAL.search(f"{reading.best_text} {reading.reply}"))


def silent(reading: Reading) -> Vote:
    """The article gives this speaker no words that share a content word with the claim."""
    return _vote(Stance.NEUTRAL, reading.candidate.silent)


def near_denial(reading: Reading) -> Vote:
    """The speaker denies something close to the claim."""
    return _vote(Stance.DENY, not reading.candidate.own and lexicon.DENIAL.search(_near_text(reading)))


def near_admission(reading: Reading) -> Vote:
    """The speaker admits or confirms something close to the claim."""
    text = _near_text(reading)
    plain = lexicon.ADMISSION.search(text) and not lexicon.DENIAL.search(text)
    return _vote(Stance.AFFIRM, not reading.candidate.own and plain)


def near_hedge(reading: Reading) -> Vote:
    """The speaker speaks of something close to the claim, with a hedge."""
    return _vote(Stance.NEUTRAL, not reading.candidate.own and lexicon.HEDGE.search(_near_text(reading)))


# The speaker's sentences


def plain_words(reading: Reading) -> Vote:
    """A sentence of the speaker holds much of what the article has on the claim, without a no or a hedge."""
    return _vote(Stance.AFFIRM, reading.relative >= MUCH and _plain(reading.best_text))


def negated_clause(reading: Reading) -> Vote:
    """The speaker's clause on the claim says no: a negation, or a word of denial."""
    return _vote(Stance.DENY, reading.relative >= MUCH and _turned(reading.best_clause))


def close_negated_clause(reading: Reading) -> Vote:
    """The speaker's clause says no and its sentence holds at least half of the claim."""
    return _vote(Stance.DENY, reading.closeness >= CLOSE and _turned(reading.best_clause))


def hedged_clause(reading: Reading) -> Vote:
    """The speaker's clause on the claim is hedged: may, might, could, possible, unclear, whether, if."""
    return _vote(Stance.NEUTRAL, reading.relative >= MUCH and _hedges(reading, reading.best_clause))


def never_gives_the_number(reading: Reading) -> Vote:
    """The claim stands on a number that none of the speaker's sentences gives."""
    claimed = numbers(reading.candidate.claim)
    given = any(claimed & reading.sentences[index].numbers for index in reading.own)
    return _vote(Stance.NEUTRAL, reading.own and claimed and not given)


def other_numbers(reading: Reading) -> Vote:
    """The speaker counts the same thing differently: "four cases" against "38 cases"."""
    claimed, given = _counts(reading.candidate.claim), _counts(reading.best_text)
    differing = any(count != other for noun, count in claimed for same, other in given if noun == same)
    return _vote(Stance.DENY, differing and not claimed & given)


def denial_word(reading: Reading) -> Vote:
    """A sentence of the speaker near the claim has a word of denial: denied, rejected, false, slander."""
    return _vote(Stance.DENY, reading.closeness >= FAR and lexicon.DENIAL.search(reading.best_text))


def says_whether(reading: Reading) -> Vote:
    """ "Whether" or "asked if" in a sentence of the speaker near the claim: a question that stays one."""
    return _vote(Stance.NEUTRAL, reading.closeness >= FAR and lexicon.WHETHER.search(reading.best_text))


def does_not_dispute(reading: Reading) -> Vote:
    """ "Does not dispute", "did not deny": the speaker lets the claim stand."""
    return _vote(Stance.AFFIRM, lexicon.UNDISPUTED.search(reading.best_text))


def shares_next_to_nothing(reading: Reading) -> Vote:
    """The speaker's sentences hold hardly a word of the claim, and answer nobody who does."""
    return _vote(Stance.NEUTRAL, reading.relative < NOTHING and not reading.reply)


def close_question(reading: Reading) -> Vote:
    """The speaker asks about the claim, or is asked."""
    return _vote(Stance.NEUTRAL, reading.best is not None and lexicon.QUESTIONING.search(reading.best_text))


def speaks_of_something_else(reading: Reading) -> Vote:
    """Other sentences of the article hold far more of the claim than the speaker's."""
    return _vote(Stance.NEUTRAL, reading.relative < FAR and not reading.reply)


def answers_with_denial(reading: Reading) -> Vote:
    """Right after somebody else comes closest to the claim, the speaker denies or ridicules."""
    return _vote(Stance.DENY, lexicon.DENIAL.search(reading.reply) or lexicon.RIDICULE.search(reading.reply))


def answers_with_negation(reading: Reading) -> Vote:
    """Right after somebody else comes closest to the claim, the speaker says not, never or no."""
    return _vote(Stance.DENY, lexicon.NEGATION.search(reading.reply) and not lexicon.HEDGE.search(reading.reply))


def answers_with_hedge(reading: Reading) -> Vote:
    """Right after somebody else comes closest to the claim, the speaker hedges, inquires or refuses to say."""
    open_words = (lexicon.HEDGE, lexicon.INQUIRY, lexicon.REFUSAL, lexicon.IGNORANCE)
    return _vote(Stance.NEUTRAL, any(pattern.search(reading.reply) for pattern in open_words))


def answers_with_admission(reading: Reading) -> Vote:
    """Right after somebody else comes closest to the claim, the speaker admits, confirms or agrees."""
    plain = lexicon.ADMISSION.search(reading.reply) and not lexicon.NEGATION.search(reading.reply)
    return _vote(Stance.AFFIRM, plain)


def outright_no(reading: Reading) -> Vote:
    """The speaker answers "No", "Nonsense", laughs at it or calls it a fairy tale: ridicule and marks of sarcasm."""
    text = f"{reading.best_text} {reading.reply}"
    return _vote(Stance.DENY, lexicon.RIDICULE.search(text) or lexicon.OUTRIGHT_NO.search(text))


def same_numbers(reading: Reading) -> Vote:
    """A sentence of the speaker gives the claim's number and says no in no way."""
    shared = numbers(reading.candidate.claim) & numbers(reading.best_text)
    return _vote(Stance.AFFIRM, shared and not _turned(reading.best_text))


def opposite_words(reading: Reading) -> Vote:
    """A sentence of the speaker has the opposite of a word of the claim: closed for open."""
    said = set(words(reading.best_text)) - set(words(reading.candidate.claim))
    wanted = {other for word in words(reading.candidate.claim) for other in lexicon.OPPOSITES.get(word, ())}
    return _vote(Stance.DENY, said & wanted and not lexicon.NEGATION.search(reading.best_text))


def refuses_to_rule_out(reading: Reading) -> Vote:
    """ "Would not rule out", "did not deny": a door left open."""
    return _vote(Stance.NEUTRAL, lexicon.OPEN.search(f"{reading.best_text} {reading.reply}"))


def does_not_know(reading: Reading) -> Vote:
    """The speaker does not know, has not seen, finds it too early to say."""
    return _vote(Stance.NEUTRAL, lexicon.IGNORANCE.search(f"{reading.best_text} {reading.reply}"))


def inquires(reading: Reading) -> Vote:
    """The speaker investigates, tests or waits, close to the claim."""
    return _vote(Stance.NEUTRAL, lexicon.INQUIRY.search(reading.best_text) and not reading.candidate.own)


def accused_denies(reading: Reading) -> Vote:
    """The claim is about the speaker, who somewhere says no."""
    return _vote(Stance.DENY, reading.about_speaker and _turned(reading.best_text + reading.reply))


def spoke_too_early(reading: Reading) -> Vote:
    """All that the speaker says stands before the article comes to the claim."""
    return _vote(Stance.NEUTRAL, reading.own and reading.own[-1] < reading.top)


def nearest_words_are_far(reading: Reading) -> Vote:
    """The speaker's sentences stand more than five sentences away from the one closest to the claim."""
    away = min((abs(index - reading.top) for index in reading.own), default=0)
    return _vote(Stance.NEUTRAL, away > 5)


FUNCTIONS: tuple[LabelingFunction, ...] = (
    states_it, states_the_opposite, latest_position, denying_cue, says_the_claim, conditional,
    no_comment, silent, near_denial, near_admission, near_hedge, plain_words, negated_clause, close_negated_clause,
    hedged_clause, never_gives_the_number, other_numbers, denial_word, says_whether, does_not_dispute,
    shares_next_to_nothing, close_question, speaks_of_something_else, answers_with_denial, answers_with_negation,
    answers_with_hedge, answers_with_admission, outright_no, same_numbers, opposite_words, refuses_to_rule_out,
    does_not_know, inquires, accused_denies, spoke_too_early, nearest_words_are_far,
)  # fmt: skip
