"""The study: what was done counts, failures are recorded and passed over, a kill costs the trial that it hit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState

from stance.encoding import EncodingOptions
from stance.errors import StanceError
from stance.sweep.options import SweepOptions, grid, wanted, with_settings
from stance.sweep.study import (
    WORKER,
    check_same,
    format_trials,
    give_up_dead,
    open_study,
    run_trials,
    summary,
    winner_yaml,
)
from stance.sweep.trials import _about
from stance.training import LogMetrics, ModelOptions, Recipe, TrainingOptions

RECIPE = Recipe(ModelOptions(), TrainingOptions(), EncodingOptions())
GRID = {"training.seed": {"choices": [1, 2, 3]}, "training.batch_size": {"choices": [8, 16]}}


@pytest.fixture
def options(tmp_path: Path) -> SweepOptions:
    return SweepOptions("s", GRID, 0, "grid", prune=False, storage=f"sqlite:///{tmp_path / 'sweeps.db'}")


def states(options: SweepOptions) -> list[str]:
    return [trial.state.name for trial in open_study(options).trials]


def score(number: int, recipe: Recipe, log: LogMetrics) -> float:
    return recipe.training.seed / 10 + recipe.training.batch_size / 1000


def test_a_grid_is_tried_once_and_its_best_wins(options: SweepOptions) -> None:
    study = open_study(options)
    run_trials(study, options, RECIPE, score)
    tried = {tuple(sorted(trial.params.items())) for trial in study.trials}
    assert len(tried) == len(study.trials) == wanted(options) == 6
    assert study.best_params == {"training.seed": 3, "training.batch_size": 16}
    run_trials(study, options, RECIPE, score)
    assert len(study.trials) == 6, "nothing is left to do"
    numbers = summary(study)
    # scores .108 .116 .208 .216 .308 .316: mean .212, sample deviation from the six squares
    assert numbers["best_macro_f1"] == pytest.approx(0.316)
    assert numbers["mean_macro_f1"] == pytest.approx(0.212)
    assert numbers["sd_macro_f1"] == pytest.approx(0.0895, abs=1e-4)
    assert "| complete | 0.316 | 16 | 3 |" in format_trials(study)


def test_the_winner_is_an_experiment_file(options: SweepOptions) -> None:
    study = open_study(options)
    with pytest.raises(StanceError, match="no trial has ended well"):
        winner_yaml(study, options, RECIPE)
    run_trials(study, options, RECIPE, score)
    base = with_settings(RECIPE, {"training.epochs": 7.0, "training.threads": 2})
    first, said, *rest = winner_yaml(study, options, base).splitlines()
    assert first == "# @package _global_" and "macro-F1 0.316" in said
    assert rest == ["training:", "  epochs: 7.0", "  seed: 3", "  batch_size: 16"]


def test_crashed_and_meaningless_trials_are_recorded_and_passed_over(options: SweepOptions) -> None:
    def fails(number: int, recipe: Recipe, log: LogMetrics) -> float:
        if number == 0:
            raise RuntimeError("out of memory")
        if number == 1:
            log({"train_loss": float("nan")}, 5)
        return float("nan") if number == 2 else score(number, recipe, log)

    study = open_study(options)
    run_trials(study, options, RECIPE, fails)
    assert states(options) == ["FAIL", "FAIL", "FAIL", "COMPLETE", "COMPLETE", "COMPLETE"]
    assert summary(study)["trials_fail"] == 3


def test_a_trial_below_the_median_is_cut_off(tmp_path: Path) -> None:
    options = SweepOptions("s", GRID, 6, "random", prune=True, storage=f"sqlite:///{tmp_path / 'a.db'}")
    reached: list[int] = []

    def slow(number: int, recipe: Recipe, log: LogMetrics) -> float:
        for step in (1, 2):
            log({"validation_macro_f1": 0.1 if number == 5 else 0.5}, step)
            reached.append(number)
        return 0.5

    run_trials(open_study(options), options, RECIPE, slow)
    assert states(options) == ["COMPLETE"] * 5 + ["PRUNED"]
    assert 5 not in reached


PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from tests.sweep.test_study import RECIPE, GRID, score
from stance.sweep.options import SweepOptions
from stance.sweep.study import open_study, run_trials

options = SweepOptions("s", GRID, 0, "grid", prune=False, storage=sys.argv[1])

def objective(number, recipe, log):
    if sys.argv[2] == "die" and number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 0 and sys.argv[2] == "live":
        while len(list(Path(sys.argv[3]).iterdir())) < 2:  # until both have come
            time.sleep(0.05)
    return score(number, recipe, log)

study = open_study(options)
(Path(sys.argv[3]) / str(os.getpid())).touch()
run_trials(study, options, RECIPE, objective)
"""


