"""Pair -> token ids: the one place where training and inference meet.

A model input is ``[CLS] speaker cue : claim [SEP] passages [SEP]``. The cue is a verb for what the words of the best
sentence suggest (denies, asks, says): a hint that the model learns how far to trust. The passages are the sentences of
the context that matter for this speaker and this claim, in reading order, as many as fit the window; what did not fit
is counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Sized
from dataclasses import asdict, dataclass
from math import fsum, log
from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached
from tokenizers import Tokenizer

from stance.errors import StanceError
from stance.schema import Evidence, Span, Stance
from stance.tokens import token_ids, without_frame
from stance.wording import cue_stance, overlap, pieces, sentences, stems, words

MAX_SENTENCE_CHARS = 1200
"""Text without sentence ends is cut into pieces of this size, so that one piece can never fill memory."""

CACHED_CHARS = 2_000_000
"""Contexts that an encoder keeps cut, counted in characters: one article of 100,000 words has some 600,000."""

HINTS = {Stance.AFFIRM: "says", Stance.DENY: "denies", Stance.NEUTRAL: "asks"}
MARK, MARKED = "»", 0.5
"""A sentence that is by or about the speaker with at least this certainty is opened by this token."""


@dataclass
class EncodingOptions:
    """How a pair becomes a model input; stored in the bundle, so that inference repeats what training saw."""

    max_tokens: int = 64
    max_claim_tokens: int = 40
    speaker_weight: float = 4.0
    neighbour_weight: float = 0.15
    mark_speaker: bool = True
    cue_hint: bool = True

    def __post_init__(self) -> None:
        if not 32 <= self.max_tokens <= 512:
            raise StanceError(f"encoding.max_tokens is {self.max_tokens}; choose from 32 to 512")
        if not 8 <= self.max_claim_tokens <= self.max_tokens - 16:
            raise StanceError(
                f"encoding.max_claim_tokens is {self.max_claim_tokens}; choose from 8 to {self.max_tokens - 16}"
            )

    def as_dict(self) -> dict[str, int | float]:
        """The options as JSON."""
        return asdict(self)


class Encoded(NamedTuple):
    """A model input: token ids, segment ids (0 pair, 1 passages), the evidence sentence, tokens left out."""

    input_ids: list[int]
    token_type_ids: list[int]
    evidence: Evidence | None
    truncated: int


class Sentence(NamedTuple):
    """A sentence of a context with what selection needs of it."""

    span: Span
    text: str
    stems: frozenset[str]
    words: frozenset[str]


class Context:
    """A context cut into sentences once, for the many claims that are asked of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        spans = [piece for span in sentences(text) for piece in pieces(text, span, MAX_SENTENCE_CHARS)]
        self.sentences = [
            Sentence(span, piece := span.of(text), frozenset(stems(piece)), frozenset(words(piece))) for span in spans
        ]
        counts: dict[str, int] = {}
        for sentence in self.sentences:
            for one in sentence.stems:
                counts[one] = counts.get(one, 0) + 1
        self.rarity = {one: log(1 + len(self.sentences) / count) for one, count in counts.items()}

    def relevance(self, speaker: str, claim: str, options: EncodingOptions) -> list[float]:
        """A score for each sentence: claim words it holds (rare ones count more), the speaker, its neighbours."""
        wanted = stems(claim)
        total = fsum(self.rarity.get(one, 1.0) for one in wanted) or 1.0  # fsum: sets have no fixed order
        on_claim = [fsum(self.rarity[one] for one in wanted & sentence.stems) / total for sentence in self.sentences]
        by_speaker = self.by_speaker(speaker)
        own = [c + options.speaker_weight * s * (0.5 + c) for c, s in zip(on_claim, by_speaker, strict=True)]
        last = len(own) - 1
        return [
            score + options.neighbour_weight * max(own[max(0, i - 1)], own[min(last, i + 1)])
            for i, score in enumerate(own)
        ]

    def by_speaker(self, speaker: str) -> list[float]:
        """How surely each sentence is about or by the speaker, in [0, 1]; pronouns and quotes carry it on."""
        names = [word for word in words(speaker) if word not in _TITLES]
        wanted = {word for word in names if len(word) > 1} or set(names)
        described, scores, before = stems(speaker), [], 0.0
        for sentence in self.sentences:
            here = 1.0 if names and names[-1] in sentence.words else overlap(wanted, set(sentence.words))
            here = max(here, 0.8 * overlap(described, set(sentence.stems)))
            carried = 0.7 * before if _CARRIES.match(sentence.text) else 0.0
            before = max(here if here >= 0.5 else 0.0, carried)
            scores.append(max(here, carried))
        return scores


