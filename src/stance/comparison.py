"""Two evaluated runs side by side: is b better than a, where, what was set differently, and which pairs flipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from stance.document import document
from stance.errors import InputError, StanceError
from stance.evaluation import Comparison, compare
from stance.evaluation.bootstrap import group_counts, macro_f1
from stance.evaluation.metrics import Floats
from stance.evaluation.report import MIN_SLICE
from stance.files import Row, whole_rows
from stance.schema import LABELS, Stance

MAX_FLIPPED = 200
"""Flipped pairs that a page shows."""


@dataclass(frozen=True)
class Evaluated:
    """A run's name, what was set in it, and its predictions on labelled pairs (rows of ``predictions.jsonl``)."""

    name: str
    params: Mapping[str, str]
    rows: Sequence[Row] = field(repr=False)


@dataclass(frozen=True)
class Difference:
    """What sets run ``b`` apart from run ``a`` on the pairs that both have answered."""

    a: str
    b: str
    pairs: int
    result: Comparison
    params: dict[str, tuple[str, str]]
    slices: dict[str, tuple[int, float, float]]
    flipped: list[Row]


def read_predictions(path: Path) -> list[Row]:
    """The rows of a ``predictions.jsonl`` as evaluations write it."""
    rows = list(whole_rows(path))
    wanted = {"pair_id", "group", "gold", "probabilities", "slices"}
    if not rows or not wanted <= set(rows[0]):
        raise InputError(path, "holds no predictions; evaluate the model again")
    return rows


def difference(a: Evaluated, b: Evaluated) -> Difference:
    """Compare two evaluated runs. Raises :class:`StanceError` where they did not answer the same pairs."""
    first, second = ({row["pair_id"]: row for row in one.rows} for one in (a, b))
    common = [pair_id for pair_id in first if pair_id in second and first[pair_id]["gold"] == second[pair_id]["gold"]]
    if len(common) < max(len(first), len(second)):
        raise StanceError(
            f"{a.name} has answered {len(first)} pairs and {b.name} {len(second)}, of which {len(common)} are the "
            "same: evaluate both on one dataset"
        )
    rows_a, rows_b = [first[one] for one in common], [second[one] for one in common]
    gold, groups = [Stance(row["gold"]) for row in rows_a], [row["group"] for row in rows_a]
    return Difference(
        a=a.name,
        b=b.name,
        pairs=len(common),
        result=compare(gold, _probabilities(rows_a), _probabilities(rows_b), groups),
        params=_params(a.params, b.params),
        slices=_slices(rows_a, rows_b),
        flipped=[
            {**x, "a": _best(x), "b": _best(y)} for x, y in zip(rows_a, rows_b, strict=True) if _best(x) != _best(y)
        ],
    )


def _probabilities(rows: Sequence[Row]) -> Floats:
    return np.array([[row["probabilities"][label.value] for label in LABELS] for row in rows])


def _best(row: Row) -> str:
    return max(row["probabilities"], key=lambda label: row["probabilities"][label])


def _params(a: Mapping[str, str], b: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    names = sorted({*a, *b})
    return {name: (a.get(name, ""), b.get(name, "")) for name in names if a.get(name, "") != b.get(name, "")}


def _slices(a: Sequence[Row], b: Sequence[Row]) -> dict[str, tuple[int, float, float]]:
    """Pairs and both macro-F1 of every slice but the topics."""
    members: dict[str, list[int]] = {}
    for index, row in enumerate(a):
        for name, value in row["slices"].items():
            if value and name != "topic":
                members.setdefault(f"{name}: {value}", []).append(index)
    return {
        name: (len(chosen), _macro_f1([a[index] for index in chosen]), _macro_f1([b[index] for index in chosen]))
        for name, chosen in sorted(members.items())
        if len(chosen) >= MIN_SLICE
    }


def _macro_f1(rows: Sequence[Row]) -> float:
    counts = group_counts([Stance(row["gold"]) for row in rows], _probabilities(rows), [""] * len(rows))
    return float(macro_f1(counts[0]))


def format_difference(one: Difference) -> str:
    """The comparison as text."""
    r = one.result
    lines = [
        f"{one.b} against {one.a} on {one.pairs} pairs",
        f"macro-F1 {r.difference:+.3f}, 95 % interval over articles [{r.low:+.3f}, {r.high:+.3f}]; "
        f"better in {r.better:.0%} of the draws",
        f"right only in {one.a}: {r.only_a}, only in {one.b}: {r.only_b}; McNemar p = {r.p:.3g}",
        "",
        "set differently: " + (", ".join(f"{k} {a} -> {b}" for k, (a, b) in one.params.items()) or "nothing"),
        "",
        f"{'slice':32s} {'pairs':>6s} {one.a[:12]:>12s} {one.b[:12]:>12s} {'change':>8s}",
    ]
    for name, (count, a, b) in sorted(one.slices.items(), key=lambda item: item[1][2] - item[1][1]):
        lines.append(f"{name:32s} {count:6d} {a:12.3f} {b:12.3f} {b - a:+8.3f}")
    return "\n".join([*lines, "", f"{len(one.flipped)} answers flipped"])


def difference_page(one: Difference) -> str:
    """The comparison as one self-contained HTML page, with the pairs whose answer flipped."""
    r = one.result
    params = "".join(
        f'<tr><th scope="row">{escape(k)}</th><td>{escape(a)}</td><td>{escape(b)}</td></tr>'
        for k, (a, b) in one.params.items()
    )
    slices = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="number">{count}</td><td class="number">{a:.3f}</td>'
        f'<td class="number">{b:.3f}</td><td class="number">{b - a:+.3f}</td></tr>'
        for name, (count, a, b) in sorted(one.slices.items(), key=lambda item: item[1][2] - item[1][1])
    )
    heads = f"<th>{escape(one.a)}</th><th>{escape(one.b)}</th>"
    columns = f"<tr><th></th><th>pairs</th>{heads}<th>change</th></tr>"
    return document(
        f"{one.b} against {one.a}",
        f"<h1>{escape(one.b)} against {escape(one.a)}: macro-F1 {r.difference:+.3f} [{r.low:+.3f}, {r.high:+.3f}]</h1>"
        f'<p class="meta">{one.pairs} pairs; better in {r.better:.0%} of the draws of articles; McNemar p = {r.p:.3g}: '
        f"{r.only_b} pairs right only in {escape(one.b)}, {r.only_a} only in {escape(one.a)}.</p>"
        f"<h2>Set differently</h2><table><thead><tr><th></th>{heads}</tr></thead><tbody>{params}</tbody></table>"
        f"<h2>Slices, worst change first</h2><table><thead>{columns}</thead>"
        f"<tbody>{slices}</tbody></table>{_flipped(one)}",
    )


def _flipped(one: Difference) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(row["claim"])}</th><td>{escape(row["speaker"])}</td><td>{row["gold"]}</td>'
        f'<td class="{row["a"]}">{row["a"]}</td><td class="{row["b"]}">{row["b"]}</td></tr>'
        for row in one.flipped[:MAX_FLIPPED]
    )
    head = f"<th>claim</th><th>speaker</th><th>gold</th><th>{escape(one.a)}</th><th>{escape(one.b)}</th>"
    shown = f"{len(one.flipped)} answers flipped" + (
        f"; the first {MAX_FLIPPED}" if len(one.flipped) > MAX_FLIPPED else ""
    )
    return f"<h2>{shown}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def summary(one: Difference) -> dict[str, Any]:
    """The numbers of a comparison, for a tracker."""
    return {f"difference_{key}": value for key, value in one.result._asdict().items()}
