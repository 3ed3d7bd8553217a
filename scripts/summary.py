"""Where everything lies after a quickstart: python scripts/summary.py"""

from dataclasses import dataclass
from pathlib import Path

from stance.command_line import run

LOCATIONS = {
    "dataset": "data/processed/corpus",
    "model": "models/stance",
    "report": "reports/trained/report.txt",
    "statements": "outputs/statements.jsonl",
    "page": "outputs/report.html",
    "runs": "mlflow.db",
}


@dataclass
class Config:
    """configs/summary.yaml"""


def main(config: Config) -> None:
    """A line for each artifact that is there, and how to open the MLflow UI."""
    print("\nWhat was made:")
    for name, path in LOCATIONS.items():
        print(f"  {name:11s} {path}" + ("" if Path(path).exists() else "  (not made)"))
    print("\nRuns, metrics and models: .venv/bin/mlflow ui")
    print('In Python:  import stance; stance.load("models/stance").predict(speaker=..., claim=..., context=...)')


if __name__ == "__main__":
    run("summary", Config, main)
