"""The shortened last layer against transformers' own, which computes every token."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification, DistilBertConfig
from transformers import DistilBertForSequenceClassification as Distil

from stance.encoding import Encoded
from stance.first_token import FirstTokenLayer, first_token_only
from stance.inference.backends import TorchBackend


def small_bert(attention: str) -> Any:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=50, hidden_size=16, num_hidden_layers=3, num_attention_heads=4, intermediate_size=24, num_labels=3,
        initializer_range=0.5, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation=attention,
    )  # fmt: skip
    return BertForSequenceClassification(config)


def padded_batch() -> dict[str, torch.Tensor]:
    torch.manual_seed(4)
    mask = torch.ones(3, 9, dtype=torch.long)
    mask[1, 5:] = 0
    return {"input_ids": torch.randint(1, 50, (3, 9)), "attention_mask": mask}


def loss_of(model: Any) -> torch.Tensor:
    logits = model(**padded_batch()).logits
    return torch.nn.functional.cross_entropy(logits, torch.tensor([0, 2, 1]))


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_logits_and_gradients_are_those_of_the_whole_layer(attention: str) -> None:
    whole = small_bert(attention)
    short = first_token_only(copy.deepcopy(whole))
    assert isinstance(short.bert.encoder.layer[-1], FirstTokenLayer)
    assert short.bert(**padded_batch()).last_hidden_state.shape == (3, 1, 16)
    torch.testing.assert_close(short(**padded_batch()).logits, whole(**padded_batch()).logits)
    for model in (whole, short):
        loss_of(model).backward()
    for (name, one), (same_name, other) in zip(whole.named_parameters(), short.named_parameters(), strict=True):
        assert name == same_name
        torch.testing.assert_close(other.grad, one.grad, msg=name)


def test_half_precision_comes_as_close_as_it_does_in_the_whole_layer() -> None:
    whole = small_bert("eager")
    short = first_token_only(copy.deepcopy(whole))
    with torch.autocast("cpu", dtype=torch.bfloat16), torch.no_grad():
        answers = [model(**padded_batch()).logits.float() for model in (whole, short)]
    torch.testing.assert_close(answers[1], answers[0], atol=0.1, rtol=0.1)


def test_padding_stays_unseen() -> None:
    model = first_token_only(small_bert("eager")).eval()
    batch = padded_batch()
    alone = {name: values[1:2, :5] for name, values in batch.items()}
    torch.testing.assert_close(model(**alone).logits[0], model(**batch).logits[1])


def test_other_encoders_are_left_as_they_are() -> None:
    model = Distil(DistilBertConfig(vocab_size=20, dim=8, n_layers=1, n_heads=2, hidden_dim=8))
    before = [type(module) for module in model.modules()]
    assert [type(module) for module in first_token_only(model).modules()] == before


def test_a_bundle_answers_as_plain_transformers_would(bundle: Path) -> None:
    plain = AutoModelForSequenceClassification.from_pretrained(bundle).eval()
    inputs = [Encoded([101, 2000, 2100 + n, 102, 3000, 102], [0, 0, 0, 0, 1, 1], None, 0) for n in range(3)]
    with torch.inference_mode():
        wanted = plain(
            input_ids=torch.tensor([one.input_ids for one in inputs]),
            token_type_ids=torch.tensor([one.token_type_ids for one in inputs]),
        ).logits
    answered = torch.from_numpy(TorchBackend(bundle, 0).logits(inputs)).float()
    torch.testing.assert_close(answered, wanted)
