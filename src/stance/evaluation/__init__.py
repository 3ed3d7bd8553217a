"""How good a model is: metrics, baselines, slices, report."""

from stance.evaluation.baselines import BASELINES
from stance.evaluation.metrics import METRICS, PRIMARY, bootstrap_interval, score
from stance.evaluation.report import draw_confusion, evaluate, flat_metrics, format_report, write_report

__all__ = [
    "BASELINES",
    "METRICS",
    "PRIMARY",
    "bootstrap_interval",
    "draw_confusion",
    "evaluate",
    "flat_metrics",
    "format_report",
    "score",
    "write_report",
]
