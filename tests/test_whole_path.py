"""The whole path for one step: dataset, training, evaluation, export, prediction, analysis, in one MLflow run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import RunScript


@pytest.mark.slow
def test_the_whole_path(run_script: RunScript, corpus_dir: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    def ok(name: str, *arguments: str) -> str:
        done = run_script(name, *arguments)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    assert "train" in ok("build_dataset", f"source.path={corpus_dir}", "dataset_dir=ds")
    ok(
        "train",
        f"model={tiny_encoder}",
        "dataset_dir=ds",
        "model_dir=m",
        "training.max_steps=1",
        "tracking.run_name=one",
    )
    assert "cue lexicon" in ok("evaluate", "model_dir=m", "dataset=ds")
    ok("export_model", "model_dir=m", "output=out", "dataset=ds", "export.gate_pairs=20")
    rows = [{"speaker": "Ana Ruiz", "claim": "The dam is safe", "context": "Ana Ruiz said the dam was safe."}]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ok("predict", "model_dir=out", "input=pairs.jsonl", "output=p.jsonl")
    assert json.loads((tmp_path / "p.jsonl").read_text())["stance"] in ("affirm", "deny", "neutral")
    (tmp_path / "a.txt").write_text("Ana Ruiz said the old dam was safe. Bo Lind denied that the old dam was safe.")
    table = ok("analyze", "model_dir=out", "input=a.txt", "output=s.jsonl", "report=page.html")
    assert "Bo Lind" in table
    assert (tmp_path / "page.html").is_file()
    facts = json.loads((tmp_path / "out" / "stance.json").read_text())["facts"]
    assert facts["parameters"] < 2_000_000, "model=FOLDER is the model that was trained"
    _one_run(tmp_path)


def _one_run(folder: Path) -> None:
    """Train, evaluate and export have written into the same run: params, per-step and test metrics, dataset, model."""
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
    runs = client.search_runs([client.get_experiment_by_name("stance").experiment_id])
    assert len(runs) == 1
    run = runs[0]
    assert run.info.run_name == "one"
    assert {"learning_rate", "model", "max_tokens"} <= set(run.data.params)
    assert {
        "validation_macro_f1",
        "test_macro_f1",
        "test_f1_deny",
        "test_recall_deny",
        "test_majority_macro_f1",
    } <= set(run.data.metrics)
    assert run.inputs.dataset_inputs[0].dataset.digest
    [model] = client.search_logged_models([run.info.experiment_id])
    measured = {metric.key: metric.value for metric in model.metrics}
    assert measured["test_macro_f1"] == run.data.metrics["test_macro_f1"], "the model shows what was measured on it"
