"""Rules over the dependency parse: each finds one way of giving words to a source.

A rule takes a sentence and yields :class:`Found` with the tokens of source, cue and content. The order of
:data:`RULES` is their precedence: content that an earlier rule claimed is not claimed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.attribution.cues import ADJECTIVES, NOUNS, SAYING_PASSIVES, VERBS
from stance.schema import Stance

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
CLAUSES = frozenset(("ccomp", "xcomp", "parataxis"))
EDGE_PUNCTUATION = frozenset(",;:-–—.")


@dataclass(frozen=True)
class Found:
    """An attribution in tokens of one sentence."""

    source: tuple[Token, ...]
    cue: tuple[Token, ...]
    content: tuple[Token, ...]
    rule: str
    negated: bool = False


def find(sentence: Sentence) -> list[Found]:
    """All attributions of a sentence, nested ones included; one content is given once."""
    found: list[Found] = []
    taken: set[tuple[int, int]] = set()
    for rule in RULES:
        for item in rule(sentence):
            key = (item.content[0].i, item.content[-1].i)
            if key not in taken:
                taken.add(key)
                found.append(item)
    return found


# --- the rules -------------------------------------------------------------------------------------------------------


def according_to(sentence: Sentence) -> Iterator[Found]:
    """ "According to the ministry, the dam holds": all of the clause but the phrase itself."""
    for token in sentence:
        if token.lower_ != "according" or token.i + 1 >= len(token.doc) or token.nbor().lower_ != "to":
            continue
        preposition = token.nbor()
        object_ = next((c for t in (token, preposition) for c in t.children if c.dep_ == "pobj"), None)
        if object_ is None:
            continue
        source = tuple(object_.subtree)
        phrase = {token.i, preposition.i, *(t.i for t in source)}
        content = _trim(t for t in sentence if t.i not in phrase)
        if content:
            yield Found(source, (token, preposition), content, "according_to")


def verb_with_clause(sentence: Sentence) -> Iterator[Found]:
    """ "The ministry said the dam holds", and the same with the clause first or around the cue."""
    for token in sentence:
        if token.pos_ not in ("VERB", "AUX") or token.lemma_.lower() not in VERBS:
            continue
        source = source_of(token)
        for clause in token.children:
            if clause.dep_ in CLAUSES and not _is_aside(clause, token):
                content = _trim(_clause_tokens(clause, token, source))
                if content:
                    yield _found(token, source, content, "verb_clause")


def verb_with_object(sentence: Sentence) -> Iterator[Found]:
    """ "Both denied claims that ...", "she accused the club of ...": the object of the cue is the content."""
    for token in sentence:
        cue = VERBS.get(token.lemma_.lower())
        if token.pos_ != "VERB" or cue is None or not cue.takes_object or token.dep_ == "amod":
            continue
        source = source_of(token)
        if not source:
            continue
        parts = [c for c in token.children if c.dep_ in ("dobj", "oprd") or (c.dep_ == "prep" and c.i > token.i)]
        objects = [c for c in parts if c.dep_ == "dobj"]
        if objects and not any(c.dep_ in CLAUSES for c in token.children):
            content = _trim(t for part in parts for t in part.subtree)
            if len(content) >= 2:
                yield _found(token, source, content, "verb_object")


def passive(sentence: Sentence) -> Iterator[Found]:
    """ "Was accused of lying", "is believed to have fled": the agent, if any, is the source."""
    for token in sentence:
        if token.tag_ != "VBN" or token.lemma_.lower() not in SAYING_PASSIVES:
            continue
        subject = next((c for c in token.children if c.dep_ == "nsubjpass"), None)
        rest = [c for c in token.children if c.dep_ == "xcomp" or (c.dep_ == "prep" and c.lower_ in ("of", "with"))]
        if subject is None or not rest:
            continue
        agent = next((c for c in token.children if c.dep_ == "agent"), None)
        source = tuple(t for c in agent.children if c.dep_ == "pobj" for t in c.subtree) if agent else ()
        content = _trim([*subject.subtree, *(t for part in rest for t in part.subtree)])
        if content:
            yield _found(token, source, content, "passive")


def noun_with_clause(sentence: Sentence) -> Iterator[Found]:
    """ "The claim that the dam leaks", "a denial by the ministry that ...": possessor or by-phrase is the source."""
    for token in sentence:
        if token.pos_ != "NOUN" or token.lemma_.lower() not in NOUNS:
            continue
        clause = next((c for c in token.children if c.dep_ in ("acl", "ccomp") and c.i > token.i), None)
        if clause is None or not (any(c.lower_ in ("that", "to") for c in clause.children) or clause.dep_ == "ccomp"):
            continue
        content = _trim(clause.subtree)
        if content:
            yield _found(token, _possessor(token) or _bearer(token), content, "noun_clause")


def adjective_with_clause(sentence: Sentence) -> Iterator[Found]:
    """ "The coach is confident that ..."."""
    for token in sentence:
        if token.pos_ != "ADJ" or token.lemma_.lower() not in ADJECTIVES or token.dep_ not in ("acomp", "conj"):
            continue
        clause = next((c for c in token.children if c.dep_ in CLAUSES and c.i > token.i), None)
        if clause is None:
            continue
        verb = token.head
        source = source_of(verb)
        content = _trim(clause.subtree)
        if source and content:
            yield Found(source, (verb, token), content, "adjective")


def headline(sentence: Sentence) -> Iterator[Found]:
    """ "Minister: dam is safe" and "Dam is safe: minister" in a headline or a live blog."""
    colon = next((t for t in sentence if t.text == ":"), None)
    if colon is None or colon.i in (sentence.start, sentence.end - 1):
        return
    before = tuple(t for t in sentence if t.i < colon.i)
    after = tuple(t for t in sentence if t.i > colon.i)
    if _names_source(before) and len(after) >= 3:
        yield Found(before, (colon,), after, "headline")
    elif _names_source(after) and len(before) >= 3:
        yield Found(after, (colon,), before, "headline")


RULES: tuple[Callable[[Sentence], Iterable[Found]], ...] = (
    according_to,
    verb_with_clause,
    verb_with_object,
    passive,
    noun_with_clause,
    adjective_with_clause,
    headline,
)


# --- sources ---------------------------------------------------------------------------------------------------------


def source_of(verb: Token) -> tuple[Token, ...]:
    """The tokens of the noun phrase that utters ``verb``: its subject, or the one that it inherits."""
    for _ in range(4):  # saying <- added <- ...: deeper chains are parse errors more often than language
        subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        agent = next((c for c in verb.children if c.dep_ == "agent"), None)
        if agent is not None:
            return tuple(t for c in agent.children if c.dep_ == "pobj" for t in c.subtree)
        if subject is not None:
            return noun_phrase(verb.head if _is_relative(subject, verb) else subject)
        if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in ("NOUN", "PROPN", "PRON"):
            return noun_phrase(verb.head)
        if verb.dep_ not in ("conj", "xcomp", "advcl", "aux", "ccomp", "pcomp", "prep"):
            return ()
        verb = verb.head
    return ()


def noun_phrase(head: Token) -> tuple[Token, ...]:
    """The subtree of a noun without its relative clauses; an apposition stays."""
    dropped = {t.i for c in head.children if c.dep_ in ("relcl", "acl", "parataxis") for t in c.subtree}
    return _trim(t for t in head.subtree if t.i not in dropped)


def _is_relative(subject: Token, verb: Token) -> bool:
    return subject.lower_ in ("who", "which", "that") and verb.dep_ == "relcl"


def _possessor(noun: Token) -> tuple[Token, ...]:
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    if owner is not None:
        return tuple(t for t in owner.subtree if t.tag_ != "POS")
    by = next((c for c in noun.children if c.dep_ == "prep" and c.lower_ in ("by", "of", "from")), None)
    return tuple(t for c in by.children if c.dep_ == "pobj" for t in c.subtree) if by else ()


def _bearer(noun: Token) -> tuple[Token, ...]:
    """The subject of "made the claim that ...", "dismissed allegations that ..." is no bearer of the noun's content."""
    verb = noun.head
    if noun.dep_ == "dobj" and verb.lemma_ in ("make", "have", "issue", "express", "voice", "repeat", "raise"):
        return source_of(verb)
    return ()


