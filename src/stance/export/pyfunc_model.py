"""MLflow's models-from-code file: a pyfunc that answers with all three probabilities. Logged as a file, not pickled."""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from stance.inference import StanceClassifier
from stance.schema import LABELS, Pair


class StanceModel(PythonModel):
    """DataFrame with speaker, claim, context -> DataFrame with stance, three probabilities and evidence offsets."""

    def load_context(self, context: PythonModelContext) -> None:
        """Open the bundle that was logged with the model."""
        self.classifier = StanceClassifier(context.artifacts["bundle"])

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """One row for each input row. ``threshold``: below this probability the stance is left as neutral."""
        threshold = float((params or {}).get("threshold", 0.0))
        pairs = [
            Pair(str(index), row["speaker"], row["claim"], row["context"])
            for index, row in enumerate(model_input.to_dict("records"))
        ]
        rows = []
        for answer in self.classifier.predict_batch(pairs):
            sure = max(answer.probabilities.values()) >= threshold
            evidence = answer.evidence
            rows.append(
                {"stance": answer.stance.value if sure else "neutral"}
                | {label.value: answer.probabilities[label] for label in LABELS}
                | {
                    "evidence": evidence.text if evidence else "",
                    "evidence_start": evidence.start if evidence else -1,
                    "evidence_end": evidence.end if evidence else -1,
                    "truncated": answer.truncated,
                }
            )
        return pd.DataFrame(rows)


mlflow.models.set_model(StanceModel())
