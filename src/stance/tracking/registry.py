"""The model registry: which run's model is the champion, and whether another takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stance.comparison import Evaluated, read_predictions
from stance.errors import StanceError, reason
from stance.promotion import PromotionOptions, duel_reasons, gate_reasons
from stance.tracking.mlflow_run import absolute, connect
from stance.tracking.options import TrackingOptions
from stance.tracking.tracker import Tracker


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
    try:
        mlflow = connect(options.uri)
        known = mlflow.get_run(run_id)
        file = mlflow.artifacts.download_artifacts(
            run_id=run_id, artifact_path=f"evaluation/{split}/predictions.jsonl", tracking_uri=absolute(options.uri)
        )
    except Exception as error:  # MLflow lets its libraries' errors through: requests', SQLAlchemy's, urllib3's
        raise StanceError(f"run {run_id}: no evaluation on {split!r} in {options.uri} ({reason(error)})") from None
    return Evaluated(known.info.run_name or run_id[:8], known.data.params, read_predictions(Path(file)))
