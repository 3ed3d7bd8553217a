"""A trained tagger: article -> the spans of its attributions."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stance.attribution.tagged import Tagged
from stance.files import sha256_text
from stance.schema import Article
from stance.tagging.decoding import decode
from stance.tagging.folder import read_tagger
from stance.tagging.windows import Cutter, Window
from stance.tokens import read_tokenizer


class SpanTagger:
    """Opens a tagger's folder, whose hashes are compared at once; torch is loaded with the first article.

    The same article gets the same spans, whatever was read before it.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.manifest = read_tagger(folder)
        self.cutter = Cutter(read_tokenizer(self.folder))

    @property
    def digest(self) -> str:
        """A hash of the hashes of the folder's files."""
        return sha256_text(repr(sorted(self.manifest["files"].items())))

    @cached_property
    def network(self) -> Any:
        """The token model."""
        from stance.tagging.network import load_network

        return load_network(self.folder)

    def warm(self) -> None:
        """Load the model now, for a process of its own that shares the processor with others: on one thread."""
        import torch

        torch.set_num_threads(1)
        _ = self.network

    def __call__(self, article: Article) -> list[Tagged]:
        """The attributions of an article in the order of their contents."""
        windows = self.cutter.windows(article.text)
        return decode(article.text, [word for one in windows for word in one.words], self._scores(windows))

    def _scores(self, windows: list[Window]) -> npt.NDArray[np.float64]:
        from stance.tagging.network import scores

        return scores(self.network, windows, self.cutter.pad)
