"""MLflow, or nothing: what a run did, where people compare runs. The only importer of mlflow besides export."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.comparison import Evaluated, read_predictions
from stance.errors import StanceError, one_of
from stance.promotion import PromotionOptions, duel_reasons, gate_reasons

KINDS = ("mlflow", "none")


@dataclass
class TrackingOptions:
    """Where runs are recorded. ``uri`` is MLflow's tracking URI; the default is a local SQLite file."""

    kind: str = "mlflow"
    uri: str = "sqlite:///mlflow.db"
    experiment: str = "stance"
    run_name: str = ""
    system_metrics: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise StanceError(f"tracking.kind is {one_of(self.kind, KINDS)}")


class Tracker:
    """The null tracker: every method does nothing, so that no caller asks whether a run is tracked."""

    run_id = ""

    def params(self, values: Mapping[str, Any]) -> None:
        """Record what was set (strings and numbers)."""

    def metrics(self, values: Mapping[str, float], step: int | None = None) -> None:
        """Record what was measured."""

    def tags(self, values: Mapping[str, str]) -> None:
        """Record what the run is."""

    def describe(self, summary: str) -> None:
        """Say in a few lines what the run did, and by which command."""

    def artifacts(self, path: Path | str, folder: str = "") -> None:
        """Keep a file, or the files of a folder."""

    def text(self, text: str, name: str) -> None:
        """Keep a text as a file."""

    def dataset(self, folder: Path | str, digest: str, context: str) -> None:
        """Record which data went in."""

    def model(self, folder: Path | str, register: str = "") -> str:
        """Log a bundle as an MLflow model and return its URI ("" when untracked)."""
        return ""

    def child(self, name: str, params: Mapping[str, Any], metrics: Mapping[str, float]) -> None:
        """Record one finished part of a larger experiment as a run under this one."""

    def holder(self, name: str, alias: str) -> str:
        """The id of the run whose registered model has an alias ("" for none)."""
        return ""

    def promote(self, name: str, alias: str) -> None:
        """Move an alias to the version that this run has registered."""


class MlflowTracker(Tracker):
    """Records into the active MLflow run."""

    def __init__(self, mlflow: Any, run_id: str) -> None:
        self.mlflow = mlflow
        self.run_id = run_id

    def params(self, values: Mapping[str, Any]) -> None:
        """Record parameters; those that the run already has are left as they are."""
        known = self.mlflow.get_run(self.run_id).data.params
        self.mlflow.log_params({key: value for key, value in values.items() if key not in known})

    def metrics(self, values: Mapping[str, float], step: int | None = None) -> None:
        """Record metrics, all at one step."""
        self.mlflow.log_metrics({key: float(value) for key, value in values.items()}, step=step)

    def tags(self, values: Mapping[str, str]) -> None:
        """Set tags on the run."""
        self.mlflow.set_tags(dict(values))

    def describe(self, summary: str) -> None:
        """The run's description in the UI, with the command that repeats it."""
        command = " ".join(["python", os.path.relpath(sys.argv[0]), *map(shlex.quote, sys.argv[1:])])
        self.tags({"mlflow.note.content": f"{summary}\n\n    {command}"})

    def artifacts(self, path: Path | str, folder: str = "") -> None:
        """Copy a file or a folder's files to the run."""
        log = self.mlflow.log_artifacts if Path(path).is_dir() else self.mlflow.log_artifact
        log(str(path), folder or None)

    def text(self, text: str, name: str) -> None:
        """Keep a text under a file name."""
        self.mlflow.log_text(text, name)

    def dataset(self, folder: Path | str, digest: str, context: str) -> None:
        """Log a dataset folder's training split as the run's input."""
        import pandas as pd

        columns = ["pair_id", "speaker", "claim", "stance"]
        frame = pd.read_parquet(Path(folder) / "train.parquet", columns=columns)
        made = self.mlflow.data.from_pandas(frame, source=str(folder), name=Path(folder).name, digest=digest)
        self.mlflow.log_input(made, context=context)

    def model(self, folder: Path | str, register: str = "") -> str:
        """Log the bundle as a pyfunc model of the run."""
        from stance.export.mlflow_model import log_model

        return log_model(self.mlflow, folder, register)

    def child(self, name: str, params: Mapping[str, Any], metrics: Mapping[str, float]) -> None:
        """Record a nested run."""
        with self.mlflow.start_run(run_name=name, nested=True):
            self.mlflow.log_params(dict(params))
            self.mlflow.log_metrics(dict(metrics))

    def holder(self, name: str, alias: str) -> str:
        """The id of the run whose registered model has an alias ("" for none).

        Raises :class:`StanceError` where the registry cannot tell: that is not the same as none.
        """
        try:
            return str(self.mlflow.MlflowClient().get_model_version_by_alias(name, alias).run_id or "a run unknown")
        except self.mlflow.exceptions.MlflowException as error:
            if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):  # no model, no alias
                return ""
            raise StanceError(f"the registry does not answer: {str(error).splitlines()[0]}") from None

    def promote(self, name: str, alias: str) -> None:
        """Move an alias to the newest version that this run has registered."""
        client = self.mlflow.MlflowClient()
        versions = client.search_model_versions(f"name='{name}' and run_id='{self.run_id}'")
        newest = max(versions, key=lambda version: int(version.version))
        client.set_registered_model_alias(name, alias, newest.version)


