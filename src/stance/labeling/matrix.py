"""The label matrix (candidates x functions), and the table that judges its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stance.labeling.functions import LabelingFunction
from stance.labeling.passage import read
from stance.pairs import Candidate
from stance.schema import LABELS, Stance

ABSTAIN = -1
Matrix = npt.NDArray[np.int8]


class FunctionReport(NamedTuple):
    """A row of the table: shares of all candidates, and the accuracy on the gold ones that the function labels."""

    name: str
    coverage: float
    overlap: float
    conflict: float
    accuracy: float | None


def label_matrix(candidates: Sequence[Candidate], functions: Sequence[LabelingFunction]) -> Matrix:
    """Votes as indices into :data:`stance.schema.LABELS`, shape (candidates, functions); -1 abstains."""
    matrix = np.full((len(candidates), len(functions)), ABSTAIN, dtype=np.int8)
    for row, candidate in enumerate(candidates):
        reading = read(candidate)
        for column, function in enumerate(functions):
            vote = function(reading)
            if vote is not None:
                matrix[row, column] = LABELS.index(vote)
    return matrix


def analysis(
    matrix: Matrix, functions: Sequence[LabelingFunction], gold: Sequence[Stance | None] | None = None
) -> list[FunctionReport]:
    """Coverage, overlap and conflict of each function, and its accuracy where gold is known."""
    voted = matrix != ABSTAIN
    others = voted.sum(axis=1, keepdims=True) - voted
    known = np.array([ABSTAIN if g is None else LABELS.index(g) for g in gold or [None] * len(matrix)])
    rows = []
    for column, function in enumerate(functions):
        mine, votes = voted[:, column], matrix[:, column]
        conflicting = ((matrix != votes[:, None]) & voted).any(axis=1) & mine
        judged = mine & (known != ABSTAIN)
        rows.append(
            FunctionReport(
                function.__name__,
                float(mine.mean()) if len(mine) else 0.0,
                float((mine & (others[:, column] > 0)).mean()) if len(mine) else 0.0,
                float(conflicting.mean()) if len(mine) else 0.0,
                float((votes[judged] == known[judged]).mean()) if judged.any() else None,
            )
        )
    return rows


def format_analysis(rows: Sequence[FunctionReport]) -> str:
    """The table as text, one function a line."""
    lines = [f"{'labeling function':26s} {'coverage':>9s} {'overlap':>8s} {'conflict':>9s} {'accuracy':>9s}"]
    for row in rows:
        accuracy = "-" if row.accuracy is None else f"{row.accuracy:.3f}"
        lines.append(f"{row.name:26s} {row.coverage:9.3f} {row.overlap:8.3f} {row.conflict:9.3f} {accuracy:>9s}")
    return "\n".join(lines)
