"""Measure a model: python scripts/evaluate.py model_dir=DIR dataset=PATH (a dataset folder or a pairs JSONL)"""

from dataclasses import dataclass, field
from pathlib import Path

from stance.command_line import run
from stance.dataset import labelled_pairs
from stance.evaluation import PRIMARY, evaluate, flat_metrics, format_report, write_report
from stance.evaluation.slices import with_truncation
from stance.inference import as_array, load
from stance.tracking import TrackingOptions, track


@dataclass
class Config:
    """configs/evaluate.yaml"""

    tracking: TrackingOptions = field(default_factory=TrackingOptions)
    model_dir: str = ""
    dataset: str = ""
    split: str = "test"
    baselines: bool = True
    behaviour: bool = True
    max_error: float = 0.2
    output: str = ""


def main(config: Config) -> float:
    """Predictions -> report folder, into the model's own run; returns macro-F1."""
    model, pairs = load(config.model_dir), labelled_pairs(config.dataset, config.split)
    train = labelled_pairs(config.dataset, "train") if config.baselines and Path(config.dataset).is_dir() else []
    answers = model.predict_batch(pairs)
    pairs, probabilities = with_truncation(pairs, [one.truncated for one in answers]), as_array(answers)
    about = {"model": model.manifest["files"]["model.safetensors"], "dataset": config.dataset, "split": config.split}
    suites = model.probabilities if config.behaviour else None
    report = evaluate(pairs, probabilities, train, suites, config.max_error, about)
    facts, dataset = model.manifest["facts"], Path(config.dataset).resolve()
    folder = Path(config.output or f"reports/{Path(config.model_dir).resolve().name}")
    write_report(report, folder, pairs, probabilities, facts.get("history", []))
    name = config.split if dataset.is_dir() else f"{dataset.parent.name}_{dataset.stem}"
    with track(config.tracking, facts.get("run_id", "")) as tracker:
        tracker.metrics({f"{name}_{key}": value for key, value in flat_metrics(report).items()})
        tracker.artifacts(folder, f"evaluation/{name}")
    print(format_report(report, Path(config.model_dir).name) + f"\nreport in {folder}")
    return float(report["metrics"][PRIMARY])


if __name__ == "__main__":
    run("evaluate", Config, main)
