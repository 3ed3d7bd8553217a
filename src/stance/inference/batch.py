"""Files of pairs or articles -> files of answers: on all cores, in order, resumable after a kill at any point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from stance.files import Row, writable_output
from stance.inference.classifier import StanceClassifier
from stance.inference.rows import analysis_rows, prediction_row
from stance.journal import check_apart, journal, run_key
from stance.model_source import Source, open_source
from stance.parallel import checked_workers, map_chunks
from stance.schema import Article, Pair

T = TypeVar("T")
Task = Callable[[StanceClassifier, Sequence[Any]], list[list[Row]]]
"""A model and some inputs -> the rows of each input, in the same order."""

CHUNK = {"pairs": 128, "articles": 8}
"""Inputs that are answered, and put on disk, at a time."""


def predict_rows(model: StanceClassifier, pairs: Sequence[Pair]) -> list[list[Row]]:
    """One row a pair: its keys, and what the model says."""
    answers = model.predict_batch(pairs)
    return [[prediction_row(pair, answer)] for pair, answer in zip(pairs, answers, strict=True)]


def analyze_rows(model: StanceClassifier, articles: Sequence[Article]) -> list[list[Row]]:
    """The statements of each article; none where nobody says anything."""
    return [analysis_rows(analysis) for analysis in model.analyze(articles)]


@dataclass(frozen=True)
class Work:
    """Which model answers, and how: ``workers`` processes, 0 for one a core; 1 stays in this process."""

    source: str
    backend: str = "auto"
    workers: int = 0

    def __post_init__(self) -> None:
        checked_workers(self.workers)


def answer_file(
    task: Task, items: Iterable[T], output: Path | str, work: Work, input: Path | str, chunk: int, about: str = ""
) -> int:
    """Write the rows of all ``items``, which were read from ``input``; returns how many rows the output has.

    A run that was killed goes on where it stopped when it is started again with the same input, model and settings;
    ``about`` is whatever else sets two runs apart.
    """
    output = writable_output(output)
    check_apart(output, Path(input))
    source = open_source(work.source)  # once: an alias that moves meanwhile must not mix two models
    with source, journal(output, _key(task, work, source, input, about)) as written:
        rest = islice(items, written.done, None)
        for count, rows in _answers(task, rest, work, source, chunk):
            written.append(rows, count)
        return written.rows


def answers(task: Task, items: Iterable[T], work: Work, chunk: int) -> Iterator[tuple[int, list[Row]]]:
    """(number of inputs, their rows) chunk by chunk, in order. A few chunks are in memory at a time."""
    with open_source(work.source) as source:
        yield from _answers(task, items, work, source, chunk)


def _answers(task: Task, items: Iterable[T], work: Work, source: Source, chunk: int) -> Iterator[tuple[int, list[Row]]]:
    here = partial(StanceClassifier, source.folder, work.backend)
    there = partial(StanceClassifier, str(source.folder), work.backend, threads=1)
    for count, rows in map_chunks(task, items, chunk, work.workers, here, there):
        yield count, list(chain.from_iterable(rows))


def _key(task: Task, work: Work, source: Source, input: Path | str, about: str) -> str:
    """What makes two runs the same: every file of the input, the model's own manifest; the standard input never is."""
    manifest = source.folder / "stance.json"
    model = manifest.read_bytes() if manifest.is_file() else b""
    return run_key(input, getattr(task, "__name__", repr(task)), work.backend, model, about)
