"""Scores made by hand become attributions."""

from __future__ import annotations

import re

import numpy as np
import pytest

from stance.attribution.tagged import Tagged
from stance.schema import Span
from stance.tagging.decoding import best_labels, decode, log_probabilities
from stance.tagging.labels import LABELS, Word

NEWS = "“The dam is safe,” said Ana Ruiz, “for now.” Bo Lind denied that it leaks."


def words_of(text: str) -> list[Word]:
    paragraph = sentence = 0
    words = []
    for match in re.finditer(r"\w+|[^\w\s]|\n\n", text):
        if match[0] == "\n\n":
            paragraph, sentence = paragraph + 1, sentence + 1
            continue
        words.append(Word(*match.span(), paragraph, sentence))
        sentence += match[0] == "."
    return words


def tagged(text: str, marks: dict[str, list[str]], side: dict[str, str] | None = None) -> list[Tagged]:
    """``marks`` names for each label of a head the passages that get it; the rest is O."""
    words = words_of(text)
    scores = np.zeros((len(words), len(LABELS)))
    scores[:, [LABELS.index(f"{head}-O") for head in ("content", "source", "cue")]] = 4.0
    for label, passages in marks.items():
        head, first = label.split("-")
        for passage in passages:
            inside = [
                n for n, w in enumerate(words) if text.index(passage) <= w.start < text.index(passage) + len(passage)
            ]
            for n in inside:
                scores[n, LABELS.index(f"{head}-{first if n == inside[0] else 'I'}")] = 9.0
                if head == "content" and side:
                    scores[n, LABELS.index(f"side-{side[passage]}")] = 9.0
    return decode(text, words, scores)


def said(text: str, one: Tagged) -> list[list[str]]:
    return [[span.of(text) for span in spans] for spans in one[:3]]


def test_pieces_sources_and_cues_find_each_other() -> None:
    marks = {
        "content-B": ["“The dam is safe,”", "it leaks"], "content-J": ["“for now.”"],
        "source-B": ["Ana Ruiz", "Bo Lind"], "cue-B": ["said", "denied"],
    }  # fmt: skip
    first, second = tagged(NEWS, marks)
    assert said(NEWS, first) == [["Ana Ruiz"], ["said"], ["“The dam is safe,”", "“for now.”"]]
    assert said(NEWS, second) == [["Bo Lind"], ["denied"], ["it leaks"]]


def test_the_side_decides_between_two_sources() -> None:
    text = "Ana Ruiz said that it leaks Bo Lind"
    marks = {"content-B": ["it leaks"], "source-B": ["Ana Ruiz", "Bo Lind"]}
    for side, source in (("left", [["Ana Ruiz"]]), ("right", [["Bo Lind"]]), ("none", [[]])):
        (one,) = tagged(text, marks, {"it leaks": side})
        assert said(text, one)[:1] == source


def test_what_is_far_off_belongs_to_nobody_and_one_word_is_no_content() -> None:
    text = "Ana Ruiz spoke. " + "One more. " * 4 + "It leaks again. Yes."
    (one,) = tagged(text, {"content-B": ["It leaks again", "Yes"], "source-B": ["Ana Ruiz"], "cue-B": ["spoke"]})
    assert said(text, one) == [[], [], ["It leaks again"]]


def test_a_quotation_goes_on_over_paragraphs() -> None:
    """The first paragraph leaves its quotation open; a third that opens one after a closed one stands alone."""
    text = "Bo Lind said: “The dam leaks.\n\n“It leaks badly,” he said.\n\n“Nobody cares at all.”"
    marks = {
        "content-B": ["“The dam leaks.", "“It leaks badly,”", "“Nobody cares at all.”"],
        "source-B": ["Bo Lind", "he"], "cue-B": ["said"],
    }  # fmt: skip
    joined, alone = tagged(text, marks)
    assert said(text, joined) == [["Bo Lind"], ["said"], ["“The dam leaks.", "“It leaks badly,”"]]
    assert said(text, alone)[2] == ["“Nobody cares at all.”"]


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([[0, 1, 5]], [1]),  # nothing goes on at the start
        ([[5, 1, 0], [1, 0, 3]], [0, 0]),  # 5 + 1 beats 1 + 3; 5 + 3 would be I after O
        ([[0, 6, 0], [5, 0, 4], [0, 0, 9]], [1, 2, 2]),  # I after O is forbidden: 6 + 4 + 9 beats 6 + 5 + 0
        ([[9, 0, 0, 0], [0, 0, 0, 5]], [0, 3]),  # J follows O
        ([[0, 9, 0, 0], [0, 0, 1, 5]], [1, 2]),  # and not B
    ],
)
def test_the_best_path_by_hand(rows: list[list[float]], path: list[int]) -> None:
    assert best_labels(np.array(rows, dtype=float)) == path


def test_probabilities_of_each_head_sum_to_one() -> None:
    logs = log_probabilities(np.arange(26, dtype=float).reshape(2, 13))
    assert np.exp(logs).sum() == pytest.approx(2 * 4)
    assert logs[0, 1] - logs[0, 0] == pytest.approx(1.0)


def test_an_empty_article_has_none() -> None:
    assert decode("", [], np.zeros((0, 13))) == []


def test_tagged_holds_spans() -> None:
    (one,) = tagged("so it leaks", {"content-B": ["it leaks"]})
    assert one[:3] == Tagged((), (), (Span(3, 11),))[:3]
    assert one.confidence == pytest.approx(0.99331, abs=1e-5)  # (e^9 + 2) / (e^9 + e^4 + 2)
