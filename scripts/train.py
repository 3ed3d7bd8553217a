"""Fine-tune: python scripts/train.py [model=...] [training.learning_rate=5e-5] [dataset_dir=...] [model_dir=...]"""

from dataclasses import dataclass, field

from stance.command_line import resolved_yaml, run
from stance.dataset import load_dataset, manifest_of, pairs_of
from stance.encoding import EncodingOptions
from stance.evaluation import evaluate, flat_metrics, format_report
from stance.tracking import TrackingOptions, track
from stance.training import ModelOptions, Recipe, TrainingOptions, train, unfinished


@dataclass
class Config:
    """configs/train.yaml"""

    model: ModelOptions = field(default_factory=ModelOptions)
    training: TrainingOptions = field(default_factory=TrainingOptions)
    encoding: EncodingOptions = field(default_factory=EncodingOptions)
    tracking: TrackingOptions = field(default_factory=TrackingOptions)
    dataset_dir: str = ""
    model_dir: str = ""
    resume: bool = False


def main(config: Config) -> float:
    """Dataset -> bundle in model_dir; returns the best validation macro-F1."""
    dataset, digest = load_dataset(config.dataset_dir), manifest_of(config.dataset_dir)["digest"]
    begun = unfinished(config.model_dir).get("run_id", "") if config.resume else ""
    with track(config.tracking, begun, resumed=True) as tracker:
        tracker.params(Recipe(config.model, config.training, config.encoding).params())
        tracker.text(resolved_yaml(config), "config.yaml")
        tracker.dataset(config.dataset_dir, digest, "training")
        splits = pairs_of(dataset["train"]), pairs_of(dataset["validation"])
        facts = {"model": config.model.name, "dataset": digest, "run_id": tracker.run_id}
        trained = train(
            *splits,
            folder=config.model_dir,
            model_options=config.model,
            encoding_options=config.encoding,
            options=config.training,
            resume=config.resume,
            log=tracker.metrics,
            facts=facts,
        )
        report = evaluate(splits[1], trained.probabilities, splits[0], about={"split": "validation"})
        tracker.metrics({k: v for k, v in trained.facts.items() if isinstance(v, int | float)})
        tracker.metrics({f"final_{name}": value for name, value in flat_metrics(report).items()})
        tracker.text(format_report(report, config.model.name), "validation.txt")
        tracker.tags({"dataset": digest, "model": config.model.name, "precision": trained.facts["precision"]})
        tracker.describe(
            f"{config.model.name}, {trained.facts['train_pairs']} pairs of dataset {digest[:12]}: validation macro-F1 "
            f"{trained.facts['best_validation']:.3f} after {trained.facts['train_seconds']:.0f} s"
        )
    print(format_report(report, config.model.name))
    print(f"best validation macro-F1 {trained.facts['best_validation']:.3f}; model in {trained.folder}")
    return float(trained.facts["best_validation"])


if __name__ == "__main__":
    run("train", Config, main)
