"""One MLflow run: what a tracker's calls become there. Every function here may fail when MLflow does."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stance.errors import StanceError, reason

PORTS = {"http": 80, "https": 443, "postgresql": 5432, "mysql": 3306, "mssql": 1433}
PATIENCE = 5.0
"""Seconds that a server has to answer before a run goes on without it."""


def connect(uri: str) -> Any:
    """The mlflow module, set to ``uri``; raises OSError at once where nothing answers there.

    MLflow itself would try again for minutes, at every single call.
    """
    uri = absolute(uri)
    _knock(uri)
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    import mlflow

    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(uri)
    return mlflow


def absolute(uri: str) -> str:
    """The URI with a relative SQLite path made absolute: MLflow keeps its connections by this name, wherever it is."""
    path = uri.removeprefix("sqlite:///")
    return f"sqlite:///{Path(path).resolve()}" if path != uri else uri


def _knock(uri: str) -> None:
    parts = urlsplit(uri)
    scheme = parts.scheme.partition("+")[0]
    if scheme == "sqlite":
        _open_database(Path(uri.partition(":///")[2]))
    elif scheme in PORTS:
        socket.create_connection((parts.hostname or "", parts.port or PORTS[scheme]), PATIENCE).close()


def _open_database(path: Path) -> None:
    """Take the database's write lock and give it back: tells a missing folder, a full disk and a locked file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=PATIENCE)
        try:
            connection.execute("begin immediate")
            connection.rollback()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise OSError(f"{path}: {error}") from None


class MlflowRun:
    """The calls of a :class:`stance.tracking.tracker.Tracker`, made on a run of MLflow."""

    def __init__(self, mlflow: Any, run_id: str) -> None:
        self.mlflow = mlflow
        self.run_id = run_id

    def params(self, values: Mapping[str, str]) -> None:
        """Parameters; MLflow refuses to change one, so those that are there are left."""
        known = self.mlflow.get_run(self.run_id).data.params
        self.mlflow.log_params({k: v for k, v in values.items() if k not in known}, run_id=self.run_id)

    def metrics(self, values: Mapping[str, float], step: int | None = None, time: int | None = None) -> None:
        """Metrics at one step; ``time`` (ms) is when they were measured, if not now."""
        self.mlflow.log_metrics(dict(values), step=step, run_id=self.run_id, timestamp=time)

    def tags(self, values: Mapping[str, str]) -> None:
        """Tags."""
        client = self.mlflow.MlflowClient()
        for key, value in values.items():
            client.set_tag(self.run_id, key, value)

    def artifacts(self, path: str, folder: str = "") -> None:
        """A file, or the files of a folder."""
        log = self.mlflow.log_artifacts if Path(path).is_dir() else self.mlflow.log_artifact
        log(path, folder or None, run_id=self.run_id)

    def text(self, text: str, name: str) -> None:
        """A text under a file name."""
        self.mlflow.log_text(text, name, run_id=self.run_id)

    def dataset(self, path: str, name: str, digest: str, context: str) -> None:
        """The rows of a Parquet file as the run's input."""
        import pandas as pd

        frame = pd.read_parquet(path, columns=["pair_id", "speaker", "claim", "stance"])
        made = self.mlflow.data.from_pandas(frame, source=path, name=name, digest=digest)
        self.mlflow.log_input(made, context=context)

    def model(self, path: str, register: str = "", values: Mapping[str, float] | None = None) -> str:
        """A bundle as a pyfunc model, with the metrics that were measured on it."""
        from stance.export.mlflow_model import log_model

        return log_model(self.mlflow, path, register, values or {})

    def end(self, status: str, time: int) -> None:
        """Close the run: FINISHED or FAILED, and when (ms)."""
        self.mlflow.MlflowClient().set_terminated(self.run_id, status, time)

    def holder(self, name: str, alias: str) -> str:
        """The id of the run whose registered model has an alias ("" for none).

        Raises :class:`StanceError` where the registry cannot tell: that is not the same as none.
        """
        try:
            return str(self.mlflow.MlflowClient().get_model_version_by_alias(name, alias).run_id or "a run unknown")
        except self.mlflow.exceptions.MlflowException as error:
            if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):  # no model, no alias
                return ""
            raise StanceError(f"the registry does not answer: {reason(error)}") from None

    def promote(self, name: str, alias: str) -> None:
        """Move an alias to the newest version that this run has registered."""
        client = self.mlflow.MlflowClient()
        versions = client.search_model_versions(f"name='{name}' and run_id='{self.run_id}'")
        newest = max(versions, key=lambda version: int(version.version))
        client.set_registered_model_alias(name, alias, newest.version)
