"""Spans of the corpus' articles are joined with their texts, and what does not fit them is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stance.corpus import check_spans, read_spans
from stance.errors import InputError
from stance.files import sha256_text
from stance.schema import Span
from tests.conftest import annotated_row, write_jsonl

ARTICLE = annotated_row(1)
TEXT = ARTICLE["text"]


def spans_row(**changes: Any) -> dict[str, Any]:
    """Mayor Ana Ruiz | said | the ... bridge was safe."""
    start = TEXT.index("the ")
    one = {"source": [[0, 14]], "cue": [[15, 19]], "content": [[start, TEXT.index(".")]]}
    return {"article_id": "article-1", "text_sha256": sha256_text(TEXT), "attributions": [one]} | changes


def corpus(folder: Path, *rows: dict[str, Any]) -> Path:
    write_jsonl(folder / "articles" / "a.jsonl", [ARTICLE, annotated_row(2)])
    write_jsonl(folder / "attributions" / "a.jsonl", list(rows))
    return folder


def test_spans_and_text_come_together(tmp_path: Path) -> None:
    ((article, (one,)),) = read_spans(corpus(tmp_path, spans_row()))
    assert article.article_id == "article-1"
    assert one.source[0].of(article.text) == "Mayor Ana Ruiz"
    assert one.cue == (Span(15, 19),)
    assert one.content[0].of(article.text).endswith("was safe")


def one(**spans: Any) -> dict[str, Any]:
    return {"attributions": [{"source": [], "cue": [], "content": [[0, 4]]} | spans]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text_sha256": "0" * 64}, "its hash differs"),
        ({"article_id": "nobody"}, "no article 'nobody'"),
        ({"attributions": {}}, "must be a list of objects"),
        (one(content=[]), "attribution 0 has no content"),
        (one(content=[[0, 10**6]]), "[0, 1000000] ends behind the text"),
        (one(cue=[[5, 3]]), "'cue' must be a list of [start, end)"),
        (one(content=[[0, 9], [8, 12]]), "contents [0, 9] and [8, 12] overlap"),
        ({"attributions": [{"content": [[3, 9]]}, {"content": [[0, 4]]}]}, "contents [0, 4] and [3, 9] overlap"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    folder = corpus(tmp_path, spans_row(**changes))
    with pytest.raises(InputError) as raised:
        list(read_spans(folder))
    assert words in str(raised.value)
    assert "a.jsonl:1:" in str(raised.value)


def test_the_check_counts_and_collects(tmp_path: Path) -> None:
    pieces = one(content=[[0, 4], [6, 9]]) | {
        "article_id": "article-2",
        "text_sha256": sha256_text(annotated_row(2)["text"]),
    }
    folder = corpus(tmp_path, spans_row(), spans_row(), spans_row(**pieces))
    checked = check_spans(folder, [article for article, _ in read_spans(corpus(tmp_path / "b", spans_row()))])
    assert (checked.articles, checked.attributions, checked.with_source, checked.with_cue) == (1, 1, 1, 1)
    assert len(checked.problems) == 2, "one article stands twice, of the other no text is given"
    assert "stands twice" in checked.problems[0]
    assert str(checked).startswith("1 articles with spans, 1 attributions: 1 with a source, 1 with a cue, 0 with")
