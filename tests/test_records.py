"""Reading and writing: what is broken is named by file and line, what is written is whole or absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import InputError
from stance.files import atomic_folder, atomic_write, write_rows
from stance.records import pair_row, parse_annotated, parse_article, parse_attribution, parse_pair, read_records
from stance.schema import Span
from tests.conftest import annotated_row, write_jsonl

PAIR = {"pair_id": "p1", "speaker": "Ana", "claim": "The dam is safe", "context": "Ana said the dam was safe."}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02", "is binary"),
        (b'{"speaker": "\xe9t\xe9"}', "is not UTF-8"),
        (b"{not json}", "x.jsonl:1: is not JSON"),
        (b"[1, 2]", "holds a list, an object is needed"),
        (b'{"speaker": "Ana"}', "key 'claim' is missing"),
        (b'{"speaker": 3}', "key 'speaker' is 3, a string is needed"),
        (json.dumps(PAIR | {"stance": "maybe"}).encode(), "choose from affirm, deny, neutral"),
        (json.dumps(PAIR | {"context": "  "}).encode(), "key 'context' is empty"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_a_broken_file_is_named_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(read_records(path, parse_pair))
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read_records(tmp_path / "none.jsonl", parse_pair))
    with pytest.raises(InputError, match="is a folder"):
        list(read_records(tmp_path, parse_pair))


def test_skip_reports_the_broken_line_and_keeps_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(PAIR) + "\n{broken\n\n" + json.dumps(PAIR | {"pair_id": "p2"}) + "\n")
    assert [pair.pair_id for pair in read_records(path, parse_pair, "skip")] == ["p1", "p2"]
    assert f"{path}:2" in capsys.readouterr().err
    with pytest.raises(InputError, match=":2:"):
        list(read_records(path, parse_pair, "stop"))


def test_unknown_keys_survive_a_round_trip(tmp_path: Path) -> None:
    row = PAIR | {"article_id": "a", "stance": "deny", "colour": "red"}
    pair = next(read_records(write_jsonl(tmp_path / "x.jsonl", [row]), parse_pair))
    assert pair_row(pair) == row
    article = parse_article({"article_id": "a", "text": "t", "section": "world"}, Path("x"), 1)
    assert article.extra == {"section": "world"}


def test_annotations_must_fit_their_article() -> None:
    good = annotated_row(0)
    annotated = parse_annotated(good, Path("x"), 1)
    first = annotated.stances[0].evidence
    assert first is not None
    assert good["text"][first.start : first.end] == first.text
    for change, message in (
        ({"stances": [good["stances"][0] | {"evidence": "not there"}]}, "does not occur"),
        ({"stances": [good["stances"][0] | {"speaker": "nobody"}]}, "choose from mayor, ministry, union"),
        ({"stances": [good["stances"][0] | {"evidence": [5, 2]}]}, "neither a substring"),
        ({"speakers": "Ana"}, "must be a list of objects"),
    ):
        with pytest.raises(InputError, match=message):
            parse_annotated(good | change, Path("x"), 1)


def test_stand_off_evidence_gives_the_same_span() -> None:
    row = annotated_row(1)
    text = row["stances"][1]["evidence"]
    start = row["text"].index(text)
    row["stances"][1]["evidence"] = [start, start + len(text)]
    evidence = parse_annotated(row, Path("x"), 1).stances[1].evidence
    assert evidence is not None
    assert evidence.text == text


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    write_rows(path, [{"a": 1}])
    with pytest.raises(ZeroDivisionError), atomic_write(path) as partial:
        partial.write_text("half")
        _ = 1 / 0
    assert path.read_text() == '{"a": 1}\n'
    assert [file.name for file in tmp_path.iterdir()] == ["x.jsonl"]


def test_a_failed_folder_leaves_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    with atomic_folder(folder, "a") as partial:
        (partial / "a").write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_folder(folder, "a") as partial:
        (partial / "a").write_text("new")
        _ = 1 / 0
    assert (folder / "a").read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["made"]
    with atomic_folder(folder, "a") as partial:
        (partial / "a").write_text("new")
    assert [file.name for file in folder.iterdir()] == ["a"]
    assert (folder / "a").read_text() == "new"


@pytest.mark.parametrize(
    "broken",
    [
        {"content": [[3, 1]]},
        {"content": [[0, "1"]]},
        {"content": "0-1"},
        {"source": [[-1, 2]]},
        {"chain": ["Ruiz"]},
        {"chain": [{"speaker": "Ruiz", "polarity": "maybe"}]},
        {"chain": [{"polarity": "deny"}]},
    ],
)
def test_a_broken_attribution_is_named_with_its_line(broken: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"a\.jsonl.*7"):
        parse_attribution({"article_id": "a", "content": [[0, 1]], **broken}, Path("a.jsonl"), 7)


def test_an_attribution_of_spans_alone_is_read() -> None:
    read = parse_attribution({"article_id": "a", "content": [[0, 4]]}, Path("a.jsonl"), 1)
    assert read.content == (Span(0, 4),)
    assert (read.chain, read.negated, read.nested) == ((), False, False)


@pytest.mark.parametrize("key", ["evidence", "topic"])
def test_half_a_character_is_refused_wherever_a_pair_holds_it(tmp_path: Path, key: str) -> None:
    source = write_jsonl(tmp_path / "x.jsonl", [PAIR | {key: "fine"}])
    source.write_text(source.read_text().replace("fine", "\\ud83d"))
    with pytest.raises(InputError, match=rf"x\.jsonl:1: key '{key}' holds half a character"):
        list(read_records(source, parse_pair))
