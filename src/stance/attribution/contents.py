"""The finite clauses of an attribution's content, read off the parse that found it.

A content may hold several claims: conjoined clauses, a reason, an aside about somebody. Each becomes a
:class:`stance.schema.Clause`, made of spans of the article, so that later stages need no parser.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from stance.attribution.negation import NEGATORS, is_neither, negations
from stance.attribution.parse import Paragraph
from stance.schema import Attribution, Clause, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_CLAUSES = 40
"""A content with more finite clauses is a list or no prose: the clauses are compared two by two."""

FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "csubjpass", "expl"))
REASONS = frozenset(("because", "as", "although", "though", "whereas"))
"""What follows one of these is stated as a fact of its own; what follows "if", "unless" or "until" is a condition."""
CONDITIONS = frozenset(("if", "unless", "until", "once"))
RELATIVES = frozenset(("who", "which"))
QUESTIONS = frozenset(("what", "how", "which", "where", "when", "why", "who", "whose", "whom"))
PRONOUNS = frozenset("he she it they him her them his hers its their theirs this that these those one".split())
IMPERSONAL = frozenset(
    """early late soon premature hard difficult easy possible impossible important necessary essential vital clear
    unclear obvious evident true untrue false unfair""".split()
)
"""Adjectives of "it is too early to say", where "it" stands for nothing; "it was happy to help" is a firm's."""
NOMINATIVE = frozenset(("he", "she", "it", "they", "this", "that", "these", "those"))


def with_clauses(attributions: Iterable[Attribution], parsed: list[Paragraph]) -> list[Attribution]:
    """The attributions with the finite clauses of their contents (none where a content is a bare phrase)."""
    starts = [paragraph.start for paragraph in parsed]
    result = []
    for attribution in attributions:
        first = bisect_right(starts, attribution.content[0].start) - 1
        behind = bisect_left(starts, attribution.content[-1].end)
        found = [clause for one in parsed[max(0, first) : behind] for clause in _clauses(attribution, one)]
        result.append(replace(attribution, clauses=tuple(found)))
    return result


def _clauses(attribution: Attribution, paragraph: Paragraph) -> Iterator[Clause]:
    content = _tokens(attribution.content, paragraph)
    inside = {token.i for token in content}
    verbs = {token.i: token for token in content if _is_finite(token)}
    alone = (verb for verb in verbs.values() if _stands_alone(verb, inside, verbs))
    heads = {verb.i: verb for verb in islice(alone, MAX_CLAUSES)}
    last: Token | None = None
    for verb in heads.values():
        clause, last = _clause(verb, inside, heads, last, paragraph)
        if clause is not None:
            yield clause


def _tokens(spans: tuple[Span, ...], paragraph: Paragraph) -> list[Token]:
    found: list[Token] = []
    for span in spans:
        start, end = max(0, span.start - paragraph.start), min(span.end, paragraph.end) - paragraph.start
        if end > start and (tokens := paragraph.doc.char_span(start, end, alignment_mode="contract")) is not None:
            found.extend(tokens)
    return found


def _is_finite(token: Token) -> bool:
    if token.pos_ not in ("VERB", "AUX") or token.dep_ in ("aux", "auxpass"):
        return False
    helpers = [child for child in token.children if child.dep_ in ("aux", "auxpass")]
    if any(child.lower_ == "to" for child in helpers):
        return False
    return any(child.tag_ in FINITE for child in helpers) or (token.tag_ in FINITE and not _is_order(token))


def _is_order(token: Token) -> bool:
    """A base form that the tagger takes for a present tense: it has no subject of its own and shares none."""
    return token.tag_ == "VBP" and _subject(token) is None and token.dep_ != "conj"


# --- which verbs make a claim of their own ---------------------------------------------------------------------------


