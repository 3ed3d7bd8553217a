"""Content spans -> self-contained claims in positive polarity, with the same claim of several speakers linked."""

from __future__ import annotations

from dataclasses import dataclass

from stance.claims.cast import Cast
from stance.claims.cited import cited
from stance.claims.linking import Encoder, link, same_claim
from stance.claims.proposition import propositions
from stance.schema import Article, Attribution


@dataclass(frozen=True)
class AttributedClaim:
    """A claim that an attribution makes.

    ``claim_id`` is shared by claims that state the same; ``denied`` tells that the attribution, by its cue, its
    negation or both, says the opposite of ``text``.
    """

    claim_id: int
    text: str
    denied: bool
    attribution: Attribution


def claims_of(
    article: Article, attributions: list[Attribution], encode: Encoder | None = None
) -> list[AttributedClaim]:
    """The claims of an article's attributions in reading order, then those of the sources that outlets cite.

    A linked claim takes the wording of its first. With ``encode`` claims that the words leave open are linked by their
    embeddings, which takes ten times as long as all the rest.
    """
    cast = Cast.of(article, attributions)
    made = [
        (attribution, proposition)
        for attribution in (*attributions, *cited(attributions, article.text))
        for proposition in propositions(attribution, article.text, cast)
    ]
    leaders = link([proposition.text for _, proposition in made], encode)
    return [
        AttributedClaim(leader, made[leader][1].text, proposition.denied_by(attribution), attribution)
        for (attribution, proposition), leader in zip(made, leaders, strict=True)
    ]


__all__ = ["AttributedClaim", "claims_of", "propositions", "same_claim"]
