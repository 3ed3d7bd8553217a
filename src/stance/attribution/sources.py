"""Who utters a cue, in tokens: subjects, agents, possessors, and the ones that a verb inherits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stance.attribution.cues import VERBS

if TYPE_CHECKING:
    from spacy.tokens import Token

RELATIVES = frozenset(("who", "which", "that", "whom"))
EDGE_PUNCTUATION = frozenset(",;:-–—.")
_INHERITING = frozenset(("conj", "xcomp", "advcl", "aux", "ccomp", "pcomp", "prep"))
_BLAMING = frozenset(("for", "of", "from", "over"))
_JUDGING = frozenset(
    """fine criticise criticize blame accuse condemn thank praise mock attack sue arrest jail fire sack dismiss slam
    rebuke chide denounce punish suspend ban charge ridicule scold lambast forgive stop prevent keep deride expel fault
    convict sentence censure reprimand applaud commend prosecute suspect acquit deter""".split()
)
"""Verbs whose object, rather than their subject, has said what follows "for", "of" or "from"."""
_NOBODY = frozenset(("no", "nobody", "nothing", "none", "few", "neither", "not", "hardly"))
_MAKING = frozenset(("make", "have", "issue", "express", "voice", "repeat", "raise", "release", "deliver"))


def source_of(verb: Token) -> tuple[Token, ...]:
    """The tokens of the noun phrase that utters ``verb``: its subject or agent, or the one that it inherits."""
    for _ in range(4):  # saying <- added <- ...: deeper chains are parse errors more often than language
        subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        agent = next((c for c in verb.children if c.dep_ == "agent"), None)
        if agent is not None:
            return tuple(t for c in agent.children if c.dep_ == "pobj" for t in c.subtree)
        if subject is not None:
            return (subject,) if subject.lower_ in RELATIVES else noun_phrase(subject, verb)
        if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in ("NOUN", "PROPN", "PRON"):
            return noun_phrase(verb.head)
        if verb.dep_ == "pcomp" and (blamed := _blamed(verb)):
            return blamed
        if verb.dep_ not in _INHERITING:
            return ()
        verb = outer_cue(verb) or verb.head
    return ()


def is_nobody(source: tuple[Token, ...]) -> bool:
    """ "Nobody believes that ...", "few experts": the sentence gives the words to no one."""
    return bool(source) and source[0].lower_ in _NOBODY


def _blamed(saying: Token) -> tuple[Token, ...]:
    """Who says it in "fined the firm for saying that ..." and "the firm was fined for saying that ..."."""
    preposition, judging = saying.head, saying.head.head
    if preposition.dep_ != "prep" or preposition.lower_ not in _BLAMING or judging.pos_ != "VERB":
        return ()
    patient = next((c for c in judging.children if c.dep_ in ("dobj", "nsubjpass")), None)
    if patient is None or not (patient.ent_type_ or patient.pos_ == "PRON" or judging.lemma_.lower() in _JUDGING):
        return ()  # "faced criticism for saying": the subject spoke
    return noun_phrase(patient)


def named_by(source: tuple[Token, ...]) -> tuple[Token, ...]:
    """The noun phrase that a source stands for, without clauses: "who" in "Ruiz, who said ..." stands for Ruiz."""
    if len(source) != 1 or source[0].lower_ not in RELATIVES:
        inside = {t.i for t in source}
        asides = {t.i for c in source if c.dep_ in ("relcl", "acl") and c.head.i in inside for t in c.subtree}
        return trimmed(t for t in source if t.i not in asides) or source
    clause = next((t for t in source[0].ancestors if t.dep_ == "relcl"), None)
    return noun_phrase(clause.head) if clause is not None else source


def outer_cue(verb: Token) -> Token | None:
    """The cue whose subject also utters ``verb``, where the parser hung a second cue into the first one's content.

    "She says the dam is safe but concedes that it leaks": "concedes" goes with "says", not with "is".
    """
    if verb.dep_ != "conj" or verb.lemma_.lower() not in VERBS or any(c.dep_ == "nsubj" for c in verb.children):
        return None
    head = verb.head
    while head.dep_ == "conj" and head.head.i != head.i:
        head = head.head
    cue = head.head
    fits = head.dep_ == "ccomp" and cue.lemma_.lower() in VERBS and cue.tag_ == verb.tag_ and head.tag_ != verb.tag_
    return cue if fits or (head.dep_ == "ccomp" and _has_clause(verb) and cue.tag_ == verb.tag_) else None


def _has_clause(verb: Token) -> bool:
    return any(c.dep_ == "ccomp" for c in verb.children)


def noun_phrase(head: Token, verb: Token | None = None) -> tuple[Token, ...]:
    """The subtree of a noun; its clauses stay where they lie between it and its ``verb``, appositions always."""
    between = verb is not None and all(head.i <= t.i < verb.i for t in head.subtree if t.i > head.i)
    dropped_as = ("parataxis",) if between else ("relcl", "acl", "parataxis")
    dropped = {t.i for c in head.children if c.dep_ in dropped_as for t in c.subtree}
    return trimmed(t for t in head.subtree if t.i not in dropped)


def possessor(noun: Token) -> tuple[Token, ...]:
    """ "The mayor's claim", "a denial by the ministry": the possessor or the by-phrase."""
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    if owner is not None:
        return tuple(t for t in owner.subtree if t.tag_ != "POS")
    by = next((c for c in noun.children if c.dep_ == "prep" and c.lower_ in ("by", "of", "from")), None)
    return tuple(t for c in by.children if c.dep_ == "pobj" for t in c.subtree) if by else ()


def bearer(noun: Token) -> tuple[Token, ...]:
    """The subject of "made the claim that ..."; "dismissed allegations that ..." says nothing of who alleges."""
    verb = noun.head
    return source_of(verb) if noun.dep_ == "dobj" and verb.lemma_.lower() in _MAKING else ()


def trimmed(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """The tokens in reading order without spaces and loose punctuation at either end."""
    kept = sorted(set(tokens), key=lambda t: t.i)
    first, last = 0, len(kept)
    while first < last and _is_edge(kept[first]):
        first += 1
    while last > first and _is_edge(kept[last - 1]):
        last -= 1
    return tuple(kept[first:last])


def _is_edge(token: Token) -> bool:
    return token.text in EDGE_PUNCTUATION or token.is_space