def _stands_alone(verb: Token, inside: set[int], verbs: dict[int, Token]) -> bool:
    if verb.dep_ == "advcl" and not _is_reason(verb):
        return False
    if verb.dep_ == "ROOT" or verb.head.i not in inside:
        return True
    if verb.dep_ in ("conj", "advcl"):
        return verb.head.i in verbs and _stands_alone(verb.head, inside, verbs)
    if verb.dep_ in ("ccomp", "parataxis"):  # "It leaks, they know it, ..." and a head noun's "that ..."
        return (verb.head.i in verbs and verb.i < verb.head.i and _is_comma_splice(verb)) or _of_noun(verb, inside)
    return (verb.dep_ == "relcl" and _is_aside(verb)) or _of_noun(verb, inside)


def _is_reason(verb: Token) -> bool:
    mark = next((child for child in verb.children if child.dep_ == "mark"), None)
    return mark is not None and mark.lower_ in REASONS and any(c.dep_ in SUBJECTS for c in verb.children)


def _is_comma_splice(verb: Token) -> bool:
    return not any(child.dep_ == "mark" for child in verb.children) and _subject(verb) is not None


def _is_aside(verb: Token) -> bool:
    """ "The mayor, who owns the field, ...": the comma makes the relative clause a statement."""
    pronoun = next((c for c in verb.children if c.dep_ in SUBJECTS), None)
    return pronoun is not None and pronoun.lower_ in RELATIVES and pronoun.i > 0 and pronoun.nbor(-1).text == ","


def _opens_aside(verb: Token) -> bool:
    first = verb.left_edge
    return first.lower_ in ("who", "which", "whose", "whom") and first.i > 0 and first.nbor(-1).text == ","


def _of_noun(verb: Token, inside: set[int]) -> bool:
    """ "Claims that the dam leaks": the clause of the noun that is the whole content."""
    noun = verb.head
    is_top = noun.i in inside and (noun.dep_ == "ROOT" or noun.head.i not in inside)
    return is_top and noun.pos_ == "NOUN" and verb.dep_ in ("acl", "ccomp") and not _is_finite(noun)


# --- a clause of spans -----------------------------------------------------------------------------------------------


def _clause(
    verb: Token, inside: set[int], heads: dict[int, Token], last: Token | None, paragraph: Paragraph
) -> tuple[Clause | None, Token | None]:
    """The clause of a verb, and the subject that a pronoun of the next clause may stand for."""
    own = _own_tokens(verb, inside, heads)
    subject = _subject(verb)
    taken: list[Token] = []
    if subject is not None and (subject.i not in inside or subject.lower_ in RELATIVES):
        taken, own = _antecedent(verb, subject, heads), [t for t in own if t != subject]
    elif subject is not None and subject.i not in {t.i for t in own}:
        taken = _phrase(subject, heads)
    elif subject is not None and _may_be(subject, last):
        assert last is not None
        taken, own = _phrase(last, heads), [t for t in own if t != subject]
    own = _trimmed(own)
    if subject is None or not own or own[0].lower_ in QUESTIONS or is_neither(verb):
        return None, last
    groups = [taken, own] if taken else [own]
    if filler := _gap_filler(verb, heads):
        groups = [*([taken] if taken else []), *_with_filler(own, verb, filler)]
    full = subject if subject.lower_ not in PRONOUNS and subject.pos_ in ("NOUN", "PROPN") else last
    whole = [token for group in groups for token in group]
    clause = Clause(
        words=tuple(span for group in groups for span in paragraph.span(group)),
        negations=paragraph_spans(paragraph, negations(verb, whole)),
        open=paragraph_spans(paragraph, _open(whole)),
        finite=paragraph_spans(paragraph, [_finite_word(verb)])[0],
        present=_finite_word(verb).tag_ == "VBP",
        reason=verb.dep_ == "advcl",
    )
    return clause, full


