"""The corpus in words and tables, for the card of a dataset that is built from it."""

from __future__ import annotations

from pathlib import Path

from stance.corpus.agreement import agreement, read_judgements
from stance.corpus.learning import LEARNING_CURVE, about_curve
from stance.corpus.plan import coverage, read_plan
from stance.corpus.reading import OWN_PARTS, read_annotated
from stance.corpus.validate import measure

JUDGEMENTS = "judgements"
"""The folder of the double annotation, beside the parts."""


def about_corpus(path: Path) -> str:
    """Markdown: measures of each part with a text of its own, double annotation, coverage of the plan, learning
    curve."""
    parts = {part: list(read_annotated(path / part)) for part in OWN_PARTS}
    sections = ["## The corpus\n"]
    for part, annotated in parts.items():
        sections.append(f"{part}:\n\n```\n{measure(annotated)}\n```\n")
    if (path / JUDGEMENTS).is_dir():
        sections += ["## Double annotation\n", str(agreement(read_judgements(path / JUDGEMENTS))) + ".\n"]
    if (path / "PLAN.md").is_file():
        covered = coverage([one for annotated in parts.values() for one in annotated], read_plan(path / "PLAN.md"))
        sections += ["## Coverage of the plan\n", f"```\n{covered}\n```\n"]
    if (path / LEARNING_CURVE).is_file():
        sections += ["## Learning curve\n", about_curve(path / LEARNING_CURVE) + "\n"]
    return "\n".join(sections)
