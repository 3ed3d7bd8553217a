"""Rules over the dependency parse: each finds one way of giving words to a source.

A rule takes a sentence and yields :class:`Found` with the tokens of source, cue and content. The order of
:data:`RULES` is their precedence: content that an earlier rule claimed is not claimed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.attribution.cues import (
    ADJECTIVES,
    ALSO_OBJECT,
    GERUND,
    HEARSAY,
    INFINITIVE,
    NOUNS,
    PREPOSITIONS,
    SAYING_PASSIVES,
    SEEMING,
    VERBS,
)  # fmt: skip
from stance.attribution.polarity import force_of
from stance.attribution.sentence import Sentence
from stance.attribution.sources import bearer, is_nobody, named_by, outer_cue, possessor, source_of, trimmed
from stance.schema import Stance

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens
    from spacy.tokens import Token

MAX_SENTENCE = 400
"""Tokens; the rules' time grows with the square of a sentence's length."""

CLAUSES = frozenset(("ccomp", "xcomp", "parataxis"))
OBJECT_PREPOSITIONS = frozenset(("as", "for", "of", "with", "over", "about", "against", "to"))


@dataclass(frozen=True)
class Found:
    """An attribution in tokens of one sentence; ``named`` is the phrase that the source stands for ("who": Ruiz)."""

    source: tuple[Token, ...]
    cue: tuple[Token, ...]
    content: tuple[Token, ...]
    rule: str
    force: Stance = Stance.AFFIRM

    @property
    def named(self) -> tuple[Token, ...]:
        """The phrase that a relative pronoun stands for; else the source itself."""
        return named_by(self.source)


def find(tokens: Tokens) -> list[Found]:
    """All attributions of a sentence, nested ones included; one content is given once, what nobody says never.

    A sentence of more than :data:`MAX_SENTENCE` tokens is no sentence, and gives none.
    """
    if len(tokens) > MAX_SENTENCE:
        return []
    sentence = Sentence(tokens)
    found: list[Found] = []
    taken: set[tuple[int, int]] = set()
    for rule in RULES:
        for item in rule(sentence):
            key = (item.content[0].i, item.content[-1].i)
            if key not in taken:
                taken.add(key)
                if not is_nobody(item.source):
                    found.append(item)
    return found


# --- the rules -------------------------------------------------------------------------------------------------------


def according_to(sentence: Sentence) -> Iterator[Found]:
    """ "According to the ministry, the dam holds": all of the clause but the phrase itself."""
    for token in sentence.with_form({"according"}):
        if token.i + 1 >= len(token.doc) or token.nbor().lower_ != "to":
            continue
        preposition = token.nbor()
        object_ = next((c for t in (token, preposition) for c in t.children if c.dep_ == "pobj"), None)
        if object_ is None:
            continue
        source = tuple(object_.subtree)
        phrase = {token.i, preposition.i, *(t.i for t in source)}
        content = trimmed(t for t in sentence.tokens if t.i not in phrase)
        if content:
            yield Found(source, (token, preposition), content, "according_to")


def verb_with_clause(sentence: Sentence) -> Iterator[Found]:
    """ "The ministry said the dam holds", and the same with the clause first or around the cue."""
    for token in sentence.cues:
        for clause in token.children:
            if clause.dep_ in CLAUSES and _takes(token, clause):
                source = source_of(token)
                content = trimmed(_clause_tokens(clause, token, source))
                if content:
                    yield _found(token, source, content, "verb_clause")


def parenthetical(sentence: Sentence) -> Iterator[Found]:
    """ "The dam, he said, leaks", "as she put it": the cue hangs on the clause that is its content."""
    for token in sentence.cues:
        inserted = token.dep_ == "parataxis" or (token.dep_ == "advcl" and _has_as(token))
        if not inserted or any(c.dep_ in ("ccomp", "xcomp", "dobj") for c in token.children):
            continue
        source = source_of(token)
        outside = {t.i for t in token.subtree}
        content = trimmed(t for t in token.head.subtree if t.i not in outside)
        if source and len(content) >= 2:
            yield _found(token, source, content, "parenthetical")


def trailing(sentence: Sentence) -> Iterator[Found]:
    """ "The dam leaks, police said.", where the parser hung the clause elsewhere: what stands before the cue."""
    for token in sentence.cues:
        if token.dep_ != "ROOT" or any(c.dep_ in (*CLAUSES, "dobj") for c in token.children):
            continue
        source = source_of(token)
        first = min([token.i, *(t.i for t in source)])
        comma = first - 1
        if source and comma - sentence.tokens[0].i >= 3 and token.doc[comma].text in (",", "”", '"'):
            content = trimmed(t for t in sentence.tokens if t.i < comma)
            if any(t.pos_ in ("VERB", "AUX") for t in content):
                yield _found(token, source, content, "trailing")


def verb_with_object(sentence: Sentence) -> Iterator[Found]:
    """ "Both denied claims that ...", "she accused the club of ...": the object of the cue is the content."""
    for token in sentence.cues:
        takes_object = VERBS[token.lemma_.lower()].takes_object or token.lemma_.lower() in ALSO_OBJECT
        if token.pos_ != "VERB" or not takes_object or token.dep_ == "amod":
            continue
        source = source_of(token)
        objects = [c for c in token.children if c.dep_ == "dobj"]
        if not source or not objects or any(c.dep_ in CLAUSES for c in token.children):
            continue
        parts = [c for c in token.children if c.dep_ in ("dobj", "oprd") or _belongs(c, token)]
        content = trimmed(t for part in parts for t in part.subtree)
        if len(content) >= 2 or VERBS[token.lemma_.lower()].takes_object:
            yield _found(token, source, content, "verb_object")


def verb_with_preposition(sentence: Sentence) -> Iterator[Found]:
    """ "They called for an inquiry", "she spoke about the dam": what stands behind the preposition."""
    for token in sentence.cues:
        wanted = PREPOSITIONS.get(token.lemma_.lower(), ())
        preposition = next((c for c in token.children if c.dep_ == "prep" and c.lower_ in wanted), None)
        if preposition is None or any(c.dep_ in ("ccomp", "dobj") for c in token.children):
            continue
        source = source_of(token)
        content = trimmed(t for c in preposition.children for t in c.subtree)
        if source and content:
            found = _found(token, source, content, "verb_preposition")
            yield Found(source, (*found.cue, preposition), content, found.rule, found.force)


def passive(sentence: Sentence) -> Iterator[Found]:
    """ "Was accused of lying", "is believed to have fled": the agent, if any, is the source."""
    for token in sentence.with_lemma(SAYING_PASSIVES):
        if token.tag_ != "VBN":
            continue
        subject = next((c for c in token.children if c.dep_ == "nsubjpass"), None)
        rest = [c for c in token.children if c.dep_ == "xcomp" or (c.dep_ == "prep" and c.lower_ in ("of", "with"))]
        if subject is None or not rest:
            continue
        agent = next((c for c in token.children if c.dep_ == "agent"), None)
        source = tuple(t for c in agent.children if c.dep_ == "pobj" for t in c.subtree) if agent else ()
        content = trimmed([*subject.subtree, *(t for part in rest for t in part.subtree)])
        if content:
            yield _found(token, source, content, "passive")


def noun_with_clause(sentence: Sentence) -> Iterator[Found]:
    """ "The claim that the dam leaks", "a denial by the ministry that ...": possessor or by-phrase is the source."""
    for token in sentence.with_lemma(NOUNS.keys()):
        if token.pos_ != "NOUN":
            continue
        clause = next((c for c in token.children if c.dep_ in ("acl", "ccomp") and c.i > token.i), None)
        if clause is None or not (any(c.lower_ in ("that", "to") for c in clause.children) or clause.dep_ == "ccomp"):
            continue
        content = trimmed(clause.subtree)
        if content:
            yield _found(token, possessor(token) or bearer(token), content, "noun_clause")


def adjective_with_clause(sentence: Sentence) -> Iterator[Found]:
    """ "The coach is confident that ..."."""
    for token in sentence.with_lemma(ADJECTIVES.keys()):
        if token.pos_ != "ADJ" or token.dep_ not in ("acomp", "conj"):
            continue
        clause = next((c for c in token.children if c.dep_ in CLAUSES and c.i > token.i), None)
        if clause is None:
            continue
        verb = token.head
        source = source_of(verb)
        content = trimmed(clause.subtree)
        if source and content:
            yield Found(source, (verb, token), content, "adjective", ADJECTIVES[token.lemma_.lower()].force)


def seeming(sentence: Sentence) -> Iterator[Found]:
    """ "He appeared to have left": an impression of nobody in particular."""
    for token in sentence.with_lemma(SEEMING):
        clause = next((c for c in token.children if c.dep_ in ("xcomp", "ccomp", "oprd") and c.i > token.i), None)
        if token.pos_ != "VERB" or clause is None:
            continue
        subject = [t for c in token.children if c.dep_ in ("nsubj", "expl") for t in c.subtree]
        content = trimmed([*subject, *clause.subtree])
        if len(content) >= 2:
            yield Found((), (token,), content, "seeming")


def hearsay(sentence: Sentence) -> Iterator[Found]:
    """ "He reportedly left": the adverb gives its clause to nobody in particular."""
    for token in sentence.with_form(HEARSAY):
        if token.dep_ == "advmod" and token.head.pos_ in ("VERB", "AUX"):
            content = trimmed(t for t in token.head.subtree if t.i != token.i)
            if len(content) >= 2:
                yield Found((), (token,), content, "hearsay")


def headline(sentence: Sentence) -> Iterator[Found]:
    """ "Minister: dam is safe" and "Dam is safe: minister" in a headline or a live blog."""
    colon = next(iter(sentence.with_form({":"})), None)
    if colon is None or colon in (sentence.tokens[0], sentence.tokens[-1]):
        return
    at = sentence.tokens.index(colon)
    before, after = sentence.tokens[:at], sentence.tokens[at + 1 :]
    if _names_source(before) and len(after) >= 3:
        yield Found(before, (colon,), after, "headline")
    elif _names_source(after) and len(before) >= 3:
        yield Found(after, (colon,), before, "headline")


RULES: tuple[Callable[[Sentence], Iterable[Found]], ...] = (
    according_to,
    verb_with_clause,
    parenthetical,
    trailing,
    verb_with_object,
    verb_with_preposition,
    passive,
    noun_with_clause,
    adjective_with_clause,
    seeming,
    hearsay,
    headline,
)


# --- cues and contents -----------------------------------------------------------------------------------------------


def _takes(cue: Token, clause: Token) -> bool:
    """Whether the clause is content of the cue: "to" with a verb and "-ing" are for some verbs only, "to be sure" for
    none."""
    if clause.dep_ != "xcomp":
        return True
    if clause.tag_ == "VBG":
        return cue.lemma_.lower() in GERUND
    return clause.pos_ != "ADJ" and cue.lemma_.lower() in INFINITIVE


def _belongs(child: Token, cue: Token) -> bool:
    """ "Accused him of fraud" keeps its preposition, "accused him on Monday" does not."""
    return child.dep_ == "prep" and child.i > cue.i and child.lower_ in OBJECT_PREPOSITIONS


def _has_as(verb: Token) -> bool:
    return any(c.lower_ == "as" and c.dep_ in ("mark", "advmod", "prep") for c in verb.children)


def _found(cue: Token, source: tuple[Token, ...], content: tuple[Token, ...], rule: str) -> Found:
    inside = {t.i for t in content}
    around = [c for c in cue.children if c.dep_ in ("aux", "auxpass", "neg", "prt") and c.i not in inside]
    return Found(source, tuple(sorted([*around, cue], key=lambda t: t.i)), content, rule, force_of(cue))


def _clause_tokens(clause: Token, cue: Token, source: tuple[Token, ...]) -> list[Token]:
    """The clause's subtree without what belongs to the cue (when the cue stands inside its own content)."""
    outside = {cue.i, *(t.i for t in source)}
    for second in (t for t in clause.subtree if outer_cue(t) == cue):
        outside |= {t.i for t in second.subtree} | {t.i for t in clause.subtree if t.i == second.left_edge.i - 1}
    return [t for t in clause.subtree if t.i not in outside]


def _names_source(tokens: tuple[Token, ...]) -> bool:
    return (
        1 <= len(tokens) <= 5
        and any(t.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") for t in tokens)
        and not any(t.pos_ in ("VERB", "AUX") for t in tokens)
    )
