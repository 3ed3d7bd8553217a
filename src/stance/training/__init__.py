"""Labelled pairs -> a fine-tuned encoder. Knows no tracker: metrics are handed to a function."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import set_seed

from stance.bundle import write_bundle
from stance.dataset import group_of
from stance.encoding import Encoder, EncodingOptions
from stance.errors import StanceError
from stance.evaluation import PRIMARY
from stance.evaluation.calibration import fit_temperature
from stance.evaluation.metrics import Floats
from stance.files import write_json
from stance.probability import softmax
from stance.schema import Pair, Stance
from stance.training.inputs import Collator, encode_pairs
from stance.training.options import ModelOptions, TrainingOptions
from stance.training.trainer import (
    LogMetrics,
    StanceTrainer,
    Timetable,
    arguments,
    callbacks,
    class_weights,
    precision_of,
    steps_of,
)
from stance.training.trainer import validation_metrics as compute_metrics
from stance.training.weights import load_encoder


@dataclass(frozen=True)
class Trained:
    """What a training run leaves: the bundle's folder, the facts worth tracking, and what the model answers on the
    validation pairs, calibrated, shape (n, 3)."""

    folder: Path
    facts: dict[str, Any]
    probabilities: Floats


def train(
    train_pairs: Sequence[Pair],
    validation_pairs: Sequence[Pair],
    folder: Path | str,
    model_options: ModelOptions,
    encoding_options: EncodingOptions,
    options: TrainingOptions,
    resume: bool = False,
    log: LogMetrics = lambda metrics, step: None,
    facts: dict[str, Any] | None = None,
) -> Trained:
    """Fine-tune on ``train_pairs``, keep the weights that do best on ``validation_pairs``, write a bundle.

    Checkpoints lie in ``folder`` + ".checkpoints" until the bundle is written; ``resume`` goes on from the last one.
    """
    if not train_pairs or not validation_pairs:
        raise StanceError("training needs pairs in the train and in the validation split")
    if options.threads:
        torch.set_num_threads(options.threads)
    set_seed(options.seed)
    folder = Path(folder)
    checkpoints = _checkpoints(folder)
    last = _last_checkpoint(checkpoints, resume)
    model, tokenizer = load_encoder(model_options, options.init_from)
    encoder = Encoder(tokenizer, encoding_options)
    if options.freeze_embeddings:
        model.base_model.embeddings.requires_grad_(False)
    chosen = _fraction(train_pairs, options)
    encoded, held_out = (encode_pairs(pairs, encoder, options.cache) for pairs in (chosen, validation_pairs))
    total, every = steps_of(options, len(chosen))
    timetable = Timetable(total, options.warmup, options.max_minutes)
    trainer = StanceTrainer(
        model=model,
        args=arguments(options, checkpoints, total, every),
        train_dataset=encoded,
        eval_dataset=held_out,
        data_collator=Collator(encoder.pad),
        compute_metrics=compute_metrics,
        callbacks=callbacks(options, log, timetable),
        weights=class_weights(encoded["labels"]) if options.class_weights else None,
        smoothing=options.label_smoothing,
        timetable=timetable,
    )
    _keep_facts(checkpoints, facts or {})
    result = trainer.train(resume_from_checkpoint=last)
    trainer.load_rescued()
    logits = np.asarray(trainer.predict(held_out).predictions, dtype=float)
    temperature = fit_temperature(logits, [Stance(str(pair.stance)) for pair in validation_pairs])
    known = {
        "train_pairs": len(chosen),
        "validation_pairs": len(validation_pairs),
        "train_seconds": round(result.metrics["train_runtime"], 1),
        "pairs_per_second": round(result.metrics["train_samples_per_second"], 1),
        "steps": trainer.state.global_step,
        "best_validation": trainer.state.best_metric,
        "precision": precision_of(options),
        "history": _history(trainer.state.log_history),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
    }
    if trainer.is_world_process_zero():
        write_bundle(folder, trainer.model, tokenizer, encoding_options, known | (facts or {}), temperature)
        shutil.rmtree(checkpoints, ignore_errors=True)
    return Trained(folder, known, softmax(logits / temperature))


def unfinished(folder: Path | str) -> dict[str, Any]:
    """The facts that a training into ``folder`` had been given before it was interrupted; empty where none was."""
    try:
        facts: dict[str, Any] = json.loads(_facts_file(_checkpoints(Path(folder))).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts


def _checkpoints(folder: Path) -> Path:
    return folder.with_name(folder.name + ".checkpoints")


def _facts_file(checkpoints: Path) -> Path:
    return checkpoints / "facts.json"


def _keep_facts(checkpoints: Path, facts: dict[str, Any]) -> None:
    if os.environ.get("RANK", "0") == "0":
        with suppress(OSError):  # a full disk costs the way back into the same run, not the training
            checkpoints.mkdir(parents=True, exist_ok=True)
            write_json(_facts_file(checkpoints), facts)


def _history(log: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The curve of a run: steps with their training loss or their validation score."""
    kept = {"loss": "loss", f"eval_{PRIMARY}": PRIMARY, "eval_loss": "validation_loss"}
    rows = [{"step": row["step"]} | {name: row[key] for key, name in kept.items() if key in row} for row in log]
    return [row for row in rows if len(row) > 1]


def _last_checkpoint(checkpoints: Path, resume: bool) -> str | None:
    if not resume:
        if os.environ.get("RANK", "0") == "0":
            shutil.rmtree(checkpoints, ignore_errors=True)
        return None
    whole = [folder for folder in checkpoints.glob("checkpoint-*") if _is_whole(folder)]
    if not whole:
        print(f"resume=true, but {checkpoints} holds no checkpoint: starting afresh")
        return None
    return str(max(whole, key=lambda folder: int(folder.name.rpartition("-")[2])))


def _is_whole(checkpoint: Path) -> bool:
    """Whether a checkpoint was written to its end: its state, which a kill may have cut short, is written last."""
    try:
        json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def _fraction(pairs: Sequence[Pair], options: TrainingOptions) -> list[Pair]:
    """A random part of the training articles or situations, the same for the same seed."""
    if options.train_fraction >= 1:
        return list(pairs)
    groups = sorted({group_of(pair) for pair in pairs})
    random.Random(options.seed).shuffle(groups)
    kept = set(groups[: max(1, round(options.train_fraction * len(groups)))])
    return [pair for pair in pairs if group_of(pair) in kept]


__all__ = ["LogMetrics", "ModelOptions", "Trained", "TrainingOptions", "train", "unfinished"]
