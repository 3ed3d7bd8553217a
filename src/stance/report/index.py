"""Many articles at a glance: the claims on which speakers disagree most, and each speaker's record over time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from stance.document import SIGN, WORD, document, legend
from stance.files import Row, sha256_text
from stance.schema import Stance

MAX_CLAIMS, MAX_SPEAKERS, MAX_SIDE = 200, 200, 8
UNDATED = "undated"


class Page(NamedTuple):
    """An article's page: its link, its title, and the name that :func:`page_name` gives its article's id."""

    link: str
    title: str
    name: str


def page_name(article_id: str) -> str:
    """A file name for any article id: readable, safe, and different for different ids."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", article_id).strip("-")[:60]
    return f"{readable or 'article'}-{sha256_text(article_id)[:8]}.html"


@dataclass
class ClaimRecord:
    """Who said what on one claim, in any article."""

    text: str
    sides: dict[Stance, dict[str, str]] = field(default_factory=lambda: {stance: {} for stance in Stance})

    @property
    def disagreement(self) -> int:
        """Speakers on the smaller of the two sides; a speaker with both counts on both."""
        return min(len(self.sides[Stance.AFFIRM]), len(self.sides[Stance.DENY]))


@dataclass
class SpeakerRecord:
    """A speaker's stances by month."""

    name: str
    months: dict[str, Counter[Stance]] = field(default_factory=dict)

    def total(self, stance: Stance) -> int:
        """Statements of one stance."""
        return sum(month[stance] for month in self.months.values())

    @property
    def statements(self) -> int:
        """All of them."""
        return sum(month.total() for month in self.months.values())


def index_page(rows: Iterable[Row], pages: Sequence[Page], title: str) -> str:
    """The index of an analysis's statement rows, with links to ``pages``."""
    claims: dict[str, ClaimRecord] = {}
    speakers: dict[str, SpeakerRecord] = {}
    for row in rows:
        stance, speaker = Stance(row["stance"]), row["speaker"]
        record = claims.setdefault(row["claim"].casefold().strip(" ."), ClaimRecord(row["claim"]))
        record.sides[stance].setdefault(speaker, row["article_id"])
        month = str(row.get("published") or "")[:7] or UNDATED
        own = speakers.setdefault(speaker.casefold(), SpeakerRecord(speaker))
        own.months.setdefault(month, Counter())[stance] += 1
    months = sorted({month for record in speakers.values() for month in record.months})
    links = {page.name: page.link for page in pages}
    body = (
        f"<header><h1>{escape(title)}</h1>{legend()}</header>"
        f"<h2>Where speakers disagree</h2>{_claims(claims.values(), links)}"
        f"<h2>Speakers and their record over time</h2>{_speakers(speakers.values(), months)}"
        f'<nav aria-label="Articles"><h2>Articles</h2>{_articles(pages)}</nav>'
        "<footer><p>This is how the articles present their speakers, not whether the claims are true.</p></footer>"
    )
    return document(title, body)


def _heads() -> str:
    return "".join(f'<th scope="col">{SIGN[stance]} {WORD[stance]}</th>' for stance in Stance)


def _claims(records: Iterable[ClaimRecord], links: Mapping[str, str]) -> str:
    disputed = sorted((record for record in records if record.disagreement), key=lambda r: (-r.disagreement, r.text))
    if not disputed:
        return '<p class="meta">No claim is affirmed by one speaker and denied by another.</p>'
    rows = "".join(
        f'<tr><th scope="row">{escape(record.text)}</th>'
        + "".join(f'<td class="{stance.value}">{_side(record.sides[stance], links)}</td>' for stance in Stance)
        + "</tr>"
        for record in disputed[:MAX_CLAIMS]
    )
    more = f"<caption>{len(disputed)} claims; the first {MAX_CLAIMS} are shown.</caption>"
    return (
        f"<table>{more if len(disputed) > MAX_CLAIMS else ''}"
        f'<thead><tr><th scope="col">Claim</th>{_heads()}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _side(speakers: Mapping[str, str], links: Mapping[str, str]) -> str:
    names = [_linked(name, links.get(page_name(article))) for name, article in list(speakers.items())[:MAX_SIDE]]
    rest = len(speakers) - MAX_SIDE
    return ", ".join(names) + (f" and {rest} more" if rest > 0 else "")


def _linked(name: str, link: str | None) -> str:
    return f'<a href="{escape(link)}">{escape(name)}</a>' if link else escape(name)


def _speakers(records: Iterable[SpeakerRecord], months: list[str]) -> str:
    often = sorted(records, key=lambda record: (-record.statements, record.name))[:MAX_SPEAKERS]
    most = max((month.total() for record in often for month in record.months.values()), default=1)
    rows = "".join(
        f'<tr><th scope="row">{escape(record.name)}</th>'
        + "".join(f'<td class="{stance.value}">{record.total(stance)}</td>' for stance in Stance)
        + f"<td>{_bars(record, months, most)}{_months(record, months)}</td></tr>"
        for record in often
    )
    span = f"{months[0]} to {months[-1]}" if len(months) > 1 else "".join(months)
    return (
        f'<table><thead><tr><th scope="col">Speaker</th>{_heads()}<th scope="col">{escape(span)}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _numbers(counts: Counter[Stance]) -> str:
    return ", ".join(f"{counts[stance]} {stance.value}" for stance in Stance)


def _bars(record: SpeakerRecord, months: list[str], most: int, height: int = 28, width: int = 14) -> str:
    """A stacked bar a month: for the eye only, the same numbers stand below it as text."""
    bars = []
    for column, month in enumerate(months):
        counts, base = record.months.get(month, Counter()), float(height)
        for stance in Stance:
            size = height * counts[stance] / most
            base -= size
            bars.append(
                f'<rect class="{stance.value}" x="{column * width}" y="{base:.1f}" width="{width - 3}" '
                f'height="{size:.1f}"></rect>'
            )
    return f'<svg class="bars" aria-hidden="true" width="{len(months) * width}" height="{height}">{"".join(bars)}</svg>'


def _months(record: SpeakerRecord, months: list[str]) -> str:
    items = "".join(f"<li>{escape(m)}: {_numbers(record.months[m])}</li>" for m in months if m in record.months)
    return f"<details><summary>by month</summary><ul>{items}</ul></details>"


def _articles(pages: Sequence[Page]) -> str:
    return f"<ol>{''.join(f'<li>{_linked(page.title, page.link)}</li>' for page in pages)}</ol>"
