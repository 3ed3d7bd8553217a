"""The learning curve: every point once, nothing trained twice, means and spreads worked out by hand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from stance import curve
from stance.corpus import about_corpus, format_curve, summary
from stance.curve import Point, curve_name, learning_curve, points, series_metrics, series_of, shared
from stance.dataset import SOURCES, SourceOptions, drawn, labelled_pairs
from stance.encoding import EncodingOptions
from stance.errors import InputError, StanceError
from stance.evaluation.pictures import learning_curve as learning_curve_picture
from stance.training import ModelOptions, Recipe, TrainingOptions
from tests.conftest import RunScript, annotated_row, write_jsonl

RECIPE = Recipe(ModelOptions(), TrainingOptions(), EncodingOptions())


def test_a_curve_tells_its_recipe_without_the_folders_of_a_machine() -> None:
    recipe = replace(RECIPE, training=TrainingOptions(init_from="/home/me/models/nli", seed=4, threads=3))
    assert shared(recipe.changed()) == {"training.init_from": "nli"}
    elsewhere = replace(recipe, training=replace(recipe.training, init_from="models/nli", seed=5, cache=""))
    assert curve_name(elsewhere, "d") == curve_name(recipe, "d") != curve_name(RECIPE, "d")


def test_seed_by_seed_small_shares_first_and_every_point_once() -> None:
    made = list(points(["articles", "all"], [1.0, 0.1], [2, 1]))
    assert [point.seed for point in made] == [2] * 4 + [1] * 4
    assert [point.fraction for point in made] == [0.1, 0.1, 1.0, 1.0] * 2
    assert [point.part for point in made] == ["articles", "all"] * 4


def test_series_are_parts_or_joined_parts() -> None:
    assert series_of(["articles", "passages"], []) == ["articles", "passages", "all"]
    assert series_of(["articles", "passages"], ["articles+passages"]) == ["articles+passages"]
    with pytest.raises(StanceError, match=r"series holds 'article'; choose from all, articles, passages"):
        series_of(["articles", "passages"], ["articles+article"])


def test_an_interrupted_curve_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[Point] = []

    def measured(point: Point, *_: object) -> dict[str, object]:
        if len(trained) == 3:
            raise KeyboardInterrupt
        trained.append(point)
        return {"part": point.part, "fraction": point.fraction, "seed": point.seed, "train_pairs": 4}

    monkeypatch.setattr(curve, "measure_point", measured)
    wanted = list(points(["articles", "all"], [0.1, 1.0], [1]))
    file = tmp_path / "curve.jsonl"
    with pytest.raises(KeyboardInterrupt):
        learning_curve(wanted, {}, {}, file, RECIPE, "digest")
    assert trained == wanted[:3]
    monkeypatch.setattr(curve, "measure_point", lambda point, *_: measured_last(point))

    def measured_last(point: Point) -> dict[str, object]:
        trained.append(point)
        return {"part": point.part, "fraction": point.fraction, "seed": point.seed, "train_pairs": 4}

    assert len(learning_curve(wanted, {}, {}, file, RECIPE, "digest")) == 4
    assert trained == wanted
    others = (
        replace(RECIPE, training=TrainingOptions(epochs=9)),
        replace(RECIPE, encoding=EncodingOptions(max_tokens=80)),
    )
    for recipe, digest in ((RECIPE, "other"), *((one, "digest") for one in others)):
        with pytest.raises(InputError, match=r"curve\.jsonl:1.*another dataset"):
            learning_curve(wanted, {}, {}, file, recipe, digest)


def test_pairs_to_measure_on_are_drawn_once_and_for_all(corpus_dir: Path) -> None:
    pairs = list(SOURCES["corpus"](SourceOptions(path=str(corpus_dir))))
    assert drawn(pairs, 0) == drawn(pairs, len(pairs)) == pairs
    few = drawn(pairs, 5)
    assert len(few) == 5 and few == drawn(pairs, 5) and all(pair in pairs for pair in few)


def test_mean_and_spread_over_seeds() -> None:
    rows = [
        {"part": "all", "fraction": 0.5, "seed": s, "train_pairs": 10, "test_macro_f1": f, "test_f1_deny": 0.5}
        for s, f in ((1, 0.4), (2, 0.6))
    ]
    [line] = summary(rows)
    assert line["test_macro_f1"] == pytest.approx(0.5)
    assert line["test_macro_f1_sd"] == pytest.approx(0.1414, abs=1e-4)  # sample deviation of 0.4 and 0.6
    assert "| all | 50% | 10 | 2 | 0.500 ± 0.141 / 0.500 |" in format_curve([line])


def test_the_table_goes_part_by_part_and_the_picture_and_mlflow_take_its_lines() -> None:
    values = {"train_pairs": 9, "test_macro_f1": 0.5, "test_f1_deny": 0.4}
    order = [("a+b", 1.0, 1), ("a+b", 0.1, 1), ("all", 0.1, 1), ("a+b", 0.1, 2)]
    rows = [{"part": part, "fraction": share, "seed": seed, **values} for part, share, seed in order]
    lines = summary(rows)
    assert [(line["part"], line["fraction"], line["seeds"]) for line in lines] == [
        ("a+b", 0.1, 2), ("a+b", 1.0, 1), ("all", 0.1, 1),
    ]  # fmt: skip
    assert series_metrics(lines[0]) == {"test_macro_f1.a and b": 0.5}
    assert learning_curve_picture(lines, "test").startswith(b"\x89PNG")


def test_a_corpus_with_a_curve_tells_of_it(corpus_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(corpus_dir, folder)
    assert "Learning curve" not in about_corpus(folder)
    row = {"part": "all", "fraction": 0.5, "seed": 1, "train_pairs": 9, "test_macro_f1": 0.25, "test_f1_deny": 0.4}
    row["settings"] = {"training.epochs": 1}
    write_jsonl(folder / "learning_curve.jsonl", [row])
    assert "## Learning curve\n\nTrained with `training.epochs=1`; mean" in (card := about_corpus(folder))
    assert "| all | 50% | 9 | 1 | 0.250 ± 0.000 / 0.400 |" in card


def test_a_point_is_really_trained_and_measured(corpus_dir: Path, tmp_path: Path) -> None:
    pairs = list(SOURCES["corpus"](SourceOptions(path=str(corpus_dir))))
    recipe = replace(RECIPE, training=TrainingOptions(max_steps=1, batch_size=4, precision="fp32"))
    row = curve.measure_point(
        Point("passages", 0.5, 1),
        {"train": pairs, "validation": pairs[:6]},
        {"test": pairs[:9]},
        tmp_path / "m",
        recipe,
    )
    assert row["train_pairs"] == 30  # half of twenty passages, three cells each
    assert 0 <= row["test_macro_f1"] <= 1


def test_pairs_find_their_articles_beside_them(tmp_path: Path) -> None:
    article = annotated_row(0)
    write_jsonl(tmp_path / "articles.jsonl", [{"article_id": article["article_id"], "text": article["text"]}])
    row = {"article_id": article["article_id"], "speaker": "Ana Ruiz", "claim": "The dam is safe", "stance": "affirm"}
    [pair] = labelled_pairs(write_jsonl(tmp_path / "pairs.jsonl", [row]))
    assert pair.context == article["text"]
    write_jsonl(tmp_path / "pairs.jsonl", [row | {"article_id": "unknown"}])
    with pytest.raises(InputError, match="'context' is missing"):
        labelled_pairs(tmp_path / "pairs.jsonl")


def test_the_command_line_names_what_is_missing(run_script: RunScript) -> None:
    done = run_script("learning_curve", "tracking=none")
    assert done.returncode == 2 and "no such dataset folder" in done.stderr
