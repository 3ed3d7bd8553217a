"""Annotated spans -> a tagger: a small encoder taught to label words as content, source and cue."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import set_seed

from stance.attribution.scoring import Annotated, Scores, gold_attributions, with_quote_types
from stance.corpus import read_spans
from stance.errors import StanceError
from stance.files import sha256_text
from stance.records import read_records
from stance.schema import Attribution
from stance.tagging import SpanTagger, write_tagger
from stance.tagging.labels import HEADS, IGNORED, LABELS, columns, labels_of
from stance.tagging.network import padded
from stance.tagging.windows import Cutter, Window
from stance.training.options import ModelOptions, TaggerOptions
from stance.training.trainer import LogMetrics, Timetable, has_bf16
from stance.training.weights import load_token_encoder

HEAD_RATE = 10.0
"""How many times faster than the encoder the new layer on top of it learns."""

WEIGHTS = {"content": 1.0, "source": 1.0, "cue": 1.0, "side": 0.3}
"""What each head's mistakes count in the loss."""

POOL = 16
"""Batches whose windows are drawn together and then sorted by length, so that little is padding."""

REPORTED = 20
"""Steps between two reports."""


@dataclass(frozen=True)
class TrainedTagger:
    """The tagger's folder, facts worth tracking, and its scores on the validation articles."""

    folder: Path
    facts: dict[str, Any]
    scores: Scores


class Example(NamedTuple):
    """A window and, for each of its words, the label of each head."""

    window: Window
    labels: list[list[int]]


def read_spanned(corpus: Path | str, spans: str = "") -> list[Annotated]:
    """Articles with annotated spans: of the project's corpus, or of ``spans``, a JSONL of articles that hold them."""
    if spans:
        return list(read_records(spans, gold_attributions))
    return [(article, with_quote_types(article, found)) for article, found in read_spans(Path(corpus))]


def split(spanned: Sequence[Annotated], share: float) -> tuple[list[Annotated], list[Annotated]]:
    """Training and validation articles: those of the smallest hashes of their ids are held out, at least one."""
    if len(spanned) < 2:
        raise StanceError(f"training a tagger needs at least two articles with spans; {len(spanned)} given")
    ordered = sorted(spanned, key=lambda one: sha256_text(one[0].article_id))
    held_out = min(len(ordered) - 1, max(1, round(share * len(ordered))))
    return ordered[held_out:], ordered[:held_out]


def examples_of(spanned: Sequence[Annotated], cutter: Cutter) -> list[Example]:
    """The windows of articles with the labels of their words."""
    made = []
    for article, attributions in spanned:
        windows = cutter.windows(article.text)
        labels = iter(labels_of([word for one in windows for word in one.words], attributions))
        made += [Example(window, [next(labels) for _ in window.words]) for window in windows]
    return made


def train_tagger(
    spanned: Sequence[Annotated],
    folder: Path | str,
    model_options: ModelOptions,
    options: TaggerOptions,
    log: LogMetrics = lambda metrics, step: None,
    facts: dict[str, Any] | None = None,
) -> TrainedTagger:
    """Train on most of the articles, write the tagger, and score it as it was written on the others."""
    if options.threads:
        torch.set_num_threads(options.threads)
    set_seed(options.seed)
    training, validation = split(spanned, options.validation_share)
    model, tokenizer = load_token_encoder(model_options, LABELS)
    if options.freeze_embeddings:
        model.base_model.embeddings.requires_grad_(False)
    run = TaggerRun(model, tokenizer, examples_of(training, Cutter(tokenizer)), options, log)
    known = {"train_articles": len(training), "validation_articles": len(validation), **run.fit()}
    write_tagger(folder, model, tokenizer, known | (facts or {}))
    return TrainedTagger(Path(folder), known, score_tagger(SpanTagger(folder), validation))


def score_tagger(tagger: SpanTagger, spanned: Sequence[Annotated]) -> Scores:
    """The tagger's contents and sources against annotated ones."""
    scores = Scores()
    for article, gold in spanned:
        found = [Attribution(article.article_id, *one[:3], speaker="", quote_type="") for one in tagger(article)]
        scores.add(gold, with_quote_types(article, found))
    return scores


