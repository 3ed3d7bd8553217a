"""How well claims are told apart and together: built claims against the gold claims of their own article.

A test set by rule: where a labelled sentence gives its speaker exactly one built claim of the right polarity, that
claim and the cell's gold claim are one proposition in two wordings; the built claim and the other gold claims of the
article, as far as no cell of the speaker rests on the same words, are two. The rule takes an entailed claim for the
same one now and then, so that recall is measured too low.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stance.attribution import attribute
from stance.claims import AttributedClaim, claims_of
from stance.claims.linking import OPEN, SAME, Encoder, Wording, shared
from stance.labeling.gold import is_same_speaker
from stance.pairs import speakers_of
from stance.schema import AnnotatedArticle, Cell, Stance


class ClaimPair(NamedTuple):
    """A built claim, a gold claim of its article, and whether they are one proposition."""

    built: str
    gold: str
    same: bool


def claim_pairs(annotated: Iterable[AnnotatedArticle]) -> Iterator[ClaimPair]:
    """The test set of some annotated articles."""
    by_id = {one.article.article_id: one for one in annotated}
    for article, attributions in attribute(one.article for one in by_id.values()):
        one = by_id[article.article_id]
        made = claims_of(article, attributions)
        for cell in one.stances:
            if cell.stance is not Stance.NEUTRAL and (built := _built(cell, made, one)) is not None:
                unclear = {
                    c.claim for c in one.stances if c is not cell and c.speaker == cell.speaker and _meet(c, built)
                }
                yield from (
                    ClaimPair(built.text, c.text, c.id == cell.claim) for c in one.claims if c.id not in unclear
                )


def _built(cell: Cell, made: list[AttributedClaim], one: AnnotatedArticle) -> AttributedClaim | None:
    """The only claim that the builder makes of a cell's evidence, if it has the cell's polarity."""
    speaker = next(speaker for speaker in one.speakers if speaker.id == cell.speaker)
    found = [
        claim
        for claim in made
        if _meet(cell, claim) and any(is_same_speaker(name, speaker) for name in speakers_of(claim.attribution))
    ]
    return found[0] if len(found) == 1 and found[0].denied == (cell.stance is Stance.DENY) else None


def _meet(cell: Cell, claim: AttributedClaim) -> bool:
    evidence = cell.evidence
    return evidence is not None and any(span.meets(evidence) for span in claim.attribution.content)


class LinkingScore(NamedTuple):
    """Precision, recall and F1 of "these two are one claim"."""

    precision: float
    recall: float
    f1: float


def score(pairs: list[ClaimPair], found: list[bool]) -> LinkingScore:
    """Judge decisions on claim pairs."""
    right = sum(pair.same and one for pair, one in zip(pairs, found, strict=True))
    precision, recall = right / max(1, sum(found)), right / max(1, sum(pair.same for pair in pairs))
    return LinkingScore(precision, recall, 2 * precision * recall / max(1e-9, precision + recall))


def by_words(pairs: list[ClaimPair], floor: float = SAME) -> list[bool]:
    """Decisions by shared words alone."""
    return [shared(Wording.of(pair.built), Wording.of(pair.gold)) >= floor for pair in pairs]


def by_embeddings(pairs: list[ClaimPair], encode: Encoder, cosine: float, floor: float = OPEN) -> list[bool]:
    """Decisions by shared words, and by the cosine where the words leave it open."""
    likeness = [shared(Wording.of(pair.built), Wording.of(pair.gold)) for pair in pairs]
    left = encode([pair.built for pair in pairs])
    right = encode([pair.gold for pair in pairs])
    cosines = (left * right).sum(axis=1)
    return [like >= SAME or (like >= floor and near >= cosine) for like, near in zip(likeness, cosines, strict=True)]
