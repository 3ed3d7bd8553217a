"""A report's files: JSON to compute with, text to print, one HTML page and its pictures to look at."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from stance.dataset import group_of
from stance.document import document
from stance.evaluation import pictures
from stance.evaluation.metrics import PRIMARY, Floats
from stance.evaluation.report import format_report
from stance.evaluation.slices import SLICES
from stance.files import atomic_folder, write_json, write_rows
from stance.schema import LABELS, Pair


def write_report(
    report: dict[str, Any],
    folder: Path | str,
    pairs: Sequence[Pair] = (),
    probabilities: Floats | None = None,
    history: Sequence[Mapping[str, float]] = (),
) -> Path:
    """``report.json``, ``report.txt``, ``report.html`` and the pictures in a folder, written atomically.

    With the pairs and their probabilities ``predictions.jsonl`` too, which comparisons of two runs read.
    """
    drawn = draw(report, history)
    with atomic_folder(folder, "report.json") as partial:
        write_json(partial / "report.json", report)
        (partial / "report.txt").write_text(format_report(report) + "\n", encoding="utf-8")
        (partial / "report.html").write_text(report_page(report, drawn), encoding="utf-8")
        for name, picture in drawn.items():
            (partial / f"{name}.png").write_bytes(picture)
        if probabilities is not None:
            write_rows(partial / "predictions.jsonl", map(_prediction, pairs, probabilities))
    return Path(folder)


def _prediction(pair: Pair, row: Floats) -> dict[str, Any]:
    given = {label.value: round(float(value), 6) for label, value in zip(LABELS, row, strict=True)}
    about = {"pair_id": pair.pair_id, "group": group_of(pair), "speaker": pair.speaker, "claim": pair.claim}
    return about | {"gold": str(pair.stance), "probabilities": given, "slices": {n: SLICES[n](pair) for n in SLICES}}


def draw(report: Mapping[str, Any], history: Sequence[Mapping[str, float]] = ()) -> dict[str, bytes]:
    """The report's pictures as PNG, by name."""
    slices = {
        f"{name}: {value}": row["accuracy"]
        for name, values in report["slices"].items()
        for value, row in values.items()
        if name != "topic"
    }
    drawn = {
        "confusion": pictures.confusion(report["confusion"]),
        "reliability": pictures.reliability(report["reliability"]),
        "risk_coverage": pictures.risk_coverage(report["risk_coverage"]),
    }
    if slices:
        drawn["slices"] = pictures.bars(slices, "accuracy by slice; dashed: all", report["metrics"]["accuracy"])
    if "behaviour" in report:
        passed = {name: row["pass_rate"] for name, row in report["behaviour"].items()}
        drawn["behaviour"] = pictures.bars(passed, "behaviour suite: pass rate")
    if history:
        drawn["training"] = pictures.training(history)
    return drawn


def report_page(report: dict[str, Any], drawn: Mapping[str, bytes]) -> str:
    """The report as one self-contained HTML page."""
    figures = "".join(_figure(png, _alt(name, report)) for name, png in drawn.items())
    low, high = report["interval"][PRIMARY]
    slices = {f"{n}: {value}": row for n, rows in report["slices"].items() for value, row in rows.items()}
    sections = [
        f"<h1>macro-F1 {report['metrics'][PRIMARY]:.3f} [{low:.3f}, {high:.3f}]</h1>",
        f'<p class="meta">{report["pairs"]} pairs of {report["articles"]} articles. {_promise(report)}</p>',
        f'<p class="meta">{escape(report["note"])}</p>',
        "<h2>Beside the baselines</h2>",
        _table({"model": report["metrics"], **report["baselines"]}),
        "<h2>Pictures</h2>",
        figures,
        "<h2>Classes</h2>",
        _table(report["classes"]),
        "<h2>Slices</h2>",
        _table(slices),
    ]
    if "behaviour" in report:
        sections += ["<h2>Behaviour</h2>", _table(report["behaviour"])]
        sections += ["<h2>Does the answer depend on who speaks?</h2>", _table(report["neutrality"])]
    return document("Evaluation", "".join(sections))


def _figure(png: bytes, alt: str) -> str:
    return f'<figure><img alt="{escape(alt)}" src="data:image/png;base64,{b64encode(png).decode()}"></figure>'


def _promise(report: Mapping[str, Any]) -> str:
    promise = report["promise"]
    if promise["threshold"] > 1:
        return f"No confidence keeps the errors under {promise['max_error']:.0%}."
    return (
        f"Of the answers above {promise['threshold']:.2f} ({promise['coverage']:.0%}) {promise['error']:.0%} are "
        "wrong; the threshold was chosen on these very pairs."
    )


def _alt(name: str, report: Mapping[str, Any]) -> str:
    """What a picture shows, in words and numbers."""
    labels = [label.value for label in LABELS]
    if name == "confusion":
        rows = zip(labels, report["confusion"], strict=True)
        return "Confusion: " + "; ".join(f"gold {gold}: {dict(zip(labels, row, strict=True))}" for gold, row in rows)
    if name == "reliability":
        bins = (f"{one['confidence']:.2f}: {one['accuracy']:.2f}" for one in report["reliability"])
        return "Accuracy at each confidence: " + ", ".join(bins)
    if name == "risk_coverage":
        tenth = report["risk_coverage"][:: max(1, len(report["risk_coverage"]) // 10)]
        return "Share of wrong answers at each coverage: " + ", ".join(f"{c:.0%}: {e:.0%}" for _, c, e in tenth)
    return {"training": "Training loss and validation score over the steps"}.get(name, f"{name}: see the table below")


def _table(rows: Mapping[str, Mapping[str, float]]) -> str:
    if not rows:
        return "<p>None.</p>"
    columns = list(next(iter(rows.values())))
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f'<td class="number">{_number(row[column])}</td>' for column in columns)
        + "</tr>"
        for name, row in rows.items()
    )
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"


def _number(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() and value > 1 else f"{value:.3f}"
