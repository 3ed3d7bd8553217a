"""Export: python scripts/export_model.py model_dir=DIR output=DIR"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from stance.bundle import read_manifest
from stance.command_line import run
from stance.export import export_model
from stance.tracking import TrackingOptions, track


@dataclass
class Config:
    """configs/export_model.yaml"""

    tracking: TrackingOptions = field(default_factory=TrackingOptions)
    model_dir: str = ""
    output: str = ""
    report: str = ""
    register: str = ""


def main(config: Config) -> None:
    """Bundle -> verified folder with a card, logged as a pyfunc to the model's own run."""
    path = Path(config.report or f"reports/{Path(config.model_dir).name}/report.json")
    report = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    folder = export_model(config.model_dir, config.output, report)
    with track(config.tracking, read_manifest(config.model_dir)["facts"].get("run_id", "")) as tracker:
        uri = tracker.model(folder, config.register)
        tracker.artifacts(folder / "README.md", "model_card")
    print(f"exported to {folder}" + (f"; MLflow model {uri}" if uri else "") + f'; stance.load("{folder}") opens it')


if __name__ == "__main__":
    run("export_model", Config, main)
