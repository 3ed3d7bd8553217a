"""Labelled pairs -> a fine-tuned encoder. Knows no tracker: metrics are handed to a function."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from transformers import set_seed

from stance.bundle import write_bundle
from stance.dataset import group_of
from stance.encoding import Encoder, EncodingOptions
from stance.errors import StanceError
from stance.evaluation import PRIMARY
from stance.evaluation.calibration import fit_temperature
from stance.evaluation.metrics import Floats
from stance.probability import softmax
from stance.schema import LABELS, Pair, Stance
from stance.training.checkpoints import checkpoint_folder, keep_facts, keep_recipe, last_checkpoint, unfinished
from stance.training.frozen import Lower, StateCollator, States
from stance.training.inputs import Collator, by_length, encode_pairs
from stance.training.options import ModelOptions, Recipe, TrainingOptions
from stance.training.trainer import (
    LogMetrics,
    StanceTrainer,
    Timetable,
    arguments,
    callbacks,
    class_weights,
    precision_of,
    steps_of,
    validation_metrics,
)
from stance.training.weights import load_encoder


@dataclass(frozen=True)
class Trained:
    """What a training run leaves: the bundle's folder, the facts worth tracking, and what the model answers, as
    calibrated probabilities of shape (n, 3), on the validation pairs and on each set of test pairs."""

    folder: Path
    facts: dict[str, Any]
    probabilities: Floats
    answers: dict[str, Floats]


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
    tests: Mapping[str, Sequence[Pair]] | None = None,
) -> Trained:
    """Fine-tune on ``train_pairs``, keep the weights that do best on ``validation_pairs``, write a bundle.

    The finished model is also asked about the labelled pairs of ``tests``. Checkpoints lie in ``folder`` +
    ".checkpoints" until the bundle is written; ``resume`` goes on from the last one.
    """
    last = last_checkpoint(folder, resume)
    keep_facts(folder, facts or {})
    keep_recipe(folder, Recipe(model_options, options, encoding_options).settings(), bool(last))
    run = prepare(train_pairs, validation_pairs, folder, model_options, encoding_options, options, log)
    if last:
        run.trainer.timetable.go_on(Path(last))
    result = run.trainer.train(resume_from_checkpoint=last)
    run.trainer.load_rescued()
    logits = run.logits(run.held_out)
    temperature = fit_temperature(logits, [Stance(str(pair.stance)) for pair in validation_pairs])
    answers = {name: softmax(run.logits(run.encode(asked)) / temperature) for name, asked in (tests or {}).items()}
    run.make_whole()
    known = _facts(run, result.metrics, options)
    if run.trainer.is_world_process_zero():
        manifest = known | (facts or {})
        write_bundle(folder, run.trainer.model, run.encoder.tokenizer, encoding_options, manifest, temperature)
        shutil.rmtree(checkpoint_folder(folder), ignore_errors=True)
    return Trained(Path(folder), known, softmax(logits / temperature), answers)


@dataclass(frozen=True)
class Prepared:
    """A training before its first step: the trainer, the encoder, the pairs it trains on and the encoded others, what
    encodes more pairs, and the frozen layers where there are any."""

    trainer: StanceTrainer
    encoder: Encoder
    pairs: list[Pair]
    held_out: Dataset
    encode: Callable[[Sequence[Pair]], Dataset]
    lower: Lower | None

    def logits(self, encoded: Dataset) -> Floats:
        """What the model as it is now answers on encoded pairs, shape (n, 3), in their order."""
        order = by_length(encoded)
        answered = self.trainer.predict(encoded.select(order)).predictions
        logits = np.empty((len(encoded), len(LABELS)))
        logits[order] = answered
        return logits

    def make_whole(self) -> None:
        """Put the frozen layers back below the trained ones."""
        if self.lower:
            self.lower.put_back()


def prepare(
    train_pairs: Sequence[Pair],
    validation_pairs: Sequence[Pair],
    folder: Path | str,
    model_options: ModelOptions,
    encoding_options: EncodingOptions,
    options: TrainingOptions,
    log: LogMetrics = lambda metrics, step: None,
) -> Prepared:
    """The recipe put together: weights, tokenised pairs, schedule, loss. Sets the seed and the number of threads."""
    if not train_pairs or not validation_pairs:
        raise StanceError("training needs pairs in the train and in the validation split")
    if options.threads:
        torch.set_num_threads(options.threads)
    set_seed(options.seed)
    model, tokenizer = load_encoder(model_options, options.init_from)
    encoder = Encoder(tokenizer, encoding_options)
    if options.freeze_embeddings:
        model.base_model.embeddings.requires_grad_(False)
    lower = Lower(model, options.frozen_layers) if options.frozen_layers else None
    states = States(lower, encoder.pad, options.cache) if lower else None

    def encode(pairs: Sequence[Pair]) -> Dataset:
        encoded = encode_pairs(pairs, encoder, options.cache)
        if states:
            states.add(encoded)
        return encoded

    chosen = _fraction(train_pairs, options)
    encoded, held_out = encode(chosen), encode(validation_pairs)
    total, every = steps_of(options, len(chosen))
    timetable = Timetable(total, options.warmup, options.max_minutes)
    trainer = StanceTrainer(
        model=model,
        args=arguments(options, checkpoint_folder(folder), total, every),
        train_dataset=encoded,
        eval_dataset=held_out.select(by_length(held_out)),
        data_collator=StateCollator(states) if states else Collator(encoder.pad),
        compute_metrics=validation_metrics,
        callbacks=callbacks(options, log, timetable),
        weights=class_weights(encoded["labels"]) if options.class_weights else None,
        smoothing=options.label_smoothing,
        timetable=timetable,
    )
    return Prepared(trainer, encoder, chosen, held_out, encode, lower)


def _facts(run: Prepared, measured: Mapping[str, float], options: TrainingOptions) -> dict[str, Any]:
    state = run.trainer.state
    return {
        "train_pairs": len(run.pairs),
        "validation_pairs": len(run.held_out),
        "train_seconds": round(measured["train_runtime"], 1),
        "pairs_per_second": round(measured["train_samples_per_second"], 1),
        "steps": state.global_step,
        "best_validation": state.best_metric,
        "precision": precision_of(options),
        "history": _history(state.log_history),
        "parameters": sum(parameter.numel() for parameter in run.trainer.net.parameters()),
    }


def _history(log: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The curve of a run: steps with their training loss or their validation score."""
    kept = {"loss": "loss", f"eval_{PRIMARY}": PRIMARY, "eval_loss": "validation_loss"}
    rows = [{"step": row["step"]} | {name: row[key] for key, name in kept.items() if key in row} for row in log]
    return [row for row in rows if len(row) > 1]


def _fraction(pairs: Sequence[Pair], options: TrainingOptions) -> list[Pair]:
    """A random part of the training articles or situations, the same for the same seed."""
    if options.train_fraction >= 1:
        return list(pairs)
    groups = sorted({group_of(pair) for pair in pairs})
    random.Random(options.seed).shuffle(groups)
    kept = set(groups[: max(1, round(options.train_fraction * len(groups)))])
    return [pair for pair in pairs if group_of(pair) in kept]


__all__ = [
    "LogMetrics",
    "ModelOptions",
    "Prepared",
    "Recipe",
    "Trained",
    "TrainingOptions",
    "prepare",
    "train",
    "unfinished",
]
