"""Opening and closing runs, and bringing those that MLflow has missed to it later."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from stance.errors import InputError, StanceError, reason
from stance.files import Row
from stance.tracking.facts import surroundings
from stance.tracking.mlflow_run import MlflowRun, connect
from stance.tracking.options import TrackingOptions
from stance.tracking.spool import LOCAL, Spool, note_upload, uploaded, waiting
from stance.tracking.tracker import Tracker

PARENT_TAG = "mlflow.parentRunId"


_RUN_ID = re.compile(r"[\w-]{0,64}")


def _now() -> int:
    return int(time.time() * 1000)


class RunTracker(Tracker):
    """Delivers calls to MLflow; from the first failure on it warns once and keeps them in the spool."""

    def __init__(self, root: Path, run_id: str, about: Row, run: MlflowRun | None) -> None:
        self.root, self.run_id, self.about, self.run = root, run_id, about, run
        self.spool: Spool | None = None
        self.full = False

    def call(self, name: str, /, **arguments: Any) -> Any:
        """Deliver a call, or keep it; an error of MLflow's never reaches the caller."""
        if "path" in arguments and not Path(arguments["path"]).exists():
            raise InputError(arguments["path"], "no such file or folder")
        if self.run is not None:
            try:
                return getattr(self.run, name)(**arguments)
            except StanceError:
                raise
            except Exception as error:  # MLflow lets its libraries' errors through: requests', SQLAlchemy's, urllib3's
                self.lose(error)
        self._keep(name, arguments | ({"time": _now()} if name == "metrics" else {}))
        return None

    def lose(self, error: Exception) -> None:
        """MLflow is gone for the rest of this run."""
        self.run = None
        print(
            f"warning: MLflow does not take this run's records ({reason(error)}); they are kept in "
            f"{self.root / self.run_id} and go there with: python scripts/upload_runs.py",
            file=sys.stderr,
        )

    def _keep(self, name: str, arguments: dict[str, Any]) -> None:
        if self.full:
            return
        try:
            if self.spool is None or not self.spool.is_locked():
                self.spool = Spool.opened(self.root, self.run_id, self.about)
            self.spool.append(name, arguments)
        except OSError as error:
            self.full = True
            print(f"warning: nothing more of this run is recorded: {error}", file=sys.stderr)

    def holder(self, name: str, alias: str) -> str:
        """See :meth:`MlflowRun.holder`."""
        return self._reached().holder(name, alias)

    def promote(self, name: str, alias: str) -> None:
        """See :meth:`MlflowRun.promote`."""
        self._reached().promote(name, alias)

    def _reached(self) -> MlflowRun:
        if self.run is None:
            raise StanceError("MLflow does not answer, so the run's model is not in its registry")
        return self.run


@contextmanager
def track(options: TrackingOptions, run_id: str = "", parent: str = "", resumed: bool = False) -> Iterator[Tracker]:
    """A tracker for the block: a new run, a child of the run ``parent``, or the run ``run_id`` if it is known.

    A block that raises marks the run as failed. Into a run that is over one writes without changing its end and
    status, unless the run's own work is ``resumed``. The block goes on whatever happens to MLflow.
    """
    if options.kind == "none" or os.environ.get("RANK", "0") != "0":  # under torchrun one process records
        yield Tracker()
        return
    root = Path(options.spool)
    known = uploaded(root)
    if not _RUN_ID.fullmatch(run_id) or not _RUN_ID.fullmatch(parent):  # a model folder may hold anything
        raise StanceError(f"{run_id[:60] or parent[:60]!r} is no id of a run")
    run_id, parent = known.get(run_id, run_id), known.get(parent, parent)
    tracker, ended = _opened(options, root, run_id, parent, resumed)
    status = "FINISHED"
    try:
        yield tracker
    except BaseException as error:
        status = "KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED"
        raise
    finally:
        _close(tracker, *(ended or (status, _now())))


def _opened(
    options: TrackingOptions, root: Path, run_id: str, parent: str, resumed: bool
) -> tuple[RunTracker, tuple[str, int] | None]:
    """The tracker, and the status and end that the run is to keep (None: those of this block)."""
    about: Row = {"experiment": options.experiment, "name": options.run_name, "parent": parent, "start": _now()}
    if run_id.startswith(LOCAL) or parent.startswith(LOCAL):
        tracker = RunTracker(root, run_id or _local_id(), about | {"tags": surroundings()}, None)
        print(f"this run waits for its upload in {root / tracker.run_id}", file=sys.stderr)
        return tracker, None
    try:
        mlflow = connect(options.uri)
        known = _known(mlflow, run_id) if run_id else None
        if known is not None:
            _reopen(mlflow, known, options.system_metrics and resumed)
            over = known.info.status != "RUNNING" and not resumed
            ended = (known.info.status, known.info.end_time) if over else None
            return RunTracker(root, run_id, about, MlflowRun(mlflow, run_id)), ended
        made = _start(mlflow, options, parent)
        return RunTracker(root, made, about, MlflowRun(mlflow, made)), None
    except Exception as error:  # whatever MLflow's libraries raise: a training must not die of it
        tracker = RunTracker(root, run_id or _local_id(), about | {"tags": surroundings()}, None)
        tracker.lose(error)
        return tracker, None


