"""The corpus keeps its promises: exact evidence, whole grids where said so, claims that stand alone, small files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from stance.corpus import read_annotated
from stance.schema import AnnotatedArticle, Stance
from tests.conftest import ROOT

CORPUS = ROOT / "data" / "corpus"
PRONOUN = re.compile(r"(?:he|she|they|it|this|these|those|we|i)\b", re.IGNORECASE)


@pytest.fixture(scope="module", params=["articles", "passages"])
def part(request: pytest.FixtureRequest) -> list[AnnotatedArticle]:
    return list(read_annotated(CORPUS / request.param))


def test_ids_are_unique_and_cells_are_labelled_once(part: list[AnnotatedArticle]) -> None:
    ids = [one.article.article_id for one in part]
    assert len(ids) == len(set(ids))
    for one in part:
        cells = [(cell.speaker, cell.claim) for cell in one.stances]
        assert len(cells) == len(set(cells)), one.article.article_id


def test_complete_means_complete(part: list[AnnotatedArticle]) -> None:
    for one in part:
        if one.complete:
            assert len(one.stances) == len(one.speakers) * len(one.claims), one.article.article_id


def test_claims_stand_alone(part: list[AnnotatedArticle]) -> None:
    for one in part:
        for claim in one.claims:
            assert 4 <= len(claim.text.split()) <= 25, claim.text
            assert not PRONOUN.match(claim.text), claim.text


def test_only_neutral_cells_lack_evidence(part: list[AnnotatedArticle]) -> None:
    assert all(cell.evidence or cell.stance is Stance.NEUTRAL for one in part for cell in one.stances)
    assert all(cell.difficulty in ("easy", "medium", "hard") for one in part for cell in one.stances)


def test_there_are_two_dozen_complete_articles() -> None:
    assert sum(one.complete for one in read_annotated(CORPUS / "articles")) >= 24


def test_stand_off_files_hold_no_text() -> None:
    for path in (CORPUS / "wikinews").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert "text" not in row
            assert len(row["sha256"]) == 64
            assert all(cell["evidence"] is None or len(cell["evidence"]) == 2 for cell in row["stances"])


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*")), ids=lambda path: path.name)
def test_files_stay_under_a_megabyte(path: Path) -> None:
    assert path.stat().st_size <= 1_000_000
