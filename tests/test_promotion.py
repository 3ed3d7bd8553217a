"""A model becomes champion when it passes every gate and beats the present one; else it says why not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stance.errors import StanceError
from stance.promotion import PromotionOptions, duel_reasons, gate_reasons
from tests.test_comparison import A, B, Evaluated, row

GOOD: dict[str, Any] = {
    "metrics": {"f1_deny": 0.7, "ece": 0.05},
    "behaviour": {"one": {"pass_rate": 0.9}, "two": {"pass_rate": 0.7}},
    "neutrality": {"country": {"flip_rate": 0.02}, "gender": {"flip_rate": 0.1}},
}


def test_a_good_report_passes() -> None:
    assert gate_reasons(GOOD, PromotionOptions()) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"metrics": {"f1_deny": 0.49, "ece": 0.05}}, "F1 of deny 0.490 < 0.5"),
        ({"metrics": {"f1_deny": 0.7, "ece": 0.11}}, "calibration error 0.110 > 0.1"),
        ({"behaviour": {"one": {"pass_rate": 0.5}}}, "behaviour suite 50% < 60%"),
        ({"neutrality": {"country": {"flip_rate": 0.2}}}, "the speaker's country in 20% > 15%"),
    ],
)
def test_each_gate_stops_what_it_guards(change: dict[str, Any], reason: str) -> None:
    [found] = gate_reasons(GOOD | change, PromotionOptions())
    assert reason in found


def test_what_was_not_measured_does_not_pass() -> None:
    without = {key: value for key, value in GOOD.items() if key != "behaviour"}
    assert gate_reasons(None, PromotionOptions()) == gate_reasons(without, PromotionOptions())
    assert "not evaluated" in gate_reasons(None, PromotionOptions())[0]


def test_the_duel() -> None:
    """Denials lie in two of eight groups, and only they tell the two apart: the other six are drawn alone in
    (6/8)^8 = 10 % of the draws, so that b is better in 90 %."""
    assert duel_reasons(B, None, PromotionOptions()) == []
    assert duel_reasons(B, A, PromotionOptions(min_better=0.8)) == []
    [close] = duel_reasons(B, A, PromotionOptions())
    assert re.search(r"better in (89|90|91)% of the draws", close)
    [worse] = duel_reasons(A, B, PromotionOptions())
    assert "macro-F1 -0.378" in worse
    [same] = duel_reasons(B, B, PromotionOptions())
    assert "better in 0% of the draws, 95% are needed" in same
    [other] = duel_reasons(Evaluated("c", {}, [row(99, "deny", "deny")]), A, PromotionOptions())
    assert "evaluate both on one dataset" in other


def test_options_are_checked() -> None:
    with pytest.raises(StanceError, match=r"promotion\.max_ece is 2"):
        PromotionOptions(max_ece=2)