def _local_id() -> str:
    return LOCAL + uuid4().hex


def _known(mlflow: Any, run_id: str) -> Any:
    try:
        return mlflow.get_run(run_id)
    except mlflow.exceptions.MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        print(f"run {run_id} is not in this MLflow store: a new run is opened", file=sys.stderr)
        return None


def _start(mlflow: Any, options: TrackingOptions, parent: str) -> str:
    mlflow.set_experiment(options.experiment)
    run = mlflow.start_run(
        run_name=options.run_name or None,
        nested=bool(parent),
        parent_run_id=parent or None,
        tags=surroundings(),
        log_system_metrics=options.system_metrics,
    )
    return str(run.info.run_id)


def _reopen(mlflow: Any, known: Any, system_metrics: bool) -> None:
    mlflow.set_experiment(experiment_id=known.info.experiment_id)
    mlflow.start_run(run_id=known.info.run_id, nested=True, log_system_metrics=system_metrics)


def _close(tracker: RunTracker, status: str, time: int) -> None:
    if tracker.run is not None:
        with suppress(Exception):  # if it fails here, the next line says so and keeps the end
            tracker.run.mlflow.end_run(status)
    tracker.call("end", status=status, time=time)
    if tracker.run is None:
        _forget_active_run()
    if tracker.spool is not None:
        tracker.spool.close()


def _forget_active_run() -> None:
    """MLflow keeps a run that it could not close as the active one, under which the next would be refused."""
    with suppress(Exception):
        import mlflow

        while mlflow.active_run() is not None:
            mlflow.end_run()


# --- later -----------------------------------------------------------------------------------------------------------


def upload(options: TrackingOptions) -> Iterator[str]:
    """Bring every waiting run to MLflow, parents first, and yield a line for each; what is delivered is deleted here.

    Raises :class:`StanceError` at the end where one of them failed: what was not delivered stays.
    """
    root = Path(options.spool)
    spools, failed = waiting(root), []
    if not spools:
        return
    try:
        mlflow = connect(options.uri)
    except OSError as error:
        raise StanceError(f"{options.uri} does not answer ({error}); {len(spools)} runs stay in {root}") from None
    for spool in spools:
        try:
            yield _uploaded(mlflow, root, spool)
        except StanceError as error:
            failed.append(str(error))
    if failed:
        raise StanceError("; ".join(failed))


def _uploaded(mlflow: Any, root: Path, spool: Spool) -> str:
    parent = spool.about().get("parent", "")
    if parent.startswith(LOCAL) and parent not in uploaded(root):
        return f"{spool.folder.name}: waits for its parent, {parent}"
    if not spool.lock():
        return f"{spool.folder.name}: left alone, it is still being written"
    delivered, end = 0, _killed(spool)
    try:
        run_id = _run_of(mlflow, root, spool)
        _reopen(mlflow, mlflow.get_run(run_id), False)
        run, last = MlflowRun(mlflow, run_id), ""
        for name, arguments in spool.rows():
            if name == "end":
                end = arguments
            else:
                getattr(run, name)(**arguments)
            delivered, last = delivered + 1, name
        with suppress(Exception):  # reopening has changed the run's end: it is set again
            mlflow.end_run("FINISHED")
        run.end(**(end if last == "end" else _killed(spool)))
    except Exception as error:  # as above: any library's error
        raise StanceError(f"{spool.folder}: upload stopped ({reason(error)}); the rest stays there") from None
    finally:
        _forget_active_run()
        spool.drop(delivered)
    spool.remove()
    return f"{spool.folder.name}: {delivered} records are in run {run_id}"


def _run_of(mlflow: Any, root: Path, spool: Spool) -> str:
    """The run of MLflow that a spool belongs to; made on the first attempt to upload a run that MLflow never saw."""
    local = spool.folder.name
    known = uploaded(root)
    if not local.startswith(LOCAL):
        return local
    if local in known:
        return known[local]
    about = spool.about()
    experiment = mlflow.set_experiment(about["experiment"]).experiment_id
    parent = known.get(about["parent"], about["parent"])
    tags = about["tags"] | ({PARENT_TAG: parent} if parent else {})
    made = mlflow.MlflowClient().create_run(experiment, about["start"], tags, about["name"] or None)
    note_upload(root, local, made.info.run_id)
    return str(made.info.run_id)


def _killed(spool: Spool) -> dict[str, Any]:
    """The end of a run whose process left none: when it last said something."""
    return {"status": "KILLED", "time": int(spool.calls.stat().st_mtime * 1000) if spool.calls.is_file() else _now()}