@contextmanager
def track(options: TrackingOptions, run_id: str = "") -> Iterator[Tracker]:
    """A tracker for the block: a new run, or the one of ``run_id`` if the store still knows it.

    A block that raises marks the run as failed.
    """
    if options.kind == "none" or os.environ.get("RANK", "0") != "0":  # under torchrun one process records
        yield Tracker()
        return
    import logging

    import mlflow

    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(options.uri)
    known = _known(mlflow, run_id) if run_id else None
    if known is not None:
        with _reopened(mlflow, known):
            yield MlflowTracker(mlflow, run_id)
        return
    mlflow.set_experiment(options.experiment)
    with mlflow.start_run(run_name=options.run_name or None, log_system_metrics=options.system_metrics) as run:
        mlflow.set_tags(git_tags() | {"hardware": hardware()})
        yield MlflowTracker(mlflow, run.info.run_id)


def _known(mlflow: Any, run_id: str) -> Any:
    try:
        return mlflow.get_run(run_id)
    except mlflow.exceptions.MlflowException:
        print(f"run {run_id} is not in this MLflow store: a new run is opened", file=sys.stderr)
        return None


@contextmanager
def _reopened(mlflow: Any, known: Any) -> Iterator[None]:
    """Write into a run that is over: its tags, its end and its status stay those of its own work."""
    mlflow.set_experiment(experiment_id=known.info.experiment_id)
    try:
        with mlflow.start_run(run_id=known.info.run_id, log_system_metrics=False):
            yield
    finally:
        mlflow.MlflowClient().set_terminated(known.info.run_id, known.info.status, known.info.end_time)


def promoted(
    tracker: Tracker,
    options: TrackingOptions,
    name: str,
    alias: str,
    report: Mapping[str, Any] | None,
    gates: PromotionOptions,
) -> str:
    """Move an alias to this run's registered model if it passes the gates and beats who holds it; a line that says so,
    or why not."""
    reasons = gate_reasons(report, gates) or _duel(tracker, options, name, alias, gates)
    if reasons:
        return f"not promoted to {alias}: " + "; ".join(reasons)
    tracker.promote(name, alias)
    return f"promoted: models:/{name}@{alias}"


def _duel(tracker: Tracker, options: TrackingOptions, name: str, alias: str, gates: PromotionOptions) -> list[str]:
    if not tracker.run_id:
        return ["the run is not tracked"]
    try:
        holder = tracker.holder(name, alias)
        champion = evaluated_run(options, holder, "test") if holder not in ("", tracker.run_id) else None
        return duel_reasons(evaluated_run(options, tracker.run_id, "test"), champion, gates)
    except StanceError as error:
        return [str(error)]


def evaluated_run(options: TrackingOptions, run_id: str, split: str) -> Evaluated:
    """What a run set, and what its model answered on an evaluation that ``scripts/evaluate.py`` has recorded.

    Raises :class:`StanceError` for a run that the store does not know or that was not evaluated.
    """
    import mlflow

    mlflow.set_tracking_uri(options.uri)
    try:
        known = mlflow.get_run(run_id)
        file = mlflow.artifacts.download_artifacts(
            run_id=run_id, artifact_path=f"evaluation/{split}/predictions.jsonl", tracking_uri=options.uri
        )
    except (mlflow.exceptions.MlflowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise StanceError(f"run {run_id}: no evaluation on {split!r} in {options.uri} ({reason})") from None
    return Evaluated(known.info.run_name or run_id[:8], known.data.params, read_predictions(Path(file)))


def hardware() -> str:
    """Processor count and architecture, and the GPU if there is one."""
    import torch

    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return f"{os.cpu_count()} cores {platform.machine()}{gpu}"


def git_tags() -> dict[str, str]:
    """The commit of the working folder and whether it has changes, where git knows."""
    commit = _git("rev-parse", "HEAD")
    return {"git_commit": commit[:12], "git_dirty": str(bool(_git("status", "--porcelain")))} if commit else {}


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
