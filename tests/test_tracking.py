"""Tracking is optional, and one process of many records."""

from __future__ import annotations

import pytest

from stance.errors import StanceError
from stance.tracking import Tracker, TrackingOptions, git_tags, track


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


def test_git_tags_tell_commit_and_state() -> None:
    tags = git_tags()
    assert not tags or (len(tags["git_commit"]) == 12 and tags["git_dirty"] in ("True", "False"))
