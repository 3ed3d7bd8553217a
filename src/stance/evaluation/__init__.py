"""How good a model is: metrics, baselines, slices, calibration, behaviour, neutrality, report."""

from stance.evaluation.baselines import BASELINES
from stance.evaluation.bootstrap import Comparison, bootstrap_interval, compare
from stance.evaluation.metrics import METRICS, PRIMARY, score
from stance.evaluation.report import evaluate, flat_metrics, format_report
from stance.evaluation.writing import write_report

__all__ = [
    "BASELINES",
    "METRICS",
    "PRIMARY",
    "Comparison",
    "bootstrap_interval",
    "compare",
    "evaluate",
    "flat_metrics",
    "format_report",
    "score",
    "write_report",
]
