"""Bring the runs to MLflow that it has missed: python scripts/upload_runs.py [tracking.uri=...]"""

from dataclasses import dataclass, field

from stance.command_line import run
from stance.tracking import TrackingOptions, upload


@dataclass
class Config:
    """configs/upload_runs.yaml"""

    tracking: TrackingOptions = field(default_factory=TrackingOptions)


def main(config: Config) -> None:
    """Spooled runs -> MLflow; prints a line for each."""
    lines = upload(config.tracking)
    print(next(lines, f"no run waits in {config.tracking.spool}"))
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    run("upload_runs", Config, main)
