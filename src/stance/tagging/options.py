"""How attributions are found: values stand in configs/attribution, types here."""

from __future__ import annotations

from dataclasses import dataclass

from stance.errors import StanceError, one_of
from stance.tagging.tagger import SpanTagger

KINDS = ("rules", "tagger")


@dataclass
class AttributionOptions:
    """By rules alone, or with a trained tagger that lies in the folder ``model_dir``."""

    kind: str = "rules"
    model_dir: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise StanceError(f"attribution.kind is {one_of(self.kind, KINDS)}")

    def tagger(self) -> SpanTagger | None:
        """The opened tagger; None for rules."""
        return SpanTagger(self.model_dir) if self.kind == "tagger" else None
