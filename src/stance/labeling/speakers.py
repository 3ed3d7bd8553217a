"""Whether attributions go to the right speaker, measured on labelled cells and their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from stance.attribution import Tagger, attribute
from stance.labeling.gold import is_same_speaker
from stance.pairs import speakers_of
from stance.schema import AnnotatedArticle, Attribution, Cell, Evidence, Speaker


class Miss(NamedTuple):
    """A cell whose evidence was found, but for others: the gold speaker and the speakers found there."""

    article_id: str
    speaker: str
    found: tuple[str, ...]
    evidence: str


class SpeakerReport(NamedTuple):
    """Of the cells with evidence: those that an attribution covers, and those of which one has the right speaker.

    A cell is covered where the content of an attribution overlaps its evidence; it is right where one
    of those attributions, of several in a sentence, goes to the gold speaker under any of the speaker's names.
    """

    cells: int
    covered: int
    right: int
    misses: tuple[Miss, ...]

    @property
    def coverage(self) -> float:
        """Share of the cells with evidence that an attribution covers, in [0, 1]."""
        return self.covered / max(1, self.cells)

    @property
    def accuracy(self) -> float:
        """Share of the covered cells that go to the right speaker, in [0, 1]."""
        return self.right / max(1, self.covered)

    def __str__(self) -> str:
        return (
            f"speakers: {self.right} of {self.covered} covered cells right ({100 * self.accuracy:.1f} %), "
            f"{100 * self.coverage:.1f} % of {self.cells} cells with evidence covered"
        )


def speaker_report(annotated: Iterable[AnnotatedArticle], tagger: Tagger | None = None) -> SpeakerReport:
    """Judge the speakers on the articles whose grid of speakers and claims is complete."""
    by_id = {one.article.article_id: one for one in annotated if one.complete}
    found = attribute((one.article for one in by_id.values()), tagger)
    return report_of((by_id[article.article_id], attributions) for article, attributions in found)


def report_of(found: Iterable[tuple[AnnotatedArticle, list[Attribution]]]) -> SpeakerReport:
    """The same for attributions that are there already."""
    cells = covered = 0
    misses: list[Miss] = []
    for annotated, attributions in found:
        speakers = {speaker.id: speaker for speaker in annotated.speakers}
        for cell in annotated.stances:
            if cell.evidence is None:
                continue
            cells += 1
            names = _speakers_at(cell.evidence, attributions)
            covered += bool(names)
            if names and not any(is_same_speaker(name, speakers[cell.speaker]) for name in names):
                misses.append(_miss(annotated, cell, speakers[cell.speaker], names))
    return SpeakerReport(cells, covered, covered - len(misses), tuple(misses))


def _speakers_at(evidence: Evidence, attributions: list[Attribution]) -> list[str]:
    """The speakers, "" among them where nobody was found, of the attributions whose content the evidence touches."""
    touching = [a for a in attributions if any(span.meets(evidence) for span in a.content)]
    return [name for a in touching for name in (speakers_of(a) or [""])]


def _miss(annotated: AnnotatedArticle, cell: Cell, speaker: Speaker, names: list[str]) -> Miss:
    text = cell.evidence.text if cell.evidence else ""
    return Miss(annotated.article.article_id, speaker.name, tuple(dict.fromkeys(names)), text)
