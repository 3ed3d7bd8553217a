"""A journal loses nothing and doubles nothing, wherever it is cut off."""

from __future__ import annotations

import datetime
import gzip
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stance.errors import InputError, StanceError
from stance.files import read_rows
from stance.journal import Journal, check_apart, journal


def rows(numbers: range) -> list[dict[str, object]]:
    return [{"n": n, "tags": ["é"] * (n % 3), "maybe": None if n < 7 else {"x": n}} for n in numbers]


def numbers(path: Path) -> list[int]:
    return [row["n"] for _, row in read_rows(path) if isinstance(row, dict)]


@pytest.mark.parametrize("name", ["o.jsonl", "o.jsonl.gz", "o.jsonl.zst", "o.parquet"])
def test_a_cut_off_journal_goes_on(tmp_path: Path, name: str) -> None:
    output = tmp_path / name
    first = Journal(output, "k")
    first.append(rows(range(3)), inputs=2)
    first.append(rows(range(3, 5)), inputs=1)
    first.file.write(b'{"n": 99, "torn": tr')  # a kill in the middle of a chunk
    first.file.close()
    assert not output.exists()
    with journal(output, "k") as second:
        assert second.done == 3
        second.append(rows(range(5, 9)), inputs=5)
    assert numbers(output) == list(range(9))
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_kill_between_the_rows_and_their_count_doubles_nothing(tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    first = Journal(output, "k")
    first.append(rows(range(3)), inputs=3)
    state = first.state.read_bytes()
    first.append(rows(range(3, 6)), inputs=3)
    first.state.write_bytes(state)  # the second chunk is on disk, its count is not
    first.file.close()
    with journal(output, "k") as second:
        assert second.done == 3
        second.append(rows(range(3, 6)), inputs=3)
    assert numbers(output) == list(range(6))


def test_another_run_does_not_go_on_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "o.jsonl"
    first = Journal(output, "k")
    first.append(rows(range(3)), inputs=3)
    first.file.close()
    with pytest.raises(RuntimeError), journal(output, "a slip"):
        raise RuntimeError
    again = Journal(output, "k")
    assert again.done == 3, "a run that did nothing cost the unfinished one nothing"
    again.file.close()
    with journal(output, "another") as second:
        assert second.done == 0
        second.append(rows(range(2)), inputs=2)
    assert numbers(output) == [0, 1]
    assert "not going on" in capsys.readouterr().err


def test_a_failure_keeps_what_was_done_and_the_old_output(tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    output.write_text("old\n")
    with pytest.raises(RuntimeError), journal(output, "k") as one:
        one.append(rows(range(2)), inputs=2)
        raise RuntimeError
    assert output.read_text() == "old\n"
    assert Journal(output, "k").done == 2


def test_a_failure_before_anything_was_done_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), journal(tmp_path / "o.jsonl", "k"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_two_runs_on_one_output_are_refused(tmp_path: Path) -> None:
    first = Journal(tmp_path / "o.jsonl", "k")
    with pytest.raises(InputError, match="another process"):
        Journal(tmp_path / "o.jsonl", "k")
    first.file.close()


def test_no_rows_are_an_empty_file(tmp_path: Path) -> None:
    for name in ("o.jsonl", "o.jsonl.gz"):
        with journal(tmp_path / name, "k") as one:
            one.append([], inputs=4)
        assert (tmp_path / name).read_bytes() == b""


def test_packed_outputs_are_plain_archives(tmp_path: Path) -> None:
    with journal(tmp_path / "o.jsonl.gz", "k") as one:
        one.append(rows(range(1)), inputs=1)
        one.append(rows(range(1, 2)), inputs=1)
    assert gzip.decompress((tmp_path / "o.jsonl.gz").read_bytes()).count(b"\n") == 2


def test_a_parquet_output_has_a_schema_that_fits_late_rows(tmp_path: Path) -> None:
    """The first rows have no "maybe"; a schema taken from them alone would lose it."""
    with journal(tmp_path / "o.parquet", "k") as one:
        one.append([*rows(range(9)), {"n": 9, "title": "late"}], inputs=10)
    table = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert table[0]["maybe"] is None
    assert table[8]["maybe"] == {"x": 8}
    assert table[9]["title"] == "late", "a key that only the last row has"


def test_what_has_no_parquet_form_is_kept_and_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no Parquet form"), journal(tmp_path / "o.parquet", "k") as one:
        one.append([{"x": 1}, {"x": {"y": 2}}], inputs=2)
    assert (tmp_path / ".o.parquet.journal").read_text().count("\n") == 2


def test_values_without_a_json_form_become_text(tmp_path: Path) -> None:
    with journal(tmp_path / "o.jsonl", "k") as one:
        one.append([{"when": datetime.date(2026, 1, 2), "half": "\ud83d"}], inputs=1)
    [row] = [row for _, row in read_rows(tmp_path / "o.jsonl")]
    assert row == {"when": "2026-01-02", "half": "\ud83d"}


def test_packed_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StanceError, match=r"name it \.parquet"):
        Journal(tmp_path / "o.parquet.gz", "k")


@pytest.mark.parametrize("pattern", ["*.jsonl", "part-*", "../pat/**/p*.jsonl", "[p]art-0.jsonl"])
def test_an_output_that_a_pattern_matches_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    """It would replace a source file, or be read as one by the next run."""
    (tmp_path / "pat").mkdir()
    monkeypatch.chdir(tmp_path / "pat")
    (tmp_path / "pat" / "part-0.jsonl").write_text("{}\n")
    with pytest.raises(StanceError, match="part of the input"):
        check_apart(tmp_path / "pat" / "part-0.jsonl", Path(pattern))
    with pytest.raises(StanceError, match="part of the input"):
        check_apart(tmp_path / "elsewhere.jsonl", Path("*.jsonl"), Path("new.jsonl"))
    check_apart(tmp_path / "elsewhere.jsonl", Path(pattern))
    check_apart(Path("out.txt"), Path(pattern))


def test_a_source_under_another_name_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "part-0.jsonl").write_text("{}\n")
    (tmp_path / "link.out").symlink_to(tmp_path / "part-0.jsonl")
    with pytest.raises(StanceError, match="part of the input"):
        check_apart(tmp_path / "link.out", tmp_path / "*.jsonl")