def paragraph_spans(paragraph: Paragraph, tokens: Iterable[Token]) -> tuple[Span, ...]:
    """One span a token."""
    return tuple(
        Span(paragraph.start + token.idx, paragraph.start + token.idx + len(token))
        for token in sorted(tokens, key=lambda token: token.i)
    )


def _finite_word(verb: Token) -> Token:
    return next((c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.tag_ in FINITE), verb)


def _own_tokens(verb: Token, inside: set[int], heads: dict[int, Token]) -> list[Token]:
    """The verb's subtree within the content, without the clauses that stand alone and what joins them to it."""
    apart: set[int] = set()
    for other in heads.values():
        if other != verb and verb in other.ancestors:
            cut = {token.i for token in other.subtree}
            apart |= cut | {
                i for i in (min(cut) - 1, max(cut) + 1) if 0 <= i < len(verb.doc) and verb.doc[i].text == ","
            }
    for token in verb.subtree:  # ", which ..." is an aside, whether or not it makes a claim
        if token.i in inside and token.dep_ == "relcl" and verb.i < token.left_edge.i and _opens_aside(token):
            apart |= {token.left_edge.i - 1, *(t.i for t in token.subtree)}
    marks = _joints(verb)
    if verb.dep_ == "advcl" and marks:  # "just as ...", "especially because ..."
        marks |= set(range(verb.left_edge.i, min(marks)))
    own = [token for token in verb.subtree if token.i in inside and token.i not in apart | marks]
    if any(other.dep_ == "conj" and other.head == verb for other in heads.values()):
        own = [token for token in own if not (_only_links(token) and token.head == verb)]
    return own


def _joints(verb: Token) -> set[int]:
    """What joins the clause to others: its marks and conjunctions, and "not only", which denies nothing.

    "That if the tax falls, shops open": the parser may hang the condition's mark on the main verb; it stays.
    """
    marks = [c for c in verb.children if c.dep_ in ("mark", "cc", "preconj") and c.i < verb.i and c.lower_ != "that"]
    if any(c.lower_ == "that" and c.dep_ == "mark" for c in verb.children):
        marks = [mark for mark in marks if mark.lower_ not in CONDITIONS]
    only = {i for mark in marks if mark.lower_ == "not" and mark.nbor().lower_ == "only" for i in (mark.i, mark.i + 1)}
    return only | {mark.i for mark in marks if mark.lower_ not in NEGATORS}


def _only_links(token: Token) -> bool:
    return token.dep_ in ("cc", "preconj") and (token.dep_ == "cc" or token.lower_ not in NEGATORS)


def _subject(verb: Token) -> Token | None:
    """The verb's subject, or the one that it shares with the verb before it."""
    while True:
        found = next((child for child in verb.children if child.dep_ in SUBJECTS), None)
        if found is not None or verb.dep_ != "conj":
            return found
        verb = verb.head


def _antecedent(verb: Token, subject: Token, heads: dict[int, Token]) -> list[Token]:
    if subject.lower_ in RELATIVES and verb.dep_ == "relcl":
        return _phrase(verb.head, heads)
    return _phrase(subject, heads)


def _phrase(noun: Token, heads: dict[int, Token]) -> list[Token]:
    """A noun phrase without relative clauses and appositions set off by commas."""
    apart = {t.i for c in noun.children if c.dep_ in ("relcl", "appos", "conj", "cc", "acl") for t in c.subtree}
    if any(c.dep_ == "conj" for c in noun.children):  # "Karvia and Norland" stay together
        apart = {t.i for c in noun.children if c.dep_ in ("relcl", "appos") for t in c.subtree}
    return _trimmed([token for token in noun.subtree if token.i not in apart])


def _may_be(pronoun: Token, last: Token | None) -> bool:
    """Whether a subject pronoun can stand for the subject of the clause before it, by number and kind."""
    word = pronoun.lower_
    if last is None or word not in NOMINATIVE or pronoun.dep_ == "expl" or pronoun.pos_ != "PRON" or _is_empty(pronoun):
        return False
    plural = last.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in last.children)
    person = last.ent_type_ == "PERSON"
    if word in ("he", "she"):
        return person and not plural
    return (plural and not person) if word in ("they", "these", "those") else word == "it" and not plural and not person


