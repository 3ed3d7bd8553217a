"""Frozen lower layers: they keep their weights, their states are computed once, and the model is whole again after."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from datasets import Dataset
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
)

from stance.errors import StanceError
from stance.inference import load
from stance.training import ModelOptions, Trained, frozen, train
from stance.training.frozen import Lower, StateCollator, States
from stance.training.weights import load_encoder
from tests.training.test_training import ENCODING, options, pairs, weights

INPUTS = Dataset.from_list(
    [
        {"input_ids": [101, 2000 + n, *range(3000, 3000 + n), 102], "token_type_ids": [0] * (n + 3), "labels": n % 3}
        for n in range(1, 8)
    ]
)


@pytest.fixture(scope="module")
def encoder(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> ModelOptions:
    """A random BERT of three layers with MiniLM's vocabulary."""
    folder = tmp_path_factory.mktemp("three")
    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=3, num_attention_heads=2, intermediate_size=48, num_labels=3,
        initializer_range=0.3,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    shutil.copy(tiny_encoder / "tokenizer.json", folder)
    return ModelOptions("three", str(folder))


def trained(encoder: ModelOptions, folder: Path, **changes: Any) -> Trained:
    recipe = options(epochs=2, frozen_layers=2) if "frozen_layers" not in changes else options(epochs=2)
    recipe = replace(recipe, cache=str(folder.parent / "cache"), **changes)
    return train(pairs(48), pairs(12), folder, encoder, ENCODING, recipe, tests={"other": pairs(9, 100)})


def test_only_what_lies_above_the_frozen_layers_learns(encoder: ModelOptions, tmp_path: Path) -> None:
    trained(encoder, tmp_path / "m")
    before, after = weights(Path(encoder.weights)), weights(tmp_path / "m")
    assert before.keys() == after.keys()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {
        name for name in before if ".layer.2." in name or ("embeddings" not in name and "layer" not in name)
    }


def test_the_whole_model_answers_as_the_trained_half_did(encoder: ModelOptions, tmp_path: Path) -> None:
    made = trained(encoder, tmp_path / "m")
    whole = load(tmp_path / "m").probabilities(pairs(9, 100))
    assert np.ptp(whole, axis=0).max() > 0.05, "answers that are all alike show nothing"
    np.testing.assert_allclose(made.answers["other"], whole, atol=2e-3)  # states are kept in half precision


def test_states_are_those_of_the_layers_left_as_they_are(encoder: ModelOptions) -> None:
    model, _ = load_encoder(encoder)
    row = INPUTS[4]
    with torch.no_grad():
        wanted = model.eval().bert(torch.tensor([row["input_ids"]]), output_hidden_states=True).hidden_states[2][0]
    states = States(Lower(model, 2), 0, "")
    states.add(INPUTS)
    np.testing.assert_allclose(states.of(row), wanted.numpy(), atol=1e-2, rtol=1e-2)
    batch = StateCollator(states)([INPUTS[0], row])
    assert batch["inputs_embeds"].shape == (2, 8, 32)
    assert batch["attention_mask"].sum(1).tolist() == [4, 8]
    assert batch["labels"].tolist() == [1, 2]
    assert not batch["inputs_embeds"][0, 4:].any()


