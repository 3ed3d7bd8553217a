"""Double annotation: a second, blind labelling beside the first; agreement and Cohen's kappa, overall and by class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.corpus.reading import annotated_files
from stance.errors import InputError, one_of
from stance.files import Row
from stance.records import read_records
from stance.schema import LABELS, Stance

DROPPED = "dropped"


@dataclass(frozen=True)
class Judgement:
    """One cell that two annotators labelled apart; ``final`` is what the corpus now says, None where it was dropped."""

    article_id: str
    speaker: str
    claim: str
    first: Stance
    second: Stance
    final: Stance | None


def parse_judgement(row: Row, path: Path, line: int) -> Judgement:
    """A judgement from its JSONL object ``{article_id, speaker, claim, first, second, final}``."""
    for key in ("article_id", "speaker", "claim", "first", "second", "final"):
        if not isinstance(row.get(key), str):
            raise InputError(path, f"key {key!r} is {row.get(key)!r}, a string is needed", line)
    for key in ("first", "second", "final"):
        known = [*LABELS, DROPPED] if key == "final" else [*LABELS]
        if row[key] not in known:
            raise InputError(path, f"key {key!r} is {one_of(row[key], [str(one) for one in known])}", line)
    final = None if row["final"] == DROPPED else Stance(row["final"])
    return Judgement(
        row["article_id"], row["speaker"], row["claim"], Stance(row["first"]), Stance(row["second"]), final
    )


def read_judgements(folder: Path) -> list[Judgement]:
    """Every judgement of the folder's JSONL files."""
    return [one for file in annotated_files(folder) for one in read_records(file, parse_judgement)]


@dataclass(frozen=True)
class Agreement:
    """``kappa`` is Cohen's (1960) over the three stances; ``by_class`` takes each stance against the other two."""

    cells: int
    agreed: float
    kappa: float
    by_class: dict[Stance, float]
    settled: int
    dropped: int

    def __str__(self) -> str:
        classes = ", ".join(f"{label} {kappa:.3f}" for label, kappa in self.by_class.items())
        return (
            f"{self.cells} cells labelled twice: same label {100 * self.agreed:.1f} %, Cohen's kappa {self.kappa:.3f} "
            f"({classes}); of the differing ones {self.settled} settled, {self.dropped} dropped"
        )


def agreement(judgements: Iterable[Judgement]) -> Agreement:
    """Agreement of the first and the second label."""
    everything = list(judgements)
    first, second = [one.first for one in everything], [one.second for one in everything]
    differing = [one for one in everything if one.first != one.second]
    return Agreement(
        cells=len(everything),
        agreed=1 - len(differing) / max(1, len(everything)),
        kappa=cohens_kappa(first, second),
        by_class={
            label: cohens_kappa([one == label for one in first], [one == label for one in second]) for label in LABELS
        },
        settled=sum(one.final is not None for one in differing),
        dropped=sum(one.final is None for one in everything),
    )


def cohens_kappa(first: Sequence[object], second: Sequence[object]) -> float:
    """Agreement beyond chance: (observed - expected) / (1 - expected); 1.0 where chance alone agrees always."""
    total = len(first)
    if not total:
        return 1.0
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / total
    expected = sum(first.count(label) * second.count(label) for label in set(first) | set(second)) / total**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)
