"""A sweep's trainings: each a run under the sweep's own, in this process and, if wanted, in others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import optuna

from stance.errors import StanceError
from stance.files import atomic_write
from stance.parallel import cores
from stance.schema import Pair
from stance.sweep.options import SweepOptions
from stance.sweep.study import WINNER, check_same, format_trials, open_study, run_trials, summary, winner_yaml
from stance.tracking import Tracker, TrackingOptions, track
from stance.training import LogMetrics, Recipe, train

RUN = "run_id"
"""The study's user attribute that names the run in MLflow under which its trials are."""


def sweep(
    options: SweepOptions,
    recipe: Recipe,
    splits: tuple[Sequence[Pair], Sequence[Pair]],
    tracking: TrackingOptions,
    folder: Path,
    facts: Mapping[str, Any],
    dataset_dir: Path,
) -> optuna.Study:
    """Run a sweep to its end and return its study.

    Trials train on the first of ``splits`` and are scored on the second; both are of ``dataset_dir``. The best model
    lies in ``folder``/NUMBER afterwards. ``facts`` go into every bundle, as :func:`stance.training.train` takes them.
    """
    study = open_study(options)
    check_same(study, _about(options, recipe, facts))
    recipe = _with_share_of_threads(options, recipe)
    run_trial = partial(_run_trial, options.name, splits, tracking, folder, facts)
    if not options.workers:
        run_trials(study, options, recipe, partial(run_trial, study.user_attrs.get(RUN, "")))
        return study
    named = replace(tracking, run_name=tracking.run_name or options.name)
    with track(named, study.user_attrs.get(RUN, ""), resumed=True) as parent:
        study.set_user_attr(RUN, parent.run_id)
        parent.dataset(dataset_dir, str(facts.get("dataset", "")), "training")
        parent.params({"space": options.space, "sampler": options.sampler, **recipe.params()})
        with _helpers(options.workers - 1, recipe.training.threads):
            run_trials(study, options, recipe, partial(run_trial, parent.run_id))
        parent.metrics(summary(study))
        parent.text(format_trials(study), "trials.md")
        parent.describe(f"sweep {options.name}: {len(study.trials)} trials over {', '.join(options.space)}")
    _keep_best(study, folder)
    return study


def _about(options: SweepOptions, recipe: Recipe, facts: Mapping[str, Any]) -> dict[str, Any]:
    settings = {key: value for key, value in recipe.settings().items() if key not in options.space}
    return {"dataset": facts.get("dataset", ""), "recipe": settings, "space": dict(options.space)}


def _run_trial(
    name: str,
    splits: tuple[Sequence[Pair], Sequence[Pair]],
    tracking: TrackingOptions,
    folder: Path,
    facts: Mapping[str, Any],
    parent: str,
    number: int,
    recipe: Recipe,
    log: LogMetrics,
) -> float:
    """What a trial does: a training in a run of its own under the sweep's (``parent``)."""
    with track(replace(tracking, run_name=f"{name}-{number}"), parent=parent) as run:
        score = _trained(run, recipe, splits, folder / str(number), log, facts)
    if isinstance(score, optuna.TrialPruned):
        raise score
    return score


def _trained(
    run: Tracker,
    recipe: Recipe,
    splits: tuple[Sequence[Pair], Sequence[Pair]],
    folder: Path,
    log: LogMetrics,
    facts: Mapping[str, Any],
) -> float | optuna.TrialPruned:
    """The score of one training; a trial that was cut off has done its work, so its run has not failed."""

    def log_both(metrics: dict[str, float], step: int) -> None:
        run.metrics(metrics, step)
        log(metrics, step)

    run.params(recipe.params())
    run.tags({"dataset": str(facts.get("dataset", "")), "model": recipe.model.name})
    try:
        trained = train(
            *splits, folder, recipe.model, recipe.encoding, recipe.training, log=log_both,
            facts={**facts, "model": recipe.model.name, "run_id": run.run_id},
        )  # fmt: skip
    except optuna.TrialPruned as cut:
        run.tags({"pruned": str(cut)})
        shutil.rmtree(folder.with_name(folder.name + ".checkpoints"), ignore_errors=True)
        return cut
    run.metrics({key: value for key, value in trained.facts.items() if isinstance(value, int | float)})
    return float(trained.facts["best_validation"])


@contextmanager
def _helpers(count: int, threads: int) -> Iterator[None]:
    """More processes with the same command line, which help with the trials; they end with the block."""
    command = [sys.executable, *sys.argv, "sweep.workers=0", f"training.threads={threads}"]
    others = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(count)]
    try:
        yield
        for other in others:
            other.wait()
    finally:
        for other in others:
            other.terminate()


def _with_share_of_threads(options: SweepOptions, recipe: Recipe) -> Recipe:
    """The recipe with this worker's share of the processors, where it does not say how many threads it wants."""
    if options.workers <= 1 or recipe.training.threads:
        return recipe
    return replace(recipe, training=replace(recipe.training, threads=max(1, cores() // options.workers)))


def _keep_best(study: optuna.Study, folder: Path) -> None:
    """Delete the models of all trials that are over but the best's, and what interrupted ones have left."""
    best = study.best_trial.number if study.best_trials else -1
    for trial in study.get_trials(deepcopy=False):
        if trial.number != best and trial.state.is_finished():
            shutil.rmtree(folder / str(trial.number), ignore_errors=True)
            shutil.rmtree(folder / f"{trial.number}.checkpoints", ignore_errors=True)


def winner_file(path: Path | str) -> Path:
    """Where a winner may be written; refused, before the first trial, where something else than a winner lies."""
    file = Path(path)
    if file.is_file() and not file.read_text(encoding="utf-8").startswith(WINNER):
        raise StanceError(f"{file} was not written by a sweep; give sweep.name=NEWNAME or winner=FILE")
    return file


def write_winner(study: optuna.Study, options: SweepOptions, recipe: Recipe, file: Path) -> None:
    """Write the winning recipe as an experiment file, atomically."""
    text = winner_yaml(study, options, recipe)
    file.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(file) as partial:
        partial.write_text(text, encoding="utf-8")
