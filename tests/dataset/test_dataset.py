"""Sources, splits, the folder on disk, and what breaks it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from stance import builder
from stance.dataset import (
    SOURCES,
    SPLITS,
    TEST_TOPICS,
    SourceOptions,
    build_dataset,
    input_files,
    labelled_pairs,
    load_dataset,
    manifest_of,
    pairs_of,
    split_of,
    split_of_annotated,
    work_dir,
)
from stance.dataset.sources import gold_pairs
from stance.dataset.split import splits_of
from stance.errors import InputError, StanceError
from stance.records import parse_annotated
from stance.schema import Pair, Stance
from tests.conftest import annotated_row, write_jsonl


def test_the_corpus_becomes_a_dataset(corpus_dir: Path, tmp_path: Path) -> None:
    options = SourceOptions(path=str(corpus_dir))
    manifest = build_dataset(SOURCES["corpus"](options), tmp_path / "ds", input_files(options))
    assert sum(counts["pairs"] for counts in manifest["counts"].values()) == 60 * 3
    assert set(manifest["inputs"]) == {str(file) for file in corpus_dir.rglob("*.jsonl")}
    assert manifest_of(tmp_path / "ds") == manifest
    loaded = load_dataset(tmp_path / "ds")
    articles = {split: set(loaded[split]["article_id"]) for split in SPLITS}
    assert not articles["train"] & (articles["validation"] | articles["test"])
    first = pairs_of(loaded["train"])[0]
    assert first.evidence
    assert first.evidence in first.context
    assert "license: cc-by-4.0" in (tmp_path / "ds" / "README.md").read_text()


def test_the_digest_follows_the_content(corpus_dir: Path, tmp_path: Path) -> None:
    pairs = list(SOURCES["corpus"](SourceOptions(path=str(corpus_dir))))
    same = [build_dataset(pairs, tmp_path / name)["digest"] for name in ("a", "b")]
    assert same[0] == same[1]
    assert build_dataset(pairs[:-1], tmp_path / "c")["digest"] != same[0]


def test_a_split_depends_on_the_id_alone_and_test_topics_are_kept_apart() -> None:
    bucket = int(hashlib.sha256(b"article-7").hexdigest()[:16], 16) % 100
    assert split_of("article-7") == ("train" if bucket < 80 else "validation" if bucket < 90 else "test")
    assert {split_of(f"a{n}", topic) for n in range(50) for topic in TEST_TOPICS} == {"test"}
    share = sum(split_of(f"a{n}") == "train" for n in range(2000)) / 2000
    assert 0.77 < share < 0.83


@pytest.mark.parametrize("more", [{}, {"situation": "the flood"}, {"topic": "royal families"}])
def test_an_annotated_article_falls_into_the_split_of_its_pairs(more: dict[str, str]) -> None:
    for number in range(40):
        annotated = parse_annotated(annotated_row(number) | more, Path("x"), 1)
        found = splits_of(gold_pairs(annotated, "articles"))
        assert set(found.values()) == {split_of_annotated(annotated)}


def test_wikinews_joins_text_by_hash(tmp_path: Path) -> None:
    rows = [annotated_row(number) for number in range(30)]
    write_jsonl(tmp_path / "texts" / "articles.jsonl", [{k: r[k] for k in ("article_id", "text")} for r in rows])
    for row in rows:
        for cell in row["stances"]:
            start = row["text"].index(cell["evidence"])
            cell["evidence"] = [start, start + len(cell["evidence"])]
        row["sha256"] = hashlib.sha256(row.pop("text").encode()).hexdigest()
    write_jsonl(tmp_path / "corpus" / "wikinews" / "w.jsonl", rows)
    options = SourceOptions("wikinews", str(tmp_path / "corpus"), str(tmp_path / "texts"))
    pairs = list(SOURCES["wikinews"](options))
    assert len(pairs) == 90
    assert all(pair.evidence and pair.evidence in pair.context for pair in pairs)
    write_jsonl(tmp_path / "texts" / "articles.jsonl", [{"article_id": r["article_id"], "text": "x"} for r in rows])
    with pytest.raises(InputError, match="its hash differs"):
        list(SOURCES["wikinews"](options))
    with pytest.raises(StanceError, match="wikinews_dir=PATH"):
        list(SOURCES["wikinews"](SourceOptions("wikinews")))


def test_articles_are_labelled_weakly(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ana Ruiz denied that the old dam was leaking.")
    pairs = list(SOURCES["articles"](SourceOptions("articles", str(tmp_path))))
    assert [pair.label_source for pair in pairs] == ["weak"]


def test_pairs_are_used_again_only_where_the_code_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.txt").write_text("Ana Ruiz denied that the old dam was leaking.")
    source = SourceOptions("articles", str(tmp_path / "in.txt"), work_dir=str(tmp_path / "work"))
    for _ in range(2):
        SOURCES["articles"](source)
    assert "are used again" in capsys.readouterr().err
    monkeypatch.setattr(builder, "code_digest", lambda: "other weights")
    SOURCES["articles"](source)
    assert "are used again" not in capsys.readouterr().err


def test_articles_without_a_pair_say_what_became_of_them(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Мэр заявил в понедельник, что мост останется закрытым.")
    with pytest.raises(InputError, match=r"in\.txt: no pair of 1 articles \(1 language\)"):
        SOURCES["articles"](SourceOptions("articles", str(tmp_path / "in.txt"), work_dir=str(tmp_path / "work")))


@pytest.mark.parametrize("name", ["", ".", "..", "a/.."])
def test_a_dataset_folder_has_a_name(name: str) -> None:
    with pytest.raises(StanceError, match="names no folder of its own"):
        work_dir(name)


def test_a_column_without_a_value_is_empty(tmp_path: Path) -> None:
    extra = {"topic": None, "style": 3}
    made = [
        Pair(f"p{n}", "Ana", f"Dam {n} leaks", "Ana said so.", f"a{n}", Stance.DENY, extra=extra) for n in range(40)
    ]
    build_dataset(made, tmp_path / "ds", audit_mode="warn")
    row = load_dataset(tmp_path / "ds")["train"][0]
    assert (row["topic"], row["style"], row["part"]) == ("", "3", "")


def test_a_failed_build_keeps_the_old_dataset(corpus_dir: Path, tmp_path: Path) -> None:
    good = build_dataset(SOURCES["corpus"](SourceOptions(path=str(corpus_dir))), tmp_path / "ds")
    broken = write_jsonl(tmp_path / "bad" / "articles" / "a.jsonl", [annotated_row(0)])
    broken.write_text(broken.read_text() + "{broken\n")
    write_jsonl(tmp_path / "bad" / "passages" / "p.jsonl", [annotated_row(1)])
    with pytest.raises(InputError, match=r"a\.jsonl:2"):
        build_dataset(SOURCES["corpus"](SourceOptions(path=str(tmp_path / "bad"))), tmp_path / "ds")
    assert manifest_of(tmp_path / "ds") == good


def test_unusable_inputs_say_why(tmp_path: Path) -> None:
    with pytest.raises(StanceError, match="choose from corpus, wikinews"):
        SourceOptions("nothing")
    with pytest.raises(InputError, match=r"holds no \.jsonl file"):
        list(SOURCES["corpus"](SourceOptions(path=str(tmp_path))))
    with pytest.raises(InputError, match="no such dataset folder"):
        load_dataset(tmp_path / "none")
    path = write_jsonl(tmp_path / "p.jsonl", [{"speaker": "A", "claim": "b c d e", "context": "x"}])
    with pytest.raises(InputError, match="has no stance"):
        labelled_pairs(path)
