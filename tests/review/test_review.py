"""Doubtful pairs go out, judgements come back, and a build follows them in nothing but the label."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from stance.errors import InputError, StanceError
from stance.review import (
    Correction,
    Doubt,
    corrected,
    decide,
    doubts,
    labeling_config,
    read_corrections,
    read_judgements,
    tasks,
)
from stance.review.label_studio import marked
from stance.review.sheet import COLUMNS, guarded, sheet, unguarded
from stance.review.writing import add_corrections, write_review
from stance.schema import LABELS, Pair, Prediction, Stance
from tests.conftest import write_jsonl

AFFIRM, DENY, NEUTRAL = LABELS


def pair(name: str, confidence: float = 1.0, stance: Stance = AFFIRM, claim: str = "", source: str = "weak") -> Pair:
    return Pair(
        name, "Ana", claim or f"Town {name}{name} floods", "Ana said so.", "a", stance, None, source, confidence
    )


def answer(stance: Stance, sure: float) -> Prediction:
    rest = (1 - sure) / 2
    return Prediction(stance, {label: sure if label == stance else rest for label in LABELS}, None)


def scores(found: list[Doubt]) -> dict[str, float]:
    return {one.pair.pair_id: round(one.score, 3) for one in found}


def test_the_least_confident_come_first_and_the_certain_not_at_all() -> None:
    found = doubts([pair("a", 0.9), pair("b", 0.6), pair("c"), pair("d", 0.6), pair("e", 0.5, source="gold")])
    assert scores(found) == {"b": 0.4, "d": 0.4, "a": 0.1}
    assert [one.pair.pair_id for one in found] == ["b", "d", "a"]
    assert len(doubts([pair("a", 0.9), pair("b", 0.6)], limit=1)) == 1
    with pytest.raises(StanceError, match="limit is 0"):
        doubts([pair("a")], limit=0)


def test_a_claim_that_is_affirmed_and_denied_is_disputed() -> None:
    same = ["The dam at Arona leaks", "The Arona dam is leaking"]
    found = doubts([pair("a", claim=same[0]), pair("b", stance=DENY, claim=same[1]), pair("c", stance=NEUTRAL)])
    assert scores(found) == {"a": 0.25, "b": 0.25}


def test_a_model_that_differs_outweighs_one_that_is_unsure() -> None:
    pairs = [pair("sure"), pair("unsure"), pair("differs")]
    found = doubts(pairs, [answer(AFFIRM, 0.9), answer(AFFIRM, 0.5), answer(DENY, 0.6)])
    assert scores(found) == {"differs": 0.6, "unsure": 0.5, "sure": 0.1}
    assert "deny" not in found[0].reasons[0], "the reason must not give the model's answer away"


def test_the_config_offers_the_labels_and_fits_the_tasks() -> None:
    tree = ElementTree.fromstring(labeling_config())
    assert [one.attrib["value"] for one in tree.iter("Choice")] == list(LABELS)
    [task] = tasks(doubts([pair("a", 0.6)]))
    shown = [word.strip("?.,") for one in tree.iter() for word in one.attrib.get("value", "").split()]
    assert {word[1:] for word in shown if word.startswith("$")} == {"speaker", "claim", "context"} <= set(task["data"])
    assert not {"stance", "confidence"} & set(task["data"])


def test_the_evidence_is_marked_and_the_text_is_not_interpreted() -> None:
    one = replace(pair("a"), context="<b>Ana</b>\nsaid & left.", evidence="said & left")
    assert marked(one) == "&lt;b&gt;Ana&lt;/b&gt;<br><mark>said &amp; left</mark>."
    assert "<mark>" not in marked(replace(one, evidence="elsewhere"))


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "  =1", "'=1", "＝1", "\u00a0-1", "plain", ""]
)
def test_no_cell_is_a_formula_and_all_come_back(value: str) -> None:
    assert not guarded(value).lstrip(" \u00a0\t\r\n").startswith(("=", "+", "-", "@", "＝"))
    assert unguarded(guarded(value)) == value


def test_the_sheet_has_stable_columns_and_quotes_what_needs_it() -> None:
    one = replace(pair("a", 0.6), speaker="=HYPERLINK(1)", context='Ana, "the\nmayor"', evidence="x" * 40_000)
    rows = list(csv.reader(sheet(doubts([one])).splitlines(keepends=True)))
    assert rows[0] == list(COLUMNS)
    row = dict(zip(*rows, strict=True))
    assert (row["speaker"], row["context"], row["stance"]) == ("'=HYPERLINK(1)", 'Ana, "the\nmayor"', "")
    assert len(row["evidence"]) == 32_000


def annotation(stance: Any, by: Any, note: str = "", **keys: Any) -> dict[str, Any]:
    result = [{"from_name": "stance", "to_name": "context", "type": "choices", "value": {"choices": [stance]}}]
    if note:
        result.append({"from_name": "note", "to_name": "context", "type": "textarea", "value": {"text": [note]}})
    return {"completed_by": by, "result": result, "was_cancelled": False} | keys


def export(path: Path, *annotations: Any, pair_id: Any = "p") -> Path:
    path.write_text(json.dumps([{"id": 7, "data": {"pair_id": pair_id}, "annotations": list(annotations)}], indent=1))
    return path


def test_label_studios_export_is_read(tmp_path: Path) -> None:
    path = export(
        tmp_path / "done.json",
        annotation("deny", {"id": 1, "first_name": "Ana", "last_name": "Ruiz", "email": "a@x.org"}, "see line 2"),
        annotation("affirm", 4),
        annotation("affirm", 5, was_cancelled=True),
        annotation("neutral", {"email": "bo@x.org"}),
    )
    assert [(one.stance, one.annotator, one.note) for one in read_judgements(path)] == [
        (DENY, "Ana Ruiz", "see line 2"), (AFFIRM, "user 4", ""), (NEUTRAL, "bo@x.org", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[\n{"data": {"pair_id": "p"}, "annotations": []},\n{"data": 3, "annotations": [{}]}\n]', [":3:", "'data'"]),
        ("{}", ["no list of tasks"]),
        ("[\n{broken", [":2:", "not JSON"]),
        ("[{}", ["ends within"]),
        ("[{} {}]", ["comma"]),
        ("[", ["not JSON"]),
        ("[" * 100_000, ["not JSON"]),
        ("[3]", ["3", "a task is needed"]),
        ('[{"annotations": "x"}]', ["'annotations'", "'x'"]),
        ('[{"data": {"pair_id": 3}, "annotations": [{"result": []}]}]', ["'pair_id'", "3"]),
        ('[{"data": {"pair_id": "p"}, "annotations": [{"completed_by": 1, "result": []}]}]', ["'stance'", "None"]),
        ('[{"data": {"pair_id": "p"}, "annotations": [{"result": [{"from_name": "stance", "value": {"choices": '
         '["deny"]}}]}]}]', ["'annotator'"]),
    ],
)  # fmt: skip
def test_a_broken_export_is_one_line(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "done.json").write_text(text)
    with pytest.raises(InputError) as raised:
        read_judgements(tmp_path / "done.json")
    assert str(raised.value).startswith(str(tmp_path / "done.json"))
    assert "\n" not in str(raised.value)
    assert all(word in str(raised.value) for word in words)


def test_an_unknown_label_names_file_line_key_value_and_choices(tmp_path: Path) -> None:
    path = export(tmp_path / "done.json", annotation("maybe", 1))
    with pytest.raises(InputError, match=r"done\.json:2: key 'stance' is 'maybe'; choose from affirm, deny, neutral"):
        read_judgements(path)
    with pytest.raises(InputError, match=r"'\.txt'; choose from \.json, \.csv"):
        read_judgements(tmp_path / "done.txt")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_filled_in_sheet_is_read(tmp_path: Path, delimiter: str) -> None:
    lines = [["pair_id", "stance", "note", "annotator"], ["'=p", " Deny ", "two\nlines", "Ana"], ["q", "", "", ""],
             ["r", "neutral", "", ""]]  # fmt: skip
    with (tmp_path / "done.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    found = read_judgements(tmp_path / "done.csv", "Bo")
    assert found == [Correction("=p", DENY, "Ana", "two\nlines", 2), Correction("r", NEUTRAL, "Bo", "", 5)]
    (tmp_path / "bad.csv").write_text("pair_id,stance,annotator\np,affirm,Ana\nq,maybe,Ana\n")
    with pytest.raises(InputError, match=r"bad\.csv:3: key 'stance' is 'maybe'; choose from affirm"):
        read_judgements(tmp_path / "bad.csv")
    (tmp_path / "bad.csv").write_text("id,stance\np,affirm\n")
    with pytest.raises(InputError, match="no column 'pair_id'; found id, stance"):
        read_judgements(tmp_path / "bad.csv")
    (tmp_path / "bad.csv").write_text('pair_id,stance\n"p,affirm\n')
    with pytest.raises(InputError, match=r"bad\.csv:2: is not CSV"):
        read_judgements(tmp_path / "bad.csv")


def test_a_majority_decides_and_the_later_judgement_of_a_person_stands(capsys: pytest.CaptureFixture[str]) -> None:
    judged = [
        Correction("p", DENY, "Ana"), Correction("p", AFFIRM, "Bo"), Correction("p", DENY, "Cy"),
        Correction("q", DENY, "Ana"), Correction("q", AFFIRM, "Bo"),
        Correction("r", DENY, "Ana"), Correction("r", NEUTRAL, "Ana"),
    ]  # fmt: skip
    decisions = decide(judged)
    pairs = [pair("p", 0.6), pair("q", 0.6), pair("r", source="gold"), pair("s", 0.7)]
    found = {one.pair_id: one for one in corrected(pairs, decisions, "c.jsonl")}
    assert set(found) == {"p", "r", "s"}
    assert "left out: q, no majority among Ana, Bo" in capsys.readouterr().err
    names = {"annotator": "Ana; Cy"}
    assert found["p"] == replace(pairs[0], stance=DENY, label_source="human", confidence=0.667, extra=names)
    assert (found["r"].stance, found["r"].label_source) == (NEUTRAL, "human"), "gold is overridden, too"
    assert found["s"] == pairs[3]


def test_a_judgement_of_a_pair_that_does_not_exist_names_the_nearest() -> None:
    decisions = decide([Correction("article-7:c2", DENY, "Ana", line=4)])
    pairs = [pair("article-7:c1"), pair("other"), pair("another"), pair("x")]
    with pytest.raises(InputError, match=r"c\.jsonl:4: key 'pair_id' is 'article-7:c2'; choose .* article-7:c1, "):
        list(corrected(pairs, decisions, "c.jsonl"))


def test_only_json_is_a_name_for_the_tasks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"does not end in \.json"):
        write_review([], write_jsonl(tmp_path / "r.jsonl", []))


@pytest.mark.parametrize("there", ["r.csv", "r.json"])
def test_a_review_that_may_be_filled_in_is_not_replaced(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("what people have judged")
    with pytest.raises(InputError, match="overwrite=true"):
        write_review([Doubt(pair("a"), 1.0, ("why",))], tmp_path / "r.json")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["what people have judged"]
    write_review([Doubt(pair("a"), 1.0, ("why",))], tmp_path / "r.json", overwrite=True)
    assert "what people" not in (tmp_path / there).read_text()


def test_a_second_round_stands_after_the_first(tmp_path: Path) -> None:
    rounds = [[Correction("p", DENY, "Ana"), Correction("q", DENY, "Ana")], [Correction("p", AFFIRM, "Ana")]]
    assert [add_corrections(one, tmp_path / "c.jsonl") for one in rounds] == [0, 2]
    decided = decide(read_corrections(tmp_path / "c.jsonl"))
    assert {name: one.stance for name, one in decided.items()} == {"p": AFFIRM, "q": DENY}


def test_a_broken_second_round_costs_nothing_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text("no correction\n")
    with pytest.raises(InputError, match=r"c\.jsonl:1"):
        add_corrections([Correction("p", DENY, "Ana")], tmp_path / "c.jsonl")
    assert (tmp_path / "c.jsonl").read_text() == "no correction\n"


def test_an_answer_to_a_list_is_none(tmp_path: Path) -> None:
    answers = [{"from_name": ["stance"], "value": {"choices": ["deny"]}}]
    task = {"data": {"pair_id": "p"}, "annotations": [{"completed_by": 1, "result": answers}]}
    (tmp_path / "done.json").write_text(json.dumps([task]))
    with pytest.raises(InputError, match=r"done\.json:1: key 'stance' is None"):
        read_judgements(tmp_path / "done.json")
