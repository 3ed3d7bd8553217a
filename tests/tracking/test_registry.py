"""The registry: the champion is beaten or stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stance.errors import StanceError
from stance.promotion import PromotionOptions
from stance.tracking import Tracker, TrackingOptions, evaluated_run, promoted, track
from tests.conftest import write_jsonl
from tests.test_comparison import GOLD, A, B, row

REPORT = {
    "metrics": {"f1_deny": 0.7, "ece": 0.05},
    "behaviour": {"one": {"pass_rate": 0.9}},
    "neutrality": {"country": {"flip_rate": 0.02}},
}


def test_the_champion_is_beaten_or_stays(bundle: Path, tmp_path: Path, empty_store: Path) -> None:
    """Three runs register their model: the first takes the free alias, the second answers worse, the third better."""
    import mlflow

    options = TrackingOptions(uri=f"sqlite:///{shutil.copy(empty_store, tmp_path)}", experiment="test")
    mlflow.set_tracking_uri(options.uri)
    mlflow.create_experiment("test", artifact_location=str(tmp_path / "artifacts"))
    said, gates = [], PromotionOptions(min_better=0.8)
    worse = [row(n, g, "neutral") for n, g in enumerate(GOLD)]
    for name, rows in (("first", A.rows), ("worse", worse), ("better", B.rows)):
        file = write_jsonl(tmp_path / name / "predictions.jsonl", list(rows))
        with track(options) as tracker:
            tracker.artifacts(file.parent, "evaluation/test")
            tracker.model(bundle, register="stance", metrics={"test_macro_f1": 0.51239, "test_mcc": 0.2})
            said.append(promoted(tracker, options, "stance", "champion", REPORT, gates))
            last = tracker.run_id
            weak = REPORT | {"metrics": {"f1_deny": 0, "ece": 0}}
            assert "F1 of deny" in promoted(tracker, options, "stance", "champion", weak, gates)
    assert said[0] == said[2] == "promoted: models:/stance@champion"
    assert said[1].startswith("not promoted to champion: macro-F1 -")
    held = mlflow.MlflowClient().get_model_version_by_alias("stance", "champion")
    assert (str(held.version), held.run_id) == ("3", last)
    assert held.tags == {"model": "tiny", "test_macro_f1": "0.512"}
    assert held.description.startswith("model tiny, test_macro_f1 0.512. Gold labels were made by language models")
    with pytest.raises(StanceError, match="no evaluation on 'other'"):
        evaluated_run(options, last, "other")


def test_nothing_is_promoted_untracked() -> None:
    line = promoted(Tracker(), TrackingOptions(kind="none"), "stance", "champion", REPORT, PromotionOptions())
    assert line == "not promoted to champion: the run is not tracked"
