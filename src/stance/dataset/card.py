"""The dataset card: a README.md with the usual YAML header, written from what was built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from stance.dataset.probes import MAX_GAIN, Probe
from stance.dataset.split import TEST_TOPICS
from stance.dataset.tally import SplitFile
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
    splits: Mapping[str, SplitFile],
    manifest: dict[str, Any],
    probes: Sequence[Probe] = (),
    about: str = "",
    sampled: str = "",
) -> str:
    """Markdown with counts, splits, label sources, artefact probes, what the source tells of itself, and limits.

    ``sampled`` says which pairs were probed where that was not all of them.
    """
    sources: Counter[str] = Counter()
    for (name, _), count in _values("label_source", splits).items():
        sources[name] += count
    parts = [
        _HEADER,
        "# (speaker, claim, stance) from news\n",
        f"Digest `{manifest['digest']}`. Labels: "
        + ", ".join(f"{count} {name or 'unknown'}" for name, count in sorted(sources.items()))
        + ". Writers and annotators of the gold part were language models under written guidelines, not people.\n",
        "## Counts\n",
        _counts(splits),
        "## Splits\n",
        "By a hash of the situation's or article's id (80 / 10 / 10), so that variants of one story stay together and "
        "splits are stable as data grows. Articles that share a claim or nearly the same text are tied: they all fall "
        "where the one with the smallest id does. "
        "These topics occur only in the test split: " + ", ".join(sorted(TEST_TOPICS)) + ".\n",
        "## Difficulty and parts\n",
        _table("difficulty", splits),
        _table("part", splits),
        *([about] if about else []),
        "## Artefact probes\n",
        "A linear model (TF-IDF, logistic regression, cross-validated over situations) that sees one part of the input "
        f"alone. More than {100 * MAX_GAIN:.0f} points over the majority class would mean that the "
        f"part gives the label away. {sampled}\n",
        "\n".join(f"- {one}" for one in probes) + "\n" if probes else "Too few pairs to probe.\n",
        "## Licence\n",
        "The project's own texts and all annotations: CC BY 4.0. Wikinews texts, where they are joined in: CC BY 2.5, "
        "by their authors.\n",
        "## Limits\n",
        "English only. The project's own articles are fictional in names and events. Stances are the article's "
        "presentation of a speaker's commitment, not the truth of a claim.\n",
    ]
    return "\n".join(parts)


def _counts(splits: Mapping[str, SplitFile]) -> str:
    lines = ["| split | articles | pairs | " + " | ".join(LABELS) + " |", "|---" * (3 + len(LABELS)) + "|"]
    for name, split in splits.items():
        shares = " | ".join(
            f"{split.stances[one]} ({100 * split.stances[one] / max(1, split.pairs):.0f} %)" for one in LABELS
        )
        lines.append(f"| {name} | {split.articles} | {split.pairs} | {shares} |")
    return "\n".join(lines) + "\n"


def _values(column: str, splits: Mapping[str, SplitFile]) -> Counter[tuple[str, str]]:
    """(value of a column, stance) -> pairs of all splits."""
    return sum((split.values[column] for split in splits.values()), Counter())


def _table(column: str, splits: Mapping[str, SplitFile]) -> str:
    lines = [f"| {column} | pairs | " + " | ".join(LABELS) + " |", "|---" * (2 + len(LABELS)) + "|"]
    counts = _values(column, splits)
    for value in sorted({value for value, _ in counts}):
        labels = [counts[value, label] for label in LABELS]
        lines.append(f"| {value or '-'} | {sum(labels)} | " + " | ".join(map(str, labels)) + " |")
    return "\n".join(lines) + "\n"
