"""The pictures of a report, as PNG files' bytes. Drawn without a display and without global state."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from stance.schema import LABELS


def _drawn(draw: Callable[[Any], None], width: float = 4.6, height: float = 3.8) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    draw(figure.subplots())
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110)
    return file.getvalue()


def confusion(matrix: Sequence[Sequence[int]]) -> bytes:
    """Rows are gold, columns predicted; cells hold counts and the share of the gold class."""
    counts = np.array(matrix)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))

    def draw(axes: Any) -> None:
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        axes.set(xlabel="predicted", ylabel="gold", title="share of each gold class")
        axes.set_xticks(range(len(LABELS)), [label.value for label in LABELS])
        axes.set_yticks(range(len(LABELS)), [label.value for label in LABELS])
        for (row, column), count in np.ndenumerate(counts):
            colour = "white" if shares[row, column] > 0.6 else "black"
            axes.text(column, row, f"{count}\n{shares[row, column]:.0%}", ha="center", va="center", color=colour)

    return _drawn(draw)


def reliability(bins: Sequence[Mapping[str, float]]) -> bytes:
    """Accuracy over confidence; on the diagonal a model is as right as it says it is."""

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
        sizes = [20 + 200 * one["share"] for one in bins]
        axes.scatter([b["confidence"] for b in bins], [b["accuracy"] for b in bins], s=sizes, color="#0072b2")
        axes.set(
            xlabel="confidence", ylabel="accuracy", title="reliability (size: share of the pairs)", xlim=(0.3, 1.02)
        )
        axes.set_ylim(0, 1.02)

    return _drawn(draw)


def risk_coverage(points: Sequence[tuple[float, float, float]]) -> bytes:
    """Share of wrong answers if only the surest are given."""

    def draw(axes: Any) -> None:
        axes.plot([point[1] for point in points], [point[2] for point in points], color="#b8500a")
        axes.set(xlabel="coverage: share answered", ylabel="wrong answers among them", title="risk and coverage")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, None)

    return _drawn(draw)


def bars(rows: Mapping[str, float], title: str, reference: float | None = None) -> bytes:
    """One bar a row in [0, 1], with a line for the overall value."""
    names, values = list(rows)[::-1], list(rows.values())[::-1]

    def draw(axes: Any) -> None:
        axes.barh(names, values, color="#0072b2")
        axes.set(title=title, xlim=(0, 1))
        for index, value in enumerate(values):
            axes.text(min(value, 0.9) + 0.01, index, f"{value:.2f}", va="center", fontsize=8)
        if reference is not None:
            axes.axvline(reference, color="#b8500a", linestyle="--")

    return _drawn(draw, 6.4, 0.8 + 0.27 * len(names))


def training(history: Sequence[Mapping[str, float]]) -> bytes:
    """Training loss and validation macro-F1 over the steps."""
    losses = [(row["step"], row["loss"]) for row in history if "loss" in row]
    scores = [(row["step"], row["macro_f1"]) for row in history if "macro_f1" in row]

    def draw(axes: Any) -> None:
        axes.plot(*zip(*losses, strict=True), color="grey") if losses else None
        axes.set(xlabel="step", ylabel="training loss", title="training")
        right = axes.twinx()
        right.plot(*zip(*scores, strict=True), color="#0072b2", marker="o") if scores else None
        right.set_ylabel("validation macro-F1")
        right.set_ylim(0, 1)

    return _drawn(draw)


def learning_curve(lines: Sequence[Mapping[str, Any]], measured: str) -> bytes:
    """Macro-F1 on the pairs called ``measured`` over the pairs trained on, a line a series; bars are the spread."""
    series: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        series.setdefault(line["part"], []).append(line)

    def draw(axes: Any) -> None:
        for part, points in series.items():
            counts = [point["train_pairs"] for point in points]
            scores, spread = ([point[f"{measured}_macro_f1{end}"] for point in points] for end in ("", "_sd"))
            axes.errorbar(counts, scores, yerr=spread, marker="o", capsize=3, label=part)
        axes.set(xscale="log", xlabel="pairs trained on", ylabel="macro-F1", title=f"learning curve: {measured}")
        axes.legend()

    return _drawn(draw, 6.4, 4.2)
