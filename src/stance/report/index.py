"""Many articles at a glance: the claims on which speakers disagree most, and each speaker's record over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from stance.document import SIGN, document, legend
from stance.files import Row
from stance.schema import Stance

MAX_CLAIMS, MAX_SPEAKERS, MAX_SIDE = 200, 200, 8
UNDATED = "undated"


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


def index_page(rows: Iterable[Row], pages: Mapping[str, str], title: str) -> str:
    """The index of an analysis's statement rows; ``pages`` maps article ids to the links of their pages."""
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
    body = (
        f"<header><h1>{escape(title)}</h1>{legend()}</header>"
        f"<h2>Where speakers disagree</h2>{_claims(claims.values(), pages)}"
        f"<h2>Speakers and their record over time</h2>{_speakers(speakers.values(), months)}"
        f"<h2>Articles</h2><nav>{_articles(pages)}</nav>"
        "<footer><p>This is how the articles present their speakers, not whether the claims are true.</p></footer>"
    )
    return document(title, body)


def _claims(records: Iterable[ClaimRecord], pages: Mapping[str, str]) -> str:
    disputed = sorted((record for record in records if record.disagreement), key=lambda r: (-r.disagreement, r.text))
    if not disputed:
        return '<p class="meta">No claim is affirmed by one speaker and denied by another.</p>'
    rows = "".join(
        f'<tr><th scope="row">{escape(record.text)}</th>'
        + "".join(f'<td class="{stance.value}">{_side(record.sides[stance], pages)}</td>' for stance in Stance)
        + "</tr>"
        for record in disputed[:MAX_CLAIMS]
    )
    heads = "".join(f'<th scope="col">{SIGN[stance]} {stance.value}</th>' for stance in Stance)
    more = f"<caption>{len(disputed)} claims; the first {MAX_CLAIMS} are shown.</caption>"
    return (
        f"<table>{more if len(disputed) > MAX_CLAIMS else ''}"
        f'<thead><tr><th scope="col">Claim</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _side(speakers: Mapping[str, str], pages: Mapping[str, str]) -> str:
    names = [_linked(name, pages.get(article)) for name, article in list(speakers.items())[:MAX_SIDE]]
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
        + f"<td>{_bars(record, months, most)}</td></tr>"
        for record in often
    )
    heads = "".join(f'<th scope="col">{SIGN[stance]}</th>' for stance in Stance)
    span = f"{months[0]} to {months[-1]}" if len(months) > 1 else "".join(months)
    return (
        f'<table><thead><tr><th scope="col">Speaker</th>{heads}<th scope="col">{escape(span)}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _bars(record: SpeakerRecord, months: list[str], most: int, height: int = 28, width: int = 14) -> str:
    """A stacked bar a month, each with its numbers as a tooltip."""
    bars = []
    for column, month in enumerate(months):
        counts, base = record.months.get(month, Counter()), float(height)
        numbers = ", ".join(f"{counts[stance]} {stance.value}" for stance in Stance)
        parts = []
        for stance in Stance:
            size = height * counts[stance] / most
            base -= size
            parts.append(
                f'<rect class="{stance.value}" x="{column * width}" y="{base:.1f}" width="{width - 3}" '
                f'height="{size:.1f}"></rect>'
            )
        bars.append(f"<g><title>{escape(month)}: {numbers}</title>{''.join(parts)}</g>")
    summary = ", ".join(f"{record.total(stance)} {stance.value}" for stance in Stance)
    return (
        f'<svg class="bars" role="img" aria-label="{escape(record.name)}: {summary}" width="{len(months) * width}" '
        f'height="{height}">{"".join(bars)}</svg>'
    )


def _articles(pages: Mapping[str, str]) -> str:
    items = "".join(f"<li>{_linked(article, link)}</li>" for article, link in pages.items())
    return f"<ol>{items}</ol>"
