"""transformers' Trainer with class weights, bf16 where it helps, a time limit, and metrics for any tracker."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import SequentialSampler
from transformers import EarlyStoppingCallback, Trainer, TrainerCallback, TrainingArguments

from stance.errors import StanceError
from stance.evaluation.metrics import PRIMARY, score
from stance.files import write_json
from stance.probability import softmax
from stance.schema import LABELS
from stance.training.checkpoints import read_json
from stance.training.options import TrainingOptions

LogMetrics = Callable[[dict[str, float], int], None]

SAVED_EVERY = 300.0
"""Seconds after which a checkpoint is written where evaluations, each of which writes one, are further apart."""

CLOCK = "clock.json"
"""The file of a checkpoint that holds the seconds the run had taken."""


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


class Timetable:
    """How far a run is, in [0, 1], by its steps or by its time limit, whichever is nearer to its end.

    The learning rate rises over the share ``warmup`` and then falls to zero, both linearly: a run that the clock ends
    has cooled down as one that has taken all its steps. A resumed run's clock goes on from its checkpoint; only runs
    without a time limit resume to the same weights.
    """

    def __init__(self, steps: int, warmup: float, minutes: float) -> None:
        self.steps, self.warmup, self.seconds = steps, round(steps * warmup) / steps, 60 * minutes
        self.began = time.monotonic()

    def elapsed(self) -> float:
        """Seconds that the run has taken, in all its processes the same."""
        return _of_all(time.monotonic() - self.began)

    def keep(self, checkpoint: Path) -> None:
        """Note in a checkpoint what time it is."""
        write_json(checkpoint / CLOCK, {"seconds": self.elapsed()})

    def go_on(self, checkpoint: Path) -> None:
        """Count from the time at which a checkpoint was written."""
        self.began -= float(read_json(checkpoint / CLOCK).get("seconds", 0.0))

    def progress(self, step: int) -> float:
        """The share of the run that is over after ``step`` steps."""
        by_time = self.elapsed() / self.seconds if self.seconds else 0.0
        return min(1.0, max(step / self.steps, by_time))

    def factor(self, step: int) -> float:
        """By what the learning rate is multiplied at ``step``."""
        done = self.progress(step)
        return done / self.warmup if done < self.warmup else (1 - done) / max(1e-9, 1 - self.warmup)


def _of_all(seconds: float) -> float:
    """What the first process says: all of them must save and end at the same step."""
    if not torch.distributed.is_available() or not torch.distributed.is_initialized():
        return seconds
    device = "cuda" if torch.cuda.is_available() else "cpu"
    shared = torch.tensor([seconds], device=device)
    torch.distributed.broadcast(shared, 0)
    return float(shared.item())


def world_size() -> int:
    """The processes that train together (torchrun sets it)."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def steps_of(options: TrainingOptions, pairs: int) -> tuple[int, int]:
    """How many optimiser steps a run takes, and after how many it is evaluated."""
    per_epoch = max(1, pairs // options.batch_size)
    total = options.max_steps if options.max_steps > 0 else max(1, round(per_epoch * options.epochs))
    return total, max(1, min(total, per_epoch // options.evaluations_per_epoch))


def arguments(options: TrainingOptions, folder: Path, total: int, every: int) -> TrainingArguments:
    """TrainingArguments for a run of ``total`` steps; checkpoints go to ``folder``."""
    precision, world = precision_of(options), world_size()
    if options.batch_size % world:
        raise StanceError(f"training.batch_size is {options.batch_size}, no multiple of the {world} processes")
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=options.batch_size // world,
        per_device_eval_batch_size=64,
        num_train_epochs=options.epochs,
        max_steps=total,
        learning_rate=options.learning_rate,
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
        restore_callback_states_from_checkpoint=True,  # patience goes on counting after a resume
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
    """Adds class weights and label smoothing to the loss, a schedule by time, and survival of a full disk."""

    def __init__(
        self, *args: Any, weights: torch.Tensor | None, smoothing: float, timetable: Timetable, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.loss = torch.nn.CrossEntropyLoss(weight=weights, label_smoothing=smoothing)
        self.timetable = timetable
        self.net: Any = self.model
        self.rescued: dict[str, torch.Tensor] | None = None

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:  # the Trainer's own signature
        """The timetable as a scheduler."""
        made: Any = self.optimizer
        if self.lr_scheduler is None:
            self.lr_scheduler = LambdaLR(optimizer or made, self.timetable.factor)
        return self.lr_scheduler

    def _get_eval_sampler(self, eval_dataset: Any) -> Any:
        """Rows in their own order: the Trainer would group them by length and hand predictions back in that order."""
        return SequentialSampler(eval_dataset) if self.args.world_size <= 1 else None

    @property
    def checkpoint(self) -> Path:
        """The folder of a checkpoint at the present step."""
        return Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}"

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """Without room for a checkpoint the run goes on; weights that are the best so far are kept in memory."""
        try:
            super()._save_checkpoint(model, trial)
            self.timetable.keep(self.checkpoint)
        except (OSError, RuntimeError, SafetensorError) as error:  # torch and safetensors hide the disk's own error
            print(f"warning: no checkpoint at step {self.state.global_step}: {error}", file=sys.stderr)
            if self.state.best_global_step == self.state.global_step:
                self.rescued = {name: value.detach().clone() for name, value in self.net.state_dict().items()}
            shutil.rmtree(self.checkpoint, ignore_errors=True)
        else:
            if self.state.best_global_step == self.state.global_step:
                self.rescued = None

    def load_rescued(self) -> None:
        """Take the best weights where no checkpoint could hold them; the Trainer itself loads them from one."""
        if self.rescued is not None:
            self.net.load_state_dict(self.rescued)

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
    """Hands each evaluation's metrics to a function (the tracker's), and saves and stops a run by the clock."""

    def __init__(self, log: LogMetrics, timetable: Timetable) -> None:
        self.log = log
        self.timetable = timetable
        self.saved = 0.0

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **kwargs: Any) -> None:
        """Pass numbers on under the names that MLflow shows."""
        numbers = {k: float(v) for k, v in (logs or {}).items() if isinstance(v, int | float) and "runtime" not in k}
        renamed = {
            k.replace("eval_", "validation_") if k.startswith("eval_") else f"train_{k}": v for k, v in numbers.items()
        }
        self.log(renamed, state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Save where the last checkpoint is old; evaluate, save and stop when the time is up."""
        if self.timetable.elapsed() - self.saved >= SAVED_EVERY:
            control.should_save = True
        if self.timetable.progress(state.global_step) >= 1:
            control.should_evaluate = control.should_save = control.should_training_stop = True

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """No checkpoint of this process yet."""
        self.saved = self.timetable.elapsed()

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """The last checkpoint is new."""
        self.saved = self.timetable.elapsed()


def validation_metrics(prediction: Any) -> dict[str, float]:
    """The METRICS of a Trainer's evaluation output."""
    probabilities = softmax(np.asarray(prediction.predictions, dtype=float))
    return score([LABELS[index] for index in prediction.label_ids], probabilities)


def class_weights(labels: Sequence[int]) -> torch.Tensor:
    """Inverse frequency, scaled to a mean of 1 over the examples."""
    counts = np.bincount(labels, minlength=len(LABELS)).astype(float)
    weights = len(labels) / (len(LABELS) * np.maximum(counts, 1))
    return torch.tensor(weights, dtype=torch.float32)


def callbacks(options: TrainingOptions, log: LogMetrics, timetable: Timetable) -> list[TrainerCallback]:
    """Early stopping on the primary metric, and the reporter."""
    return [EarlyStoppingCallback(options.patience), Reporter(log, timetable)]
