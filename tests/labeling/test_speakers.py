"""Coverage and accuracy of speakers on cells made for the test."""

from __future__ import annotations

from stance.labeling.speakers import report_of, speaker_report
from stance.schema import AnnotatedArticle, Article, Attribution, Cell, Claim, Evidence, Span, Speaker, Stance

TEXT = "Ana Ruiz said the dam is safe. Tom Vale said it leaks. Nobody spoke."


def cell(speaker: str, start: int, end: int) -> Cell:
    return Cell(speaker, "c", Stance.AFFIRM, Evidence(start, end, TEXT[start:end]))


def article(*cells: Cell, complete: bool = True) -> AnnotatedArticle:
    speakers = (Speaker("r", "Ana Ruiz", ("the mayor",)), Speaker("v", "Tom Vale"))
    return AnnotatedArticle(Article("a", TEXT), speakers, (Claim("c", "The dam is safe"),), cells, complete)


def said(speaker: str, start: int, end: int) -> Attribution:
    return Attribution("a", (), (), (Span(start, end),), speaker, "indirect")


def test_cells_are_covered_right_or_missed() -> None:
    cells = (cell("r", 0, 30), cell("v", 31, 54), cell("v", 55, 68), Cell("v", "c", Stance.NEUTRAL, None))
    report = report_of([(article(*cells), [said("The mayor", 14, 29), said("Ruiz", 45, 53)])])
    assert (report.cells, report.covered, report.right) == (3, 2, 1)
    assert (report.misses[0].speaker, report.misses[0].found) == ("Tom Vale", ("Ruiz",))
    assert str(report) == "speakers: 1 of 2 covered cells right (50.0 %), 66.7 % of 3 cells with evidence covered"


def test_each_of_conjoined_speakers_counts_and_an_unnamed_one_is_wrong() -> None:
    both = report_of([(article(cell("v", 31, 54)), [said("Both Ana Ruiz and Tom Vale", 45, 53)])])
    nobody = report_of([(article(cell("v", 31, 54)), [said("", 45, 53)])])
    assert (both.right, nobody.covered, nobody.right) == (1, 1, 0)


def test_only_complete_articles_are_judged() -> None:
    report = speaker_report([article(cell("r", 0, 30), complete=False)])
    assert (report.cells, report.right) == (0, 0)
    report = speaker_report([article(cell("r", 0, 30))])
    assert (report.cells, report.covered, report.right) == (1, 1, 1)
