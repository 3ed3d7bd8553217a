"""The learning curve of a corpus: a line for each training of ``stance.curve``, summed up over its seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from stance.files import Row, whole_rows

LEARNING_CURVE = "learning_curve.jsonl"
"""The file beside the parts that holds the trainings of the whole corpus."""


def about_curve(path: Path) -> str:
    """What a curve's file says, as Markdown: what was set, what was measured on, and the table."""
    rows = list(whole_rows(path))
    settings = ", ".join(f"`{key}={value}`" for key, value in rows[0].get("settings", {}).items())
    return (
        f"Trained with {settings or 'the default recipe'}; mean and standard deviation over the seeds. test: pairs "
        "drawn from the own test split; external: pairs of other articles, which nothing was trained on. Their gold "
        f"labels were made by language models, too.\n\n{format_curve(summary(rows))}"
    )


def summary(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Mean and standard deviation over the seeds of each part and share, part by part, small shares first."""
    parts = list(dict.fromkeys(row["part"] for row in rows))
    groups: dict[tuple[str, float], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["part"], row["fraction"]), []).append(row)
    made = []
    for part, fraction in sorted(groups, key=lambda one: (parts.index(one[0]), one[1])):
        members = groups[part, fraction]
        line: dict[str, Any] = {"part": part, "fraction": fraction, "seeds": len(members)}
        line["train_pairs"] = round(mean(row["train_pairs"] for row in members))
        for key in (key for key in members[0] if key.endswith(("macro_f1", "f1_deny"))):
            values = [row[key] for row in members]
            line[key], line[f"{key}_sd"] = mean(values), stdev(values) if len(values) > 1 else 0.0
        made.append(line)
    return made


def format_curve(lines: Sequence[dict[str, Any]]) -> str:
    """The curve as a Markdown table: mean and spread of macro-F1, mean deny-F1."""
    names = sorted({key.removesuffix("_macro_f1") for line in lines for key in line if key.endswith("_macro_f1")})
    head = ["part", "share", "pairs", "seeds", *(f"{name}: macro-F1 / deny-F1" for name in names)]
    table = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for line in lines:
        scores = [
            f"{line[f'{name}_macro_f1']:.3f} ± {line[f'{name}_macro_f1_sd']:.3f} / {line[f'{name}_f1_deny']:.3f}"
            for name in names
        ]
        cells = [line["part"], f"{line['fraction']:.0%}", str(line["train_pairs"]), str(line["seeds"]), *scores]
        table.append("| " + " | ".join(cells) + " |")
    return "\n".join(table)
