"""Command lines as users type them: what is wrong is one line and exit code 2, never a traceback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stance.command_line import CONFIGS, compose, typed
from tests.conftest import ROOT, RunScript, write_jsonl

GOOD = {"pair_id": "1", "speaker": "Ana", "claim": "The dam is safe", "context": "Ana said the dam was safe."}


@pytest.mark.parametrize(
    ("script", "arguments", "words"),
    [
        ("train", ["training.foo=1"], ["'foo'", "learning_rate"]),
        ("train", ["training.learning_rate=abc"], ["learning_rate", "abc"]),
        ("train", ["training.learning_rate=-1"], ["training.learning_rate", "choose from"]),
        ("train", ["model=nothing"], ["'nothing'", "minilm_l6"]),
        ("train", ["tracking=nothing"], ["nothing", "mlflow", "none"]),
        ("train", ["dataset_dir=none", "tracking=none"], ["none: no such dataset folder"]),
        ("predict", ["input=none.jsonl", "model_dir=none"], ["none: no such model folder"]),
        ("extract", ["input=none.txt"], ["none.txt: no such file"]),
        ("extract", [], ["input"]),
        ("extract", ["input=.", "output="], ["output"]),
        ("evaluate", ["model_dir=none"], ["none: no such model folder"]),
        ("build_dataset", ["source=wikinews"], ["wikinews_dir=PATH"]),
        ("build_dataset", ["source=nothing"], ["nothing", "corpus"]),
        ("build_dataset", ["audit=maybe"], ["audit is 'maybe'", "fail, warn"]),
        ("build_dataset", ["corrections=none.jsonl"], ["none.jsonl: no such file"]),
        ("review", ["dataset=none"], ["none: no such file"]),
        ("review", ["split=half"], ["split is 'half'", "validation"]),
        ("corrections", ["input=none.json"], ["none.json: no such file"]),
        ("corrections", ["input=none.txt"], ["none.txt", ".json, .csv"]),
    ],
)
def test_a_mistake_is_one_line(run_script: RunScript, script: str, arguments: list[str], words: list[str]) -> None:
    done = run_script(script, *arguments)
    assert done.returncode == 2, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert all(word in lines[0] for word in words)


def test_predict_keeps_order_and_keys_and_writes_nothing_on_failure(
    run_script: RunScript, bundle: Path, tmp_path: Path
) -> None:
    rows = [GOOD | {"pair_id": str(n), "claim": f"The dam {n} is safe", "note": n} for n in range(5)]
    write_jsonl(tmp_path / "pairs.jsonl", rows)
    done = run_script("predict", f"model_dir={bundle}", "input=pairs.jsonl", "output=out.jsonl")
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(a["pair_id"], a["note"]) for a in answers] == [(str(n), n) for n in range(5)]
    (tmp_path / "bad.jsonl").write_text(json.dumps(GOOD) + "\n{broken\n")
    done = run_script("predict", f"model_dir={bundle}", "input=bad.jsonl", "output=bad_out.jsonl")
    assert done.returncode == 2
    assert "bad.jsonl:2" in done.stderr
    assert not (tmp_path / "bad_out.jsonl").exists()
    done = run_script("predict", f"model_dir={bundle}", "input=bad.jsonl", "output=bad_out.jsonl", "on_error=skip")
    assert done.returncode == 0
    assert len((tmp_path / "bad_out.jsonl").read_text().splitlines()) == 1


def test_a_script_in_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "extract.py"), "input=none.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: none.txt: no such file\n"


def test_extract_offsets_fit_the_file(run_script: RunScript, tmp_path: Path) -> None:
    text = "Dam\n\n“The dam is safe,” said Ana Ruiz. Bo Lind denied that the dam was safe.\n"
    (tmp_path / "dam.txt").write_text(text)
    done = run_script("extract", "input=dam.txt", "output=out.jsonl")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    contents = {row["speaker"]: " ".join(text[s:e] for s, e in row["content"]) for row in rows}
    assert contents == {"Ana Ruiz": "“The dam is safe,”", "Bo Lind": "that the dam was safe"}


@pytest.mark.parametrize("name", sorted(path.stem for path in CONFIGS.glob("*.yaml")))
def test_every_primary_config_composes_into_its_schema(name: str) -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    text = (CONFIGS / f"{name}.yaml").read_text()
    given = [f"{key}=x" for key in re.findall(r"^(\w+): \?\?\?", text, re.MULTILINE)]
    assert compose(name, module.Config, given)
    for group in (path for path in CONFIGS.iterdir() if path.is_dir()):
        if f"- {group.name}: " not in (CONFIGS / f"{name}.yaml").read_text().replace("optional ", ""):
            continue
        for option in sorted(group.glob("*.yaml")):
            mandatory = ["source.path=x"] if group.name == "source" and "???" in option.read_text() else []
            mandatory += ["model.weights=x"] if group.name == "model" and "???" in option.read_text() else []
            prefix = (
                "+"
                if group.name == "experiment" and "experiment: null" not in (CONFIGS / f"{name}.yaml").read_text()
                else ""
            )
            assert compose(name, module.Config, [*given, f"{prefix}{group.name}={option.stem}", *mandatory])


def test_a_misspelt_key_in_a_file_is_an_error() -> None:
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    from stance.training import TrainingOptions

    with pytest.raises(OmegaConfBaseException, match="learning_rte"):
        typed(OmegaConf.create({"learning_rte": 1.0}), TrainingOptions)


def test_help_teaches(run_script: RunScript) -> None:
    done = run_script("train", "--help")
    assert done.returncode == 0
    assert "training.learning_rate=5e-5" in done.stdout
    assert "minilm_l6" in done.stdout
