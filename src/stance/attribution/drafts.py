"""An attribution before its speaker is known."""

from __future__ import annotations

from dataclasses import dataclass

from stance.schema import Span, Stance


@dataclass(frozen=True)
class Draft:
    """An attribution before its speaker is known; ``named`` is the phrase that the source stands for."""

    source: tuple[Span, ...]
    named: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    rule: str
    force: Stance = Stance.AFFIRM
    first_person: bool = False

    @property
    def spans(self) -> tuple[Span, ...]:
        """Source, cue and content together."""
        return self.source + self.cue + self.content

    @property
    def position(self) -> int:
        """Where the source, or else what stands for it, ends."""
        return (self.source or self.cue or self.content)[-1].end
