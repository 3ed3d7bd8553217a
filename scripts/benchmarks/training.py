"""Training against a plain transformers Trainer, in one run: python scripts/benchmarks/training.py [dataset_dir=DIR]

Prints pairs and tokens a second of optimiser steps, and the share of the machine's own rate of matrix products that
the model's arithmetic makes of them (model FLOP utilisation); padding counts as no work. ``score_after`` asks what the
speed costs: both are trained on as many pairs, from the same weights, and scored on the same ones.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from stance.command_line import run
from stance.dataset import drawn, load_dataset, pairs_of
from stance.encoding import EncodingOptions
from stance.evaluation import PRIMARY, score
from stance.first_token import FirstTokenLayer
from stance.model_source import open_source
from stance.probability import softmax
from stance.schema import LABELS, Pair, Stance
from stance.training import ModelOptions, TrainingOptions, prepare
from stance.training.trainer import Reporter, precision_of
from stance.training.weights import locate

WARM = 2


@dataclass
class Config:
    """configs/benchmarks/training.yaml"""

    model: ModelOptions = field(default_factory=ModelOptions)
    training: TrainingOptions = field(default_factory=TrainingOptions)
    dataset_dir: str = ""
    steps: int = 0
    rounds: int = 0
    score_after: int = 0


class Clock(TrainerCallback):
    """Seconds of each optimiser step, from drawing its batch to the update."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Note the end of a step."""
        self.ends.append(time.perf_counter())


def counted(collate: Callable[[Any], Any], seen: list[tuple[int, int]]) -> Callable[[Any], Any]:
    """A collator that notes pairs and tokens, without padding, of each batch."""

    def collate_and_count(rows: Any) -> Any:
        batch = collate(rows)
        seen.append((len(batch["attention_mask"]), int(batch["attention_mask"].sum())))
        return batch

    return collate_and_count


class Plain:
    """What a user of transformers would write: defaults, fp32, the whole context up to 512 tokens, no grouping."""

    def __init__(self, config: Config, pairs: Sequence[Pair], steps: int, folder: str) -> None:
        set_seed(config.training.seed)
        model, self.tokenizer = self.loaded(config)
        options = TrainingArguments(
            folder, max_steps=steps, report_to="none", use_cpu=not torch.cuda.is_available(),
            save_strategy="no", disable_tqdm=True, logging_strategy="no", seed=config.training.seed,
        )  # fmt: skip
        collate = DataCollatorWithPadding(self.tokenizer)
        self.trainer = Trainer(model, options, data_collator=collate, train_dataset=self.rows(pairs))

    @staticmethod
    def batch(config: Config) -> int:
        """Pairs of a step: the Trainer's default."""
        return 8

    def loaded(self, config: Config) -> tuple[Any, Any]:
        """The weights that ours begins with, too, as transformers loads them."""
        with open_source(config.training.init_from) if config.training.init_from else nullcontext() as source:
            folder = source.folder if source else locate(config.model.weights)
            model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=len(LABELS))
            return model, AutoTokenizer.from_pretrained(folder)

    def rows(self, pairs: Sequence[Pair]) -> list[Any]:
        """Tokenised pairs."""
        return [
            self.tokenizer(f"{pair.speaker} : {pair.claim}", pair.context, truncation=True, max_length=512)
            | {"labels": LABELS.index(pair.stance)}
            for pair in pairs
            if pair.stance
        ]

    def logits(self, pairs: Sequence[Pair]) -> Any:
        """What the model answers."""
        rows: Any = self.rows(pairs)  # the Trainer takes any sequence
        return self.trainer.predict(rows).predictions


class Ours:
    """The recipe of scripts/train.py."""

    def __init__(self, config: Config, pairs: Sequence[Pair], steps: int, folder: str) -> None:
        options = replace(config.training, max_steps=steps, cache="")
        made = prepare(pairs, pairs[:64], Path(folder) / "m", config.model, EncodingOptions(), options)
        self.made, self.trainer = made, made.trainer
        self.trainer.args.eval_strategy = self.trainer.args.save_strategy = "no"
        self.trainer.args.load_best_model_at_end = False
        for callback in (EarlyStoppingCallback, Reporter):  # neither evaluation nor checkpoint in the timed steps
            self.trainer.remove_callback(callback)

    @staticmethod
    def batch(config: Config) -> int:
        """Pairs of a step."""
        return config.training.batch_size

    def logits(self, pairs: Sequence[Pair]) -> Any:
        """What the model answers."""
        return self.made.logits(self.made.encode(pairs))


