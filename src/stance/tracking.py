"""MLflow, or nothing: what a run did, where people compare runs. The only importer of mlflow besides export."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import StanceError, one_of

KINDS = ("mlflow", "none")


@dataclass
class TrackingOptions:
    """Where runs are recorded. ``uri`` is MLflow's tracking URI; the default is a local SQLite file."""

    kind: str = "mlflow"
    uri: str = "sqlite:///mlflow.db"
    experiment: str = "stance"
    run_name: str = ""

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
    mlflow.set_experiment(options.experiment)
    known = run_id if run_id and _exists(mlflow, run_id) else None
    with mlflow.start_run(run_id=known, run_name=None if known else options.run_name or None) as run:
        mlflow.set_tags(git_tags() | {"hardware": hardware()})
        yield MlflowTracker(mlflow, run.info.run_id)


def _exists(mlflow: Any, run_id: str) -> bool:
    try:
        mlflow.get_run(run_id)
    except mlflow.exceptions.MlflowException:
        print(f"run {run_id} is not in this MLflow store: a new run is opened", file=sys.stderr)
        return False
    return True


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
