"""Training on a tiny random model: it learns, resumes, repeats itself and refuses what it cannot do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from stance.bundle import read_manifest
from stance.encoding import EncodingOptions
from stance.errors import StanceError
from stance.evaluation import score
from stance.inference import load
from stance.schema import Pair, Stance
from stance.training import ModelOptions, TrainingOptions, train
from stance.training.trainer import class_weights, has_bf16, precision_of
from stance.training.weights import load_encoder, locate

ENCODING = EncodingOptions(max_tokens=48, max_claim_tokens=24)
SAYS = {"affirm": "Ana said yes it is so.", "deny": "Ana denied that, no.", "neutral": "Ana asked whether."}


def pairs(count: int, start: int = 0) -> list[Pair]:
    labels = [list(Stance)[index % 3] for index in range(start, start + count)]
    return [Pair(str(i), "Ana", "The dam is safe", SAYS[label], f"a{i}", label) for i, label in enumerate(labels)]


def options(**changes: object) -> TrainingOptions:
    base = TrainingOptions(learning_rate=3e-3, batch_size=8, precision="fp32", epochs=4)
    return replace(base, freeze_embeddings=False, patience=100, **changes)  # type: ignore[arg-type]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def test_it_learns_and_the_bundle_opens(tiny_encoder: Path, tmp_path: Path) -> None:
    seen: list[tuple[dict[str, float], int]] = []
    trained = train(
        pairs(96), pairs(24), tmp_path / "m", ModelOptions("tiny", str(tiny_encoder)), ENCODING, options(epochs=20),
        log=lambda metrics, step: seen.append((metrics, step)), facts={"dataset": "d1"},
    )  # fmt: skip
    assert trained.facts["best_validation"] > 0.9
    assert any("validation_macro_f1" in metrics for metrics, _ in seen)
    assert read_manifest(tmp_path / "m")["facts"]["dataset"] == "d1"
    assert load(tmp_path / "m").predict("Ana", "The dam is safe", SAYS["deny"]).stance == Stance.DENY
    assert not (tmp_path / "m.checkpoints").exists()


def test_answers_stand_in_the_order_of_the_pairs(tiny_encoder: Path, tmp_path: Path) -> None:
    """Pairs of many lengths: what the run says of them is what the bundle says of them, one by one."""
    held_out = [replace(p, context=p.context + " It rained." * (7 * i % 5)) for i, p in enumerate(pairs(24))]
    model = ModelOptions("tiny", str(tiny_encoder))
    trained = train(
        pairs(48), held_out, tmp_path / "m", model, ENCODING, options(max_steps=6), tests={"other": held_out[::-1]}
    )
    answers = load(tmp_path / "m", backend="torch").probabilities(held_out)
    assert np.ptp(answers, axis=0).max() > 0.1, "answers that are all alike show nothing"
    np.testing.assert_allclose(trained.probabilities, answers, atol=1e-4)
    np.testing.assert_allclose(trained.answers["other"], answers[::-1], atol=1e-4)
    labels = [Stance(str(pair.stance)) for pair in held_out]
    assert score(labels, trained.probabilities)["macro_f1"] == pytest.approx(trained.facts["best_validation"])


def test_the_same_seed_gives_the_same_weights(tiny_encoder: Path, tmp_path: Path) -> None:
    model = ModelOptions("tiny", str(tiny_encoder))
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        train(pairs(32), pairs(12), tmp_path / name, model, ENCODING, options(max_steps=4, seed=seed))
    first, second, other = (weights(tmp_path / name) for name in "abc")
    assert all(torch.equal(first[key], second[key]) for key in first)
    assert any(not torch.equal(first[key], other[key]) for key in first)


def test_an_interrupted_run_resumes_to_the_same_weights(tiny_encoder: Path, tmp_path: Path) -> None:
    """The unbroken run and one that dies at its second evaluation and is resumed end with equal weights."""
    model, recipe = ModelOptions("tiny", str(tiny_encoder)), options(epochs=3, evaluations_per_epoch=1)
    train(pairs(32), pairs(12), tmp_path / "whole", model, ENCODING, recipe)

    def die(metrics: dict[str, float], step: int) -> None:
        if "validation_loss" in metrics and step >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(pairs(32), pairs(12), tmp_path / "broken", model, ENCODING, recipe, log=die)
    assert list((tmp_path / "broken.checkpoints").iterdir())
    train(pairs(32), pairs(12), tmp_path / "broken", model, ENCODING, recipe, resume=True)
    whole, resumed = weights(tmp_path / "whole"), weights(tmp_path / "broken")
    assert all(torch.equal(whole[key], resumed[key]) for key in whole)


def test_a_time_limit_ends_a_run_and_keeps_its_model(tiny_encoder: Path, tmp_path: Path) -> None:
    model = ModelOptions("tiny", str(tiny_encoder))
    trained = train(pairs(64), pairs(12), tmp_path / "m", model, ENCODING, options(epochs=1000, max_minutes=0.02))
    assert trained.facts["steps"] < 1000 * 8
    assert (tmp_path / "m" / "stance.json").is_file()


def test_frozen_embeddings_stay(tiny_encoder: Path, tmp_path: Path) -> None:
    recipe = replace(options(max_steps=3), freeze_embeddings=True)
    train(pairs(32), pairs(12), tmp_path / "m", ModelOptions("tiny", str(tiny_encoder)), ENCODING, recipe)
    before, after = weights(tiny_encoder), weights(tmp_path / "m")
    name = "bert.embeddings.word_embeddings.weight"
    assert torch.equal(before[name], after[name])
    assert not torch.equal(before["bert.pooler.dense.weight"], after["bert.pooler.dense.weight"])


def test_class_weights_by_hand() -> None:
    assert class_weights([0, 0, 0, 1, 1, 2]).tolist() == pytest.approx([6 / 9, 1.0, 2.0])


def test_precision_follows_the_hardware() -> None:
    assert precision_of(TrainingOptions(precision="fp32")) == "fp32"
    if not torch.cuda.is_available():
        assert precision_of(TrainingOptions()) == ("bf16" if has_bf16("cpu") else "fp32")


@pytest.mark.parametrize(
    ("key", "value"), [("learning_rate", -1.0), ("batch_size", 0), ("precision", "int3"), ("train_fraction", 2.0)]
)
def test_values_out_of_range_name_the_key(key: str, value: object) -> None:
    with pytest.raises(StanceError, match=f"training.{key} is"):
        replace(TrainingOptions(), **{key: value})  # type: ignore[arg-type]


def test_weights_that_are_not_there_say_so(tmp_path: Path) -> None:
    with pytest.raises(StanceError, match="not installed"):
        locate("package:no_such_package/model")
    with pytest.raises(StanceError, match=r"no config\.json"):
        locate(str(tmp_path))
    with pytest.raises(StanceError, match="cannot load 'nobody/nothing'"):
        load_encoder(ModelOptions("custom", "nobody/nothing"))