def measure(trainer: Trainer) -> tuple[float, float, float]:
    """Pairs a second, tokens a second, GFLOP/s."""
    seen: list[tuple[int, int]] = []
    clock = Clock()
    trainer.data_collator = counted(trainer.data_collator, seen)
    trainer.callback_handler.callbacks = [c for c in trainer.callback_handler.callbacks if "Flow" in type(c).__name__]
    trainer.add_callback(clock)
    trainer.train()
    seconds = clock.ends[-1] - clock.ends[WARM - 1]
    timed = seen[WARM : len(clock.ends)]
    pairs, tokens = (sum(one[index] for one in timed) for index in (0, 1))
    work = sum(flops(trainer.model, count, tokens_ / count) for count, tokens_ in timed)
    return pairs / seconds, tokens / seconds, work / seconds / 1e9


def flops(model: Any, pairs: int, length: float) -> float:
    """Forward and backward arithmetic of a batch: two operations a weight and token, twice that backward, and the two
    products of attention, whose cost grows with the square of the length. What is not computed does not count: a last
    layer for the first token alone applies only its keys and values to every token."""
    weights, attended = 0, 0
    for layer in model.base_model.encoder.layer:
        short = isinstance(layer, FirstTokenLayer)
        weights += sum(
            p.numel()
            for name, p in layer.named_parameters()
            if p.dim() == 2 and (not short or name.endswith(("key.weight", "value.weight")))
        )
        attended += not short
    attention = 4 * attended * model.config.hidden_size * length
    return 3 * pairs * length * (2 * weights + attention)


def product_rate(dtype: torch.dtype, size: int = 2048) -> float:
    """GFLOP/s of a square matrix product on this machine, the median of five."""
    left, right = (torch.randn(size, size).to(dtype) for _ in range(2))
    times = []
    for _ in range(6):
        start = time.perf_counter()
        _ = left @ right
        times.append(time.perf_counter() - start)
    return float(2 * size**3 / median(times[1:]) / 1e9)


def print_scores(config: Config, makers: dict[str, Any]) -> None:
    """Train each on the same pairs, one pass, and print macro-F1 on the same pairs of the validation split."""
    dataset = load_dataset(config.dataset_dir)
    pairs, held_out = (drawn(pairs_of(dataset[split]), config.score_after) for split in ("train", "validation"))
    gold = [Stance(str(pair.stance)) for pair in held_out]
    for name, make in makers.items():
        with tempfile.TemporaryDirectory() as folder:
            made = make(config, pairs, max(1, len(pairs) // make.batch(config)), folder)
            began = time.perf_counter()
            made.trainer.train()
            seconds = time.perf_counter() - began
            macro = score(gold, softmax(np.asarray(made.logits(held_out), dtype=float)))[PRIMARY]
        print(f"{name:22s} macro-F1 {macro:.3f} on {len(gold)} pairs after {len(pairs)} pairs in {seconds:.0f} s")


def main(config: Config) -> float:
    """Measure and print; returns the ratio of pairs a second to the plain Trainer's."""
    pairs = drawn(pairs_of(load_dataset(config.dataset_dir)["train"]), 4000)
    precision = precision_of(config.training)
    rate = product_rate(torch.bfloat16 if precision == "bf16" else torch.float32)
    print(f"matrix product: {rate:.0f} GFLOP/s in {precision}, {torch.get_num_threads()} threads")
    makers: dict[str, Any] = {"plain Trainer, fp32": Plain, f"stance, {precision}": Ours}
    seen: dict[str, list[tuple[float, float, float]]] = {name: [] for name in makers}
    for _ in range(config.rounds):
        for name, make in makers.items():
            with tempfile.TemporaryDirectory() as folder:
                seen[name].append(measure(make(config, pairs, config.steps + WARM, folder).trainer))
    for name, rows in seen.items():
        by_pairs, by_tokens, work = (median(column) for column in zip(*rows, strict=True))
        print(f"{name:22s} {by_pairs:7.1f} pairs/s {by_tokens:8.0f} tokens/s  {work / rate:5.0%} of the product's rate")
    plain_rate, our_rate = (median(row[0] for row in rows) for rows in seen.values())
    print(f"{'ratio':22s} {our_rate / plain_rate:7.2f}   (target 4, with bf16)")
    if config.score_after:
        print_scores(config, makers)
    return our_rate / plain_rate


if __name__ == "__main__":
    run("benchmarks/training", Config, main)