def _is_empty(pronoun: Token) -> bool:
    """ "It was agreed that ...", "it is hard to say": the pronoun stands for nothing."""
    judged = [c for c in pronoun.head.children if c.dep_ == "acomp" and c.lower_ in IMPERSONAL]
    return pronoun.lower_ == "it" and any(
        c.dep_ in ("ccomp", "xcomp", "csubj", "advcl") and c.i > pronoun.i
        for head in (pronoun.head, *judged)
        for c in head.children
    )


def _gap_filler(verb: Token, heads: dict[int, Token]) -> list[Token]:
    """ "Drones, which the union claims the firm sold": the noun that the clause lacks, since "which" stands outside."""
    cue = verb.head
    if (
        verb.dep_ != "ccomp"
        or cue.dep_ != "relcl"
        or any(c.dep_ in ("dobj", "obj") for c in verb.children if c.i > verb.i)
    ):
        return []
    relative = next((t for t in cue.subtree if t.lower_ in ("which", "that", "whom") and t.i < verb.i), None)
    if relative is None or relative.dep_ not in ("dobj", "pobj"):
        return []
    return _phrase(_thing(cue.head), heads)


def _thing(noun: Token) -> Token:
    """ "Sold drones to Karvia, which it claims ...": what is used or sold is the drones, rather than the state."""
    node = noun
    while node.dep_ in ("pobj", "prep", "dative") and node != node.head:
        node = node.head
    if noun.ent_type_ not in ("GPE", "PERSON", "NORP") or noun.dep_ != "pobj":
        return noun
    return next((c for c in node.children if c.dep_ == "dobj" and c.i < noun.i), noun)


def _with_filler(own: list[Token], verb: Token, filler: list[Token]) -> list[list[Token]]:
    after = [t for t in own if t.i > verb.i]
    prt = [t for t in after if t.dep_ == "prt" and t.head == verb]
    return [[t for t in own if t.i <= verb.i and t.lower_ != "which"] + prt, filler, [t for t in after if t not in prt]]


def _trimmed(tokens: list[Token]) -> list[Token]:
    kept = list(tokens)
    while kept and (kept[0].is_punct or kept[0].is_space or _only_joins(kept[0])):
        kept.pop(0)
    while kept and ((kept[-1].is_punct and kept[-1].text not in ")%") or kept[-1].is_space or kept[-1].dep_ == "cc"):
        kept.pop()
    return kept


def _only_joins(token: Token) -> bool:
    """ "And", "that", "whether"; "if" and "unless" open a condition, which is part of the claim."""
    return token.dep_ == "cc" or (token.dep_ == "mark" and token.lower_ not in CONDITIONS)


# --- pronouns --------------------------------------------------------------------------------------------------------


def _open(tokens: list[Token]) -> list[Token]:
    """Pronouns that nothing before them in the clause explains; "her plan" after "Ana" is explained."""
    found: list[Token] = []
    nouns = 0
    for token in tokens:
        is_object = token.dep_ in ("dobj", "dative", "pobj")
        if token.lower_ in PRONOUNS and token.pos_ in ("PRON", "DET") and _refers(token):
            if nouns < (2 if is_object else 1):
                found.append(token)
            nouns += 1
        elif token.pos_ in ("NOUN", "PROPN") and token.dep_ != "compound" and token.ent_type_ not in ("DATE", "TIME"):
            nouns += 1
    return found


def _refers(token: Token) -> bool:
    if token.lower_ in ("this", "that", "these", "those", "one"):
        return token.dep_ in (*SUBJECTS, "dobj", "pobj") and token.head.dep_ != "relcl"
    return token.dep_ != "expl" and not _is_empty(token)
