"""Two runs side by side: the numbers by hand, and what cannot be compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.comparison import Evaluated, difference, difference_page, format_difference, read_predictions, summary
from stance.errors import InputError, StanceError
from tests.conftest import write_jsonl

SURE = {"affirm": [0.8, 0.1, 0.1], "deny": [0.1, 0.8, 0.1], "neutral": [0.1, 0.1, 0.8]}


def row(number: int, gold: str, answer: str, difficulty: str = "easy") -> dict[str, object]:
    probabilities = dict(zip(("affirm", "deny", "neutral"), SURE[answer], strict=True))
    about = {"pair_id": str(number), "group": f"g{number % 8}", "speaker": "Ana <b>", "claim": f"Dam {number} is safe"}
    return about | {"gold": gold, "probabilities": probabilities, "slices": {"difficulty": difficulty, "topic": "x"}}


GOLD = ["affirm", "deny", "neutral", "affirm"] * 6
A = Evaluated("first", {"lr": "1e-4", "seed": "1"}, [row(n, g, "affirm") for n, g in enumerate(GOLD)])
B = Evaluated(
    "second",
    {"lr": "2e-4", "seed": "1", "epochs": "3"},
    [row(n, g, g if g != "neutral" else "affirm") for n, g in enumerate(GOLD)],
)


def test_the_numbers_by_hand() -> None:
    """a says affirm always: F1 of affirm 2*12/(24+12) = 2/3, macro 2/9. b misses the neutral ones: affirm
    2*12/(18+12) = 0.8, deny 1, macro 0.6. b alone is right on the six denials."""
    found = difference(A, B)
    assert found.result.difference == pytest.approx(0.6 - 2 / 9)
    assert (found.result.only_a, found.result.only_b) == (0, 6)
    assert found.result.p == pytest.approx(2 * 0.5**6)
    assert found.params == {"epochs": ("", "3"), "lr": ("1e-4", "2e-4")}
    assert found.slices == {"difficulty: easy": (24, pytest.approx(2 / 9), pytest.approx(0.6))}
    assert [one["pair_id"] for one in found.flipped] == ["1", "5", "9", "13", "17", "21"]
    assert summary(found)["difference_only_b"] == 6


def test_text_and_page() -> None:
    found = difference(A, B)
    text = format_difference(found)
    assert "macro-F1 +0.378" in text
    assert "lr 1e-4 -> 2e-4" in text
    page = difference_page(found)
    assert "Ana &lt;b&gt;" in page
    assert "6 answers flipped" in page


def test_runs_on_different_pairs_are_not_compared() -> None:
    with pytest.raises(StanceError, match="23 are the same: evaluate both on one dataset"):
        difference(A, Evaluated("third", {}, B.rows[1:]))
    other = [row(0, "deny", "deny"), *B.rows[1:]]
    with pytest.raises(StanceError, match="evaluate both"):
        difference(A, Evaluated("third", {}, other))


def test_a_file_without_predictions_is_named(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "p.jsonl", [{"pair_id": "1"}])
    with pytest.raises(InputError, match="holds no predictions"):
        read_predictions(path)
    write_jsonl(path, [row(1, "deny", "deny")])
    assert read_predictions(path)[0]["gold"] == "deny"
