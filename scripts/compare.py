"""Two runs side by side: python scripts/compare.py RUN_A RUN_B"""

from dataclasses import dataclass, field
from pathlib import Path

from stance.command_line import run
from stance.comparison import difference, difference_page, format_difference
from stance.files import atomic_write
from stance.tracking import TrackingOptions, evaluated_run, track


@dataclass
class Config:
    """configs/compare.yaml"""

    tracking: TrackingOptions = field(default_factory=TrackingOptions)
    a: str = ""
    b: str = ""
    split: str = "test"
    output: str = ""


def main(config: Config) -> float:
    """Two evaluated runs -> text, and a page that is kept with run a; returns the difference in macro-F1."""
    runs = [evaluated_run(config.tracking, one, config.split) for one in (config.a, config.b)]
    found = difference(*runs)
    print(format_difference(found))
    output = Path(config.output or f"reports/{config.a[:8]}-{config.b[:8]}/comparison.html")
    with atomic_write(output) as partial:
        partial.write_text(difference_page(found), encoding="utf-8")
    with track(config.tracking, config.a) as tracker:
        tracker.artifacts(output, f"comparison/{config.b}")
    print(f"page in {output}")
    return found.result.difference


if __name__ == "__main__":
    run("compare", Config, main, positional=("a", "b"))
