"""Where an encoder's weights come from: an installed package, a local folder, a bundle of ours, or the hub."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
)
from transformers.utils import logging as transformers_logging

from stance.errors import InputError, StanceError, reason
from stance.first_token import first_token_only
from stance.model_source import open_source
from stance.schema import LABELS
from stance.tokens import read_tokenizer
from stance.training.options import ModelOptions

transformers_logging.disable_progress_bar()
transformers_logging.set_verbosity_error()  # a new head on old weights is what fine-tuning is: no report of it


def locate(weights: str) -> str:
    """A folder for ``package:NAME/PATH`` and for local folders; anything else is left as a hub id."""
    if weights.startswith("package:"):
        package, _, inside = weights.removeprefix("package:").partition("/")
        found = find_spec(package)
        if found is None or not found.submodule_search_locations:
            raise StanceError(f"model.weights={weights}: package {package!r} is not installed; make install brings it")
        return str(Path(found.submodule_search_locations[0]) / inside)
    if weights.startswith((".", "/", "~")) or Path(weights).is_dir():
        folder = Path(weights).expanduser()
        if not (folder / "config.json").is_file():
            raise InputError(folder, "holds no config.json, so it is no model folder")
        return str(folder)
    return weights


def load_encoder(options: ModelOptions, init_from: str = "") -> tuple[Any, Tokenizer]:
    """A sequence classifier with our three labels, and its tokenizer.

    ``init_from`` names a bundle to go on from: its folder, its archive, or its MLflow address.
    """
    if init_from:
        with open_source(init_from) as source:
            return _loaded(options, locate(str(source.folder.resolve())))
    return _loaded(options, locate(options.weights))


def load_token_encoder(options: ModelOptions, labels: Sequence[str]) -> tuple[Any, Tokenizer]:
    """A model that labels tokens, with a column for each of ``labels``, and its tokenizer."""
    return _loaded(options, locate(options.weights), labels, AutoModelForTokenClassification)


def _loaded(
    options: ModelOptions,
    source: str,
    labels: Sequence[str] = tuple(LABELS),
    kind: Any = AutoModelForSequenceClassification,
) -> tuple[Any, Tokenizer]:
    try:
        config = AutoConfig.from_pretrained(source)
        config.num_labels = len(labels)
        config.id2label = {index: str(label) for index, label in enumerate(labels)}
        config.label2id = {str(label): index for index, label in enumerate(labels)}
        for name in ("hidden_dropout_prob", "dropout"):
            if hasattr(config, name):
                setattr(config, name, options.dropout)
        if hasattr(config, "attention_probs_dropout_prob"):
            config.attention_probs_dropout_prob = 0.0  # drawing its masks took a fifth of a step on a CPU
        model = kind.from_pretrained(
            source,
            config=config,
            use_safetensors=True,
            dtype=torch.float32,  # training starts there, however the weights were stored
            trust_remote_code=False,
            attn_implementation=_attention(),
            ignore_mismatched_sizes=kind is AutoModelForTokenClassification,  # the head of another task is made anew
        )
        return first_token_only(model), load_tokenizer(source)
    except (OSError, ValueError) as error:
        offline = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") == "1" else ""
        raise StanceError(f"model={options.name}: cannot load {source!r}{offline}: {reason(error)}") from None


def _attention() -> str:
    """On a CPU the plain product is 1.6 times faster forward and backward than the fused kernel (see LOG.md)."""
    return "sdpa" if torch.cuda.is_available() else "eager"


def load_tokenizer(source: str) -> Tokenizer:
    """The fast tokenizer of a model folder or hub id."""
    if (Path(source) / "tokenizer.json").is_file():
        return read_tokenizer(source)
    backend = AutoTokenizer.from_pretrained(source, use_fast=True, trust_remote_code=False).backend_tokenizer
    return Tokenizer.from_str(backend.to_str())
