"""One article as a page: its words marked by speaker and stance, and the stance map, whose cells lead to the words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from stance.document import SIGN, WORD, document, legend, resource
from stance.inference.analyzer import ArticleAnalysis
from stance.schema import Attribution, Stance, Statement


@dataclass
class Mark:
    """Words that the article gives to speakers: offsets, and each speaker's number with the stance they express."""

    start: int
    end: int
    voices: list[tuple[int, Stance]] = field(default_factory=list)
    tips: list[str] = field(default_factory=list)


_HELP = """\
A cell leads to the sentence that its answer rests on; the number is the model's confidence. Arrow keys walk the cells,
Escape leads back. The page says how the article presents its speakers, not whether their claims are true."""


def article_page(analysis: ArticleAnalysis) -> str:
    """The page's source. Every text of the article is escaped."""
    article = analysis.article
    speakers = {name: number for number, name in enumerate(_speakers(analysis.statements), start=1)}
    anchors = _anchors(analysis.statements)
    meta = " · ".join(escape(part) for part in (article.publisher, article.published, article.url) if part)
    shown_map = _filters(speakers) + _map(analysis, speakers, anchors)
    body = (
        f'<header><h1>{escape(article.title or article.article_id)}</h1><p class="meta">{meta}</p>{legend()}</header>'
        f'<main><section aria-label="Article"><article>{_text(analysis, speakers, anchors)}</article></section>'
        f'<section class="map" aria-label="Stance map">{shown_map}</section></main>'
        f'<p class="sr" role="status" aria-live="polite"></p><footer><p>{_HELP}</p></footer>'
    )
    return document(article.title or article.article_id, body, resource("stance.report", "page.js"))


def _speakers(statements: Iterable[Statement]) -> list[str]:
    """Those with most statements first: their columns stand nearest to the claims."""
    names = [statement.speaker for statement in statements]
    return sorted(dict.fromkeys(names), key=lambda name: -names.count(name))


def _anchors(statements: Iterable[Statement]) -> dict[tuple[int, int], str]:
    spans = sorted({(s.evidence.start, s.evidence.end) for s in statements if s.evidence})
    return {span: f"e{number}" for number, span in enumerate(spans)}


def _filters(speakers: dict[str, int]) -> str:
    stances = "".join(_box(s.value, f'<span class="n-{s.value}">{SIGN[s]} {WORD[s]}</span>') for s in Stance)
    names = "".join(_box(str(number), f"{number} {escape(name)}") for name, number in speakers.items())
    return (
        f"<fieldset><legend>Stances</legend>{stances}</fieldset><fieldset><legend>Speakers</legend>{names}</fieldset>"
    )


def _box(value: str, label: str) -> str:
    return f'<label><input type="checkbox" value="{value}" checked> {label}</label>'


