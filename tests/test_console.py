"""The stance command as users type it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from stance.console import main
from tests.conftest import write_jsonl

TEXT = "Ana Ruiz said the old dam was safe. Bo Lind denied that the old dam was safe."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT)
    return tmp_path / "a.txt"


def test_analyze_prints_a_table_or_json(exported: Path, article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(article), "--model", str(exported)]) == 0
    assert "Bo Lind" in capsys.readouterr().out
    assert main(["analyze", str(article), "--model", str(exported), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"Ana Ruiz", "Bo Lind"} <= {row["speaker"] for row in rows}


def test_analyze_reads_a_pipe_and_writes_a_page(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert main(["analyze", "-", "--model", str(exported)]) == 0
    assert "Ana Ruiz" in capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert main(["analyze", "-", "--model", str(exported), "--report", str(tmp_path / "p.html")]) == 0
    assert "Stance map" in (tmp_path / "p.html").read_text()
    assert (tmp_path / "p.statements.jsonl").is_file()


def test_predict_one_and_many(
    exported: Path, article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ["--model", str(exported)]
    assert main(["predict", str(article), "--speaker", "Bo Lind", "--claim", "The dam is safe", *model]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["evidence"]["text"] == "Bo Lind denied that the old dam was safe."
    assert TEXT[answer["evidence"]["start"] : answer["evidence"]["end"]] == answer["evidence"]["text"]
    rows = [{"pair_id": str(n), "speaker": "Ana", "claim": "The dam is safe", "context": TEXT} for n in range(3)]
    pairs = write_jsonl(tmp_path / "pairs.jsonl", rows)
    assert main(["predict", str(pairs), *model]) == 0
    assert [json.loads(line)["pair_id"] for line in capsys.readouterr().out.splitlines()] == ["0", "1", "2"]
    assert main(["predict", str(pairs), *model, "--output", str(tmp_path / "o.jsonl.gz")]) == 0
    assert (tmp_path / "o.jsonl.gz").is_file()


def test_info_shows_the_card(exported: Path, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(exported)]) == 0
    shown = capsys.readouterr().out
    assert "every file as exported" in shown
    assert "## Speed and size" in shown
    assert main(["info", str(bundle)]) == 0
    assert '"encoding"' in capsys.readouterr().out, "a bundle without a card shows its manifest"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analyze", "none.txt"], "no such model folder"),
        (["predict", "none.txt", "--speaker", "Ana"], "go together"),
        (["predict", "none.txt"], "is no file of pairs"),
        (["info", "none"], "none: no such model folder"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.strip().splitlines()) == 1


def test_a_reader_that_stops_early_is_no_error(exported: Path, tmp_path: Path) -> None:
    rows = [{"speaker": "Ana", "claim": f"Dam {n} is safe", "context": TEXT * 5} for n in range(400)]
    pairs = write_jsonl(tmp_path / "pairs.jsonl", rows)
    command = f"{sys.executable} -m stance.console predict {pairs} --model {exported} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert json.loads(done.stdout)["claim"] == "Dam 0 is safe"
    assert "Traceback" not in done.stderr


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("analyze", "predict", "info", "doctor"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
    assert "stance analyze article.txt --report page.html" in capsys.readouterr().out
