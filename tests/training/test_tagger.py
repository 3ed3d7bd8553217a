"""A tiny tagger learns invented articles by heart, is written, opened again, and used by the command lines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stance.errors import InputError, StanceError
from stance.files import sha256_text
from stance.schema import Article, Attribution, Span
from stance.tagging import AttributionOptions, SpanTagger
from stance.training.options import ModelOptions, TaggerOptions
from stance.training.tagger import TrainedTagger, score_tagger, split, train_tagger
from tests.conftest import RunScript, write_jsonl

PEOPLE = ("Ana Ruiz", "Bo Lind", "Cy Tolvan", "Mira Orvel")
THINGS = ("the dam leaks badly", "the bridge is safe", "the ferry came late", "the school was sold")
OPTIONS = TaggerOptions(learning_rate=3e-3, batch_size=4, max_steps=60, freeze_embeddings=False, threads=1)


def spanned(number: int) -> tuple[Article, list[Attribution]]:
    who, what = PEOPLE[number % 4], THINGS[(number + number // 4) % 4]
    text = f"It rained on day {number}. {who} said that {what}. The market was closed."
    spans = ((Span(text.index(words), text.index(words) + len(words)),) for words in (who, "said", what))
    return Article(f"a{number}", text), [Attribution(f"a{number}", *spans, speaker="", quote_type="indirect")]


ARTICLES = [spanned(number) for number in range(9)]


@pytest.fixture(scope="module")
def trained(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainedTagger, list[float]]:
    losses: list[float] = []
    made = train_tagger(
        ARTICLES,
        tmp_path_factory.mktemp("taggers") / "tagger",
        ModelOptions("tiny", str(tiny_encoder)),
        OPTIONS,
        log=lambda metrics, step: losses.append(metrics["train_loss"]),
        facts={"model": "tiny"},
    )
    return made, losses


def test_it_learns_its_articles_by_heart(trained: tuple[TrainedTagger, list[float]]) -> None:
    made, losses = trained
    assert losses[-1] < 0.7 * losses[0]
    assert made.facts["train_articles"] == 8
    assert made.facts["steps"] == 60
    scores = score_tagger(SpanTagger(made.folder), split(ARTICLES, 0.1)[0])
    assert scores.content.f1 > 0.9
    assert scores.source.f1 > 0.9


def test_what_was_written_finds_the_same_each_time(trained: tuple[TrainedTagger, list[float]]) -> None:
    first, second = SpanTagger(trained[0].folder), SpanTagger(trained[0].folder)
    assert first.digest == second.digest
    alone = [first(article) for article, _ in ARTICLES]
    assert any(alone)
    assert [second(article) for article, _ in reversed(ARTICLES)] == alone[::-1], "whatever was read before"


def copy_of(folder: Path, target: Path) -> Path:
    target.mkdir()
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_changed_file_is_refused(trained: tuple[TrainedTagger, list[float]], tmp_path: Path, name: str) -> None:
    folder = copy_of(trained[0].folder, tmp_path / "t")
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(InputError, match=f"{name}: is not the file that was exported"):
        SpanTagger(folder)


def test_another_format_or_other_labels_are_refused(trained: tuple[TrainedTagger, list[float]], tmp_path: Path) -> None:
    folder = copy_of(trained[0].folder, tmp_path / "t")
    manifest = json.loads((folder / "tagger.json").read_text())
    for key, value, words in (("format", 2, "has format 2"), ("labels", ["B", "I"], "has labels")):
        (folder / "tagger.json").write_text(json.dumps(manifest | {key: value}))
        with pytest.raises(InputError, match=words):
            SpanTagger(folder)


def test_articles_are_split_by_their_ids() -> None:
    training, validation = split(ARTICLES, 0.25)
    assert (len(training), len(validation)) == (7, 2)
    again = split(ARTICLES[::-1], 0.25)[1]
    assert [one[0].article_id for one in again] == [one[0].article_id for one in validation]
    with pytest.raises(StanceError, match="at least two articles"):
        split(ARTICLES[:1], 0.1)


def test_options_out_of_range_name_the_key() -> None:
    with pytest.raises(StanceError, match=r"training\.learning_rate is -1"):
        replace(OPTIONS, learning_rate=-1)
    with pytest.raises(StanceError, match=r"attribution\.kind is 'magic'; choose from rules, tagger"):
        AttributionOptions("magic")


def rows_with_text() -> list[dict[str, object]]:
    return [
        {"article_id": article.article_id, "text": article.text, "attributions": [spans_of(one) for one in found]}
        for article, found in ARTICLES
    ]


def spans_of(one: Attribution) -> dict[str, object]:
    return {key: [list(span) for span in getattr(one, key)] for key in ("source", "cue", "content")}


def test_the_command_line_trains_and_extracts(
    run_script: RunScript, tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the corpus' stand-off files to attributions by the tagger where no rule applies; MLflow holds the scores."""
    from mlflow import MlflowClient

    rows = rows_with_text()
    grid = {"speakers": [], "claims": [], "stances": []}
    write_jsonl(tmp_path / "c/articles/a.jsonl", [{k: row[k] for k in ("article_id", "text")} | grid for row in rows])
    standoff = [{"text_sha256": sha256_text(str(row.pop("text")))} | row for row in rows]
    write_jsonl(tmp_path / "c/attributions/a.jsonl", standoff)
    recipe = ["training.learning_rate=3e-3", "training.batch_size=4", "training.max_steps=60"]
    recipe += ["training.freeze_embeddings=false", "training.threads=1"]
    done = run_script("train_tagger", f"model={tiny_encoder}", "corpus=c", "model_dir=m/tagger", *recipe)
    assert done.returncode == 0, done.stderr[-800:]
    assert "content F1" in done.stdout
    assert "(100 %)" in done.stderr
    client = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}")
    (run,) = client.search_runs([client.get_experiment_by_name("stance").experiment_id])
    assert {"validation_content_f1", "validation_source_f1", "train_loss"} <= set(run.data.metrics)
    (tmp_path / "in.txt").write_text(ARTICLES[0][0].text)
    tagger = ["attribution=tagger", "attribution.model_dir=m/tagger"]
    monkeypatch.setattr("stance.attribution.assemble.find", lambda sentence: [])
    monkeypatch.setattr("stance.attribution.merging.SURE", 0.5)
    done = run_script("extract", "input=in.txt", "output=out.jsonl", *tagger)
    assert done.returncode == 0, done.stderr[-800:]
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {one["rule"] for one in found} == {"tagger"}
    done = run_script("build_pairs", "input=in.txt", "output=pairs.jsonl", "workers=1", *tagger)
    assert done.returncode == 0, done.stderr[-800:]


@pytest.mark.parametrize("script", ["extract", "build_pairs"])
def test_a_missing_tagger_is_one_line(run_script: RunScript, tmp_path: Path, script: str) -> None:
    (tmp_path / "in.txt").write_text("Ana said it leaks.")
    done = run_script(script, "input=in.txt", "output=out.jsonl", "attribution=tagger")
    assert done.returncode == 2
    assert done.stderr == "error: models/tagger: no such tagger folder; python scripts/train_tagger.py makes one\n"


def test_spans_that_are_missing_are_one_line(run_script: RunScript) -> None:
    done = run_script("train_tagger", "spans=none.jsonl", "tracking=none")
    assert (done.returncode, done.stderr) == (2, "error: none.jsonl: no such file\n")
