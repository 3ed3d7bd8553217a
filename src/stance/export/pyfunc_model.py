"""MLflow's models-from-code file: a pyfunc that answers with all three probabilities. Logged as a file, not pickled."""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from stance.errors import StanceError
from stance.inference import StanceClassifier
from stance.schema import LABELS, Pair, Prediction

MAX_REQUEST_CHARS = 8_000_000
"""Text of one request; more is refused with status 400, as one request would hold up all others."""


class StanceModel(PythonModel):
    """DataFrame with speaker, claim, context -> DataFrame with stance, probabilities, abstention and evidence."""

    def load_context(self, context: PythonModelContext) -> None:
        """Open the folder that was logged with the model."""
        self.classifier = StanceClassifier(context.artifacts["bundle"])

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """One row for each input row.

        ``threshold``: below this probability an answer is marked as abstained (below 0, the default: the model's own
        promise);
        ``return_evidence``: with the sentence that weighed most and its offsets in the row's context.
        """
        params = params or {}
        threshold = float(params.get("threshold", -1.0))
        threshold = self.classifier.promise if threshold < 0 else threshold
        try:
            answers = self.classifier.predict_batch(_pairs(model_input))
        except StanceError as error:
            raise _refused(str(error)) from None
        return pd.DataFrame([_row(one, threshold, bool(params.get("return_evidence", True))) for one in answers])


def _pairs(frame: pd.DataFrame) -> list[Pair]:
    columns = ("speaker", "claim", "context")
    size = sum(int(frame[name].astype(str).str.len().sum()) for name in columns)
    if size > MAX_REQUEST_CHARS:
        raise _refused(f"the request holds {size} characters of text; at most {MAX_REQUEST_CHARS} are allowed")
    rows = frame.loc[:, list(columns)].itertuples(index=False)
    return [Pair(f"row {index}", *row) for index, row in enumerate(rows)]


def _refused(reason: str) -> MlflowException:
    return MlflowException(reason, error_code=INVALID_PARAMETER_VALUE)


def _row(answer: Prediction, threshold: float, with_evidence: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"stance": answer.stance.value}
    row |= {label.value: answer.probabilities[label] for label in LABELS}
    row |= {"abstained": answer.probabilities[answer.stance] < threshold, "truncated": answer.truncated}
    if with_evidence:
        start, end, text = answer.evidence or (-1, -1, "")
        row |= {"evidence": text, "evidence_start": start, "evidence_end": end}
    return row


mlflow.models.set_model(StanceModel())