def _names_source(tokens: tuple[Token, ...]) -> bool:
    return (
        1 <= len(tokens) <= 5
        and any(t.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") for t in tokens)
        and not any(t.pos_ in ("VERB", "AUX") for t in tokens)
    )


# --- tokens ----------------------------------------------------------------------------------------------------------


def _found(cue: Token, source: tuple[Token, ...], content: tuple[Token, ...], rule: str) -> Found:
    cue_tokens = [
        c for c in cue.children if c.dep_ in ("aux", "auxpass", "neg", "prt") and c.i not in {t.i for t in content}
    ]
    force = (VERBS if cue.pos_ != "NOUN" else NOUNS)[cue.lemma_.lower()].force if _known(cue) else Stance.AFFIRM
    negated = force is Stance.DENY and not _negated(cue)  # "did not deny" turns nothing round
    return Found(source, tuple(sorted([*cue_tokens, cue], key=lambda t: t.i)), content, rule, negated)


def _known(cue: Token) -> bool:
    return cue.lemma_.lower() in (VERBS if cue.pos_ != "NOUN" else NOUNS)


def _negated(token: Token) -> bool:
    return any(c.dep_ == "neg" or c.lower_ in ("never", "nor") for c in token.children)


def _is_aside(clause: Token, cue: Token) -> bool:
    """ "To say the least" and bare infinitives of the cue's own purpose are not content."""
    return clause.dep_ == "xcomp" and clause.i == cue.i + 1 and clause.pos_ == "ADJ"


def _clause_tokens(clause: Token, cue: Token, source: tuple[Token, ...]) -> list[Token]:
    """The clause's subtree without what belongs to the cue (when the cue stands inside its own content)."""
    outside = {cue.i, *(t.i for t in source)}
    inside = [t for t in clause.subtree if t.i not in outside]
    return [t for t in inside if cue not in t.ancestors or t == clause or clause in t.ancestors]


def _trim(tokens: Iterable[Token]) -> tuple[Token, ...]:
    kept = sorted(set(tokens), key=lambda t: t.i)
    while kept and (kept[0].text in EDGE_PUNCTUATION or kept[0].is_space):
        kept.pop(0)
    while kept and (kept[-1].text in EDGE_PUNCTUATION or kept[-1].is_space):
        kept.pop()
    return tuple(kept)
