"""Tracking is optional, and one process of many records."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from stance.errors import StanceError
from stance.tracking import Tracker, TrackingOptions, track
from stance.tracking.facts import git_tags


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


def test_writing_into_a_run_that_is_over_leaves_its_own_facts(tmp_path: Path, empty_store: Path) -> None:
    import mlflow

    options = TrackingOptions(uri=f"sqlite:///{shutil.copy(empty_store, tmp_path)}", experiment="one")
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
