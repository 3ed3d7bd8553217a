"""One report a model and dataset: metrics with intervals, baselines beside them, slices, confusion matrix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix

from stance.evaluation.baselines import BASELINES
from stance.evaluation.metrics import PRIMARY, Floats, bootstrap_interval, per_class, score
from stance.files import atomic_folder, write_json
from stance.schema import LABELS, Pair, Stance

SLICES = ("difficulty", "part", "topic")
GOLD_NOTE = "Gold labels were made by language models under written guidelines, not by people."


def evaluate(pairs: Sequence[Pair], probabilities: Floats, train: Sequence[Pair] = ()) -> dict[str, Any]:
    """Everything that is reported of predictions on labelled pairs; baselines too where training pairs are given."""
    gold = [_gold(pair) for pair in pairs]
    predicted = [LABELS[index] for index in probabilities.argmax(axis=1)]
    groups = [pair.article_id or pair.pair_id for pair in pairs]
    return {
        "pairs": len(pairs),
        "articles": len(set(groups)),
        "metrics": score(gold, probabilities),
        "interval": {PRIMARY: bootstrap_interval(gold, probabilities, groups)},
        "classes": per_class(gold, predicted),
        "confusion": confusion_matrix(gold, predicted, labels=list(LABELS)).tolist(),
        "slices": {name: _slice(pairs, gold, probabilities, name) for name in SLICES},
        "baselines": {name: score(gold, baseline(train, pairs)) for name, baseline in BASELINES.items() if train},
        "note": GOLD_NOTE,
    }


def _gold(pair: Pair) -> Stance:
    assert pair.stance is not None, "labelled_pairs has checked this"
    return pair.stance


def _slice(pairs: Sequence[Pair], gold: list[Stance], probabilities: Floats, name: str) -> dict[str, Any]:
    values = [str(pair.extra.get(name, "")) for pair in pairs]
    result = {}
    for value in sorted(set(values) - {""}):
        rows = [index for index, one in enumerate(values) if one == value]
        metrics = score([gold[index] for index in rows], probabilities[rows])
        result[value] = {"pairs": len(rows), "accuracy": metrics["accuracy"], PRIMARY: metrics[PRIMARY]}
    return result


def flat_metrics(report: dict[str, Any]) -> dict[str, float]:
    """A report's numbers under one-level names, as trackers take them: metrics, classes, baselines."""
    flat = dict(report["metrics"])
    for label, row in report["classes"].items():
        flat |= {f"{measure}_{label}": row[measure] for measure in ("precision", "recall")}
    for name, metrics in report["baselines"].items():
        flat[f"{re.sub(r'[^a-z]+', '_', name.lower())}_{PRIMARY}"] = metrics[PRIMARY]
    return flat


def format_report(report: dict[str, Any], name: str = "model") -> str:
    """The table that the command lines print."""
    columns = ("accuracy", "macro_f1", "f1_affirm", "f1_deny", "f1_neutral")
    low, high = report["interval"][PRIMARY]
    lines = [
        f"{report['pairs']} pairs of {report['articles']} articles",
        f"{'':14s} " + " ".join(f"{column:>10s}" for column in columns),
    ]
    for row, metrics in [(name, report["metrics"]), *report["baselines"].items()]:
        lines.append(f"{row:14s} " + " ".join(f"{metrics[column]:10.3f}" for column in columns))
    lines.append(f"macro-F1 of {name}: 95 % interval over articles [{low:.3f}, {high:.3f}]")
    for value, part in report["slices"].get("difficulty", {}).items():
        lines.append(f"  {value:12s} {part['pairs']:5d} pairs  macro-F1 {part[PRIMARY]:.3f}")
    return "\n".join([*lines, report["note"]])


def write_report(report: dict[str, Any], folder: Path | str) -> Path:
    """``report.json``, ``report.txt`` and ``confusion.png`` in a folder, written atomically."""
    with atomic_folder(folder) as partial:
        write_json(partial / "report.json", report)
        (partial / "report.txt").write_text(format_report(report) + "\n", encoding="utf-8")
        draw_confusion(report["confusion"], partial / "confusion.png")
    return Path(folder)


def draw_confusion(matrix: list[list[int]], path: Path) -> None:
    """The confusion matrix as a picture: rows are gold, columns predicted, cells counts."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    counts = np.array(matrix)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure = Figure(figsize=(4.2, 3.8), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set(xlabel="predicted", ylabel="gold", title="share of each gold class")
    axes.set_xticks(range(len(LABELS)), [label.value for label in LABELS])
    axes.set_yticks(range(len(LABELS)), [label.value for label in LABELS])
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.6 else "black"
        axes.text(column, row, f"{count}\n{shares[row, column]:.0%}", ha="center", va="center", color=colour)
    figure.savefig(path, dpi=120)