def _map(analysis: ArticleAnalysis, speakers: dict[str, int], anchors: dict[tuple[int, int], str]) -> str:
    heads = "".join(
        f'<th scope="col" data-speaker="{number}">{number} {escape(name)}</th>' for name, number in speakers.items()
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(claim)}</th>'
        + "".join(_cell(row.get(name), number, anchors) for name, number in speakers.items())
        + "</tr>"
        for claim, row in analysis.stance_map().items()
    )
    return (
        "<table><caption>Who affirms, denies or leaves open what; disagreements first.</caption>"
        f'<thead><tr><th scope="col">Claim</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _cell(statement: Statement | None, speaker: int, anchors: dict[tuple[int, int], str]) -> str:
    if statement is None:
        return f'<td data-speaker="{speaker}"></td>'
    stance, confidence = statement.stance, max(statement.probabilities.values())
    evidence = anchors[statement.evidence.start, statement.evidence.end] if statement.evidence else ""
    unsure = ", below the model's promise" if statement.abstained else ""
    label = f"{statement.speaker} {WORD[stance]}: {statement.claim}, {confidence:.0%}{unsure}"
    return (
        f'<td data-speaker="{speaker}"><a class="{stance.value}{" unsure" if unsure else ""}" href="#{evidence}" '
        f'title="{escape(label)}" aria-label="{escape(label)}" data-evidence="{evidence}" data-speaker="{speaker}" '
        f'data-stance="{stance.value}">{SIGN[stance]} {confidence:.0%}</a></td>'
    )


def _marks(analysis: ArticleAnalysis, speakers: dict[str, int]) -> list[Mark]:
    """The words by which speakers make a claim, in reading order; words of several speakers carry all of them.

    Words that make no claim of their own carry the stance that they lend to another's ("rejected the report").
    """
    found: dict[tuple[int, int], Mark] = {}
    for statement in analysis.statements:
        for attribution in statement.attributions[: statement.own]:
            _add(found, statement, attribution, speakers)
    own = set(found)
    for statement in analysis.statements:
        for attribution in statement.attributions[statement.own :]:
            if not own & {(span.start, span.end) for span in attribution.content}:
                _add(found, statement, attribution, speakers)
    return sorted(found.values(), key=lambda mark: (mark.start, -mark.end))


def _add(
    found: dict[tuple[int, int], Mark], statement: Statement, attribution: Attribution, speakers: dict[str, int]
) -> None:
    voice = (speakers[statement.speaker], statement.stance)
    for span in attribution.content:
        mark = found.setdefault((span.start, span.end), Mark(span.start, span.end))
        if voice not in mark.voices:
            mark.voices.append(voice)
            mark.tips.append(f"{statement.speaker} {WORD[statement.stance]}: {statement.claim}")


def _text(analysis: ArticleAnalysis, speakers: dict[str, int], anchors: dict[tuple[int, int], str]) -> str:
    """The article cut wherever a mark or an evidence sentence begins or ends, so that these may overlap at will."""
    text, marks = analysis.article.text, _marks(analysis, speakers)
    cuts = {0, len(text), *(edge for span in anchors for edge in span), *(e for m in marks for e in (m.start, m.end))}
    edges, seen = sorted(cuts), set[str]()
    return "".join(
        _piece(text[start:end], _inside(marks, start, end), _parts(anchors, start, end), start, seen)
        for start, end in pairwise(edges)
    )


def _inside(marks: list[Mark], start: int, end: int) -> Mark | None:
    """The innermost mark over a piece."""
    over = [mark for mark in marks if mark.start <= start and end <= mark.end]
    return min(over, key=lambda mark: mark.end - mark.start, default=None)


def _parts(anchors: dict[tuple[int, int], str], start: int, end: int) -> Iterator[str]:
    return (name for (first, last), name in anchors.items() if first <= start and end <= last)


def _piece(text: str, mark: Mark | None, parts: Iterable[str], start: int, seen: set[str]) -> str:
    names = list(parts)
    fresh = [name for name in names if name not in seen]
    seen.update(names)
    inner = _marked(escape(text), mark, first=mark.start == start) if mark else escape(text)
    if not names:
        return inner
    targets = "".join(f'<span id="{name}"></span>' for name in fresh[1:])
    identity = f' id="{fresh[0]}"' if fresh else ""
    return f'{targets}<span{identity} data-parts="{" ".join(names)}">{inner}</span>'


def _marked(text: str, mark: Mark, first: bool) -> str:
    """A piece of a mark; the first one says whose it is, in signs for the eye and in words for screen readers."""
    voices = " ".join(f"{number}:{stance.value}" for number, stance in mark.voices)
    tips = escape("; ".join(mark.tips))
    signs = " ".join(f"{number}{SIGN[stance]}" for number, stance in mark.voices)
    opening = f'<sup aria-hidden="true">{signs}</sup><span class="sr">[{tips}] </span>' if first else ""
    return f'<mark class="{mark.voices[0][1].value}" data-voices="{voices}" title="{tips}">{opening}{text}</mark>'
