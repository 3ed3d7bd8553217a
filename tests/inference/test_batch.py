"""Files in, files out: the same rows on one core or several, and after a kill at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stance.articles import read_articles
from stance.errors import StanceError
from stance.files import read_rows
from stance.inference.batch import Work, analyze_rows, answer_file, answers, predict_rows
from stance.records import parse_pair, read_records
from stance.schema import Article, Pair
from tests.conftest import ROOT, write_jsonl

PAIRS = [
    Pair(str(n), "Ana", f"The dam number {n} is safe", f"Ana said dam {n} was safe. Bo denied it.") for n in range(20)
]


def rows_of(path: Path) -> list[object]:
    return [row for _, row in read_rows(path)]


def test_several_processes_answer_like_one(exported: Path) -> None:
    one, two = (list(answers(predict_rows, PAIRS, Work(str(exported), "onnx", workers), chunk=3)) for workers in (1, 2))
    assert one == two
    assert [count for count, _ in one] == [3] * 6 + [2]
    assert [row["pair_id"] for _, rows in one for row in rows] == [pair.pair_id for pair in PAIRS]


def test_a_bad_model_is_one_line_with_any_number_of_processes(tmp_path: Path) -> None:
    for workers in (1, 2):
        with pytest.raises(StanceError, match="no such model folder"):
            list(answers(predict_rows, PAIRS, Work(str(tmp_path / "none"), "auto", workers), chunk=3))


def test_an_error_in_the_middle_is_the_workers_own_line(exported: Path) -> None:
    pairs = [*PAIRS, Pair("bad", "Ana", "  ", "Ana said so.")]
    with pytest.raises(StanceError, match="pair 'bad': claim"):
        list(answers(predict_rows, pairs, Work(str(exported), "onnx", 2), chunk=3))


def test_articles_give_their_statements(exported: Path, tmp_path: Path) -> None:
    articles = [Article(f"a{n}", f"Ana Ruiz said dam {n} was safe.", published="2026-01-02") for n in range(3)]
    count = answer_file(analyze_rows, articles, tmp_path / "o.jsonl", Work(str(exported), "onnx", 1), "x", chunk=2)
    rows = rows_of(tmp_path / "o.jsonl")
    assert len(rows) == count >= 3
    assert [row["article_id"] for row in rows if isinstance(row, dict)][:1] == ["a0"]
    assert all(row["published"] == "2026-01-02" for row in rows if isinstance(row, dict))


SLOW = """
import sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
from stance.inference import batch
from stance.records import parse_pair, read_records
def slowly(model, pairs):
    time.sleep(0.05)
    return batch.predict_rows(model, pairs)
slowly.__name__ = "predict_rows"
source, target, model = sys.argv[1:]
work = batch.Work(model, "onnx", 1)
batch.answer_file(slowly, read_records(source, parse_pair), target, work, source, 4)
"""


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.zst"])
def test_a_killed_run_goes_on_to_the_same_file(exported: Path, tmp_path: Path, name: str) -> None:
    rows = [
        {"pair_id": str(n), "speaker": "Ana", "claim": f"Dam {n} is safe", "context": "Ana said so."}
        for n in range(200)
    ]
    source = write_jsonl(tmp_path / "pairs.jsonl", rows)
    work = Work(str(exported), "onnx", 1)
    answer_file(predict_rows, read_records(source, parse_pair), tmp_path / "whole.jsonl", work, source, 4)
    command = [sys.executable, "-c", SLOW.format(root=str(ROOT)), str(source), str(tmp_path / name), str(exported)]
    for _ in range(2):
        killed = subprocess.Popen(command, stderr=subprocess.PIPE)
        state, seen = tmp_path / f".{name}.done", progress_of(tmp_path, name)
        deadline = time.monotonic() + 60
        while progress_of(tmp_path, name) < seen + 12 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        assert state.is_file()
        assert not (tmp_path / name).exists()
    answer_file(predict_rows, read_records(source, parse_pair), tmp_path / name, work, source, 4)
    assert rows_of(tmp_path / name) == rows_of(tmp_path / "whole.jsonl")
    assert not state.exists()


def test_workers_end_with_their_parent(exported: Path, tmp_path: Path) -> None:
    """A killed run must not leave processes behind that wait for ever, each with a model in memory."""
    rows = [
        {"pair_id": str(n), "speaker": "Ana", "claim": f"Dam {n} is safe", "context": "Ana said so."}
        for n in range(999)
    ]
    source = write_jsonl(tmp_path / "pairs.jsonl", rows)
    code = SLOW.replace('"onnx", 1)', '"onnx", 2)').replace("slowly, read", "batch.predict_rows, read")
    (tmp_path / "run.py").write_text(
        "if __name__ == '__main__':\n" + textwrap.indent(code.format(root=str(ROOT)), "    ")
    )
    command = [sys.executable, str(tmp_path / "run.py"), str(source), str(tmp_path / "out.jsonl"), str(exported)]
    parent = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for(lambda: progress_of(tmp_path, "out.jsonl") > 0)
    children = children_of(parent.pid)
    assert len(children) >= 2
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    wait_for(lambda: not any(alive(child) for child in children))


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 90 seconds"
        time.sleep(0.02)


def test_what_cannot_work_is_refused_first(exported: Path, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "pairs.jsonl", [{"speaker": "Ana", "claim": "It is", "context": "Ana said so."}])
    before = source.read_bytes()
    with pytest.raises(StanceError, match="is the input itself"):
        answer_file(predict_rows, read_records(source, parse_pair), source, Work(str(exported)), source, 4)
    with pytest.raises(StanceError, match="lies in the input folder"):
        answer_file(analyze_rows, [], tmp_path / "o.jsonl", Work(str(exported)), tmp_path, 4)
    with pytest.raises(StanceError, match="is a folder"):
        answer_file(predict_rows, [], tmp_path, Work(str(exported)), source, 4)
    with pytest.raises(StanceError, match="workers is -1"):
        Work("m", workers=-1)
    assert source.read_bytes() == before
    assert list(tmp_path.iterdir()) == [source]


def test_a_changed_input_is_not_gone_on_with(exported: Path, tmp_path: Path) -> None:
    """A file that is added below the input folder would shift the order of the articles."""
    folder, output = tmp_path / "news", tmp_path / "o.jsonl"
    write_jsonl(folder / "b" / "one.jsonl", [{"article_id": "b", "text": "Ana Ruiz said dam 1 was safe."}])
    work = Work(str(exported), "onnx", 1)

    def broken() -> Iterator[Article]:
        yield Article("b", "Ana Ruiz said dam 1 was safe.")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        answer_file(analyze_rows, broken(), output, work, folder, 1)
    write_jsonl(folder / "b" / "a.jsonl", [{"article_id": "a", "text": "Bo Lind said dam 2 was safe."}])
    answer_file(analyze_rows, read_articles(folder), output, work, folder, 1)
    assert {row["article_id"] for row in rows_of(output) if isinstance(row, dict)} == {"a", "b"}


def progress_of(folder: Path, name: str) -> int:
    try:
        return int(json.loads((folder / f".{name}.done").read_text())["inputs"])
    except (OSError, json.JSONDecodeError):
        return 0
