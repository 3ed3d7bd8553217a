"""The corpus keeps its promises: what scripts/check_corpus.py checks, and what it leaves to the eye."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.corpus import (
    JUDGEMENTS,
    PARTS,
    Checked,
    agreement,
    check_corpus,
    coverage,
    locate,
    read_judgements,
    read_plan,
)
from stance.corpus.reading import parse_standoff
from stance.dataset import MAX_GAIN, SOURCES, SourceOptions, probe
from stance.records import parse_annotated
from tests.conftest import ROOT

CORPUS = ROOT / "data" / "corpus"


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check_corpus(CORPUS, read_plan(CORPUS / "PLAN.md"))


def test_nothing_is_wrong(checked: Checked) -> None:
    assert checked.problems == []


def test_the_plan_is_covered(checked: Checked) -> None:
    assert coverage(checked.annotated, read_plan(CORPUS / "PLAN.md")).missing() == []


def test_no_part_of_the_input_gives_the_label_away() -> None:
    probes = probe(list(SOURCES["corpus"](SourceOptions(path=str(CORPUS)))))
    assert len(probes) == 3
    assert [one for one in probes if one.accuracy - one.majority > MAX_GAIN] == []


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


def test_the_corpus_says_what_the_double_annotation_left() -> None:
    judgements = read_judgements(CORPUS / JUDGEMENTS)
    labels = {}
    for part in PARTS:
        for one in locate(CORPUS / part, parse_standoff if part == "wikinews" else parse_annotated):
            for cell in one.annotated.stances:
                labels[one.annotated.article.article_id, cell.speaker, cell.claim] = cell.stance
    for one in judgements:
        assert labels.get((one.article_id, one.speaker, one.claim)) in (one.final, None)
    kept = sum((one.article_id, one.speaker, one.claim) in labels for one in judgements)
    assert kept >= sum(one.final is not None for one in judgements) - 20  # a few went with their whole article
    assert len(judgements) >= 0.2 * len(labels)
    assert agreement(judgements).kappa >= 0.85
