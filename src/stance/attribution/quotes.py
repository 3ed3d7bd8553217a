"""Quoted passages of a text, found on the raw characters: all kinds of marks, several paragraphs."""

from __future__ import annotations

import re

from stance.schema import Span

MAX_QUOTE = 3000
"""A quotation longer than this many characters is taken for an unbalanced mark."""

_DOUBLE = re.compile("[\"“”„«»‟]|'(?=')")
_SINGLE_OPEN = re.compile(r"(?<![\w’'])[‘']{1,2}(?=\w)")
_SINGLE_CLOSE = re.compile(r"(?<=[.,!?;:\w])[’']{1,2}(?![\w])")


def quote_spans(text: str) -> list[Span]:
    """Spans of the quotations in ``text``, marks included, in order and without overlap.

    A paragraph that opens a quotation and does not close it continues in the next paragraph if that one opens with a
    mark too; each paragraph then is a span of its own.
    """
    spans: list[Span] = []
    for paragraph in paragraphs(text):
        spans.extend(_in_paragraph(text, paragraph))
    return spans


def paragraphs(text: str) -> list[Span]:
    """Spans of the non-empty paragraphs: blocks between blank lines, or lines where there are no blank lines."""
    separator = re.compile(r"\n[ \t\r]*\n\s*") if re.search(r"\n[ \t\r]*\n", text) else re.compile(r"\n+")
    spans, start = [], 0
    for match in [*separator.finditer(text), None]:
        end = match.start() if match else len(text)
        block = text[start:end]
        if block.strip():
            left = len(block) - len(block.lstrip())
            spans.append(Span(start + left, start + len(block.rstrip())))
        start = match.end() if match else end
    return spans


def quote_type_of(content: tuple[Span, ...], quotes: list[Span]) -> str:
    """``direct`` where nine tenths of the content are quoted, ``mixed`` where less is, ``indirect`` where none."""
    length = sum(span.end - span.start for span in content)
    covered = sum(max(0, min(s.end, q.end) - max(s.start, q.start)) for s in content for q in quotes)
    if not covered:
        return "indirect"
    return "direct" if covered >= 0.9 * length else "mixed"


def _in_paragraph(text: str, paragraph: Span) -> list[Span]:
    double = _double(text, paragraph)
    return double or _single(text, paragraph)


def _double(text: str, paragraph: Span) -> list[Span]:
    spans, opened = [], None
    for found in _DOUBLE.finditer(text, paragraph.start, paragraph.end):
        index, mark = found.start(), found[0]
        width = 2 if mark == "'" else 1
        if opened is None:
            if mark not in "”" and not _inch(text, index):
                opened = index
        elif (mark not in "“„" or (mark == "“" and text[opened] == "„")) and index >= opened + 2:
            spans.append(Span(opened, index + width))
            opened = None
    if opened is not None and paragraph.end - opened <= MAX_QUOTE:
        spans.append(Span(opened, paragraph.end))  # goes on in the next paragraph, or the mark was forgotten
    return [span for span in spans if span.end - span.start <= MAX_QUOTE]


def _inch(text: str, index: int) -> bool:
    return text[index] == '"' and index > 0 and text[index - 1].isdigit()


def _single(text: str, paragraph: Span) -> list[Span]:
    spans, position = [], paragraph.start
    while match := _SINGLE_OPEN.search(text, position, paragraph.end):
        close = _SINGLE_CLOSE.search(text, match.end(), paragraph.end)
        # a closing single mark looks like an apostrophe: only quotations of three words or more are trusted
        while close and len(text[match.end() : close.start()].split()) < 3:
            close = _SINGLE_CLOSE.search(text, close.end(), paragraph.end)
        if not close or close.end() - match.start() > MAX_QUOTE:
            break
        spans.append(Span(match.start(), close.end()))
        position = close.end()
    return spans