class TaggerRun:
    """One training: the model, its examples in batches of about the same length, the optimiser and the timetable."""

    def __init__(
        self, model: Any, tokenizer: Tokenizer, examples: list[Example], options: TaggerOptions, log: LogMetrics
    ) -> None:
        self.model, self.examples, self.options, self.log = model, examples, options, log
        self.pad = Cutter(tokenizer).pad
        self.random = random.Random(options.seed)
        per_epoch = -(-len(examples) // options.batch_size)
        self.steps = options.max_steps if options.max_steps > 0 else max(1, round(per_epoch * options.epochs))
        self.timetable = Timetable(self.steps, options.warmup, options.max_minutes)
        self.bf16 = options.precision == "bf16" or (options.precision == "auto" and has_bf16("cpu"))
        self.optimizer = torch.optim.AdamW(self._groups(), weight_decay=options.weight_decay)

    def _groups(self) -> list[dict[str, Any]]:
        inside = {id(one) for one in self.model.base_model.parameters()}
        learning = [one for one in self.model.parameters() if one.requires_grad]
        rate = self.options.learning_rate
        return [
            {"params": [one for one in learning if id(one) in inside], "rate": rate},
            {"params": [one for one in learning if id(one) not in inside], "rate": HEAD_RATE * rate},
        ]

    def fit(self) -> dict[str, Any]:
        """Train to the last step or to the end of the time; the facts of it."""
        self.model.train()
        mean, step = 0.0, 0
        for step, batch in enumerate(self._batches(), start=1):
            loss = self._step(batch, self.timetable.factor(step - 1))
            mean = loss if step == 1 else 0.95 * mean + 0.05 * loss
            over = self.timetable.progress(step) >= 1
            if step % REPORTED == 0 or over:
                self._report(step, mean)
            if over:
                break
        self.model.eval()
        seconds = self.timetable.elapsed()
        return {
            "windows": len(self.examples), "steps": step, "train_loss": round(mean, 4),
            "train_seconds": round(seconds, 1), "precision": "bf16" if self.bf16 else "fp32",
        }  # fmt: skip

    def _batches(self) -> Iterator[list[Example]]:
        """Batches without end, every example once an epoch."""
        size, examples = self.options.batch_size, list(self.examples)
        while True:
            self.random.shuffle(examples)
            for start in range(0, len(examples), POOL * size):
                pool = sorted(examples[start : start + POOL * size], key=lambda one: len(one.window.ids))
                batches = [pool[first : first + size] for first in range(0, len(pool), size)]
                self.random.shuffle(batches)
                yield from batches

    def _step(self, batch: list[Example], factor: float) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = group["rate"] * factor
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
            logits = self.model(**padded([one.window for one in batch], self.pad)).logits
        loss = loss_of(logits.float(), batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return loss.item()

    def _report(self, step: int, loss: float) -> None:
        self.log({"train_loss": loss}, step)
        done, elapsed = self.timetable.progress(step), self.timetable.elapsed()
        ends = datetime.now() + timedelta(seconds=elapsed / max(1e-9, done) * (1 - done))
        clock = time.strftime("%H:%M:%S")
        print(f"{clock} step {step} ({100 * done:.0f} %), loss {loss:.3f}, ends {ends:%H:%M:%S}", file=sys.stderr)


def loss_of(logits: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
    """The cross-entropies of the heads over the words that each is asked about, weighted and summed."""
    rows = torch.cat([logits[row, one.window.positions] for row, one in enumerate(batch)])
    wanted = torch.tensor([labels for one in batch for labels in one.labels])
    total = rows.sum() * 0.0
    for column, head in enumerate(HEADS):
        if (wanted[:, column] != IGNORED).any():
            own = functional.cross_entropy(rows[:, columns(head)], wanted[:, column], ignore_index=IGNORED)
            total = total + WEIGHTS[head] * own
    return total
