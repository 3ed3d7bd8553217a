"""A sweep of real trainings: child runs under one parent, the winner as an experiment file, one model kept."""

from __future__ import annotations

from pathlib import Path

from stance.command_line import compose
from stance.dataset import SOURCES, SourceOptions, build_dataset
from tests.conftest import ROOT, RunScript


def test_a_sweep_by_the_command_line(
    run_script: RunScript, corpus_dir: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    build_dataset(SOURCES["corpus"](SourceOptions(path=str(corpus_dir))), tmp_path / "ds")
    arguments = [
        "sweep=seeds", f"model={tiny_encoder}", "dataset_dir=ds", "winner=winner.yaml", "training.max_steps=1",
        "sweep.space.training.seed.choices=[1,2]", "training.cache=",
    ]  # fmt: skip
    done = run_script("sweep", *arguments)
    assert done.returncode == 0, done.stderr[-2000:]
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}")
    runs = client.search_runs([client.get_experiment_by_name("stance").experiment_id])
    [parent] = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    children = [run for run in runs if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id]
    assert sorted(run.data.params["seed"] for run in children) == ["1", "2"]
    assert {run.info.status for run in runs} == {"FINISHED"}
    scores = [run.data.metrics["best_validation"] for run in children]
    assert parent.data.metrics["mean_macro_f1"] == sum(scores) / 2
    assert parent.data.metrics["best_macro_f1"] == max(scores)
    assert parent.inputs.dataset_inputs[0].dataset.name == "ds"
    assert len(list((tmp_path / "outputs/sweeps/seeds").iterdir())) == 1
    text = (tmp_path / "winner.yaml").read_text()
    assert text.startswith("# @package _global_") and "seed: " in text
    (tmp_path / "mine.yaml").write_text("training: {epochs: 1}\n")
    refused = run_script("sweep", *arguments, "winner=mine.yaml")
    assert refused.returncode == 2 and "was not written by a sweep" in refused.stderr
    again = run_script("sweep", *arguments)
    assert again.returncode == 0 and len(client.search_runs([parent.info.experiment_id])) == 3


def test_the_winner_composes() -> None:
    """What is written has the form of the experiments that are there."""
    experiment = (ROOT / "configs/experiment/quickstart.yaml").read_text()
    assert experiment.startswith("# @package _global_")
    schema = __import__("runpy").run_path(str(ROOT / "scripts/sweep.py"))["Config"]
    config = compose("sweep", schema, ["experiment=quickstart", "sweep=seeds"])
    assert config.training.train_fraction == 0.25 and config.sweep.sampler == "grid"
