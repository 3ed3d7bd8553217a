"""A bundle as an MLflow model: signature, input example, requirements."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from stance.bundle import read_manifest
from stance.schema import LABELS

REQUIRED = ("cachetools", "numpy", "onnxruntime", "tokenizers", "torch", "transformers")
"""What serving needs, with the exporting environment's versions. The package itself goes along as code: the name
belongs to another project on the index."""

EXAMPLE = pd.DataFrame(
    [
        {
            "speaker": "the mayor",
            "claim": "The bridge is safe",
            "context": "The mayor said on Monday that the bridge was safe. The engineers declined to comment.",
        },
        {
            "speaker": "the engineers",
            "claim": "The bridge is safe",
            "context": "The mayor said on Monday that the bridge was safe. The engineers declined to comment.",
        },
    ]
)

SHOWN = ("test_macro_f1", "test_f1_deny", "test_ece")
"""Metrics that the registry shows beside a version."""


def log_model(mlflow: Any, folder: Path | str, register: str = "", metrics: Mapping[str, float] | None = None) -> str:
    """Log a model folder to the active run, register it under a name if one is given, and return the model's URI.

    ``metrics`` were measured on this model: MLflow shows them with the model, too.
    """
    from mlflow.models import infer_signature
    from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema

    signature = infer_signature(EXAMPLE)
    signature.params = ParamSchema(
        [ParamSpec("threshold", DataType.double, -1.0), ParamSpec("return_evidence", DataType.boolean, True)]
    )
    columns: list[Any] = [ColSpec("string", "stance")]
    columns += [ColSpec("double", label.value) for label in LABELS]
    columns += [ColSpec("boolean", "abstained"), ColSpec("long", "truncated")]
    columns += [ColSpec("string", "evidence", required=False)]
    columns += [ColSpec("long", name, required=False) for name in ("evidence_start", "evidence_end")]
    signature.outputs = Schema(columns)
    info = mlflow.pyfunc.log_model(
        name="model",
        python_model=str(Path(__file__).with_name("pyfunc_model.py")),
        artifacts={"bundle": str(folder)},
        signature=signature,
        input_example=EXAMPLE,
        code_paths=[str(Path(__file__).parents[1])],
        pip_requirements=[f"{name}=={version(name)}" for name in REQUIRED],
        registered_model_name=register or None,
    )
    if metrics:
        mlflow.log_metrics(dict(metrics), model_id=info.model_id)
    if register:
        _tell(mlflow.MlflowClient(), register, str(info.registered_model_version), Path(folder), metrics or {})
    return str(info.model_uri)


def _tell(client: Any, name: str, number: str, folder: Path, metrics: Mapping[str, float]) -> None:
    """Say on the registry's pages what a version is: its data and its scores as tags, a sentence as description."""
    facts = read_manifest(folder, verify=False)["facts"]
    tags = {one: str(facts[one]) for one in ("model", "dataset", "train_pairs") if one in facts}
    tags |= {one: f"{metrics[one]:.3f}" for one in SHOWN if one in metrics}
    for key, value in tags.items():
        client.set_model_version_tag(name, number, key, value)
    told = ", ".join(f"{key} {value}" for key, value in tags.items())
    client.update_model_version(name, number, f"{told}. Gold labels were made by language models, not by people.")
