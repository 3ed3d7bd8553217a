"""Natural-language-inference data as pairs: what a small model should learn before it meets news.

A premise that entails a hypothesis affirms it, one that contradicts it denies it. Nobody speaks in such data, so every
pair gets the same speaker.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from stance.errors import InputError, StanceError, reason
from stance.files import is_unicode, read_rows
from stance.schema import Pair, Stance

SPEAKER = "The author"
STANCES = {
    "entailment": Stance.AFFIRM, "neutral": Stance.NEUTRAL, "contradiction": Stance.DENY,
    "0": Stance.AFFIRM, "1": Stance.NEUTRAL, "2": Stance.DENY,
    **{label.value: label for label in Stance},
}  # fmt: skip
"""The names and numbers that inference sets give their labels, and our own. -1 (annotators who disagree) is none."""

PREMISE = ("premise", "context", "sentence1")
HYPOTHESIS = ("hypothesis", "claim", "sentence2")
LABEL = ("label", "stance", "gold_label")


def inference_pairs(path: str, limit: int = 0) -> Iterator[Pair]:
    """The pairs of a local JSONL or Parquet file, or of a dataset on the hub (``owner/name``, its ``train`` split).

    At most ``limit`` of them (0: all). Rows without a label are passed over. Raises :class:`StanceError` where the hub
    cannot be reached, :class:`InputError` for rows that are no inference pairs.
    """
    rows = _local(Path(path)) if Path(path).is_file() else _hub(path)
    found = False
    for pair in islice(_pairs(path, rows), limit or None):
        found = True
        yield pair
    if not found:
        raise InputError(path, f"holds no labelled pair; labels are {', '.join(map(repr, STANCES))}")


def _pairs(path: str, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Pair]:
    return (pair for number, row in rows if (pair := _pair(path, number, row)) is not None)


def _local(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, row in read_rows(path):
        if isinstance(row, InputError):
            raise row
        yield number, row


def _hub(name: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    from datasets import load_dataset

    try:
        return enumerate(load_dataset(name, split="train"))
    except Exception as error:  # the hub's client raises errors of many libraries
        raise StanceError(f"source.path={name}: no such file, and the hub does not give it ({reason(error)})") from None


def _pair(path: str, number: int, row: Mapping[str, Any]) -> Pair | None:
    label = _first(row, LABEL)
    stance = STANCES.get(str(int(label) if isinstance(label, float) and label.is_integer() else label))
    premise, hypothesis = _first(row, PREMISE), _first(row, HYPOTHESIS)
    if not isinstance(premise, str) or not isinstance(hypothesis, str):
        known = f"{' or '.join(PREMISE)}, and {' or '.join(HYPOTHESIS)}"
        found = ", ".join(map(str, row))
        raise InputError(path, f"is no inference pair: keys {known} are needed, found {found}", number)
    if stance is None or not premise.strip() or not hypothesis.strip():
        return None
    if not is_unicode(premise + hypothesis):
        raise InputError(path, "holds half a character (a lone surrogate)", number)
    group = hashlib.sha256(premise.encode()).hexdigest()[:12]  # the hypotheses of one premise stay on one side
    return Pair(
        pair_id=f"nli-{number}",
        speaker=SPEAKER,
        claim=hypothesis.strip(),
        context=premise.strip(),
        article_id=f"nli-{group}",
        stance=stance,
        label_source="gold",
        confidence=1.0,
    )


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)
