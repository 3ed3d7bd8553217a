"""Build, review, judge, take back, build again, on the command line: the judged label changes and nothing else."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from stance.dataset import SPLITS, load_dataset
from tests.conftest import RunScript

JUDGED = {"stance", "label_source", "confidence", "annotator"}


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    dataset = load_dataset(folder)
    return {row["pair_id"]: row | {"split": split} for split in SPLITS for row in dataset[split].to_list()}


@pytest.mark.parametrize("way", ["json", "csv"])
def test_the_round_trip(run_script: RunScript, corpus_dir: Path, tmp_path: Path, way: str) -> None:
    def ok(name: str, *arguments: str) -> str:
        done = run_script(name, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    ok("build_dataset", f"source.path={corpus_dir}", "dataset_dir=ds")
    before = rows(tmp_path / "ds")
    assert "10 of 180 pairs" in ok("review", "dataset=ds", "limit=10")
    judged = fill_in(tmp_path, way)
    old = before[judged]["stance"]
    assert old != "neutral", "only claims with both sides are doubtful here, and their neutral cells stand behind"
    said = ok("corrections", f"input=done.{way}", "output=c.jsonl")
    assert "1 judgements of 1 people on 1 pairs" in said
    ok("build_dataset", f"source.path={corpus_dir}", "dataset_dir=again", "corrections=c.jsonl")
    after = rows(tmp_path / "again")
    assert list(after) == list(before)
    assert [name for name in after if after[name] != before[name]] == [judged]
    changed = {key for key in after[judged] if after[judged][key] != before[judged][key]}
    assert changed <= JUDGED
    assert {key: after[judged][key] for key in JUDGED} == {
        "stance": "neutral", "label_source": "human", "confidence": 1.0, "annotator": "Ana Ruiz",
    }  # fmt: skip
    manifest = json.loads((tmp_path / "again" / "manifest.json").read_text())
    assert "c.jsonl" in manifest["inputs"]
    (tmp_path / "c.jsonl").write_text('{"pair_id": "article-1:mayor:c9", "stance": "deny", "annotator": "Ana"}\n')
    done = run_script("build_dataset", f"source.path={corpus_dir}", "dataset_dir=again", "corrections=c.jsonl")
    assert done.returncode == 2
    assert done.stderr.startswith("error: c.jsonl:1: key 'pair_id' is 'article-1:mayor:c9'; choose from")
    assert rows(tmp_path / "again") == after


def fill_in(folder: Path, way: str) -> str:
    """Judge the first pair that is no neutral one as neutral, as an annotator would in each of the two tools."""
    if way == "json":
        tasks = json.loads((folder / "review.json").read_text())
        assert (folder / "review.xml").read_text().startswith("<View>")
        tasks[0]["annotations"] = [
            {
                "completed_by": {"id": 1, "first_name": "Ana", "last_name": "Ruiz"},
                "was_cancelled": False,
                "result": [{"from_name": "stance", "type": "choices", "value": {"choices": ["neutral"]}}],
            }
        ]
        (folder / "done.json").write_text(json.dumps(tasks))
        return str(tasks[0]["data"]["pair_id"])
    with (folder / "review.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    table[0] |= {"stance": "neutral", "annotator": "Ana Ruiz"}
    with (folder / "done.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return table[0]["pair_id"]
