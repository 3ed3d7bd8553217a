"""The study of a sweep, kept by Optuna in a database: it goes on after a kill, and several processes may work on it."""

from __future__ import annotations

import math
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState

from stance.errors import StanceError
from stance.evaluation import PRIMARY
from stance.sweep.options import Recipe, SweepOptions, corners, wanted
from stance.training import LogMetrics

OVER = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
WORKER = "worker"
"""The user attribute of a trial that says who runs it: host and process."""


Objective = Callable[[int, Recipe, Mapping[str, Any], LogMetrics], float]
"""(trial number, recipe, its settings, log) -> the score that is maximised; ``log`` gets validation metrics."""


def run_trials(study: optuna.Study, options: SweepOptions, recipe: Recipe, objective: Objective) -> None:
    """Run trials until the study has as many as it shall have.

    What was done before counts: a study goes on after a kill. A trial that raises or whose score is no number is
    recorded as failed and passed over. Several processes may work on one storage.
    """
    if not options.space:
        raise StanceError("sweep.space is empty: name a setting, such as training.learning_rate")
    for settings in corners(options.space):
        recipe.with_settings(settings)  # a bad value of the space ends the sweep before it has begun
    give_up_dead(study)

    def run_trial(trial: optuna.Trial) -> float:
        trial.set_user_attr(WORKER, f"{socket.gethostname()} {os.getpid()}")
        settings = {key: _suggested(trial, key, values) for key, values in options.space.items()}
        score = objective(trial.number, recipe.with_settings(settings), settings, _reporter(trial, options.prune))
        if math.isnan(score):
            raise ArithmeticError("the score is not a number")
        return score

    if _left(study, options):
        study.optimize(run_trial, callbacks=[_stop_at(options)], catch=(Exception,))


def open_study(options: SweepOptions) -> optuna.Study:
    """The study of a sweep, made where its storage does not hold it yet."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    if options.storage.startswith("sqlite:///"):
        Path(options.storage.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return optuna.create_study(
        study_name=options.name,
        storage=options.storage,
        direction="maximize",
        load_if_exists=True,
        sampler=_sampler(options),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=0) if options.prune else None,
    )


def _sampler(options: SweepOptions) -> optuna.samplers.BaseSampler:
    if options.sampler == "grid":
        return optuna.samplers.GridSampler({key: values["choices"] for key, values in options.space.items()}, seed=0)
    return optuna.samplers.TPESampler(seed=None) if options.sampler == "tpe" else optuna.samplers.RandomSampler()


def _suggested(trial: optuna.Trial, key: str, values: Mapping[str, Any]) -> Any:
    if "choices" in values:
        return trial.suggest_categorical(key, list(values["choices"]))
    suggest: Any = trial.suggest_int if isinstance(values["low"], int) else trial.suggest_float
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
    return max(0, wanted(options) - len(study.get_trials(deepcopy=False, states=OVER)))


def _stop_at(options: SweepOptions) -> Callable[[optuna.Study, FrozenTrial], None]:
    """Stops a worker when the trials that are over and those that others are at make up the number."""

    def stop(study: optuna.Study, trial: FrozenTrial) -> None:
        running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        if _left(study, options) <= len(running):
            study.stop()

    return stop


def give_up_dead(study: optuna.Study) -> None:
    """Trials whose process on this machine is gone are failed, and their settings tried again first."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        host, _, process = trial.user_attrs.get(WORKER, "").partition(" ")
        if host == socket.gethostname() and not Path(f"/proc/{process}").exists():
            study.tell(trial.number, state=TrialState.FAIL)
            study.enqueue_trial(trial.params)


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


def winner_yaml(study: optuna.Study, options: SweepOptions) -> str:
    """The best trial's settings as a file of configs/experiment. Raises :class:`StanceError` where none ended well."""
    try:
        best = study.best_trial
    except ValueError:
        raise StanceError(f"sweep {options.name}: no trial has ended well, so there is no winner") from None
    from omegaconf import OmegaConf

    nested = OmegaConf.create()
    for key, value in best.params.items():
        OmegaConf.update(nested, key, value, force_add=True)
    said = f"macro-F1 {best.value:.3f} on validation, the best of {len(study.trials)} trials"
    return f"# @package _global_\n# winner of the sweep {options.name!r}: {said}\n{OmegaConf.to_yaml(nested)}"
