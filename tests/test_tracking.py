"""Tracking is optional, and one process of many records."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from stance.errors import StanceError
from stance.promotion import PromotionOptions
from stance.tracking import Tracker, TrackingOptions, evaluated_run, git_tags, promoted, track
from tests.conftest import write_jsonl
from tests.test_comparison import GOLD, A, B, row


def test_no_tracking_records_nothing_and_never_fails() -> None:
    with track(TrackingOptions(kind="none")) as tracker:
        assert type(tracker) is Tracker
        assert tracker.run_id == ""
        tracker.params({"a": 1})
        tracker.metrics({"b": 2.0}, step=3)
        assert tracker.model("nowhere") == ""


def test_only_the_first_process_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    with track(TrackingOptions(uri="sqlite:////nowhere/at/all.db")) as tracker:
        assert type(tracker) is Tracker


def test_an_unknown_tracker_names_the_known_ones() -> None:
    with pytest.raises(StanceError, match="choose from mlflow, none"):
        TrackingOptions(kind="wandb")


def test_git_tags_tell_commit_and_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert git_tags() == {}, "no repository"
    for command in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
    ):
        subprocess.run(["git", *command], check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    assert git_tags() == {"git_commit": commit[:12], "git_dirty": "False"}
    (tmp_path / "new").touch()
    assert git_tags()["git_dirty"] == "True"


def test_writing_into_a_run_that_is_over_leaves_its_own_facts(tmp_path: Path) -> None:
    import mlflow

    options = TrackingOptions(uri=f"sqlite:///{tmp_path / 'mlflow.db'}", experiment="one")
    with pytest.raises(RuntimeError), track(options) as tracker:
        run_id = tracker.run_id
        tracker.tags({"git_commit": "of the training"})
        raise RuntimeError
    before = mlflow.get_run(run_id).info
    with track(replace(options, experiment="another"), run_id) as tracker:
        tracker.metrics({"late": 1.0})
    after = mlflow.get_run(run_id)
    assert (after.info.status, after.info.end_time) == (before.status, before.end_time) != ("FINISHED", None)
    assert after.data.tags["git_commit"] == "of the training"
    assert after.data.metrics["late"] == 1.0


REPORT = {
    "metrics": {"f1_deny": 0.7, "ece": 0.05},
    "behaviour": {"one": {"pass_rate": 0.9}},
    "neutrality": {"country": {"flip_rate": 0.02}},
}


def test_the_champion_is_beaten_or_stays(bundle: Path, tmp_path: Path) -> None:
    """Three runs register their model: the first takes the free alias, the second answers worse, the third better."""
    import mlflow

    options = TrackingOptions(uri=f"sqlite:///{tmp_path / 'mlflow.db'}", experiment="test")
    mlflow.set_tracking_uri(options.uri)
    mlflow.create_experiment("test", artifact_location=str(tmp_path / "artifacts"))
    said, gates = [], PromotionOptions(min_better=0.8)
    worse = [row(n, g, "neutral") for n, g in enumerate(GOLD)]
    for name, rows in (("first", A.rows), ("worse", worse), ("better", B.rows)):
        file = write_jsonl(tmp_path / name / "predictions.jsonl", list(rows))
        with track(options) as tracker:
            tracker.artifacts(file.parent, "evaluation/test")
            tracker.model(bundle, register="stance")
            said.append(promoted(tracker, options, "stance", "champion", REPORT, gates))
            last = tracker.run_id
            weak = REPORT | {"metrics": {"f1_deny": 0, "ece": 0}}
            assert "F1 of deny" in promoted(tracker, options, "stance", "champion", weak, gates)
    assert said[0] == said[2] == "promoted: models:/stance@champion"
    assert said[1].startswith("not promoted to champion: macro-F1 -")
    held = mlflow.MlflowClient().get_model_version_by_alias("stance", "champion")
    assert (str(held.version), held.run_id) == ("3", last)
    with pytest.raises(StanceError, match="no evaluation on 'other'"):
        evaluated_run(options, last, "other")


def test_nothing_is_promoted_untracked() -> None:
    line = promoted(Tracker(), TrackingOptions(kind="none"), "stance", "champion", REPORT, PromotionOptions())
    assert line == "not promoted to champion: the run is not tracked"
