"""Where runs are recorded: values stand in configs/tracking, types here."""

from __future__ import annotations

from dataclasses import dataclass

from stance.errors import StanceError, one_of

KINDS = ("mlflow", "none")


@dataclass
class TrackingOptions:
    """Where runs are recorded.

    ``uri`` is MLflow's tracking URI; the default is a local SQLite file. What MLflow does not take is kept in the
    folder ``spool`` until it is uploaded.
    """

    kind: str = "mlflow"
    uri: str = "sqlite:///mlflow.db"
    experiment: str = "stance"
    run_name: str = ""
    system_metrics: bool = True
    spool: str = "outputs/tracking"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise StanceError(f"tracking.kind is {one_of(self.kind, KINDS)}")
