"""Attributions x claims -> (speaker, claim) candidates with their provenance.

A claim meets its own speaker and every other speaker of the article whose words have a bearing on it; a few silent
speakers are kept as honest neutrals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stance.attribution.speakers import PRONOUNS
from stance.claims import AttributedClaim
from stance.files import sha256_text
from stance.records import attribution_row
from stance.schema import Article, Attribution, Pair
from stance.wording import overlap, stems

BEARING = 0.5
"""A speaker has a bearing on a claim when words given to them hold at least this share of the claim's content stems."""

MAX_SILENT = 1
"""Speakers with no word on a claim that are paired with it all the same, per claim."""


@dataclass(frozen=True)
class Candidate:
    """A (speaker, claim) of an article before it is labelled.

    ``own`` are the attributions that make the claim itself for this speaker, ``denied`` says of each whether it states
    the opposite; ``near`` are the speaker's other attributions with a bearing on it. ``silent`` tells that no words
    given to the speaker share any content word with the claim.
    """

    article: Article
    speaker: str
    claim: str
    own: tuple[Attribution, ...]
    denied: tuple[bool, ...]
    near: tuple[Attribution, ...]
    silent: bool = False

    @property
    def attributions(self) -> tuple[Attribution, ...]:
        """Everything of the article that the candidate rests on."""
        return self.own + self.near

    def content(self, attribution: Attribution) -> str:
        """The words that an attribution gives to its source."""
        return " ".join(span.of(self.article.text) for span in attribution.content)

    def cue(self, attribution: Attribution) -> str:
        """The words by which an attribution gives them, lower-cased."""
        return " ".join(span.of(self.article.text) for span in attribution.cue).lower()


def speakers_of(attribution: Attribution) -> list[str]:
    """The single speakers of an attribution: "Both Iran and Russia" are two."""
    name = re.sub(r"^(?:both|either|neither)\s+", "", attribution.speaker, flags=re.I)
    parts = re.split(r"\s*,?\s+(?:and|or|nor)\s+|,\s+(?=[A-Z])", name)
    conjoined = len(parts) > 1 and all(len(part.split()) <= 4 and part[:1].isupper() for part in parts)
    return [part for part in (parts if conjoined else [name]) if part and part.lower() not in PRONOUNS]


def candidates_of(
    article: Article, attributions: list[Attribution], claims: list[AttributedClaim], max_silent: int = MAX_SILENT
) -> Iterator[Candidate]:
    """Candidates of an article, claim by claim in reading order, the claim's own speakers first."""
    words: dict[str, list[tuple[Attribution, set[str]]]] = {}
    for attribution in attributions:
        content = " ".join(span.of(article.text) for span in attribution.content)
        for speaker in speakers_of(attribution):
            words.setdefault(speaker, []).append((attribution, stems(content)))
    for claim_id in dict.fromkeys(claim.claim_id for claim in claims):
        group = [claim for claim in claims if claim.claim_id == claim_id]
        yield from _of_claim(article, group, words, max_silent)


def _of_claim(
    article: Article,
    group: list[AttributedClaim],
    words: dict[str, list[tuple[Attribution, set[str]]]],
    max_silent: int,
) -> Iterator[Candidate]:
    text, silent = group[0].text, 0
    wanted = stems(text)
    owners = {speaker for claim in group for speaker in speakers_of(claim.attribution)}
    for speaker in sorted(words, key=lambda name: name not in owners):
        own = [claim for claim in group if speaker in speakers_of(claim.attribution)]
        taken = {id(claim.attribution) for claim in own}
        near = [a for a, content in words[speaker] if id(a) not in taken and overlap(wanted, content) >= BEARING]
        if not own and not near:
            if silent >= max_silent or not _is_named(speaker):
                continue
            silent += 1
        quiet = not own and not any(wanted & content for _, content in words[speaker])
        attributions, denied = tuple(c.attribution for c in own), tuple(c.denied for c in own)
        yield Candidate(article, speaker, text, attributions, denied, tuple(near), quiet)


def _is_named(speaker: str) -> bool:
    return len(speaker.split()) <= 6 and any(word[:1].isupper() for word in speaker.split())


def pair_of(candidate: Candidate) -> Pair:
    """The unlabelled pair of a candidate: the whole article is its context, the attributions are its provenance."""
    key = f"{candidate.article.article_id}\n{candidate.speaker}\n{candidate.claim}"
    evidence = candidate.content(candidate.own[0]) if candidate.own else None
    return Pair(
        pair_id=f"{candidate.article.article_id}-{sha256_text(key)[:10]}",
        article_id=candidate.article.article_id,
        speaker=candidate.speaker,
        claim=candidate.claim,
        context=candidate.article.text,
        evidence=evidence if evidence and evidence in candidate.article.text else None,
        extra={"provenance": [attribution_row(a) for a in candidate.attributions]},
    )


__all__ = ["Candidate", "candidates_of", "pair_of", "speakers_of"]
