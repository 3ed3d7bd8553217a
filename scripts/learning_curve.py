"""A learning curve over parts, shares and seeds: python scripts/learning_curve.py [external=pairs.jsonl]"""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from stance.command_line import run
from stance.corpus import format_curve, summary
from stance.curve import Point, learning_curve, points, series_metrics, series_of
from stance.dataset import SPLITS, drawn, labelled_pairs, load_dataset, manifest_of, pairs_of
from stance.encoding import EncodingOptions
from stance.evaluation import pictures
from stance.files import Row, sha256_file
from stance.schema import Pair
from stance.tracking import TrackingOptions, track
from stance.training import ModelOptions, Recipe, TrainingOptions


@dataclass
class Config:
    """configs/learning_curve.yaml"""

    training: TrainingOptions = field(default_factory=TrainingOptions)
    encoding: EncodingOptions = field(default_factory=EncodingOptions)
    tracking: TrackingOptions = field(default_factory=TrackingOptions)
    dataset_dir: str = ""
    external: str = ""
    output: str = ""
    measured: int = 1000
    series: list[str] = field(default_factory=list)
    fractions: list[float] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)


def main(config: Config) -> None:
    """Train every missing point of the curve, each a run under one parent, and print the table."""
    dataset = load_dataset(config.dataset_dir)
    pairs: dict[str, Sequence[Pair]] = {split: pairs_of(dataset[split]) for split in SPLITS}
    pairs |= {split: drawn(pairs[split], config.measured) for split in ("validation", "test")}
    tests = {"test": pairs["test"]} | ({"external": labelled_pairs(config.external)} if config.external else {})
    parts = sorted({str(pair.extra["part"]) for pair in pairs["train"]})
    with track(config.tracking) as tracker:
        recipe = Recipe(ModelOptions(), config.training, config.encoding)
        tracker.params(recipe.params())

        def record(point: Point, row: Row) -> None:
            child = replace(config.tracking, run_name=f"{point.part} {point.fraction:.0%} seed {point.seed}")
            with track(child, parent=tracker.run_id) as run:
                run.params(asdict(point))
                run.metrics({k: v for k, v in row.items() if k not in (*asdict(point), "recipe", "settings")})

        wanted = points(series_of(parts, config.series), config.fractions, config.seeds)
        external = sha256_file(config.external) if config.external else ""
        digest = f"{manifest_of(config.dataset_dir)['digest']} {config.measured} {external}"
        rows = learning_curve(wanted, pairs, tests, Path(config.output), recipe, digest, record)
        lines = summary(rows)
        for line in lines:
            tracker.metrics(series_metrics(line), line["train_pairs"])
        with tempfile.TemporaryDirectory() as folder:
            for name in tests:
                Path(folder, f"learning_curve_{name}.png").write_bytes(pictures.learning_curve(lines, name))
            tracker.artifacts(folder)
        table = format_curve(lines)
        tracker.text(table, "learning_curve.md")
    print(table)


if __name__ == "__main__":
    run("learning_curve", Config, main)
