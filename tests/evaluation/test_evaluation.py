"""Metrics against values worked out by hand, baselines on pairs where the answer is known."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance.evaluation import (
    BASELINES,
    METRICS,
    bootstrap_interval,
    evaluate,
    flat_metrics,
    format_report,
    score,
    write_report,
)
from stance.evaluation.metrics import expected_calibration_error, one_hot, per_class
from stance.schema import Pair, Stance

A, D, N = Stance.AFFIRM, Stance.DENY, Stance.NEUTRAL
GOLD = [A, A, D, N]
PREDICTED = [A, D, D, A]


def test_scores_by_hand() -> None:
    """affirm: P 1/2 R 1/2 F 1/2; deny: P 1/2 R 1 F 2/3; neutral: 0."""
    scores = score(GOLD, one_hot(PREDICTED))
    assert scores["accuracy"] == pytest.approx(0.5)
    assert scores["f1_affirm"] == pytest.approx(0.5)
    assert scores["f1_deny"] == pytest.approx(2 / 3)
    assert scores["f1_neutral"] == 0
    assert scores["macro_f1"] == pytest.approx((0.5 + 2 / 3) / 3)
    assert scores["brier"] == pytest.approx(2 * 2 / 4)
    assert set(scores) == set(METRICS)
    assert per_class(GOLD, PREDICTED)["deny"]["precision"] == pytest.approx(0.5)


def test_calibration_error_by_hand() -> None:
    """Two answers at 0.8, one right: gap 0.3; two at 0.6, both right: gap 0.4; weights one half each."""
    probabilities = np.array([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.6, 0.2, 0.2], [0.6, 0.2, 0.2]])
    assert expected_calibration_error(np.array([0, 1, 0, 0]), probabilities) == pytest.approx(0.35)


def test_the_interval_holds_the_score_and_whole_articles_move() -> None:
    gold, groups = GOLD * 10, [str(i // 4) for i in range(40)]
    probabilities = one_hot(PREDICTED * 10)
    low, high = bootstrap_interval(gold, probabilities, groups, rounds=50)
    assert low == pytest.approx(high)  # every article is the same, so resampling them changes nothing
    scattered = bootstrap_interval(gold, probabilities, [str(i) for i in range(40)], rounds=200)
    assert scattered[0] < (0.5 + 2 / 3) / 3 < scattered[1]


def pairs(count: int) -> list[Pair]:
    made = []
    for index in range(count):
        stance = list(Stance)[index % 3]
        says = {A: "said it was safe", D: "denied that it was safe", N: "asked whether it was safe"}[stance]
        context = f"Ana Ruiz {says}. The weather was fine."
        extra = {"difficulty": "easy" if index % 2 else "hard"}
        made.append(Pair(str(index), "Ana Ruiz", "The dam is safe", context, f"a{index}", stance, extra=extra))
    return made


def test_baselines_know_what_they_can_know() -> None:
    train, test = pairs(60), pairs(30)
    accuracy = {
        name: score([p.stance for p in test if p.stance], b(train, test))["accuracy"] for name, b in BASELINES.items()
    }
    assert accuracy["majority"] == pytest.approx(1 / 3)
    assert accuracy["cue lexicon"] == 1
    assert accuracy["TF-IDF + LR"] == 1
    assert accuracy["claim only"] == pytest.approx(1 / 3)  # one claim, three stances: nothing to learn


def test_the_report_has_slices_baselines_and_files(tmp_path: Path) -> None:
    test = pairs(48)
    report = evaluate(test, one_hot([p.stance for p in test if p.stance]), pairs(60))
    assert report["metrics"]["macro_f1"] == 1
    assert report["confusion"] == [[16, 0, 0], [0, 16, 0], [0, 0, 16]]
    assert {k: v["pairs"] for k, v in report["slices"]["difficulty"].items()} == {"easy": 24, "hard": 24}
    assert "language models" in format_report(report)
    flat = flat_metrics(report)
    assert flat["recall_deny"] == flat["macro_f1"] == 1
    assert flat["tf_idf_lr_macro_f1"] == report["baselines"]["TF-IDF + LR"]["macro_f1"]
    assert flat["easy_macro_f1"] == 1


def test_the_report_is_a_folder_of_files(tmp_path: Path) -> None:
    test = pairs(60)
    probabilities = one_hot([p.stance for p in test if p.stance])
    report = evaluate(test, probabilities, predict=lambda asked: one_hot([A] * len(asked)))
    history = [{"step": 1, "loss": 1.0}, {"step": 2, "macro_f1": 0.5}]
    write_report(report, tmp_path / "r", test, probabilities, history)
    pictures = ("confusion", "reliability", "risk_coverage", "slices", "behaviour", "training")
    names = {f"{name}.png" for name in pictures}
    assert {f.name for f in (tmp_path / "r").iterdir()} == {
        "report.json", "report.txt", "report.html", "predictions.jsonl"
    } | names  # fmt: skip
    assert all((tmp_path / "r" / name).read_bytes().startswith(b"\x89PNG") for name in names)
    page = (tmp_path / "r" / "report.html").read_text()
    assert page.count("data:image/png;base64,") == len(pictures)
    assert all(source.startswith("data:") for source in re.findall(r'(?:src|href)="([^"]*)"', page))
    assert "https://" not in page
    first = json.loads((tmp_path / "r" / "predictions.jsonl").read_text().splitlines()[0])
    assert first["gold"] == "affirm"
    assert first["probabilities"] == {"affirm": 1.0, "deny": 0.0, "neutral": 0.0}
    assert first["group"] == "a0"


def test_the_report_counts_whole_situations(tmp_path: Path) -> None:
    """Two variants of a situation are one group: resampling them apart would make intervals too narrow."""
    one = [replace(p, extra={"situation": f"s{n // 3}"}) for n, p in enumerate(pairs(30))]
    assert evaluate(one, one_hot([p.stance for p in one if p.stance]))["articles"] == 10
    assert evaluate(pairs(30), one_hot([p.stance for p in one if p.stance]))["articles"] == 30
