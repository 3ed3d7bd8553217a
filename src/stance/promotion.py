"""When a registered model becomes the champion: it passes the gates and beats the present one on the same pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stance.comparison import Evaluated, difference
from stance.errors import StanceError
from stance.evaluation.report import mean_pass_rate


@dataclass
class PromotionOptions:
    """The gates: what a model must reach to be shown to anybody, and how surely it must beat the champion."""

    min_f1_deny: float = 0.5
    max_ece: float = 0.1
    min_behaviour: float = 0.6
    max_flips: float = 0.15
    min_better: float = 0.95

    def __post_init__(self) -> None:
        for name in ("min_f1_deny", "max_ece", "min_behaviour", "max_flips", "min_better"):
            if not 0 <= getattr(self, name) <= 1:
                raise StanceError(f"promotion.{name} is {getattr(self, name)}; choose from 0 to 1")


def gate_reasons(report: Mapping[str, Any] | None, options: PromotionOptions) -> list[str]:
    """Why an evaluation report does not pass the gates; empty where it does."""
    if report is None or "behaviour" not in report:
        return ["it was not evaluated with its behaviour suite"]
    metrics = report["metrics"]
    flips = {group: row["flip_rate"] for group, row in report["neutrality"].items()}
    worst = max(flips, key=lambda group: flips[group])
    checks = (
        (metrics["f1_deny"] >= options.min_f1_deny, f"F1 of deny {metrics['f1_deny']:.3f} < {options.min_f1_deny}"),
        (metrics["ece"] <= options.max_ece, f"calibration error {metrics['ece']:.3f} > {options.max_ece}"),
        (
            mean_pass_rate(report) >= options.min_behaviour,
            f"behaviour suite {mean_pass_rate(report):.0%} < {options.min_behaviour:.0%}",
        ),
        (
            flips[worst] <= options.max_flips,
            f"answers turn with the speaker's {worst} in {flips[worst]:.0%} > {options.max_flips:.0%}",
        ),
    )
    return [reason for passes, reason in checks if not passes]


def duel_reasons(challenger: Evaluated, champion: Evaluated | None, options: PromotionOptions) -> list[str]:
    """Why a challenger does not beat the champion on the same pairs; empty where it does, or where there is none."""
    if champion is None:
        return []
    try:
        result = difference(champion, challenger).result
    except StanceError as error:
        return [str(error)]
    if result.better >= options.min_better:
        return []
    return [
        f"macro-F1 {result.difference:+.3f} [{result.low:+.3f}, {result.high:+.3f}] against the champion: better in "
        f"{result.better:.0%} of the draws, {options.min_better:.0%} are needed"
    ]
