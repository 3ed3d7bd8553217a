"""Sources that an outlet cites for a report: "the daily said, citing two officials" gives the words to them too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from stance.schema import Attribution, Span

_CITING = re.compile(r"\b(?:citing|quoting|cited|quoted)\b", re.I)
_REACH = 400
"""Characters between a report and its "citing" within one sentence; longer sentences are lists."""
_SOURCE = re.compile(
    r"\b(?:official|source|people|person|witness|diplomat|minister|document|report|data|figure|statement|spokes\w+"
    r"|expert|lawyer|police|agency|ministry|media|record|letter|memo|study|analyst|executive|employee|relative)",
    re.I,
)
_JOINT = re.compile(r"\s+and\s+(?=(?:an?|the|another|two|three|several|other)\b)")


def citations(attributions: list[Attribution], text: str) -> list[tuple[Attribution, Attribution]]:
    """(citing, report): each "citing two officials" with the attribution whose content it backs."""
    found = []
    for citing in attributions:
        if _is_citing(citing, text):
            report = next((a for a in reversed(attributions) if a is not citing and _is_before(a, citing, text)), None)
            if report is not None:
                found.append((citing, report))
    return found


def cited(attributions: list[Attribution], text: str) -> list[Attribution]:
    """An attribution to each cited source, with the words of the report that it is cited for."""
    return [one for citing, report in citations(attributions, text) for one in _given(citing, report, text)]


def _is_citing(attribution: Attribution, text: str) -> bool:
    cue = " ".join(span.of(text) for span in attribution.cue)
    return attribution.rule == "verb_object" and bool(_CITING.search(cue)) and not attribution.clauses


def _given(citing: Attribution, report: Attribution, text: str) -> Iterator[Attribution]:
    words = " ".join(span.of(text) for span in citing.content)
    if _SOURCE.search(words) or words[:1].isupper():
        for name in _JOINT.split(words):
            yield replace(report, source=_span(name, citing, text), speaker=name.strip(" ,"), rule="cited")


def _is_before(report: Attribution, citing: Attribution, text: str) -> bool:
    """Whether an attribution to the same outlet stands before its "citing", in the same sentence."""
    if report.speaker != citing.speaker or not report.clauses or not report.cue:
        return False
    start, end = max(report.content[-1].end, report.cue[-1].end), citing.cue[0].start
    return 0 <= end - start <= _REACH and not re.search(r"[.!?]\s|\n", text[start:end])


def _span(name: str, citing: Attribution, text: str) -> tuple[Span, ...]:
    at = text.find(name, citing.content[0].start, citing.content[-1].end)
    return (Span(at, at + len(name)),) if at >= 0 else citing.content
