"""Gold cells as candidates, so that labeling functions can be judged on the annotated articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stance.attribution import attribute
from stance.claims import propositions
from stance.labeling.functions import FUNCTIONS
from stance.labeling.matrix import FunctionReport, analysis, format_analysis, label_matrix
from stance.labeling.vote import MIN_CONFIDENCE, weighted_vote
from stance.pairs import BEARING, Candidate, speakers_of
from stance.probability import Floats
from stance.schema import LABELS, AnnotatedArticle, Attribution, Claim, Speaker, Stance
from stance.wording import overlap, stems, words

Flags = npt.NDArray[np.bool_]


def gold_candidates(annotated: AnnotatedArticle, attributions: list[Attribution]) -> Iterator[tuple[Candidate, Stance]]:
    """Each labelled cell with the attributions that the rules found for its speaker."""
    speakers = {speaker.id: speaker for speaker in annotated.speakers}
    claims = {claim.id: claim for claim in annotated.claims}
    for cell in annotated.stances:
        speaker = speakers[cell.speaker]
        theirs = [a for a in attributions if any(is_same_speaker(name, speaker) for name in speakers_of(a))]
        yield _candidate(annotated, speaker, claims[cell.claim], theirs), cell.stance


def _candidate(annotated: AnnotatedArticle, speaker: Speaker, claim: Claim, theirs: list[Attribution]) -> Candidate:
    wanted = stems(claim.text)
    own: list[Attribution] = []
    denied: list[bool] = []
    near: list[Attribution] = []
    for attribution in theirs:
        made = [
            p for p in propositions(attribution, annotated.article.text) if overlap(wanted, stems(p.text)) >= BEARING
        ]
        content = " ".join(span.of(annotated.article.text) for span in attribution.content)
        if made:
            own.append(attribution)
            denied.append(made[0].denied_by(attribution))
        elif overlap(wanted, stems(content)) >= BEARING / 2:
            near.append(attribution)
    said = [stems(" ".join(span.of(annotated.article.text) for span in a.content)) for a in theirs]
    silent = bool(theirs) and not any(wanted & content for content in said)
    return Candidate(annotated.article, speaker.name, claim.text, tuple(own), tuple(denied), tuple(near), silent)


def is_same_speaker(name: str, speaker: Speaker) -> bool:
    """Whether a resolved name is one of the ways in which the annotation names the speaker."""
    plain = _key(name)
    known = [_key(one) for one in (speaker.name, *speaker.mentions)]
    return any(plain == one or _same_head(plain, one) for one in known)


def _same_head(first: list[str], second: list[str]) -> bool:
    """ "Ruiz", "Ana Ruiz", "Mayor Ana Ruiz": the same last word, and one name's words are among the other's."""
    if not first or not second or first[-1] != second[-1]:
        return False
    return set(first) <= set(second) or set(second) <= set(first)


def _key(name: str) -> list[str]:
    return [word for word in words(name) if word not in ("the", "a", "an", "mr", "mrs", "ms", "dr")]


class Judged(NamedTuple):
    """A labelled cell as a candidate, with what the gold says of it."""

    candidate: Candidate
    stance: Stance
    difficulty: str


def judged_cells(annotated: Iterable[AnnotatedArticle]) -> list[Judged]:
    """Every labelled cell of the articles, attributed by the rules."""
    by_id = {one.article.article_id: one for one in annotated}
    return [
        Judged(candidate, stance, cell.difficulty)
        for article, attributions in attribute(one.article for one in by_id.values())
        for (candidate, stance), cell in zip(
            gold_candidates(by_id[article.article_id], attributions), by_id[article.article_id].stances, strict=True
        )
    ]


class GoldReport(NamedTuple):
    """How the labeling functions do on labelled cells: one row a function, then the aggregated label.

    ``coverage`` and ``accuracy`` are those of the labels that stand (see MIN_CONFIDENCE); ``curve`` holds, for shares
    of all cells taken from the surest down, the least confidence and the accuracy; ``slices`` the accuracy of the
    surest :data:`AT` of the cells and their number, by gold label and by difficulty.
    """

    functions: list[FunctionReport]
    coverage: float
    accuracy: float
    cells: int
    curve: list[CurvePoint]
    slices: dict[str, tuple[int, float]]

    def __str__(self) -> str:
        points = [f"  {p.coverage:8.2f} {p.confidence:11.3f} {p.accuracy:9.3f}" for p in self.curve]
        parts = [f"  {name:9s} {share:.3f} of {count} cells" for name, (count, share) in self.slices.items()]
        return "\n".join(
            (
                format_analysis(self.functions),
                f"aggregated: coverage {self.coverage:.3f}, accuracy {self.accuracy:.3f} on {self.cells} gold cells",
                "  coverage  confidence  accuracy   (the surest labels first)",
                *points,
                f"accuracy of the surest {AT:.0%}, by gold label and by difficulty:",
                *parts,
            )
        )


AT = 0.6
"""The coverage at which the slices are taken."""

SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, AT, 0.7, 0.8, 0.9, 1.0)


class CurvePoint(NamedTuple):
    """The surest labels up to a share of all cells: the confidence of the last of them, and how many are right."""

    coverage: float
    confidence: float
    accuracy: float


def gold_report(annotated: Iterable[AnnotatedArticle]) -> GoldReport:
    """Judge :data:`FUNCTIONS` and the fitted vote on annotated articles; fair on articles the fit did not see."""
    return report_on(judged_cells(annotated))


def report_on(judged: list[Judged]) -> GoldReport:
    """The report on cells that are attributed already."""
    gold = [cell.stance for cell in judged]
    matrix = label_matrix([cell.candidate for cell in judged], FUNCTIONS)
    every = weighted_vote(matrix, min_confidence=0.0)
    right = np.array([label.stance == stance for label, stance in zip(every, gold, strict=True)], dtype=bool)
    sure = np.array([label.confidence for label in every])
    stands = sure >= MIN_CONFIDENCE
    order = np.argsort(-sure, kind="stable")
    return GoldReport(
        analysis(matrix, FUNCTIONS, gold),
        float(stands.mean()) if gold else 0.0,
        float(right[stands].mean()) if stands.any() else 0.0,
        len(gold),
        [_point(share, sure[order], right[order]) for share in SHARES] if gold else [],
        _slices(judged, right, order[: round(AT * len(gold))]),
    )


def _point(share: float, sure: Floats, right: Flags) -> CurvePoint:
    taken = max(1, round(share * len(sure)))
    return CurvePoint(share, float(sure[taken - 1]), float(right[:taken].mean()))


def _slices(judged: list[Judged], right: Flags, taken: npt.NDArray[np.intp]) -> dict[str, tuple[int, float]]:
    found: dict[str, list[bool]] = {}
    for index in taken:
        for name in (judged[index].stance.value, judged[index].difficulty):
            found.setdefault(name or "unrated", []).append(bool(right[index]))
    names = [*LABELS, *sorted(set(found) - set(LABELS))]
    return {str(name): (len(found[name]), sum(found[name]) / len(found[name])) for name in names if name in found}
