"""Export keeps every probability, writes a card from facts, and works as an MLflow model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file, save_file

from stance.bundle import read_manifest, seal
from stance.errors import StanceError
from stance.export import check_parity, export_model
from stance.export.card import model_card
from stance.schema import Pair
from stance.tracking import TrackingOptions, track

PAIRS = [Pair("1", "Ana", "The dam is safe", "Ana said the dam was safe.")]


def test_the_export_answers_the_same(bundle: Path, tmp_path: Path) -> None:
    folder = export_model(bundle, tmp_path / "out")
    assert check_parity(bundle, folder, PAIRS) <= 1e-5
    assert {file.name for file in folder.iterdir()} == {
        "model.safetensors", "config.json", "tokenizer.json", "stance.json", "README.md"
    }  # fmt: skip
    assert "Not measured" in (folder / "README.md").read_text()
    assert read_manifest(folder)["facts"]["model"] == "tiny"


def test_parity_fails_when_weights_differ(bundle: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(bundle, changed)
    tensors = load_file(changed / "model.safetensors")
    tensors["classifier.bias"] = tensors["classifier.bias"] + torch.tensor([0.5, 0.0, 0.0])
    save_file(tensors, changed / "model.safetensors", metadata={"format": "pt"})
    seal(changed, {"encoding": read_manifest(bundle)["encoding"], "facts": {}})
    with pytest.raises(StanceError, match="logits differ"):
        check_parity(bundle, changed, PAIRS)


def test_the_card_quotes_the_report() -> None:
    metrics = {
        "accuracy": 0.5,
        "macro_f1": 0.41,
        "f1_affirm": 0.1,
        "f1_deny": 0.2,
        "f1_neutral": 0.3,
        "ece": 0.07,
        "brier": 0.6,
    }
    report = {
        "pairs": 7,
        "articles": 2,
        "interval": {"macro_f1": (0.3, 0.5)},
        "metrics": metrics,
        "baselines": {},
        "note": "N",
    }
    card = model_card({"facts": {"steps": 12}}, report, 1.0)
    assert "| this model | 0.500 | 0.410 | 0.100 | 0.200 | 0.300 |" in card
    assert "| steps | 12 |" in card


def test_an_export_onto_itself_is_refused(bundle: Path) -> None:
    with pytest.raises(StanceError, match="name another folder"):
        export_model(bundle, bundle)


def test_mlflow_gives_all_three_probabilities(bundle: Path, tmp_path: Path, empty_store: Path) -> None:
    import mlflow

    options = TrackingOptions(uri=f"sqlite:///{shutil.copy(empty_store, tmp_path)}", experiment="test")
    mlflow.set_tracking_uri(options.uri)
    mlflow.create_experiment("test", artifact_location=str(tmp_path / "artifacts"))
    with track(options) as tracker:
        uri = tracker.model(bundle)
        run_id = tracker.run_id
    with track(options, run_id) as tracker:
        assert tracker.run_id == run_id
    frame = pd.DataFrame([{"speaker": "Ana", "claim": "The dam is safe", "context": "Ana said so. Bo denied it."}])
    loaded = mlflow.pyfunc.load_model(uri)
    answer = loaded.predict(frame)
    assert answer.loc[0, ["affirm", "deny", "neutral"]].sum() == pytest.approx(1)
    assert answer.loc[0, "stance"] in ("affirm", "deny", "neutral")
    assert answer.loc[0, "evidence"] == "Ana said so."
    assert not answer.loc[0, "abstained"]
    assert loaded.predict(frame, params={"threshold": 1.0}).loc[0, "abstained"]
    assert "evidence" not in loaded.predict(frame, params={"return_evidence": False})
    assert loaded.metadata.signature is not None
    with pytest.raises(mlflow.exceptions.MlflowException, match="claim is '  '"):
        loaded.predict(frame.assign(claim="  "))
