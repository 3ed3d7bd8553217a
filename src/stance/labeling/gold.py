"""Gold cells as candidates, so that labeling functions can be judged on the annotated articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stance.attribution import attribute
from stance.claims import propositions
from stance.labeling.functions import FUNCTIONS
from stance.labeling.matrix import FunctionReport, analysis, format_analysis, label_matrix, majority
from stance.pairs import BEARING, Candidate, speakers_of
from stance.schema import AnnotatedArticle, Attribution, Claim, Speaker, Stance
from stance.wording import overlap, stems, words


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
            denied.append(made[0].negated != attribution.negated)
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


class GoldReport(NamedTuple):
    """How the labeling functions do on labelled cells: one row a function, and the aggregated label as a whole."""

    functions: list[FunctionReport]
    coverage: float
    accuracy: float
    cells: int

    def __str__(self) -> str:
        whole = f"aggregated: coverage {self.coverage:.3f}, accuracy {self.accuracy:.3f} on {self.cells} gold cells"
        return f"{format_analysis(self.functions)}\n{whole}"


def gold_report(annotated: Iterable[AnnotatedArticle]) -> GoldReport:
    """Judge :data:`FUNCTIONS` on annotated articles."""
    by_id = {one.article.article_id: one for one in annotated}
    judged = [
        pair
        for article, attributions in attribute(one.article for one in by_id.values())
        for pair in gold_candidates(by_id[article.article_id], attributions)
    ]
    gold = [stance for _, stance in judged]
    matrix = label_matrix([candidate for candidate, _ in judged], FUNCTIONS)
    answered = [(label.stance, stance) for label, stance in zip(majority(matrix), gold, strict=True) if label.stance]
    right = sum(label == stance for label, stance in answered)
    return GoldReport(
        analysis(matrix, FUNCTIONS, gold), len(answered) / max(1, len(gold)), right / max(1, len(answered)), len(gold)
    )
