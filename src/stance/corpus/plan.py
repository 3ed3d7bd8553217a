"""What the corpus is written to (data/corpus/PLAN.md), and how far it has come."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stance.corpus.ways import WAYS, ways_of
from stance.errors import InputError
from stance.files import existing_file
from stance.schema import AnnotatedArticle

_SECTION = re.compile(r"^## (.+)$")
_ITEM = re.compile(r"^- (.+)$")


@dataclass(frozen=True)
class Plan:
    """The items of each section of PLAN.md: topics, styles, regions, and the ways of speaking and of taking sides."""

    sections: dict[str, tuple[str, ...]]

    def items(self, section: str) -> tuple[str, ...]:
        """The items of one section."""
        return self.sections.get(section, ())


def read_plan(path: Path | str) -> Plan:
    """Read the plan: every ``## Section`` with its ``- item`` lines."""
    sections: dict[str, list[str]] = {}
    current = ""
    for line in existing_file(path).read_text(encoding="utf-8").splitlines():
        if match := _SECTION.match(line):
            current = match[1]
        elif (match := _ITEM.match(line)) and current:
            sections.setdefault(current, []).append(match[1])
    for needed in ("Topics", "Styles", "Regions", *WAYS):
        if needed not in sections:
            raise InputError(path, f"has no section '## {needed}' with items")
    return Plan({name: tuple(items) for name, items in sections.items()})


@dataclass(frozen=True)
class Coverage:
    """How often each item of the plan occurs: texts for topics, styles and regions, cells for the ways."""

    counts: dict[str, dict[str, int]]

    def missing(self) -> list[tuple[str, str]]:
        """(section, item) of all that does not occur yet."""
        return [(section, item) for section, items in self.counts.items() for item, n in items.items() if n == 0]

    def __str__(self) -> str:
        lines = []
        for section, items in self.counts.items():
            total = sum(items.values()) or 1
            lines.append(f"{section}: {sum(n > 0 for n in items.values())} of {len(items)}")
            lines += [f"  {n:6d} {100 * n / total:5.1f} %  {item}" for item, n in items.items()]
        return "\n".join(lines)


def coverage(annotated: Iterable[AnnotatedArticle], plan: Plan) -> Coverage:
    """Count the plan's items in annotated articles."""
    found: dict[str, Counter[str]] = {section: Counter() for section in plan.sections}
    for one in annotated:
        for section, value in (("Topics", one.topic), ("Styles", one.style), ("Regions", one.region)):
            found[section][value] += 1
        for section, name in ways_of(one):
            found[section][name] += 1
    return Coverage({s: {item: found[s][item] for item in items} for s, items in plan.sections.items()})
