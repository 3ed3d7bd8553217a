"""The probes speak up when a part of the input gives the label away; the Croissant file opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.dataset import SOURCES, SourceOptions, build_dataset, probe
from stance.schema import Pair, Stance


def pairs(leak: str) -> list[Pair]:
    """Ninety pairs, thirty a stance, all alike but for the word in the part that leaks."""
    made = []
    for number in range(90):
        stance = list(Stance)[number % 3]
        words = dict.fromkeys(("speaker", "claim", "context"), f"thing{number // 3 % 5}") | {leak: stance.value}
        made.append(Pair(pair_id=str(number), article_id=str(number), stance=stance, **words))
    return made


@pytest.mark.parametrize("leak", ["claim", "speaker", "context"])
def test_a_leak_is_found_where_it_is(leak: str) -> None:
    found = {one.name: one for one in probe(pairs(leak))}
    assert found[f"{leak} only"].accuracy == 1.0  # each word stands for one stance
    assert [name for name, one in found.items() if one.leaks] == [f"{leak} only"]
    assert all(one.majority == pytest.approx(1 / 3) for one in found.values())


def test_too_few_pairs_are_not_probed() -> None:
    assert probe(pairs("claim")[:2]) == []


def test_the_croissant_file_opens(corpus_dir: Path, tmp_path: Path) -> None:
    import mlcroissant as mlc

    manifest = build_dataset(SOURCES["corpus"](SourceOptions(path=str(corpus_dir))), tmp_path / "ds")
    dataset = mlc.Dataset(jsonld=str(tmp_path / "ds" / "croissant.json"))
    assert len(list(dataset.records("validation"))) == manifest["counts"]["validation"]["pairs"] > 0
