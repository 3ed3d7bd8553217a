"""Whole articles -> statements: attribution, claims and candidates by rule, stances by the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.attribution import attribute
from stance.claims import claims_of
from stance.labeling import FUNCTIONS, WeakLabel, label_matrix, weighted_vote
from stance.pairs import Candidate, candidates_of, pair_of
from stance.schema import Article, Attribution, Prediction, Stance, Statement

if TYPE_CHECKING:
    from stance.inference.classifier import StanceClassifier


RULE_TRUST = 0.85
"""How often the labeling functions are taken to be right about a speaker's own claim; set by judgement, not fitted."""


@dataclass(frozen=True)
class ArticleAnalysis:
    """An article, what it attributes, and the statements found in it."""

    article: Article
    attributions: tuple[Attribution, ...]
    statements: tuple[Statement, ...]

    def stance_map(self) -> dict[str, dict[str, Statement]]:
        """Claim -> speaker -> statement; claims on which the speakers disagree most come first."""
        return stance_map(self.statements)


def stance_map(statements: Iterable[Statement]) -> dict[str, dict[str, Statement]]:
    """Claim -> speaker -> statement; claims on which the speakers disagree most come first."""
    rows: dict[str, dict[str, Statement]] = {}
    for statement in statements:
        rows.setdefault(statement.claim, {})[statement.speaker] = statement
    return dict(sorted(rows.items(), key=lambda item: -_disagreement(item[1].values())))


def _disagreement(statements: Iterable[Statement]) -> float:
    """How much affirmation meets denial on one claim, in [0, 1] times the number of speakers on the smaller side."""
    sides = [statement.stance for statement in statements]
    return min(sides.count(Stance.AFFIRM), sides.count(Stance.DENY)) + 0.01 * len(set(sides))


def analyze_articles(model: StanceClassifier, articles: Iterable[Article]) -> Iterator[ArticleAnalysis]:
    """Analyses in the order of the articles; streams, so that one article is in memory at a time."""
    for article, attributions in attribute(articles):
        claims = claims_of(article, attributions)
        candidates = list(candidates_of(article, attributions, claims, max_silent=0))
        predictions = model.predict_batch([pair_of(candidate) for candidate in candidates])
        votes = weighted_vote(label_matrix(candidates, FUNCTIONS))
        found = zip(candidates, predictions, votes, strict=True)
        statements = tuple(_statement(*one) for one in found)
        yield ArticleAnalysis(article, tuple(attributions), statements)


def _statement(candidate: Candidate, prediction: Prediction, vote: WeakLabel) -> Statement:
    """A vote that agrees with an unsure model makes the answer sure: the two know nothing of each other."""
    probabilities, voted = prediction.probabilities, vote.stance if candidate.own else None
    if voted is not None:
        probabilities = _with_vote(probabilities, voted)
    return Statement(
        article_id=candidate.article.article_id,
        speaker=candidate.speaker,
        claim=candidate.claim,
        stance=max(probabilities, key=lambda label: probabilities[label]),
        probabilities=probabilities,
        evidence=prediction.evidence,
        attributions=candidate.attributions,
        own=len(candidate.own),
        abstained=prediction.abstained and voted is not prediction.stance,
    )


def _with_vote(probabilities: Mapping[Stance, float], vote: Stance) -> dict[Stance, float]:
    """The model's answer times the labeling functions' vote, taken as independent (naive Bayes).

    Only for a speaker's own claim: its words come from the speaker, so the rules know its polarity better than the
    model knows the claim.
    """
    others = (1 - RULE_TRUST) / (len(Stance) - 1)
    weighted = {label: value * (RULE_TRUST if label is vote else others) for label, value in probabilities.items()}
    total = sum(weighted.values())
    return {label: value / total for label, value in weighted.items()}
