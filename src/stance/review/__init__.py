"""The human loop: doubtful pairs -> Label Studio or a spreadsheet -> corrections -> labels of the next build."""

from stance.review.corrections import Correction, Decision, corrected, decide, read_corrections
from stance.review.label_studio import labeling_config, read_export, tasks
from stance.review.selection import Doubt, doubts, reviewable
from stance.review.writing import add_corrections, read_judgements, review_files, write_review

__all__ = [
    "Correction",
    "Decision",
    "Doubt",
    "add_corrections",
    "corrected",
    "decide",
    "doubts",
    "labeling_config",
    "read_corrections",
    "read_export",
    "read_judgements",
    "review_files",
    "reviewable",
    "tasks",
    "write_review",
]
