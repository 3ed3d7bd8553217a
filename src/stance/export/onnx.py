"""A model folder's weights as ONNX files: fp32, and int8 by dynamic quantisation with one scale a channel."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from pathlib import Path
from typing import Any

import torch

from stance.inference.backends import ONNX_FILES, TorchBackend

INPUTS = ("input_ids", "token_type_ids", "attention_mask")
OPSET = 20


class _Logits(torch.nn.Module):
    """The encoder with its three inputs in a fixed order and nothing but logits as output."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Any, token_type_ids: Any, attention_mask: Any) -> Any:
        return self.model(input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask).logits


def write_onnx(folder: Path) -> None:
    """Write both ONNX files of :data:`ONNX_FILES` beside the folder's ``model.safetensors``.

    The graph takes any number of pairs and any width up to the encoder's positions.
    """
    model = _Logits(TorchBackend(folder, 0).model.cpu()).eval()
    width = torch.export.Dim("width", max=model.model.config.max_position_embeddings)
    shape = {0: torch.export.Dim("batch"), 1: width}
    ids, types, mask = (
        torch.full((2, 16), value) for value in (9, 0, 1)
    )  # three tensors: one twice would be one input
    fp32 = folder / ONNX_FILES["onnx"]
    with _quiet():
        torch.onnx.export(
            model,
            (ids, types, mask),
            str(fp32),
            input_names=list(INPUTS),
            output_names=["logits"],
            dynamic_shapes=dict.fromkeys(INPUTS, shape),
            opset_version=OPSET,
            external_data=False,  # one file, which one hash covers
            dynamo=True,
        )
        _quantise(fp32, folder / ONNX_FILES["int8"])


def _quantise(fp32: Path, int8: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(str(fp32), str(int8), weight_type=QuantType.QInt8, per_channel=True)


@contextlib.contextmanager
def _quiet() -> Any:
    """Without the exporter's progress lines and its hints to its own developers."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
