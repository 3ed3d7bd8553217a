"""What computes the logits: torch, or ONNX Runtime in fp32 or int8. All take the same inputs and share no state."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from stance.encoding import Encoded, pad_batch
from stance.errors import InputError, StanceError, one_of
from stance.parallel import cores
from stance.schema import LABELS

Floats = npt.NDArray[np.float64]

BATCH_TOKENS = 4096
"""Padded tokens of a torch batch, which bound its memory."""


class Backend(Protocol):
    """Model inputs -> logits (n, 3) in the order of LABELS. Safe to call from several threads."""

    name: str

    def logits(self, inputs: Sequence[Encoded], batch_tokens: int = BATCH_TOKENS) -> Floats:
        """One row an input, in the same order."""


class TorchBackend:
    """transformers' encoder on a GPU, or on the processor where ONNX Runtime is not wanted."""

    name = "torch"

    def __init__(self, folder: Path, pad: int, threads: int = 0) -> None:
        import torch
        from transformers import AutoConfig, AutoModelForSequenceClassification
        from transformers.utils import logging

        from stance.first_token import first_token_only

        logging.disable_progress_bar()  # loading takes a blink: a bar for it is noise
        config = AutoConfig.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
        if config.num_labels != len(LABELS):
            raise ValueError(f"it has {config.num_labels} outputs, {len(LABELS)} are needed")
        model = AutoModelForSequenceClassification.from_pretrained(
            str(folder),
            config=config,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            attn_implementation="sdpa",  # named here: a config may not choose code from elsewhere
        )
        if threads:
            torch.set_num_threads(threads)
        self.torch, self.pad = torch, pad
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = first_token_only(model).eval().to(self.device)
        self.lock = threading.Lock()

    def logits(self, inputs: Sequence[Encoded], batch_tokens: int = BATCH_TOKENS) -> Floats:
        """Batches of similar length, each padded to its longest member."""
        rows = np.zeros((len(inputs), len(LABELS)))
        for batch in batches([len(one.input_ids) for one in inputs], batch_tokens):
            arrays = pad_batch(
                [inputs[i].input_ids for i in batch], [inputs[i].token_type_ids for i in batch], self.pad, multiple=1
            )
            tensors = {key: self.torch.from_numpy(value).to(self.device) for key, value in arrays.items()}
            with self.lock, self.torch.inference_mode():
                rows[batch] = self.model(**tensors).logits.double().cpu().numpy()
        return rows


class OnnxBackend:
    """ONNX Runtime: every pair is a run of its own, as many at a time as there are processors.

    Without padding and without neighbours a pair's answer cannot depend on what is asked beside it (in int8, where a
    whole batch shares one scale, it would), and on a processor this is as fast as batches or faster (see LOG.md).
    """

    def __init__(self, name: str, file: Path, threads: int) -> None:
        self.name, self.file = name, file
        self.lock = threading.Lock()
        self.workers = threads or cores()
        outputs = self.alone.get_outputs()  # opened at once: a broken file shows when the model is loaded
        if len(outputs) != 1 or outputs[0].shape[-1] != len(LABELS):
            raise ValueError(f"its outputs are {[one.shape for one in outputs]}, (batch, {len(LABELS)}) is needed")

    @cached_property
    def alone(self) -> Any:
        """The session for a single pair: all processors work on it."""
        return self._session(self.workers)

    @cached_property
    def beside(self) -> Any:
        """The session for many pairs: one processor each."""
        return self._session(1)

    def _session(self, threads: int) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave the cores alone
        return onnxruntime.InferenceSession(str(self.file), options, providers=["CPUExecutionProvider"])

    def logits(self, inputs: Sequence[Encoded], batch_tokens: int = BATCH_TOKENS) -> Floats:
        """One run an input; ``batch_tokens`` is not needed, as nothing is batched."""
        if len(inputs) == 1 or self.workers == 1:
            return np.array([_run(self.alone, one) for one in inputs], dtype=float).reshape(-1, len(LABELS))
        with self.lock:
            session = self.beside
        with ThreadPoolExecutor(self.workers) as pool:
            rows = list(pool.map(lambda one: _run(session, one), inputs))
        return np.array(rows, dtype=float).reshape(-1, len(LABELS))


def _run(session: Any, one: Encoded) -> npt.NDArray[np.float32]:
    arrays = {
        "input_ids": np.array([one.input_ids]),
        "token_type_ids": np.array([one.token_type_ids]),
        "attention_mask": np.ones((1, len(one.input_ids)), dtype=np.int64),
    }
    row: npt.NDArray[np.float32] = session.run(None, arrays)[0][0]
    return row


def batches(lengths: Sequence[int], batch_tokens: int) -> Iterator[list[int]]:
    """Indices in batches of similar length whose padded size stays within ``batch_tokens`` (one at least)."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and (len(batch) + 1) * lengths[index] > batch_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


ONNX_FILES = {"onnx": "model.onnx", "int8": "model.int8.onnx"}
"""Backend name -> its file in a model folder, beside ``model.safetensors``, which torch reads."""

BACKENDS = ("auto", "torch", *ONNX_FILES)


def open_backend(name: str, folder: Path, manifest: Mapping[str, Any], pad: int, threads: int = 0) -> Backend:
    """The backend of that name; ``auto`` is what the export found best, or torch where that cannot run.

    ``threads`` bounds the processors that it works on; 0 is all of them.

    Raises :class:`StanceError` for an unknown name, :class:`InputError` for a file that is missing or broken.
    """
    if name not in BACKENDS:
        raise StanceError(f"backend is {one_of(name, BACKENDS)}")
    chosen = _best(manifest) if name == "auto" else name
    if chosen != "torch" and ONNX_FILES[chosen] not in manifest["files"]:
        raise InputError(folder, f"holds no {ONNX_FILES[chosen]}; export it again or use backend='torch'")
    try:
        if chosen == "torch":
            return TorchBackend(folder, pad, threads)
        return OnnxBackend(chosen, folder / ONNX_FILES[chosen], threads)
    except ImportError as error:
        raise StanceError(f"backend={chosen} needs {error.name}: pip install {error.name}") from None
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(folder, f"cannot be loaded as a model ({reason})") from None


def _best(manifest: Mapping[str, Any]) -> str:
    best = str(manifest.get("auto", "torch"))
    if best not in ONNX_FILES or find_spec("onnxruntime") is None or _has_gpu():
        return "torch"
    return best


def _has_gpu() -> bool:
    """Whether a GPU driver is there; asked without importing torch, which takes longer than the first answer."""
    if not Path("/proc/driver/nvidia/version").exists():
        return False
    import torch

    return bool(torch.cuda.is_available())
