"""A function of batches mapped over all cores, its answers in the order of the inputs.

A task is a pure function of (what a process has opened, some inputs): the same batches can be handed to any other
engine that maps functions over partitions.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import Any, TypeVar

from stance.errors import StanceError

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

MAX_WORKERS = 1024


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def checked_workers(workers: int) -> int:
    """``workers`` if it is a number of processes, 0 standing for one a core; else a :class:`StanceError`."""
    if not 0 <= workers <= MAX_WORKERS:
        raise StanceError(f"workers is {workers}; choose from 0 (one a core) to {MAX_WORKERS}")
    return workers


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """``items`` in lists of ``size``; the last may be shorter."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def map_chunks(
    task: Callable[[S, Sequence[T]], R],
    items: Iterable[T],
    size: int,
    workers: int,
    here: Callable[[], S],
    there: Callable[[], S],
) -> Iterator[tuple[int, R]]:
    """(number of inputs, the task's answer) for each chunk of ``items``, in order; a few chunks are in memory.

    ``workers`` processes answer, 0 for one a core; 1, or a single chunk, stays in this process. ``here`` opens what
    the task needs in this process and always runs, so that what is wrong shows once; ``there`` does in each worker.
    """
    opened = here()
    parts = chunks(items, size)
    first = list(islice(parts, 2))
    workers = (workers or cores()) if len(first) > 1 else 1  # a single chunk is not worth a process
    parts = chain(first, parts)
    if workers == 1:
        for part in parts:
            yield len(part), task(opened, part)
        return
    del opened
    try:
        with _one_thread_each(), _pool(there, workers) as pool:
            yield from _in_order(pool, task, parts, ahead=2 * workers)
    except BrokenProcessPool:
        raise StanceError("a worker process was killed (out of memory?); fewer workers need less") from None


def _in_order(
    pool: ProcessPoolExecutor, task: Callable[[Any, Sequence[Any]], R], parts: Iterator[list[Any]], ahead: int
) -> Iterator[tuple[int, R]]:
    waiting: deque[tuple[int, Future[R]]] = deque()
    try:
        for part in parts:
            waiting.append((len(part), pool.submit(_in_worker, task, part)))
            if len(waiting) >= ahead:
                count, future = waiting.popleft()
                yield count, future.result()
        while waiting:
            count, future = waiting.popleft()
            yield count, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers are as many as cores: a worker whose matrix library starts a thread a core stands in the others' way."""
    unset = [name for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS") if name not in os.environ]
    os.environ |= dict.fromkeys(unset, "1")
    try:
        yield
    finally:
        for name in unset:
            os.environ.pop(name, None)


_opened: Any = None
"""What a worker process has opened."""


def _pool(there: Callable[[], Any], workers: int) -> ProcessPoolExecutor:
    # spawned, not forked: a fork would copy the threads' locks in whatever state they are
    return ProcessPoolExecutor(workers, get_context("spawn"), _open, (there,))


def _open(there: Callable[[], Any]) -> None:
    global _opened  # noqa: PLW0603 - opened once a process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _opened = there()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _in_worker(task: Callable[[Any, Sequence[Any]], R], part: list[Any]) -> R:
    return task(_opened, part)
