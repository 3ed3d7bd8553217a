"""The dataset card: a README.md with the usual YAML header, written from what was built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from stance.dataset.probes import MAX_GAIN, Probe
from stance.dataset.split import TEST_TOPICS
from stance.schema import LABELS

_HEADER = """\
---
license: cc-by-4.0
language: [en]
task_categories: [text-classification]
tags: [stance-detection, news, attribution, claims]
configs:
- config_name: default
  data_files:
  - {split: train, path: train.parquet}
  - {split: validation, path: validation.parquet}
  - {split: test, path: test.parquet}
---
"""


def card(
    rows: dict[str, list[dict[str, Any]]], manifest: dict[str, Any], probes: Sequence[Probe] = (), about: str = ""
) -> str:
    """Markdown with counts, splits, label sources, artefact probes, what the source tells of itself, and limits."""
    everything = [row for items in rows.values() for row in items]
    sources = Counter(row["label_source"] for row in everything)
    parts = [
        _HEADER,
        "# (speaker, claim, stance) from news\n",
        f"Digest `{manifest['digest']}`. Labels: "
        + ", ".join(f"{count} {name or 'unknown'}" for name, count in sorted(sources.items()))
        + ". Writers and annotators of the gold part were language models under written guidelines, not people.\n",
        "## Counts\n",
        _counts(rows),
        "## Splits\n",
        "By a hash of the situation's or article's id (80 / 10 / 10), so that variants of one story stay together and "
        "splits are stable as data grows. Articles that share a claim or nearly the same text are tied: they all fall "
        "where the one with the smallest id does. "
        "These topics occur only in the test split: " + ", ".join(sorted(TEST_TOPICS)) + ".\n",
        "## Difficulty and parts\n",
        _table("difficulty", everything),
        _table("part", everything),
        *([about] if about else []),
        "## Artefact probes\n",
        "A linear model (TF-IDF, logistic regression, cross-validated over situations) that sees one part of the input "
        f"alone. More than {100 * MAX_GAIN:.0f} points over the majority class would mean that the "
        "part gives the label away.\n",
        "\n".join(f"- {one}" for one in probes) + "\n" if probes else "Too few pairs to probe.\n",
        "## Licence\n",
        "The project's own texts and all annotations: CC BY 4.0. Wikinews texts, where they are joined in: CC BY 2.5, "
        "by their authors.\n",
        "## Limits\n",
        "English only. The project's own articles are fictional in names and events. Stances are the article's "
        "presentation of a speaker's commitment, not the truth of a claim.\n",
    ]
    return "\n".join(parts)


def _counts(rows: dict[str, list[dict[str, Any]]]) -> str:
    lines = ["| split | articles | pairs | " + " | ".join(LABELS) + " |", "|---" * (3 + len(LABELS)) + "|"]
    for split, items in rows.items():
        counts = Counter(row["stance"] for row in items)
        articles = len({row["article_id"] for row in items})
        shares = " | ".join(f"{counts[label]} ({100 * counts[label] / max(1, len(items)):.0f} %)" for label in LABELS)
        lines.append(f"| {split} | {articles} | {len(items)} | {shares} |")
    return "\n".join(lines) + "\n"


def _table(column: str, rows: list[dict[str, Any]]) -> str:
    lines = [f"| {column} | pairs | " + " | ".join(LABELS) + " |", "|---" * (2 + len(LABELS)) + "|"]
    for value, count in sorted(Counter(row[column] for row in rows).items()):
        labels = Counter(row["stance"] for row in rows if row[column] == value)
        lines.append(f"| {value or '-'} | {count} | " + " | ".join(str(labels[label]) for label in LABELS) + " |")
    return "\n".join(lines) + "\n"