def started(options: SweepOptions, how: str) -> subprocess.Popen[bytes]:
    root = Path(__file__).resolve().parents[2]
    here = Path(options.storage.removeprefix("sqlite:///")).parent / "come"
    here.mkdir(exist_ok=True)
    return subprocess.Popen([sys.executable, "-c", PROGRAM, options.storage, how, str(here)], cwd=root)


def test_a_killed_sweep_goes_on(options: SweepOptions) -> None:
    """Two trials done, the third killed: it is marked as failed, its settings are tried again, the grid is whole."""
    assert started(options, "die").wait() == -signal.SIGKILL
    assert states(options) == ["COMPLETE", "COMPLETE", "RUNNING", *["WAITING"] * 3]
    killed = open_study(options).trials[2].params
    study = open_study(options)
    run_trials(study, options, RECIPE, score)
    assert study.trials[2].state is TrialState.FAIL
    complete = [trial.params for trial in study.trials if trial.state is TrialState.COMPLETE]
    assert killed in complete
    assert len(complete) == 6 == len({tuple(sorted(params.items())) for params in complete}), "the grid is whole"


def test_ctrl_c_costs_no_place_in_the_grid(options: SweepOptions) -> None:
    def interrupted(number: int, recipe: Recipe, log: LogMetrics) -> float:
        if number == 5:
            raise KeyboardInterrupt
        return score(number, recipe, log)

    study = open_study(options)
    with pytest.raises(KeyboardInterrupt):
        run_trials(study, options, RECIPE, interrupted)
    for _ in range(2):  # the second time there is nothing left to do
        run_trials(study, options, RECIPE, score)
    assert states(options) == ["COMPLETE"] * 5 + ["FAIL", "COMPLETE"]


def test_a_study_of_something_else_is_refused(options: SweepOptions) -> None:
    study = open_study(options)
    check_same(study, {"dataset": "d1", "recipe": {}})
    check_same(study, {"dataset": "d1", "recipe": {}})
    with pytest.raises(StanceError, match=r"begun with another dataset, recipe; give sweep\.name="):
        check_same(study, {"dataset": "d2", "recipe": {"training.epochs": 5}})


def test_a_study_knows_settings_that_are_defaults_now() -> None:
    """Defaults change: a study that only knew what differs from them would go on with another recipe."""
    about = _about(SweepOptions("s", {"training": {"epochs": {"low": 1, "high": 2}}}), RECIPE, {"dataset": "d"})
    assert about["recipe"]["encoding.max_tokens"] == EncodingOptions().max_tokens
    assert "training.epochs" not in about["recipe"] and "training.threads" not in about["recipe"]


def test_ranges_are_of_the_settings_own_kind(tmp_path: Path) -> None:
    space = {"training": {"label_smoothing": {"low": 0, "high": 0.5}, "batch_size": {"low": 8, "high": 64}}}
    options = SweepOptions("s", space, 4, "random", storage=f"sqlite:///{tmp_path / 'a.db'}")
    study = open_study(options)
    run_trials(study, options, RECIPE, score)
    assert all(isinstance(trial.params["training.batch_size"], int) for trial in study.trials)
    assert len({trial.params["training.label_smoothing"] for trial in study.trials}) == 4


def test_workers_share_the_trials(options: SweepOptions) -> None:
    study = open_study(options)  # made once, with its queue, before both look for it
    for settings in grid(options.space):
        study.enqueue_trial(settings)
    both = [started(options, "live") for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    study = open_study(options)
    assert states(options) == ["COMPLETE"] * 6
    assert len({trial.user_attrs[WORKER] for trial in study.trials}) == 2


def test_a_living_process_keeps_its_trial(options: SweepOptions) -> None:
    study = open_study(options)
    trial = study.ask()
    trial.set_user_attr(WORKER, f"{os.uname().nodename} {os.getpid()}")
    give_up_dead(study)
    assert study.trials[0].state is TrialState.RUNNING


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sampler": "magic"}, "sweep.sampler is 'magic'; choose from tpe, grid, random"),
        ({"space": {"training.seed": 3}}, "sweep.space.training.seed is 3; give"),
        ({"space": {"training.seed": {"low": 3, "high": 1}}}, "low 3 must be at most high 1"),
        ({"space": {"training.seed": {"low": 1, "high": 3}}}, "grid needs choices"),
    ],
)
def test_a_bad_sweep_is_one_line(options: SweepOptions, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(StanceError, match=said.replace("[", r"\[")):
        replace(options, **changes)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("training.foo", 1, "no such setting; choose from model.name"), ("training.batch_size", 0, "choose from 1 to")],
)
def test_a_bad_space_ends_the_sweep_before_it_begins(options: SweepOptions, key: str, value: int, said: str) -> None:
    options = replace(options, space={key: {"choices": [value]}})
    study = open_study(options)
    with pytest.raises(StanceError, match=said):
        run_trials(study, options, RECIPE, score)
    with pytest.raises(StanceError, match=r"sweep\.space is empty"):
        run_trials(study, replace(options, space={}), RECIPE, score)
    assert not study.trials
