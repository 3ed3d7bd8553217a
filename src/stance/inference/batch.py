"""Files of pairs or articles -> files of answers: on all cores, in order, resumable after a kill at any point."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from stance.errors import StanceError
from stance.files import STDIN, Row, sha256_text, writable_output
from stance.inference.backends import cores
from stance.inference.classifier import StanceClassifier
from stance.inference.rows import analysis_rows, prediction_row
from stance.journal import journal
from stance.model_source import Source, open_source
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
        if not 0 <= self.workers <= 1024:
            raise StanceError(f"workers is {self.workers}; choose from 0 (one a core) to 1024")


def answer_file(
    task: Task, items: Iterable[T], output: Path | str, work: Work, input: Path | str, chunk: int, about: str = ""
) -> int:
    """Write the rows of all ``items``, which were read from ``input``; returns how many rows the output has.

    A run that was killed goes on where it stopped when it is started again with the same input, model and settings;
    ``about`` is whatever else sets two runs apart.
    """
    output = writable_output(output)
    _check_apart(output, Path(input))
    source = open_source(work.source)  # once: an alias that moves meanwhile must not mix two models
    with source, journal(output, _key(task, work, source, input, about)) as written:
        rest = islice(items, written.done, None)
        for count, rows in _answers(task, rest, work, source, chunk):
            written.append(rows, count)
        return written.rows


def _check_apart(output: Path, input: Path) -> None:
    if output.resolve() == input.resolve():
        raise StanceError(f"output={output} is the input itself; name another file")
    if input.is_dir() and input.resolve() in output.resolve().parents:
        raise StanceError(f"output={output} lies in the input folder {input}; name a file elsewhere")


def answers(task: Task, items: Iterable[T], work: Work, chunk: int) -> Iterator[tuple[int, list[Row]]]:
    """(number of inputs, their rows) chunk by chunk, in order. A few chunks are in memory at a time."""
    with open_source(work.source) as source:
        yield from _answers(task, items, work, source, chunk)


def _answers(task: Task, items: Iterable[T], work: Work, source: Source, chunk: int) -> Iterator[tuple[int, list[Row]]]:
    model = StanceClassifier(source.folder, work.backend)  # opened here in any case: what is wrong with it shows once
    parts = _chunks(items, chunk)
    first = list(islice(parts, 2))
    workers = (work.workers or cores()) if len(first) > 1 else 1  # a single chunk is not worth a process
    parts = chain(first, parts)
    if workers == 1:
        for part in parts:
            yield len(part), list(chain.from_iterable(task(model, part)))
        return
    del model
    try:
        with _pool(source, work, workers) as pool:
            yield from _in_order(pool, task, parts, ahead=2 * workers)
    except BrokenProcessPool:
        raise StanceError("a worker process was killed (out of memory?); fewer workers need less") from None


def _in_order(
    pool: ProcessPoolExecutor, task: Task, parts: Iterator[list[Any]], ahead: int
) -> Iterator[tuple[int, list[Row]]]:
    waiting: deque[tuple[int, Future[list[list[Row]]]]] = deque()
    try:
        for part in parts:
            waiting.append((len(part), pool.submit(_in_worker, task, part)))
            if len(waiting) >= ahead:
                count, future = waiting.popleft()
                yield count, list(chain.from_iterable(future.result()))
        for count, future in waiting:
            yield count, list(chain.from_iterable(future.result()))
    finally:
        pool.shutdown(cancel_futures=True)


_model: StanceClassifier | None = None
"""The model of a worker process."""


def _pool(source: Source, work: Work, workers: int) -> ProcessPoolExecutor:
    # spawned, not forked: a fork would copy the threads' locks in whatever state they are
    return ProcessPoolExecutor(workers, get_context("spawn"), _open, (str(source.folder), work.backend))


def _open(folder: str, backend: str) -> None:
    global _model  # noqa: PLW0603 - one model a process, opened once
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _model = StanceClassifier(folder, backend, threads=1)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _in_worker(task: Task, part: list[Any]) -> list[list[Row]]:
    assert _model is not None, "the pool's initializer has opened it"
    return task(_model, part)


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def _key(task: Task, work: Work, source: Source, input: Path | str, about: str) -> str:
    """What makes two runs the same: every file of the input, the model's own manifest; the standard input never is."""
    if str(input) == STDIN:
        return uuid4().hex
    path = Path(input).resolve()
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    sizes = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.exists()]
    manifest = source.folder / "stance.json"
    model = manifest.read_bytes() if manifest.is_file() else b""
    return sha256_text(repr([getattr(task, "__name__", repr(task)), work.backend, sizes, model, about]))
