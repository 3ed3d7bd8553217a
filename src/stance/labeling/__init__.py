"""Weak labels: candidates -> votes of labeling functions -> aggregated label with a confidence, or abstention."""

from stance.labeling.functions import FUNCTIONS
from stance.labeling.matrix import WeakLabel, analysis, format_analysis, label_matrix, majority

__all__ = ["FUNCTIONS", "WeakLabel", "analysis", "format_analysis", "label_matrix", "majority"]
