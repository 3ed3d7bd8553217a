"""The gate: each backend is measured on the exporting machine, and only what answers like torch may be shipped."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stance.evaluation import score
from stance.evaluation.metrics import Floats
from stance.inference import load
from stance.inference.backends import ONNX_FILES
from stance.inference.classifier import StanceClassifier
from stance.progress import progress
from stance.schema import LABELS, Pair, Stance

MIN_AGREEMENT = 0.99
"""Share of the pairs on which a backend must give the label that torch gives."""

MAX_LOSS = 0.01
"""Macro-F1, and F1 of deny, that a backend may lose against torch."""

TIMED = 60
"""Pairs that latency is measured on, one by one; throughput is measured in calls of 32."""

CLOSE = 0.9
"""Share of the fastest's pairs a second from which a backend counts as fast as it: timings differ by as much."""

FILES = {"torch": "model.safetensors", **ONNX_FILES}
"""Backend -> the file that holds its weights."""


@dataclass(frozen=True)
class Measured:
    """A backend on this machine: answers against torch's and gold, milliseconds a pair, pairs a second, megabytes."""

    backend: str
    agreement: float
    macro_f1: float
    f1_deny: float
    p50_ms: float
    p95_ms: float
    pairs_per_second: float
    megabytes: float
    passes: bool


def measure(folder: Path, backends: Sequence[str], pairs: Sequence[Pair]) -> tuple[list[Measured], Floats]:
    """Every backend on labelled pairs, ``torch`` first: the others are compared with it. And torch's logits (n, 3)."""
    rows: list[Measured] = []
    reference: Floats | None = None
    for name in progress(("torch", *(one for one in backends if one != "torch")), folder, "backends"):
        model = load(folder, name)
        logits = model.logits(pairs)
        reference = logits if reference is None else reference
        rows.append(_measured(model, logits, reference, pairs, rows[0] if rows else None))
    assert reference is not None, "torch is always measured"
    return rows, reference


def _measured(
    model: StanceClassifier, logits: Floats, reference: Floats, pairs: Sequence[Pair], torch: Measured | None
) -> Measured:
    gold = [Stance(str(pair.stance)) for pair in pairs]
    metrics = score(gold, np.eye(len(LABELS))[logits.argmax(axis=1)])
    agreement = float((logits.argmax(axis=1) == reference.argmax(axis=1)).mean())
    single, throughput = _timed(model, pairs)
    return Measured(
        backend=model.backend.name,
        agreement=agreement,
        macro_f1=metrics["macro_f1"],
        f1_deny=metrics["f1_deny"],
        p50_ms=float(np.percentile(single, 50)),
        p95_ms=float(np.percentile(single, 95)),
        pairs_per_second=throughput,
        megabytes=(model.folder / FILES[model.backend.name]).stat().st_size / 1e6,
        passes=torch is None or _passes(agreement, metrics, torch),
    )


def _passes(agreement: float, metrics: dict[str, float], torch: Measured) -> bool:
    return (
        agreement >= MIN_AGREEMENT
        and metrics["macro_f1"] >= torch.macro_f1 - MAX_LOSS
        and metrics["f1_deny"] >= torch.f1_deny - MAX_LOSS
    )


def _timed(model: StanceClassifier, pairs: Sequence[Pair]) -> tuple[list[float], float]:
    """Milliseconds of single predictions, and pairs a second in calls of 32 (the median call)."""
    chosen = [pairs[index] for index in np.linspace(0, len(pairs) - 1, min(TIMED, len(pairs))).astype(int)]
    model.predict_batch(chosen[:3])
    single = [_seconds(model, [pair]) * 1000 for pair in chosen]
    blocks = [list(pairs[start : start + 32]) for start in range(0, min(len(pairs), 5 * 32), 32)]
    return single, float(np.median([len(block) / _seconds(model, block) for block in blocks]))


def _seconds(model: StanceClassifier, pairs: Sequence[Pair]) -> float:
    start = time.perf_counter()
    model.predict_batch(pairs)
    return time.perf_counter() - start


def best(rows: Sequence[Measured]) -> str:
    """Of those that pass and are about as fast as the fastest, the one that answers a single pair soonest."""
    passing = [row for row in rows if row.passes]
    enough = CLOSE * max(row.pairs_per_second for row in passing)
    return min((row for row in passing if row.pairs_per_second >= enough), key=lambda row: row.p50_ms).backend


def gate_table(rows: Sequence[Measured]) -> list[str]:
    """The measurements as lines of a Markdown table."""
    lines = [
        "| backend | as torch | macro-F1 | F1 deny | p50 ms | p95 ms | pairs/s | MB | shipped |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row.backend} | {row.agreement:.1%} | {row.macro_f1:.3f} | {row.f1_deny:.3f} | {row.p50_ms:.1f} | "
            f"{row.p95_ms:.1f} | {row.pairs_per_second:.0f} | {row.megabytes:.0f} | {'yes' if row.passes else 'no'} |"
        )
    return lines
