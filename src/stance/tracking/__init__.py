"""What a run did, where people compare runs: MLflow, a local spool while MLflow is away, or nothing."""

from stance.tracking.options import TrackingOptions
from stance.tracking.registry import evaluated_run, promoted
from stance.tracking.runs import track, upload
from stance.tracking.tracker import Tracker

__all__ = ["Tracker", "TrackingOptions", "evaluated_run", "promoted", "track", "upload"]
