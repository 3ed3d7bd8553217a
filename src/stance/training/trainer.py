"""transformers' Trainer with class weights, bf16 where it helps, a time limit, and metrics for any tracker."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import EarlyStoppingCallback, Trainer, TrainerCallback, TrainingArguments

from stance.evaluation.metrics import PRIMARY, score
from stance.probability import softmax
from stance.schema import LABELS
from stance.training.options import TrainingOptions

LogMetrics = Callable[[dict[str, float], int], None]


def has_bf16(device: str) -> bool:
    """Whether bf16 is faster than fp32 here: a recent GPU, or a processor with bf16 instructions."""
    if device == "cuda":
        return torch.cuda.is_bf16_supported()
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def precision_of(options: TrainingOptions) -> str:
    """The arithmetic of a run: what the options ask for, or the fastest that the hardware has."""
    if options.precision != "auto":
        return options.precision
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return "bf16" if has_bf16(device) else "fp16" if device == "cuda" else "fp32"


def arguments(options: TrainingOptions, folder: Path, steps_per_epoch: int) -> TrainingArguments:
    """TrainingArguments for one run; checkpoints go to ``folder``."""
    precision = precision_of(options)
    total = options.max_steps if options.max_steps > 0 else max(1, round(steps_per_epoch * options.epochs))
    every = max(1, min(total, steps_per_epoch // options.evaluations_per_epoch))
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=options.batch_size,
        per_device_eval_batch_size=64,
        num_train_epochs=options.epochs,
        max_steps=total,
        learning_rate=options.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=round(total * options.warmup),
        weight_decay=options.weight_decay,
        label_smoothing_factor=0.0,
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model=PRIMARY,
        greater_is_better=True,
        logging_steps=max(1, min(50, total // 4)),
        report_to="none",
        use_cpu=not torch.cuda.is_available(),
        seed=options.seed,
        data_seed=options.seed,
        train_sampling_strategy="group_by_length",
        length_column_name="length",
        remove_unused_columns=False,
        dataloader_pin_memory=torch.cuda.is_available(),
        disable_tqdm=False,
    )


class StanceTrainer(Trainer):
    """Adds class weights and label smoothing to the loss."""

    def __init__(self, *args: Any, weights: torch.Tensor | None, smoothing: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loss = torch.nn.CrossEntropyLoss(weight=weights, label_smoothing=smoothing)

    def compute_loss(  # the Trainer's own signature
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Weighted cross-entropy of one batch."""
        labels = inputs.pop("labels")
        inputs.pop("length", None)
        outputs = model(**inputs)
        loss = self.loss.to(outputs.logits.device)(outputs.logits.float(), labels)
        outputs["loss"] = loss
        return (loss, outputs) if return_outputs else loss


class Reporter(TrainerCallback):
    """Hands each evaluation's metrics to a function (the tracker's), and stops a run at its time limit."""

    def __init__(self, log: LogMetrics, max_minutes: float) -> None:
        self.log = log
        self.deadline = time.monotonic() + 60 * max_minutes if max_minutes else None

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **kwargs: Any) -> None:
        """Pass numbers on under the names that MLflow shows."""
        numbers = {k: float(v) for k, v in (logs or {}).items() if isinstance(v, int | float) and "runtime" not in k}
        renamed = {
            k.replace("eval_", "validation_") if k.startswith("eval_") else f"train_{k}": v for k, v in numbers.items()
        }
        self.log(renamed, state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Evaluate, save and stop when the time is up."""
        if self.deadline and time.monotonic() > self.deadline:
            control.should_evaluate = control.should_save = control.should_training_stop = True


def validation_metrics(prediction: Any) -> dict[str, float]:
    """The METRICS of a Trainer's evaluation output."""
    probabilities = softmax(np.asarray(prediction.predictions, dtype=float))
    return score([LABELS[index] for index in prediction.label_ids], probabilities)


def class_weights(labels: Sequence[int]) -> torch.Tensor:
    """Inverse frequency, scaled to a mean of 1 over the examples."""
    counts = np.bincount(labels, minlength=len(LABELS)).astype(float)
    weights = len(labels) / (len(LABELS) * np.maximum(counts, 1))
    return torch.tensor(weights, dtype=torch.float32)


def callbacks(options: TrainingOptions, log: LogMetrics) -> list[TrainerCallback]:
    """Early stopping on the primary metric, and the reporter."""
    return [EarlyStoppingCallback(options.patience), Reporter(log, options.max_minutes)]


__all__ = ["LogMetrics", "StanceTrainer", "arguments", "callbacks", "class_weights", "validation_metrics"]
