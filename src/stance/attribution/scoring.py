"""Found attributions against gold ones by their characters: precision, recall and F1, as a whole and by kind.

A found content matches a gold one if their intersection over union in characters is at least :data:`MATCH` (one to
one, best overlap first); within a matched pair the source is right if it overlaps the gold source as much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from stance.attribution.quotes import quote_spans, quote_type_of
from stance.errors import InputError
from stance.files import Row
from stance.records import parse_article, parse_attribution
from stance.schema import Article, Attribution, Span

MATCH = 0.5
Annotated = tuple[Article, list[Attribution]]
"""An article and the attributions that somebody has found in it."""

KINDS = ("direct", "indirect", "mixed", "nested")


@dataclass
class Tally:
    """Counts from which precision and recall follow (both in [0, 1])."""

    matched_found: int = 0
    found: int = 0
    matched_gold: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of the found ones that match."""
        return self.matched_found / max(1, self.found)

    @property
    def recall(self) -> float:
        """Share of the gold ones that are matched."""
        return self.matched_gold / max(1, self.gold)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def __str__(self) -> str:
        scores = f"P {100 * self.precision:5.1f}  R {100 * self.recall:5.1f}  F1 {100 * self.f1:5.1f}"
        return f"{scores}   ({self.found} found, {self.gold} gold)"


@dataclass
class Scores:
    """Tallies over articles: contents, contents with their sources, and contents by kind (see :data:`KINDS`).

    By kind, precision goes by the kind of the found attribution and recall by the kind of the gold one.
    """

    content: Tally = field(default_factory=Tally)
    source: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in KINDS})

    def add(self, gold: list[Attribution], found: list[Attribution]) -> None:
        """Count one article."""
        pairs = matches(gold, found)
        right = [(g, f) for g, f in pairs if gold[g].source and _overlap(gold[g].source, found[f].source) >= MATCH]
        _count(self.content, len(pairs), len(found), len(gold))
        _count(self.source, len(right), sum(bool(f.source) for f in found), sum(bool(g.source) for g in gold))
        for index, one in enumerate(gold):
            for kind in _kinds(one, gold):
                self.kinds[kind].gold += 1
                self.kinds[kind].matched_gold += any(g == index for g, _ in pairs)
        for index, one in enumerate(found):
            for kind in _kinds(one, found):
                self.kinds[kind].found += 1
                self.kinds[kind].matched_found += any(f == index for _, f in pairs)

    def __str__(self) -> str:
        rows = {"content": self.content, "content and source": self.source, **self.kinds}
        return "\n".join(f"{name:19s}{tally}" for name, tally in rows.items())


def matches(gold: list[Attribution], found: list[Attribution]) -> list[tuple[int, int]]:
    """Indices (gold, found) of the contents that match, one to one."""
    overlaps = [
        (share, g, f)
        for g, one in enumerate(gold)
        for f, other in enumerate(found)
        if (share := _overlap(one.content, other.content)) >= MATCH
    ]
    pairs: dict[int, int] = {}
    for _, g, f in sorted(overlaps, reverse=True):
        if g not in pairs and f not in pairs.values():
            pairs[g] = f
    return list(pairs.items())


def gold_attributions(row: Row, path: Path, line: int) -> tuple[Article, list[Attribution]]:
    """An article and its gold attributions from a JSON object; how much of a content is quoted is read off the text."""
    article = parse_article(row, path, line)
    rows = row.get("attributions")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise InputError(path, "key 'attributions' must be a list of objects", line)
    read = [parse_attribution({**one, "article_id": article.article_id}, path, line) for one in rows]
    return article, with_quote_types(article, read)


def with_quote_types(article: Article, attributions: Iterable[Attribution]) -> list[Attribution]:
    """Attributions that are known by their spans alone, with how much of their contents is quoted."""
    quotes = quote_spans(article.text)
    return [replace(one, quote_type=quote_type_of(one.content, quotes)) for one in attributions]


def agreement_of(first: Iterable[Annotated], second: Iterable[Annotated]) -> Scores:
    """How far a second annotation finds what the first has: over the articles that both have, the first as gold."""
    known = {article.article_id: found for article, found in first}
    scores = Scores()
    for article, found in second:
        scores.add(*(with_quote_types(article, each) for each in (known[article.article_id], found)))
    return scores


def _count(tally: Tally, hits: int, found: int, gold: int) -> None:
    tally.matched_found += hits
    tally.matched_gold += hits
    tally.found += found
    tally.gold += gold


def _kinds(one: Attribution, all_: list[Attribution]) -> list[str]:
    nested = one.cue and any(other is not one and _holds(other.content, one.cue[0]) for other in all_)
    return [one.quote_type, "nested"] if nested else [one.quote_type]


def _holds(spans: tuple[Span, ...], inner: Span) -> bool:
    return any(span.start <= inner.start and inner.end <= span.end for span in spans)


def _overlap(first: tuple[Span, ...], second: tuple[Span, ...]) -> float:
    """Intersection over union in characters."""
    common = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in first for b in second)
    return common / max(1, _length(first) + _length(second) - common)


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)
