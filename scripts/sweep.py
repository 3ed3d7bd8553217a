"""Search for a recipe: python scripts/sweep.py [sweep=default|seeds] [sweep.trials=20] [sweep.workers=2]"""

from dataclasses import dataclass, field
from pathlib import Path

from stance.command_line import run
from stance.dataset import load_dataset, manifest_of, pairs_of
from stance.encoding import EncodingOptions
from stance.sweep import SweepOptions, format_trials, sweep, winner_file, write_winner
from stance.tracking import TrackingOptions
from stance.training import ModelOptions, Recipe, TrainingOptions


@dataclass
class Config:
    """configs/sweep.yaml"""

    sweep: SweepOptions = field(default_factory=SweepOptions)
    model: ModelOptions = field(default_factory=ModelOptions)
    training: TrainingOptions = field(default_factory=TrainingOptions)
    encoding: EncodingOptions = field(default_factory=EncodingOptions)
    tracking: TrackingOptions = field(default_factory=TrackingOptions)
    dataset_dir: str = ""
    models_dir: str = ""
    winner: str = ""


def main(config: Config) -> float:
    """Trials until the study has as many as it shall have; the winner becomes an experiment file."""
    winner = winner_file(config.winner)
    dataset, digest = load_dataset(config.dataset_dir), manifest_of(config.dataset_dir)["digest"]
    splits = pairs_of(dataset["train"]), pairs_of(dataset["validation"])
    recipe = Recipe(config.model, config.training, config.encoding)
    folder, source = Path(config.models_dir), Path(config.dataset_dir)
    study = sweep(config.sweep, recipe, splits, config.tracking, folder, {"dataset": digest}, source)
    if not config.sweep.workers:  # the process that leads the sweep does the rest
        return 0.0
    print(format_trials(study))
    write_winner(study, config.sweep, recipe, winner)
    print(f"winner: trial {study.best_trial.number}, macro-F1 {study.best_value:.3f}, in {config.winner}")
    return float(study.best_value)


if __name__ == "__main__":
    run("sweep", Config, main)
