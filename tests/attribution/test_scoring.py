"""Scores worked out by hand on spans of ten characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.attribution.scoring import Scores, agreement_of, gold_attributions, matches
from stance.errors import InputError
from stance.schema import Article, Attribution, Span


def spans(content: tuple[int, int], source: tuple[int, int] | None = None, kind: str = "indirect") -> Attribution:
    return Attribution("a", (Span(*source),) if source else (), (Span(90, 94),), (Span(*content),), "", kind)


def test_half_of_the_union_is_a_match_and_less_is_none() -> None:
    assert matches([spans((0, 10))], [spans((0, 5))]) == [(0, 0)]
    assert matches([spans((0, 10))], [spans((0, 4))]) == []


def test_the_best_overlap_is_matched_first_and_once() -> None:
    assert matches([spans((0, 10))], [spans((0, 6)), spans((0, 9))]) == [(0, 1)]


def test_precision_recall_and_kinds() -> None:
    gold = [spans((0, 10), (20, 30)), spans((40, 50), (60, 70), "direct"), spans((70, 80))]
    found = [spans((0, 10), (20, 24)), spans((40, 50), (60, 70), "mixed")]
    scores = Scores()
    scores.add(gold, found)
    assert (scores.content.precision, scores.content.recall) == (1.0, 2 / 3)
    assert scores.content.f1 == pytest.approx(0.8)
    assert (scores.source.precision, scores.source.recall) == (0.5, 0.5)
    assert (scores.kinds["direct"].recall, scores.kinds["mixed"].precision) == (1.0, 1.0)
    assert scores.kinds["indirect"].recall == 0.5


def test_a_cue_inside_another_content_is_nested() -> None:
    scores = Scores()
    scores.add([], [spans((80, 99)), spans((95, 99))])
    assert scores.kinds["nested"].found == 1


def test_a_second_annotation_is_scored_against_the_first_where_both_have_the_article() -> None:
    first = [(Article("a", "x" * 99), [spans((0, 10)), spans((40, 50))]), (Article("b", "x"), [spans((0, 1))])]
    scores = agreement_of(first, [(Article("a", "x" * 99), [spans((0, 10)), spans((60, 70)), spans((80, 90))])])
    assert (scores.content.precision, scores.content.recall) == (pytest.approx(1 / 3), 0.5)


def test_gold_rows_are_read_with_their_kind_and_broken_ones_are_named() -> None:
    text = "“The dam is quite safe,” she said."
    row = {"article_id": "a", "text": text, "attributions": [{"source": [[25, 28]], "cue": [], "content": [[0, 24]]}]}
    _, (one,) = gold_attributions(row, Path("g.jsonl"), 1)
    assert one.quote_type == "direct"
    for broken in ("x", [1], [{"content": [[5, 2]]}], [{"content": [[0, True]]}]):
        with pytest.raises(InputError, match=r"g\.jsonl"):
            gold_attributions(row | {"attributions": broken}, Path("g.jsonl"), 1)
