"""Lower layers that keep their weights: what they make of an input is computed once and kept for every later run.

With ``frozen_layers`` only the upper layers are trained, on the stored states of the lower ones. A search for a recipe
or a learning curve, whose trainings all start from the same weights, pays for the lower layers once.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from datasets import Dataset
from tqdm import tqdm

from stance.encoding import pad_batch, padded_width
from stance.errors import StanceError
from stance.files import atomic_write, write_json

KEPT = 8_000_000_000
"""Bytes of states that a cache holds; files used longest ago go first. 26,000 pairs of 64 tokens take 1.1 GB."""

SEGMENT = 4096
"""Inputs whose states are computed, and written, at a time: a kill loses no more."""

BATCH = 64
"""Inputs that go through the frozen layers at once."""

ASIDE = (
    "_name_or_path", "transformers_version", "architectures", "id2label", "label2id", "problem_type",
    "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout",
)  # fmt: skip
"""What a configuration says of where a model comes from and of its training, not of what its lower layers compute."""

Halves = npt.NDArray[np.float16]


class Lower:
    """The embeddings and the lower layers of a classifier, taken out of it until :meth:`put_back`.

    What is left of ``model`` is the same class of model, whose inputs are states instead of token ids.
    """

    def __init__(self, model: Any, layers: int) -> None:
        base = model.base_model
        stack = getattr(getattr(base, "encoder", None), "layer", None)
        if stack is None or not hasattr(base, "embeddings"):
            raise StanceError(f"training.frozen_layers is {layers}, but a {type(model).__name__} cannot be cut; set 0")
        if layers >= len(stack):
            raise StanceError(f"training.frozen_layers is {layers}; choose from 0 to {len(stack) - 1}")
        self.base, self.stack, self.embeddings, self.layers = base, stack, base.embeddings, layers
        self.hidden = int(model.config.hidden_size)
        for module in (self.embeddings, *stack[:layers]):
            module.requires_grad_(False)
        self._take_out()

    def _take_out(self) -> None:
        self.base.embeddings, self.base.encoder.layer = _PassOn(), self.stack[self.layers :]

    def put_back(self) -> None:
        """Make the model whole again, with what its upper layers have learnt."""
        self.base.embeddings, self.base.encoder.layer = self.embeddings, self.stack

    def name(self) -> str:
        """A hash of everything that the states depend on besides the input."""
        config = {name: value for name, value in self.base.config.to_dict().items() if name not in ASIDE}
        made = hashlib.sha256(json.dumps([_device().type, config], sort_keys=True, default=str).encode())
        for module in (self.embeddings, *self.stack[: self.layers]):
            for weights in module.state_dict().values():
                made.update(weights.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
        return made.hexdigest()[:24]

    @torch.no_grad()
    def states(self, ids: Sequence[list[int]], types: Sequence[list[int]], pad: int) -> list[Halves]:
        """What the last frozen layer makes of each input: arrays of shape (its tokens, hidden)."""
        device = _device()
        batch = {key: torch.from_numpy(value).to(device) for key, value in pad_batch(ids, types, pad).items()}
        training = self.base.training
        self.base.embeddings, self.base.encoder.layer = self.embeddings, self.stack[: self.layers]
        try:
            made = self.base.to(device).eval()(**batch).last_hidden_state.half().cpu().numpy()
        finally:
            self.base.train(training)
            self._take_out()
        return [row[: len(one)] for row, one in zip(made, ids, strict=True)]


def _device() -> torch.device:
    """The GPU of this process, or the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cpu")


class _PassOn(torch.nn.Module):
    """Stands where the embeddings stood: the states that come in are the ones that go on."""

    def forward(self, inputs_embeds: Any, **others: Any) -> Any:
        return inputs_embeds


