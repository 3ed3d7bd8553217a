"""The audit counts what stands on both sides and names it; a build that leaks fails, a warning lets it pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stance.dataset import MODES, audit_splits, build_dataset, enforce, manifest_of
from stance.dataset import build as building
from stance.dataset.audit import is_named
from stance.dataset.probes import Probe
from stance.dataset.split import split_of
from stance.errors import StanceError
from stance.records import PairFile
from stance.schema import Pair, Stance
from tests.conftest import RunScript, write_jsonl
from tests.dataset.test_split import pair, text

CLEAN = {"train": [pair(1), pair(2), pair(2)], "validation": [pair(3)], "test": [pair(4)]}


def crossing(splits: dict[str, list[Pair]]) -> dict[str, int]:
    """Kinds and counts of what crosses, where anything does."""
    return {one.kind: one.crossing for one in audit_splits(splits).overlaps if one.crossing}


def test_clean_splits_have_no_problem() -> None:
    audited = audit_splits(CLEAN)
    assert audited.problems() == []
    enforce(audited)
    assert [one.total for one in audited.overlaps] == [4, 4, 4, 0, 0]
    assert "| claim clusters | 4 | 0 |" in str(audited)


@pytest.mark.parametrize(
    ("test_pair", "kinds"),
    [
        (replace(pair(9), article_id="a2"), {"articles": 1, "situations": 1}),
        (replace(pair(9), extra={"situation": "a2"}), {"situations": 1}),
        (pair(9, claim="The bridge of town 2 will be closed"), {"claim clusters": 1}),
        (pair(9, context=text(2)), {"pairs of wire copies": 1}),
        (pair(9, context=f"Arona {text(2)}"), {"pairs of wire copies": 1}),  # 37 of 38 runs of four words are shared
        # 30 of 40 words are shared: 27 runs of 37 + 37 - 27 = 47, 0.57
        (
            pair(9, context=" ".join([*text(2).split()[:30], *text(9).split()[:10]])),
            {"pairs of near-duplicate contexts": 1},
        ),
        # 20 of 40: 17 runs of 57, 0.30
        (pair(9, context=" ".join([*text(2).split()[:20], *text(9).split()[:20]])), {}),
    ],
)
def test_each_kind_of_leak_is_found_and_named(test_pair: Pair, kinds: dict[str, int]) -> None:
    splits = CLEAN | {"test": [pair(4), test_pair]}
    assert crossing(splits) == kinds
    audited = audit_splits(splits)
    assert len(audited.problems()) == len(kinds)
    for problem in audited.problems():
        assert "train (" in problem
        assert "test (" in problem
    if kinds:
        with pytest.raises(StanceError, match="the splits leak: 1 of") as raised:
            enforce(audited)
        assert "\n" not in str(raised.value)


def test_the_worst_example_comes_first() -> None:
    often, once = "The Arona dam is leaking", "The Belwick ferry will sail"
    train = [pair(1, once), *(pair(10 + n, often) for n in range(5))]
    [claims] = [
        one for one in audit_splits({"train": train, "test": [pair(90, often), pair(91, once)]}).overlaps
        if one.kind == "claim clusters"
    ]  # fmt: skip
    assert (claims.crossing, claims.total) == (2, 2)
    assert [often in claims.examples[0], once in claims.examples[1]] == [True, True]


def test_named_speakers_are_counted_and_descriptions_are_not() -> None:
    assert [is_named(name) for name in ("the ministry", "The ministry", "Ana Ruiz", "the Arona council", "")] == [
        False, False, True, True, False,
    ]  # fmt: skip
    said = [replace(pair(n), speaker=who) for n, who in enumerate(("Ana Ruiz", "the ministry", "Bo Lind"))]
    heard = [replace(pair(9), speaker=who) for who in ("Ana Ruiz", "Ana Ruiz", "the ministry", "Cy Moe")]
    assert audit_splits({"train": said, "test": heard}).speakers == (3, 2, ("Ana Ruiz",))


def test_only_a_speaker_that_gives_the_label_away_fails() -> None:
    leaking, fair = Probe("speaker only", 0.49, 0.4), Probe("speaker only", 0.47, 0.4)
    assert audit_splits(CLEAN, [fair, Probe("context only", 0.9, 0.4)]).problems() == []
    [problem] = audit_splits(CLEAN, [leaking]).problems()
    assert "+9.0 points" in problem


def labelled(count: int) -> list[Pair]:
    return [replace(pair(n), stance=list(Stance)[n % 3], speaker=f"Ana {n}") for n in range(count)]


def test_a_build_that_leaks_fails_and_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = labelled(60)
    good = build_dataset(pairs, tmp_path / "ds")
    assert good["audit"]["overlaps"]["articles"] == {"crossing": 0, "total": 60, "examples": []}
    pairs.append(replace(pairs[0], pair_id="copy", article_id="a6", context=f"Arona {text(0)}"))
    assert build_dataset(pairs, tmp_path / "tied")["audit"]["overlaps"]["pairs of wire copies"]["total"] == 1
    # the guard broken: every article by its own name alone
    monkeypatch.setattr(building, "splits_of", lambda some: {p.article_id: split_of(p.article_id) for p in some})
    sides = {split_of("a0"), split_of("a6")}
    assert len(sides) == 2, "a0 and a6 fall on two sides by their names"
    with pytest.raises(StanceError, match=r"the splits leak: .*claim cluster"):
        build_dataset(pairs, tmp_path / "ds")
    assert manifest_of(tmp_path / "ds") == good
    capsys.readouterr()
    warned = build_dataset(pairs, tmp_path / "warned", audit_mode="warn")
    assert warned["audit"]["overlaps"]["pairs of wire copies"]["crossing"] == 1
    assert "audit: 1 of" in capsys.readouterr().err
    assert "## Leakage audit" in (tmp_path / "warned" / "README.md").read_text()


def test_an_unknown_mode_names_the_modes(run_script: RunScript, tmp_path: Path, corpus_dir: Path) -> None:
    done = run_script("build_dataset", f"source.path={corpus_dir}", "dataset_dir=ds", "audit=maybe")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert all(mode in done.stderr for mode in MODES)
    assert not (tmp_path / "ds").exists()


def test_a_file_of_pairs_is_read_anew_each_time(tmp_path: Path) -> None:
    row = {"pair_id": "1", "speaker": "Ana", "claim": "The dam is safe", "context": "Ana said so."}
    pairs = PairFile(write_jsonl(tmp_path / "p.jsonl", [row]))
    assert [one.pair_id for one in pairs] == [one.pair_id for one in pairs] == ["1"]
