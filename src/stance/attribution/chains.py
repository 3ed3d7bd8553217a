"""Nested attributions: each knows the attributions whose content holds it, outermost first."""

from __future__ import annotations

from dataclasses import replace

from stance.schema import Attribution, Link, Span


def with_chains(attributions: list[Attribution]) -> list[Attribution]:
    """The attributions of a paragraph, each chain (so far its own link) preceded by the links around it."""
    widest_first = sorted(attributions, key=_length, reverse=True)
    return [replace(one, chain=_outer_links(one, widest_first) + one.chain) for one in attributions]


def _outer_links(inner: Attribution, widest_first: list[Attribution]) -> tuple[Link, ...]:
    return tuple(link for outer in widest_first if _holds(outer, inner) for link in outer.chain)


def _holds(outer: Attribution, inner: Attribution) -> bool:
    """Whether the inner one's cue and content both lie in the outer one's content."""
    if outer is inner or not inner.cue or inner.cue[0].start < outer.content[0].start:
        return False
    return all(_inside(span, outer.content) for span in (*inner.cue, *inner.content))


def _inside(span: Span, spans: tuple[Span, ...]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in spans)


def _length(attribution: Attribution) -> int:
    return sum(span.end - span.start for span in attribution.content)
