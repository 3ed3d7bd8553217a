"""Inference data in the forms in which it is published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stance.dataset.inference_pairs import SPEAKER, inference_pairs
from stance.errors import InputError, StanceError
from stance.schema import Stance
from tests.conftest import RunScript, write_jsonl

PREMISE, HYPOTHESIS = "The dam leaks at both ends.", "The dam is tight."


@pytest.mark.parametrize(
    "row",
    [
        {"premise": PREMISE, "hypothesis": HYPOTHESIS, "label": 2},
        {"sentence1": PREMISE, "sentence2": HYPOTHESIS, "gold_label": "contradiction"},
        {"context": PREMISE, "claim": HYPOTHESIS, "stance": "deny", "speaker": ""},
    ],
)
def test_each_published_form_is_a_denial(tmp_path: Path, row: dict[str, Any]) -> None:
    [pair] = inference_pairs(str(write_jsonl(tmp_path / "a.jsonl", [row])))
    assert (pair.speaker, pair.claim, pair.context, pair.stance) == (SPEAKER, HYPOTHESIS, PREMISE, Stance.DENY)


def test_rows_without_an_agreed_label_are_passed_over_and_the_limit_holds(tmp_path: Path) -> None:
    labels = [-1, 0, 1, 2]
    rows = [{"premise": f"{PREMISE} {n}", "hypothesis": HYPOTHESIS, "label": n} for n in labels]
    file = str(write_jsonl(tmp_path / "a.jsonl", rows))
    assert [pair.stance for pair in inference_pairs(file)] == [Stance.AFFIRM, Stance.NEUTRAL, Stance.DENY]
    assert [pair.stance for pair in inference_pairs(file, limit=2)] == [Stance.AFFIRM, Stance.NEUTRAL]


def test_the_hypotheses_of_one_premise_share_a_group(tmp_path: Path) -> None:
    rows = [{"premise": PREMISE, "hypothesis": f"It is {n}.", "label": n} for n in range(3)]
    pairs = list(inference_pairs(str(write_jsonl(tmp_path / "a.jsonl", rows))))
    assert len({pair.article_id for pair in pairs}) == 1 and len({pair.pair_id for pair in pairs}) == 3


def test_labels_of_a_column_with_gaps_are_read(tmp_path: Path) -> None:
    """pandas makes 0.0 and 2.0 of such a column; a file in which nothing is labelled is refused."""
    rows = [{"premise": PREMISE, "hypothesis": HYPOTHESIS, "label": label} for label in (2.0, None)]
    [pair] = inference_pairs(str(write_jsonl(tmp_path / "a.jsonl", rows)))
    assert pair.stance is Stance.DENY
    with pytest.raises(InputError, match="holds no labelled pair"):
        list(inference_pairs(str(write_jsonl(tmp_path / "b.jsonl", rows[1:]))))


def test_other_rows_are_named(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "a.jsonl", [{"text": "a", "label": 1}])
    with pytest.raises(InputError, match=r"a\.jsonl:1: is no inference pair: .*found text, label"):
        list(inference_pairs(str(file)))


def test_a_hub_that_is_out_of_reach_is_one_line(run_script: RunScript) -> None:
    done = run_script("build_dataset", "source=hub_nli", "dataset_dir=ds")
    assert done.returncode == 2
    assert done.stderr.startswith("error: source.path=nyu-mll/multi_nli: no such file, and the hub does not give it")
    with pytest.raises(StanceError, match="no such file"):
        list(inference_pairs("nowhere.jsonl"))
