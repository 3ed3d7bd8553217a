"""A learning curve: the same recipe on growing shares of each part of the corpus, with its spread over seeds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from stance.errors import InputError, StanceError, one_of
from stance.evaluation import score
from stance.files import Row, write_rows
from stance.records import read_records
from stance.schema import Pair, Stance
from stance.training import Recipe, train

ALL = "all"
"""The name of all parts together."""

VARIED = ("training.train_fraction", "training.seed")
"""Settings that differ from point to point."""


@dataclass(frozen=True)
class Point:
    """One training of the curve."""

    part: str
    fraction: float
    seed: int


def shared(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a recipe's settings that all points of a curve share; a model to go on from by its folder's name alone,
    since where it lies is another matter on another machine."""
    kept = {key: value for key, value in settings.items() if key not in VARIED}
    if origin := kept.get("training.init_from"):
        kept["training.init_from"] = Path(origin).name
    return kept


def curve_name(recipe: Recipe, digest: str) -> str:
    """A short name for what all points of a curve share: the recipe, and the pairs that ``digest`` stands for."""
    return hashlib.sha256(json.dumps([digest, shared(recipe.settings())], sort_keys=True).encode()).hexdigest()[:16]


def series_of(parts: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The series to measure: those wanted, or each part and then all together. A series may join parts: ``a+b``."""
    for series in wanted:
        for part in series.split("+"):
            if part not in (ALL, *parts):
                raise StanceError(f"series holds {one_of(part, (ALL, *parts))}")
    return list(wanted) or [*parts, ALL]


def points(series: Sequence[str], fractions: Sequence[float], seeds: Sequence[int]) -> Iterator[Point]:
    """Every training, seed by seed and small shares first: an interrupted curve is a whole one of fewer seeds."""
    for seed in seeds:
        for fraction in sorted(fractions):
            for part in series:
                yield Point(part, fraction, seed)


def read_curve(path: Path, recipe: str) -> dict[Point, Row]:
    """The trainings that a curve's file already holds; those of another dataset or recipe are an error."""
    if not path.is_file():
        return {}

    def parse(row: Row, path: Path, line: int) -> tuple[Point, Row]:
        if row.get("recipe") != recipe:
            raise InputError(path, "is a training on another dataset or by another recipe; give output=NEWFILE", line)
        return Point(row["part"], row["fraction"], row["seed"]), row

    return dict(read_records(path, parse))


def measure_point(
    point: Point,
    pairs: Mapping[str, Sequence[Pair]],
    tests: Mapping[str, Sequence[Pair]],
    folder: Path,
    recipe: Recipe,
) -> Row:
    """Train on a share of one series (``pairs``: train, validation) and measure on each of ``tests``."""
    parts = point.part.split("+")
    chosen = [pair for pair in pairs["train"] if ALL in parts or pair.extra.get("part") in parts]
    options = replace(recipe.training, train_fraction=point.fraction, seed=point.seed)
    trained = train(chosen, pairs["validation"], folder, recipe.model, recipe.encoding, options, tests=tests)
    row = asdict(point)
    for name, test in tests.items():
        metrics = score([Stance(str(pair.stance)) for pair in test], trained.answers[name])
        row |= {f"{name}_{key}": round(metrics[key], 4) for key in ("macro_f1", "f1_deny")}
    return row | {key: trained.facts[key] for key in ("train_pairs", "train_seconds")}


def learning_curve(
    wanted: Iterable[Point],
    pairs: Mapping[str, Sequence[Pair]],
    tests: Mapping[str, Sequence[Pair]],
    file: Path,
    recipe: Recipe,
    digest: str,
    record: Callable[[Point, Row], None] = lambda point, row: None,
) -> list[Row]:
    """Measure every point that ``file`` does not hold yet on the dataset of ``digest``; each is on disk before the next
    begins."""
    name = curve_name(recipe, digest)
    rows = read_curve(file, name)
    for point in wanted:
        if point not in rows:
            measured = measure_point(point, pairs, tests, file.with_suffix(".model"), recipe)
            rows[point] = measured | {"recipe": name, "settings": shared(recipe.changed())}
            write_rows(file, rows.values())
            record(point, rows[point])
    return list(rows.values())


def series_metrics(line: Mapping[str, Any]) -> dict[str, float]:
    """A line of the curve's table as metrics named for its series: MLflow draws each over the pairs trained on."""
    part = line["part"].replace("+", " and ")  # no metric's name may hold a plus
    return {f"{key}.{part}": value for key, value in line.items() if key.endswith("_macro_f1")}
