"""One self-contained HTML page: the article with its evidence marked, and the stance map beside it. No network."""

from __future__ import annotations

from html import escape
from pathlib import Path

from stance.inference.analyzer import ArticleAnalysis
from stance.records import atomic_write
from stance.schema import Stance, Statement

_SIGN = {Stance.AFFIRM: "+", Stance.DENY: "−", Stance.NEUTRAL: "?"}
_STYLE = """
:root{--affirm:#0072b2;--deny:#d55e00;--neutral:#6b6b6b}
body{font:16px/1.55 Georgia,serif;margin:0;display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:2rem;
max-width:1400px;margin:auto;padding:1.5rem;color:#1a1a1a;background:#fff}
h1{grid-column:1/-1;font-size:1.6rem;margin:0}section{min-width:0}
table{border-collapse:collapse;width:100%;font:14px/1.4 system-ui,sans-serif}
th,td{border-bottom:1px solid #ddd;padding:.35rem .5rem;text-align:left;vertical-align:top}
th[colspan]{background:#f4f4f4;font-weight:600}
.affirm{color:var(--affirm)}.deny{color:var(--deny)}.neutral{color:var(--neutral)}
td.s{white-space:nowrap;font-weight:600}a{color:inherit}
mark{background:#fff3bf;padding:.05em 0}mark:target{outline:3px solid #1a1a1a;background:#ffe066}
article{white-space:pre-wrap}footer{grid-column:1/-1;font:13px system-ui,sans-serif;color:#555}
@media(max-width:800px){body{display:block}}
"""


def write_page(analysis: ArticleAnalysis, path: Path) -> None:
    """Write the page atomically."""
    with atomic_write(path) as partial:
        partial.write_text(page(analysis), encoding="utf-8")


def page(analysis: ArticleAnalysis) -> str:
    """The page's source; every text of the article is escaped."""
    title = escape(analysis.article.title or analysis.article.article_id)
    anchors = _anchors(analysis)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f'<body><h1>{title}</h1><section aria-label="stances"><table>{_table(analysis, anchors)}</table></section>'
        f'<section aria-label="article"><article>{_article(analysis, anchors)}</article></section>'
        "<footer>+ affirms, − denies, ? leaves open; the share is the model's confidence. "
        "A stance links to the sentence that weighed most.</footer></body></html>"
    )


def _anchors(analysis: ArticleAnalysis) -> dict[tuple[int, int], str]:
    spans = sorted({(s.evidence.start, s.evidence.end) for s in analysis.statements if s.evidence})
    return {span: f"e{index}" for index, span in enumerate(spans)}


def _table(analysis: ArticleAnalysis, anchors: dict[tuple[int, int], str]) -> str:
    parts = []
    for claim, statements in analysis.stance_map().items():
        parts.append(f'<tr><th colspan="3">{escape(claim)}</th></tr>')
        parts.extend(_line(statement, anchors) for statement in statements.values())
    return "".join(parts)


def _line(statement: Statement, anchors: dict[tuple[int, int], str]) -> str:
    stance, confidence = statement.stance, max(statement.probabilities.values())
    word = f"{_SIGN[stance]} {stance.value}"
    if statement.evidence:
        anchor = anchors[statement.evidence.start, statement.evidence.end]
        word = f'<a href="#{anchor}">{word}</a>'
    return (
        f'<tr><td>{escape(statement.speaker)}</td><td class="s {stance.value}">{word}</td>'
        f"<td>{confidence:.0%}</td></tr>"
    )


def _article(analysis: ArticleAnalysis, anchors: dict[tuple[int, int], str]) -> str:
    text, position, parts = analysis.article.text, 0, []
    for (start, end), anchor in anchors.items():
        if start < position:
            continue  # evidence sentences do not overlap; a cut piece of one might
        parts.append(escape(text[position:start]))
        parts.append(f'<mark id="{anchor}">{escape(text[start:end])}</mark>')
        position = end
    return "".join([*parts, escape(text[position:])])
