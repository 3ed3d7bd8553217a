"""Spans become labels of words and come back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stance.schema import Attribution, Span
from stance.tagging.labels import LABELS, Word, columns, groups_of, labels_of, span_of

TEXT = '"The dam," said Ana Ruiz, "is safe."'
WORDS = [Word(s, e, 0, 0) for s, e in ((0, 1), (1, 4), (5, 8), (8, 9), (9, 10), (11, 15), (16, 19), (20, 24), (24, 25),
                                       (26, 27), (27, 29), (30, 34), (34, 35), (35, 36))]  # fmt: skip


def attribution(content: list[tuple[int, int]], source: list[tuple[int, int]] | None = None) -> Attribution:
    spans = (tuple(Span(*one) for one in group) for group in (source or [], [], content))
    return Attribution("a", *spans, speaker="", quote_type="")


def test_an_interrupted_quotation_by_hand() -> None:
    one = attribution([(0, 10), (26, 36)], [(16, 24)])
    table = labels_of(WORDS, [one])
    assert [row[0] for row in table] == [1, 2, 2, 2, 2, 0, 0, 0, 0, 3, 2, 2, 2, 2]
    assert [row[1] for row in table] == [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0]
    assert [row[3] for row in table] == [1] * 5 + [-100] * 4 + [1] * 5, "the source stands right of the content's start"
    assert {row[2] for row in table} == {0}


def test_a_content_without_source_stands_on_no_side_and_paragraphs_open_anew() -> None:
    words = [Word(0, 3, 0, 0), Word(4, 7, 0, 0), Word(9, 12, 1, 1)]
    table = labels_of(words, [attribution([(0, 7), (9, 12)])])
    assert [row[0] for row in table] == [1, 2, 1]
    assert [row[3] for row in table] == [2, 2, 2]


def test_heads_share_the_columns_without_overlap() -> None:
    parts = [columns(head) for head in ("content", "source", "cue", "side")]
    assert [(one.start, one.stop) for one in parts] == [(0, 4), (4, 7), (7, 10), (10, 13)]
    assert len(LABELS) == 13


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.booleans()), max_size=6), st.integers(1, 9))
def test_spans_come_back_from_their_labels(parts: list[tuple[int, int, bool]], length: int) -> None:
    """Pieces with at least one word between them; each opens a content or goes on with the one before."""
    contents: list[list[Span]] = []
    at = 0
    for size, gap, goes_on in parts:
        span = Span(at * (length + 1), (at + size) * (length + 1) - 1)
        if goes_on and contents:
            contents[-1].append(span)
        else:
            contents.append([span])
        at += size + gap
    words = [Word(n * (length + 1), n * (length + 1) + length, 0, 0) for n in range(at)]
    labels = labels_of(words, [attribution([tuple(span) for span in one]) for one in contents])  # type: ignore[misc]
    back = [[span_of(words, group) for group in one] for one in groups_of(row[0] for row in labels)]
    assert back == contents
