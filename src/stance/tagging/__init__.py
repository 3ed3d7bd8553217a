"""A learned tagger of attributions: contents, sources and cues as labels of words, linked by distance.

Each of a window's words is labelled by a small encoder (labels.py, windows.py, network.py); decoding.py makes
attributions of the labels, :mod:`stance.attribution` finds their speakers as it does for the rules.
"""

from stance.tagging.folder import read_tagger, write_tagger
from stance.tagging.options import AttributionOptions
from stance.tagging.tagger import SpanTagger

__all__ = ["AttributionOptions", "SpanTagger", "read_tagger", "write_tagger"]
