"""The study of a sweep, kept by Optuna in a database: it goes on after a kill, and several processes may work on it."""

from __future__ import annotations

import fcntl
import math
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState

from stance.errors import StanceError
from stance.evaluation import PRIMARY
from stance.sweep.options import SweepOptions, corners, grid, wanted, with_settings
from stance.training import LogMetrics, Recipe

OVER = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
WORKER, ENDED = "worker", "ended"
"""User attributes of a trial: who runs it (host and process), and that it came to an end of its own."""

WINNER = "# @package _global_\n# winner of the sweep"
"""How the experiment file of a winner begins."""

ABOUT = "about"
"""The user attribute of a study that tells what it was begun with."""


Objective = Callable[[int, Recipe, LogMetrics], float]
"""(trial number, its recipe, log) -> the score that is maximised; ``log`` gets validation metrics."""


def run_trials(study: optuna.Study, options: SweepOptions, recipe: Recipe, objective: Objective) -> None:
    """Run trials until the study has as many as it shall have.

    What was done before counts: a study goes on after a kill. A trial that raises or whose score is no number is
    recorded as failed and passed over. Several processes may work on one storage.
    """
    if not options.space:
        raise StanceError("sweep.space is empty: name a setting, such as training.learning_rate")
    for settings in corners(options.space):
        with_settings(recipe, settings)  # a bad value of the space ends the sweep before it has begun
    give_up_dead(study)
    if options.sampler == "grid":
        with _turn(options.storage):
            for settings in grid(options.space):
                study.enqueue_trial(settings, skip_if_exists=True)

    while (trial := _next(study, options)) is not None:
        trial.set_user_attr(WORKER, f"{socket.gethostname()} {os.getpid()}")
        _run(study, trial, options, recipe, objective)


def _next(study: optuna.Study, options: SweepOptions) -> optuna.Trial | None:
    """The next trial; None when those that are over and those that others are at make up the number."""
    with _turn(options.storage):
        running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        return study.ask() if _left(study, options) > len(running) else None


