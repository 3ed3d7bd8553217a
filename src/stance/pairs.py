"""Attributions x claims -> (speaker, claim) candidates with their provenance.

A claim meets its own speaker and every other speaker of the article whose words have a bearing on it. A speaker who
says nothing on it, but speaks of somebody whom it names or is named in it, is kept as an honest neutral; nobody is
paired with a claim for being in the same article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from stance.attribution.speakers import PRONOUNS
from stance.claims import AttributedClaim
from stance.claims.cited import citations
from stance.claims.linking import Wording
from stance.claims.states import state_of
from stance.files import sha256_text
from stance.records import attribution_row
from stance.schema import Article, Attribution, Pair
from stance.wording import overlap

BEARING = 0.5
"""A speaker has a bearing on a claim when words given to them hold at least this share of the claim's content stems."""

MAX_NEAR = 20
"""Speakers with a bearing on a claim who do not make it, per claim: those whose words hold most of it come first."""

MAX_SILENT = 1
"""Speakers with no word on a claim that share a name with it and are paired with it as neutral, per claim."""


@dataclass(frozen=True)
class Candidate:
    """A (speaker, claim) of an article before it is labelled.

    ``own`` are the attributions that make the claim itself for this speaker, ``denied`` says of each whether it states
    the opposite; ``near`` are the speaker's other attributions with a bearing on it. ``silent`` tells that no words
    given to the speaker share any content word with the claim but names.
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
    """The single speakers of an attribution: "Both Karvia and Norland" are two; a capital that speaks is its state."""
    return list(_single_speakers(attribution.speaker))


@lru_cache(maxsize=2**10)  # asked of every claim's attributions for every speaker of the article
def _single_speakers(names: str) -> tuple[str, ...]:
    name = re.sub(r"^(?:both|either|neither)\s+", "", names, flags=re.I)
    parts = re.split(r"\s*,?\s+(?:and|or|nor)\s+|,\s+(?=[A-Z])", name)
    conjoined = len(parts) > 1 and all(len(part.split()) <= 4 and part[:1].isupper() for part in parts)
    single = [
        part for part in (parts if conjoined else [name]) if part and (part == "US" or part.lower() not in PRONOUNS)
    ]
    return tuple(state_of(part) or part for part in single)


def candidates_of(
    article: Article, attributions: list[Attribution], claims: list[AttributedClaim], max_silent: int = MAX_SILENT
) -> Iterator[Candidate]:
    """Candidates of an article, claim by claim in reading order, the claim's own speakers first."""
    said: dict[str, list[tuple[Attribution, Wording]]] = {}
    reports = {id(citing): report for citing, report in citations(attributions, article.text)}
    for attribution in (*attributions, *(c.attribution for c in claims if c.attribution.rule == "cited")):
        content = reports.get(
            id(attribution), attribution
        ).content  # "citing an aide" bears on what the aide is cited for
        wording = Wording.of(" ".join(span.of(article.text) for span in content))
        for speaker in speakers_of(attribution):
            said.setdefault(speaker, []).append((attribution, wording))
    groups: dict[int, list[AttributedClaim]] = {}
    for claim in claims:
        groups.setdefault(claim.claim_id, []).append(claim)
    for group in groups.values():
        yield from _of_claim(article, group, said, max_silent)


def _of_claim(
    article: Article,
    group: list[AttributedClaim],
    said: dict[str, list[tuple[Attribution, Wording]]],
    max_silent: int,
) -> Iterator[Candidate]:
    wanted = Wording.of(group[0].text)
    makers, others = [], []
    for speaker, words in said.items():
        own = [claim for claim in group if speaker in speakers_of(claim.attribution)]
        taken = {id(claim.attribution) for claim in own}
        near = [a for a, w in words if id(a) not in taken and _bears(w, wanted)]
        if own:
            makers.append(_candidate(article, speaker, group[0].text, own, near))
        elif near:
            others.append((speaker, near, max(_shared(w, wanted) for _, w in words)))
    closest = {speaker for speaker, _, _ in sorted(others, key=lambda item: -item[2])[:MAX_NEAR]}
    yield from makers
    yield from (
        _candidate(article, speaker, group[0].text, [], near) for speaker, near, _ in others if speaker in closest
    )
    heard = {candidate.speaker for candidate in makers} | {speaker for speaker, _, _ in others}
    yield from _silent(article, group[0].text, wanted, {s: w for s, w in said.items() if s not in heard}, max_silent)


def _bears(words: Wording, wanted: Wording) -> bool:
    return _shared(words, wanted) >= BEARING


def _shared(words: Wording, wanted: Wording) -> float:
    return overlap(set(wanted.stems), set(words.stems))


def _candidate(
    article: Article, speaker: str, text: str, own: list[AttributedClaim], near: list[Attribution]
) -> Candidate:
    return Candidate(
        article,
        speaker,
        text,
        tuple(claim.attribution for claim in own),
        tuple(claim.denied for claim in own),
        tuple(near),
    )


def _silent(
    article: Article,
    text: str,
    wanted: Wording,
    others: dict[str, list[tuple[Attribution, Wording]]],
    most: int,
) -> list[Candidate]:
    """The speakers that share names with a claim, and no other word: the more names, the sooner."""
    found = []
    for speaker, said in others.items():
        spoken = frozenset().union(*(w.stems for _, w in said))
        names = wanted.names & (spoken | Wording.of(speaker).stems)
        if names and not (wanted.stems - wanted.names) & spoken and _is_named(speaker):
            found.append((-len(names), speaker))
    chosen = [speaker for _, speaker in sorted(found, key=lambda item: item[0])[:most]]
    return [Candidate(article, speaker, text, (), (), (), silent=True) for speaker in chosen]


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