class States:
    """The states of inputs by their tokens, kept in files of ``folder`` (in memory without one).

    Each file holds up to :data:`SEGMENT` inputs one below the other; a JSON file beside it says where each begins.
    States of a pair can differ in their last bit with the pairs that they were computed beside: two runs with frozen
    layers end with the very same weights if they find the same files.
    """

    def __init__(self, lower: Lower, pad: int, cache: Path | str) -> None:
        self.lower, self.pad = lower, pad
        self.folder = Path(cache) / f"states-{lower.name()}" if cache else None
        self.places: dict[str, tuple[Halves, int]] = {}
        if self.folder and self.folder.is_dir():
            for index in sorted(self.folder.glob("*.json")):
                with suppress(OSError, ValueError):  # what cannot be read is computed again
                    file = index.with_suffix(".npy")
                    self._know(json.loads(index.read_text(encoding="ascii")), _opened(file))
                    os.utime(file)

    def add(self, inputs: Dataset) -> None:
        """Compute what is missing of the inputs' states, shortest first, so that batches hold little padding."""
        wanted = {
            key(row["input_ids"], row["token_type_ids"]): (row["input_ids"], row["token_type_ids"]) for row in inputs
        }
        missing = sorted(wanted.keys() - self.places.keys(), key=lambda one: (len(wanted[one][0]), one))
        with tqdm(total=len(missing), unit=" pairs", desc="frozen layers", disable=not missing) as bar:
            for segment in _pieces(missing, SEGMENT):
                states: list[Halves] = []
                for part in _pieces(segment, BATCH):
                    ids, types = zip(*(wanted[one] for one in part), strict=True)
                    states += self.lower.states(ids, types, self.pad)
                    bar.update(len(part))
                self._keep(segment, states)

    def of(self, row: dict[str, Any]) -> Halves:
        """The states of one encoded pair, shape (its tokens, hidden)."""
        array, start = self.places[key(row["input_ids"], row["token_type_ids"])]
        return array[start : start + len(row["input_ids"])]

    def _know(self, starts: dict[str, int], array: Halves) -> None:
        fits = array.ndim == 2 and array.shape[1] == self.lower.hidden
        if fits and all(0 <= start < len(array) for start in starts.values()):
            self.places |= {one: (array, start) for one, start in starts.items()}

    def _keep(self, names: Sequence[str], states: Sequence[Halves]) -> None:
        ends = np.cumsum([len(one) for one in states])
        starts = {name: int(end) - len(one) for name, end, one in zip(names, ends, states, strict=True)}
        array = np.concatenate(states)
        if self.folder:
            name = hashlib.sha256("".join(names).encode()).hexdigest()[:24]
            try:
                array = _kept(self.folder / f"{name}.npy", array, starts)
                _forget_oldest(self.folder.parent)
            except OSError as error:  # a full disk costs memory and the next run's head start, not this run
                print(f"warning: states of frozen layers stay in memory: {error}", file=sys.stderr)
        self._know(starts, array)


def _pieces(names: Sequence[str], size: int) -> list[Sequence[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


def _opened(file: Path) -> Halves:
    array: Halves = np.load(file, mmap_mode="r", allow_pickle=False)
    return array


def _kept(file: Path, array: Halves, starts: dict[str, int]) -> Halves:
    """The same array, but on disk; the JSON file is written last, so what it tells of is whole."""
    with atomic_write(file) as partial, partial.open("wb") as stream:
        np.save(stream, array, allow_pickle=False)
    write_json(file.with_suffix(".json"), starts)
    return _opened(file)


def _forget_oldest(cache: Path) -> None:
    whole = 0
    for file in sorted(cache.glob("states-*/*.npy"), key=lambda one: one.stat().st_mtime, reverse=True):
        whole += file.stat().st_size
        if whole > KEPT:
            file.with_suffix(".json").unlink(missing_ok=True)
            file.unlink(missing_ok=True)


def key(ids: Sequence[int], types: Sequence[int]) -> str:
    """A hash of one input."""
    return hashlib.sha256(np.array([ids, types], dtype=np.int32).tobytes()).hexdigest()[:32]


class StateCollator:
    """Pads a batch of states as :class:`stance.training.inputs.Collator` pads token ids."""

    def __init__(self, states: States) -> None:
        self.states = states

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        found = [self.states.of(row) for row in rows]
        width = padded_width(found)
        inputs = np.zeros((len(rows), width, self.states.lower.hidden), dtype=np.float32)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for index, one in enumerate(found):
            inputs[index, : len(one)], mask[index, : len(one)] = one, 1
        labels = torch.tensor([row["labels"] for row in rows])
        return {"inputs_embeds": torch.from_numpy(inputs), "attention_mask": torch.from_numpy(mask), "labels": labels}
