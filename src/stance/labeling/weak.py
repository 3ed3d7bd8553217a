"""The builder in one call: articles -> attributions -> claims -> candidates -> weakly labelled pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from stance.attribution import attribute
from stance.claims import claims_of
from stance.labeling.functions import FUNCTIONS
from stance.labeling.matrix import label_matrix
from stance.labeling.vote import weighted_vote
from stance.pairs import Candidate, candidates_of, pair_of
from stance.schema import Article, Pair


def weak_pairs(articles: Iterable[Article]) -> Iterator[Pair]:
    """Labelled pairs of unannotated articles; those that the functions leave open are dropped."""
    for article, attributions in attribute(articles):
        yield from label(list(candidates_of(article, attributions, claims_of(article, attributions))))


def label(candidates: list[Candidate]) -> Iterator[Pair]:
    """The pairs of an article's candidates with aggregated labels."""
    labels = weighted_vote(label_matrix(candidates, FUNCTIONS))
    for candidate, weak in zip(candidates, labels, strict=True):
        if weak.stance is not None:
            yield replace(
                pair_of(candidate), stance=weak.stance, label_source="weak", confidence=round(weak.confidence, 3)
            )
