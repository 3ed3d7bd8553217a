"""Which negating words of a clause deny it as a whole, and which only answer, contrast or stand in a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

NEGATORS = frozenset(("no", "not", "n't", "n’t", "never", "none", "nobody", "nothing", "nowhere", "neither", "nor"))


def negations(verb: Token, clause: list[Token]) -> list[Token]:
    """The words that deny the clause as a whole: at its verb, or on its subject or an object of its verb."""
    found = [token for token in clause if token.lower_ in NEGATORS]
    return [token for token in found if not (_answers(token) or _contrasts(token)) and _denies(token, verb)]


def _answers(negator: Token) -> bool:
    """ "No, we did not": the answer says no once more, and cancels nothing."""
    before_comma = negator.lower_ == "no" and negator.i + 1 < len(negator.doc) and negator.nbor().text == ","
    return negator.dep_ == "intj" or before_comma


def _contrasts(negator: Token) -> bool:
    """ "In the north, not in the south", "not until Friday": what is denied is something else than the clause."""
    before, after = negator.doc[max(0, negator.i - 1)], negator.doc[min(len(negator.doc) - 1, negator.i + 1)]
    return negator.lower_ == "not" and (before.text == "," or after.lower_ == "until")


def _denies(negator: Token, verb: Token) -> bool:
    node = negator
    while node.head != verb:
        nominal = node.dep_ in (
            "det",
            "neg",
            "pobj",
            "advmod",
            "dobj",
            "nsubj",
            "nsubjpass",
            "attr",
            "prep",
            "amod",
            "quantmod",
        )
        if (
            node == node.head
            or not nominal
            or (node.head.pos_ in ("VERB", "AUX") and not _is_complement(node.head, verb))
        ):
            return _is_complement(node.head, verb) and node.dep_ in ("dobj", "attr")
        node = node.head
    return node.dep_ not in ("advcl", "relcl", "ccomp", "xcomp", "conj", "cc", "acl") and (
        node.dep_ != "preconj" or node.lower_ == "neither"
    )


def _is_complement(other: Token, verb: Token) -> bool:
    return other.head == verb and other.dep_ == "xcomp"


def is_neither(verb: Token) -> bool:
    """ "... nor sold the land": the negation stands outside the clause."""
    return verb.dep_ == "conj" and any(c.dep_ == "cc" and c.lower_ == "nor" for c in verb.head.children)