_TITLES = frozenset("the a an of mr mrs ms dr sir president minister spokesman spokeswoman spokesperson".split())
_CARRIES = re.compile(r"[\"“‘']|(?:He|She|They|It|His|Her|Their|I|We|The)\b")


class Encoder:
    """Turns pairs into model inputs with a tokenizer; thread-safe, keeps the last contexts that it cut."""

    def __init__(self, tokenizer: Tokenizer, options: EncodingOptions) -> None:
        self.tokenizer = without_frame(tokenizer)
        self.options = options
        self.cls, self.sep, self.pad, self.mark = token_ids(tokenizer, "[CLS]", "[SEP]", "[PAD]", MARK)
        kept: LRUCache[str, tuple[Context, list[list[int]]]] = LRUCache(CACHED_CHARS, lambda cut: len(cut[0].text))
        self._context = cached(kept, lock=Lock())(self._cut)

    def _cut(self, text: str) -> tuple[Context, list[list[int]]]:
        context = Context(text)
        encoded = self.tokenizer.encode_batch([s.text for s in context.sentences], add_special_tokens=False)
        return context, [item.ids for item in encoded]

    def encode(self, speaker: str, claim: str, context: str) -> Encoded:
        """The input for one pair; the sentence of highest relevance is its evidence."""
        cut, ids = self._context(context)
        relevance = cut.relevance(speaker, claim, self.options)
        question = self._question(cut, relevance, speaker, claim)
        marked = self._marked(cut, ids, speaker)
        room = self.options.max_tokens - len(question) - 3
        chosen = _fit(relevance, [len(one) for one in marked], room)
        passages = [token for index in chosen for token in marked[index]][:room]
        marks = sum(len(marked[index]) - len(ids[index]) for index in chosen)
        input_ids = [self.cls, *question, self.sep, *passages, self.sep]
        types = [0] * (len(question) + 2) + [1] * (len(passages) + 1)
        best = max(chosen, key=lambda index: relevance[index], default=None)
        evidence = None if best is None else Evidence(*cut.sentences[best].span, cut.sentences[best].text)
        return Encoded(input_ids, types, evidence, sum(map(len, ids)) - (len(passages) - marks))

    def _question(self, cut: Context, relevance: Sequence[float], speaker: str, claim: str) -> list[int]:
        hint = ""
        if self.options.cue_hint and relevance:
            best = max(range(len(relevance)), key=lambda index: relevance[index])
            hint = f" {HINTS[cue_stance(cut.sentences[best].text)]}"
        ids: list[int] = self.tokenizer.encode(f"{speaker}{hint} : {claim}", add_special_tokens=False).ids
        return ids[: self.options.max_claim_tokens]

    def _marked(self, cut: Context, ids: list[list[int]], speaker: str) -> list[list[int]]:
        if not self.options.mark_speaker:
            return ids
        certainty = cut.by_speaker(speaker)
        return [[self.mark, *one] if sure >= MARKED else one for one, sure in zip(ids, certainty, strict=True)]


def padded_width(rows: Sequence[Sized], multiple: int = 8) -> int:
    """The length of the longest row, rounded up to a ``multiple``."""
    return -(-max(map(len, rows)) // multiple) * multiple


def pad_batch(
    ids: Sequence[list[int]], types: Sequence[list[int]], pad: int, multiple: int = 8
) -> dict[str, npt.NDArray[np.int64]]:
    """Arrays of shape (batch, width) as the encoder takes them; ``width`` is rounded up to a ``multiple``."""
    width = padded_width(ids, multiple)
    return {
        "input_ids": np.array([one + [pad] * (width - len(one)) for one in ids]),
        "token_type_ids": np.array([one + [0] * (width - len(one)) for one in types]),
        "attention_mask": np.array([[1] * len(one) + [0] * (width - len(one)) for one in ids]),
    }


def _fit(relevance: Sequence[float], lengths: Sequence[int], room: int) -> list[int]:
    """Indices of the most relevant sentences that fit into ``room`` tokens, in reading order (at least one)."""
    chosen: list[int] = []
    for index in sorted(range(len(relevance)), key=lambda i: (-relevance[i], i)):
        if lengths[index] <= room:
            chosen.append(index)
            room -= lengths[index]
        elif not chosen:
            return [index]
        if room < 8:
            break
    return sorted(chosen)
