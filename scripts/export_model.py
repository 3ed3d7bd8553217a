"""Export: python scripts/export_model.py model_dir=DIR output=DIR [dataset=DIR]"""

from dataclasses import dataclass, field

from stance.bundle import read_manifest
from stance.command_line import run
from stance.dataset import labelled_pairs
from stance.evaluation import flat_metrics
from stance.export import ExportOptions, export_model, folder_megabytes, read_report
from stance.export.card import speed_lines
from stance.promotion import PromotionOptions
from stance.tracking import TrackingOptions, promoted, track

NAME = "stance"
"""Under which exports are registered."""


@dataclass
class Config:
    """configs/export_model.yaml"""

    tracking: TrackingOptions = field(default_factory=TrackingOptions)
    export: ExportOptions = field(default_factory=ExportOptions)
    model_dir: str = ""
    output: str = ""
    dataset: str = ""
    report: str = ""
    register: bool = False
    promote: str = ""
    promotion: PromotionOptions = field(default_factory=PromotionOptions)


def main(config: Config) -> None:
    """Bundle -> calibrated, measured folder with a card, logged as a pyfunc to the model's own run."""
    report = read_report(config.model_dir, config.report)
    validation, test = (labelled_pairs(config.dataset, s) if config.dataset else [] for s in ("validation", "test"))
    folder = export_model(config.model_dir, config.output, validation, test, config.export, report)
    manifest = read_manifest(folder)
    print("\n".join(speed_lines(manifest, folder_megabytes(folder))))
    with track(config.tracking, read_manifest(config.model_dir)["facts"].get("run_id", "")) as tracker:
        tracker.metrics(
            {f"{r['backend']}_pairs_per_second": r["pairs_per_second"] for r in manifest.get("backends", [])}
        )
        measured = {f"test_{name}": value for name, value in flat_metrics(report).items()} if report else {}
        uri = tracker.model(folder, NAME if config.register or config.promote else "", measured)
        tracker.artifacts(folder / "README.md", "model_card")
        if config.promote:
            print(promoted(tracker, config.tracking, NAME, config.promote, report, config.promotion))
    print(f"exported to {folder}" + (f"; MLflow model {uri}" if uri else "") + f'; stance.load("{folder}") opens it')


if __name__ == "__main__":
    run("export_model", Config, main)