@contextmanager
def _turn(storage: str) -> Iterator[None]:
    """One process at a time: SQLite has no lock on a row, so two could take the same trial from the queue."""
    if (database := _database(storage)) is None:
        yield
        return
    with database.with_name(f"{database.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(study: optuna.Study, trial: optuna.Trial, options: SweepOptions, recipe: Recipe, objective: Objective) -> None:
    """Run a trial and record how it ended: with a score, cut off, or failed."""
    try:
        settings = {key: _suggested(trial, key, values, recipe) for key, values in options.space.items()}
        score = objective(trial.number, with_settings(recipe, settings), _reporter(trial, options.prune))
        if math.isnan(score):
            raise ArithmeticError("the score is not a number")
        _end(study, trial, TrialState.COMPLETE, score)
    except optuna.TrialPruned:
        _end(study, trial, TrialState.PRUNED)
    except Exception as error:  # whatever a training can die of
        print(f"trial {trial.number} failed: {error}", file=sys.stderr)
        _end(study, trial, TrialState.FAIL)
    except BaseException:
        study.tell(trial, state=TrialState.FAIL)
        raise


def _end(study: optuna.Study, trial: optuna.Trial, state: TrialState, score: float | None = None) -> None:
    trial.set_user_attr(ENDED, True)
    study.tell(trial, score, state)


def open_study(options: SweepOptions) -> optuna.Study:
    """The study of a sweep, made where its storage does not hold it yet."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    if (database := _database(options.storage)) is not None:
        database.parent.mkdir(parents=True, exist_ok=True)
    return optuna.create_study(
        study_name=options.name,
        storage=options.storage,
        direction="maximize",
        load_if_exists=True,
        sampler=_sampler(options),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=0) if options.prune else None,
    )


def _database(storage: str) -> Path | None:
    """The file of an SQLite storage; None for a server."""
    path = storage.removeprefix("sqlite:///")
    return Path(path) if path != storage else None


def check_same(study: optuna.Study, about: Mapping[str, Any]) -> None:
    """Refuse to go on with a study of another dataset, recipe or space: its scores would say nothing of this one."""
    known = study.user_attrs.get(ABOUT)
    if known is None:
        study.set_user_attr(ABOUT, dict(about))
    elif differing := [key for key in about if known.get(key) != about[key]]:
        what = ", ".join(differing)
        raise StanceError(f"sweep {study.study_name!r} was begun with another {what}; give sweep.name=NEWNAME")


def _sampler(options: SweepOptions) -> optuna.samplers.BaseSampler:
    """A grid needs none: its settings are put into the queue of the study."""
    return optuna.samplers.TPESampler() if options.sampler == "tpe" else optuna.samplers.RandomSampler()


def _suggested(trial: optuna.Trial, key: str, values: Mapping[str, Any], recipe: Recipe) -> Any:
    if "choices" in values:
        return trial.suggest_categorical(key, list(values["choices"]))
    group, _, name = key.partition(".")
    whole = isinstance(getattr(getattr(recipe, group), name), int)
    suggest: Any = trial.suggest_int if whole else trial.suggest_float
    return suggest(key, values["low"], values["high"], log=bool(values.get("log", False)))


def _reporter(trial: optuna.Trial, prune: bool) -> LogMetrics:
    """Hands validation scores to the study, which may end the trial; a loss that is no number ends it as failed."""

    def log(metrics: dict[str, float], step: int) -> None:
        if any(math.isnan(value) for name, value in metrics.items() if name.endswith("loss")):
            raise ArithmeticError(f"the loss at step {step} is not a number")
        if (score := metrics.get(f"validation_{PRIMARY}")) is not None:
            trial.report(score, step)
            if prune and trial.should_prune():
                raise optuna.TrialPruned(f"below the median at step {step}")

    return log


def _left(study: optuna.Study, options: SweepOptions) -> int:
    """Trials that are still to be made; one that was interrupted is none."""
    over = [one for one in study.get_trials(deepcopy=False, states=OVER) if one.user_attrs.get(ENDED)]
    return max(0, wanted(options) - len(over))


def give_up_dead(study: optuna.Study) -> None:
    """Trials whose process on this machine is gone are failed; the settings of interrupted ones are tried again."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        host, _, process = trial.user_attrs.get(WORKER, "").partition(" ")
        if host == socket.gethostname() and not Path(f"/proc/{process}").exists():
            study.tell(trial.number, state=TrialState.FAIL)
    trials = study.get_trials(deepcopy=False)
    for trial in trials:
        settings = _queued(trial)
        later = any(other.number > trial.number and _queued(other) == settings for other in trials)
        if trial.state is TrialState.FAIL and not trial.user_attrs.get(ENDED) and settings and not later:
            study.enqueue_trial(settings)


def _queued(trial: FrozenTrial) -> dict[str, Any]:
    """The settings of a trial, tried already or waiting in the queue."""
    settings: dict[str, Any] = trial.system_attrs.get("fixed_params") or trial.params
    return settings


# --- what came out ---------------------------------------------------------------------------------------------------


def summary(study: optuna.Study) -> dict[str, float]:
    """Counts of trials by how they ended, and the best, mean and spread of the scores of those that ended well."""
    trials = study.get_trials(deepcopy=False)
    counts: dict[str, float] = {
        f"trials_{state.name.lower()}": float(sum(trial.state is state for trial in trials)) for state in OVER
    }
    scores = [float(trial.value) for trial in trials if trial.state is TrialState.COMPLETE and trial.value is not None]
    if not scores:
        return counts
    spread = stdev(scores) if len(scores) > 1 else 0.0
    return counts | {f"best_{PRIMARY}": max(scores), f"mean_{PRIMARY}": mean(scores), f"sd_{PRIMARY}": spread}


def format_trials(study: optuna.Study) -> str:
    """A table of the trials, best first."""
    trials = sorted(study.get_trials(deepcopy=False), key=lambda one: -(one.value if one.value is not None else -1.0))
    keys = sorted({key for trial in trials for key in trial.params})
    lines = ["| trial | state | macro-F1 | " + " | ".join(keys) + " |", "|---" * (3 + len(keys)) + "|"]
    for trial in trials:
        value = "" if trial.value is None else f"{trial.value:.3f}"
        cells = [str(trial.number), trial.state.name.lower(), value, *(_shown(trial.params.get(key)) for key in keys)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else "" if value is None else str(value)


def winner_yaml(study: optuna.Study, options: SweepOptions, recipe: Recipe) -> str:
    """The recipe with the best trial's settings as a file of configs/experiment: all that differs from the defaults.

    Raises :class:`StanceError` where no trial ended well.
    """
    try:
        best = study.best_trial
    except ValueError:
        raise StanceError(f"sweep {options.name}: no trial has ended well, so there is no winner") from None
    from omegaconf import OmegaConf

    nested = OmegaConf.create()
    for key, value in {**recipe.changed(), **best.params}.items():
        OmegaConf.update(nested, key, value, force_add=True)
    said = f"macro-F1 {best.value:.3f} on validation, the best of {len(study.trials)} trials"
    return f"{WINNER} {options.name!r}: {said}\n{OmegaConf.to_yaml(nested)}"
