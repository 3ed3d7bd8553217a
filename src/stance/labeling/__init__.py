"""Weak labels: candidates -> votes of labeling functions -> aggregated label with a confidence, or abstention."""

from stance.labeling.functions import FUNCTIONS
from stance.labeling.matrix import analysis, format_analysis, label_matrix
from stance.labeling.vote import WeakLabel, fit_weights, weighted_vote

__all__ = ["FUNCTIONS", "WeakLabel", "analysis", "fit_weights", "format_analysis", "label_matrix", "weighted_vote"]
