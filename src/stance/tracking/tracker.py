"""What callers say about a run. A tracker passes each call on to MLflow, or to the spool, or drops it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Tracker:
    """The null tracker: every call is dropped, so that no caller asks whether a run is tracked."""

    run_id = ""

    def call(self, name: str, /, **arguments: Any) -> Any:
        """Deliver one call; what it returns is None where nothing was delivered."""
        return None

    def params(self, values: Mapping[str, Any]) -> None:
        """Record what was set (strings and numbers); what the run already has is left as it is."""
        self.call("params", values={key: str(value) for key, value in values.items()})

    def metrics(self, values: Mapping[str, float], step: int | None = None) -> None:
        """Record what was measured, all at one step."""
        self.call("metrics", values={key: float(value) for key, value in values.items()}, step=step)

    def tags(self, values: Mapping[str, str]) -> None:
        """Record what the run is."""
        self.call("tags", values=dict(values))

    def describe(self, summary: str) -> None:
        """The run's description in the UI: a few lines, with the command that repeats it."""
        command = " ".join(["python", os.path.relpath(sys.argv[0]), *map(shlex.quote, sys.argv[1:])])
        self.tags({"mlflow.note.content": f"{summary}\n\n    {command}"})

    def artifacts(self, path: Path | str, folder: str = "") -> None:
        """Keep a file, or the files of a folder."""
        self.call("artifacts", path=str(path), folder=folder)

    def text(self, text: str, name: str) -> None:
        """Keep a text as a file."""
        self.call("text", text=text, name=name)

    def dataset(self, folder: Path | str, digest: str, context: str) -> None:
        """Record which data went in: a dataset folder's training split."""
        rows = Path(folder) / "train.parquet"
        self.call("dataset", path=str(rows), name=Path(folder).name, digest=digest, context=context)

    def model(self, folder: Path | str, register: str = "", metrics: Mapping[str, float] | None = None) -> str:
        """Log a bundle as an MLflow model with the metrics that were measured on it; its URI ("" where there is none).

        ``register`` is the name under which it is registered, if any.
        """
        return self.call("model", path=str(folder), register=register, values=dict(metrics or {})) or ""

    def holder(self, name: str, alias: str) -> str:
        """The id of the run whose registered model has an alias ("" for none)."""
        return ""

    def promote(self, name: str, alias: str) -> None:
        """Move an alias to the version that this run has registered."""