def test_a_second_run_computes_nothing_and_ends_the_same(
    encoder: ModelOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(encoder, tmp_path / "first")
    monkeypatch.setattr(Lower, "states", lambda *_: pytest.fail("computed again"))
    trained(encoder, tmp_path / "second")
    first, second = weights(tmp_path / "first"), weights(tmp_path / "second")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_part_that_is_known_is_not_computed_again(encoder: ModelOptions, tmp_path: Path) -> None:
    States(Lower(load_encoder(encoder)[0], 2), 0, tmp_path).add(INPUTS.select(range(3)))
    states = States(Lower(load_encoder(encoder)[0], 2), 0, tmp_path)
    assert len(states.places) == 3
    asked: list[int] = []
    compute = states.lower.states
    states.lower.states = lambda ids, *more: asked.append(len(ids)) or compute(ids, *more)  # type: ignore[method-assign]
    states.add(INPUTS)
    assert asked == [4] and len(states.places) == 7


def test_a_broken_off_run_resumes_to_the_same_weights(encoder: ModelOptions, tmp_path: Path) -> None:
    trained(encoder, tmp_path / "whole")

    def die(metrics: dict[str, float], step: int) -> None:
        if "validation_loss" in metrics and step >= 12:
            raise KeyboardInterrupt

    recipe = replace(options(epochs=2, frozen_layers=2), cache=str(tmp_path / "cache"))
    with pytest.raises(KeyboardInterrupt):
        train(pairs(48), pairs(12), tmp_path / "m", encoder, ENCODING, recipe, log=die)
    with pytest.raises(StanceError, match=r"training\.frozen_layers is 1, but the run to resume has 2"):
        train(pairs(48), pairs(12), tmp_path / "m", encoder, ENCODING, replace(recipe, frozen_layers=1), resume=True)
    train(pairs(48), pairs(12), tmp_path / "m", encoder, ENCODING, recipe, resume=True)
    whole, resumed = weights(tmp_path / "whole"), weights(tmp_path / "m")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_other_weights_and_other_cuts_share_no_states(encoder: ModelOptions, tmp_path: Path) -> None:
    model, _ = load_encoder(encoder)
    names = {Lower(model, 1).name()}
    names.add(Lower(load_encoder(encoder)[0], 2).name())
    other, _ = load_encoder(encoder)
    with torch.no_grad():
        other.bert.encoder.layer[0].output.dense.bias[3] += 1e-3
    names.add(Lower(other, 1).name())
    assert len(names) == 3
    assert Lower(load_encoder(encoder)[0], 1).name() in names


def test_a_broken_file_of_states_is_computed_again(encoder: ModelOptions, tmp_path: Path) -> None:
    whole = States(Lower(load_encoder(encoder)[0], 2), 0, tmp_path)
    whole.add(INPUTS)
    before = [whole.of(row).copy() for row in INPUTS]
    [file] = tmp_path.rglob("*.npy")
    file.write_bytes(file.read_bytes()[:200])
    again = States(Lower(load_encoder(encoder)[0], 2), 0, tmp_path)
    assert not again.places
    again.add(INPUTS)
    assert all(np.array_equal(again.of(row), states) for row, states in zip(INPUTS, before, strict=True))


def test_a_disk_without_room_costs_nothing_but_the_cache(
    encoder: ModelOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(frozen.np, "save", full)
    states = States(Lower(load_encoder(encoder)[0], 2), 0, tmp_path)
    states.add(INPUTS)
    assert states.of(INPUTS[0]).shape == (4, 32)
    assert not list(tmp_path.rglob("*.json"))


def test_old_states_go_first(encoder: ModelOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "KEPT", 5000)  # one file of 49 tokens of 32 states of two bytes, not two
    for layers in (1, 2):
        States(Lower(load_encoder(encoder)[0], layers), 0, tmp_path).add(INPUTS)
    [kept] = tmp_path.rglob("*.npy")
    assert kept.parent.name == f"states-{Lower(load_encoder(encoder)[0], 2).name()}"
    assert [file.stem for file in tmp_path.rglob("*.json")] == [kept.stem]


@pytest.mark.parametrize("layers", [3, 12])
def test_a_layer_must_be_left_to_train(encoder: ModelOptions, tmp_path: Path, layers: int) -> None:
    with pytest.raises(StanceError, match=f"frozen_layers is {layers}; choose from 0 to 2"):
        trained(encoder, tmp_path / "m", frozen_layers=layers)


def test_an_encoder_of_another_make_says_so() -> None:
    model = DistilBertForSequenceClassification(
        DistilBertConfig(vocab_size=9, dim=8, n_layers=2, n_heads=2, hidden_dim=8)
    )
    with pytest.raises(StanceError, match="DistilBertForSequenceClassification cannot be cut; set 0"):
        Lower(model, 1)
