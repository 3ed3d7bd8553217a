"""The corpus' own checks: each is shown to speak up by breaking what it guards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stance.corpus import (
    WAYS,
    Judgement,
    agreement,
    article_problems,
    check_corpus,
    coverage,
    join_wikinews,
    measure,
    read_annotated,
    read_judgements,
    read_plan,
)
from stance.corpus.agreement import cohens_kappa
from stance.corpus.duplicates import copied, near_duplicates
from stance.corpus.validate import balance_problems
from stance.corpus.ways import ways_of
from stance.errors import InputError
from stance.files import sha256_text
from stance.records import parse_annotated
from stance.schema import AnnotatedArticle, Stance
from tests.conftest import ROOT, annotated_row, write_jsonl

PLAN = ROOT / "data" / "corpus" / "PLAN.md"


def made(**changes: Any) -> AnnotatedArticle:
    return parse_annotated(annotated_row(0) | {"region": "West Africa"} | changes, Path("a.jsonl"), 1)


def stances(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    rows = annotated_row(0)["stances"]
    return [row | change for row, change in zip(rows, changes, strict=False)] + rows[len(changes) :]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stances": stances()[:2]}, "speaker ministry has no labelled cell"),
        ({"stances": stances()[:2], "speakers": annotated_row(0)["speakers"]}, "2 of 3 cells are labelled"),
        ({"stances": [*stances(), stances()[0]]}, "is labelled 2 times"),
        ({"stances": []}, "has no labelled cell"),
        ({"stances": stances({"evidence": None})}, "is affirm without evidence"),
        ({"stances": stances({"difficulty": "tricky"})}, "difficulty 'tricky'"),
        ({"claims": [{"id": "c1", "text": "Dam is safe"}]}, "has 3 words"),
        ({"claims": [{"id": "c1", "text": "It is quite safe"}]}, "opens with a pronoun"),
        (
            {"speakers": [{"id": i, "name": f"Nobody {i}"} for i in ("mayor", "union", "ministry")]},
            "occurs in the text",
        ),
        ({"topic": "knitting"}, "'knitting' is not among the plan's topics"),
        ({"style": "haiku"}, "'haiku' is not among the plan's styles"),
        ({"region": "the Moon"}, "'the Moon' is not among the plan's regions"),
    ],
)
def test_what_is_broken_is_named(changes: dict[str, Any], words: str) -> None:
    plan = read_plan(PLAN)
    assert list(article_problems(made(topic="climate policy"), plan)) == []
    assert any(words in problem for problem in article_problems(made(**{"topic": "climate policy"} | changes), plan))


def test_shares_are_counted_by_hand() -> None:
    silent = made(stances=stances({}, {}, {"evidence": None}), claims=[{"id": "c1", "text": "The dam is not unsafe"}])
    found = measure([made(), silent])
    assert (found.articles, found.complete, found.cells) == (2, 2, 6)
    assert found.stances == {label: pytest.approx(1 / 3) for label in Stance}
    assert found.silent == 0.5  # one of two neutral cells
    assert found.contested == 1.0  # one claim, three stances; both articles are one situation
    assert found.negated_claims == 1.0  # the later wording of the situation's one claim


def test_a_topic_may_fill_three_percent_of_what_is_planned() -> None:
    many = measure(made(article_id=f"a{n}", topic="climate policy") for n in range(16))
    assert any("16 texts are about 'climate policy', at most 15" in one for one in balance_problems(many, "here", 500))
    assert not any("climate policy" in one for one in balance_problems(many, "here", 600))


def test_the_plan_names_the_ways_that_are_counted() -> None:
    plan = read_plan(PLAN)
    assert {section: list(plan.items(section)) for section in WAYS} == {s: list(ways) for s, ways in WAYS.items()}
    assert len(plan.items("Topics")) >= 40 and len(plan.items("Styles")) >= 12


def test_a_plan_without_topics_is_refused(tmp_path: Path) -> None:
    (tmp_path / "PLAN.md").write_text("## Styles\n\n- haiku\n", encoding="utf-8")
    with pytest.raises(InputError, match="Topics"):
        read_plan(tmp_path / "PLAN.md")


def test_coverage_counts_texts_and_cells() -> None:
    found = coverage([made(topic="climate policy")], read_plan(PLAN))
    assert found.counts["Topics"]["climate policy"] == 1
    assert found.counts["Ways of denying"]["plain denial verb"] == 1
    assert found.counts["Ways of leaving open"]["no comment"] == 1
    assert ("Topics", "royal families") in found.missing()


@pytest.mark.parametrize(
    ("evidence", "speaker", "way"),
    [
        ("According to the port, the ship had sailed.", "the port", "according to"),
        ("The daily said the ministry had denied that X.", "the ministry", "nested two deep"),
        ("MAYOR: We open on Friday.", "Mayor", "headline or transcript form"),
        ("“We open. We stay open,” she said.", "Ana Ruiz", "quote of several sentences"),
        ("She said the dam was safe.", "Ana Ruiz", "title, nickname or pronoun"),
        ("The firm was accused of fraud by the union.", "the union", "passive cue"),
        ("A denial by the palace followed.", "the palace", "noun cue"),
    ],
)
def test_ways_of_speaking(evidence: str, speaker: str, way: str) -> None:
    row = {
        "article_id": "a", "text": evidence, "speakers": [{"id": "s", "name": speaker}],
        "claims": [{"id": "c", "text": "The gate opens on Friday"}],
        "stances": [{"speaker": "s", "claim": "c", "stance": "affirm", "evidence": evidence, "difficulty": "easy"}],
    }  # fmt: skip
    assert ("Ways of speaking", way) in list(ways_of(parse_annotated(row, Path("a"), 1)))


def test_kappa_is_that_of_cohens_example() -> None:
    # 50 cases: both yes 20, both no 15, first alone 5, second alone 10: observed 0.7, expected 0.5, kappa 0.4
    first = [True] * 25 + [False] * 25
    second = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert cohens_kappa(first, second) == pytest.approx(0.4)
    assert cohens_kappa([1, 1], [1, 1]) == 1.0


def test_agreement_counts_what_was_settled_and_dropped(tmp_path: Path) -> None:
    row = {"article_id": "a", "speaker": "s", "claim": "c", "first": "affirm", "second": "affirm", "final": "affirm"}
    rows = [row, row | {"second": "deny", "final": "deny"}, row | {"second": "neutral", "final": "dropped"}]
    found = agreement(read_judgements(write_jsonl(tmp_path / "1.jsonl", rows).parent))
    assert (found.cells, found.settled, found.dropped) == (3, 1, 1)
    assert found.agreed == pytest.approx(1 / 3)
    assert agreement([Judgement("a", "s", "c", Stance.DENY, Stance.DENY, Stance.DENY)]).kappa == 1.0
    write_jsonl(tmp_path / "1.jsonl", [row | {"final": "perhaps"}])
    with pytest.raises(InputError, match=r"1\.jsonl:1.*perhaps.*dropped"):
        read_judgements(tmp_path)


def test_near_duplicates_and_copies_are_found() -> None:
    wire = "The port of Dalmo will stay closed until Friday because divers have yet to lift the crane from the channel"
    texts = {
        "a": wire,
        "b": wire.replace("Friday", "Monday"),
        "c": "A wholly different story about bees and their keepers",
    }
    [pair] = near_duplicates(texts)
    assert {pair.first, pair.second} == {"a", "b"}
    # 20 words give 17 shingles of four; one changed word spoils four of them on each side: 13 of 21 are shared
    assert pair.similarity == pytest.approx(13 / 21)
    assert "a" in {name for name, _ in copied({"a": wire, "c": texts["c"]}, ["He wrote: " + wire])}
    assert list(copied(texts, ["The port of Dalmo will stay closed until the autumn"])) == []


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    def row(number: int) -> dict[str, Any]:
        made = annotated_row(number, "climate policy") | {"region": "West Africa"}
        claims = [*made["claims"], {"id": "c2", "text": "The thing will stay open"}]
        more = [cell | {"claim": "c2"} for cell in made["stances"]]
        return made | {"claims": claims, "stances": made["stances"] + more}

    write_jsonl(tmp_path / "articles" / "a.jsonl", [row(0)])
    write_jsonl(tmp_path / "passages" / "p.jsonl", [row(1) | {"article_id": "p1"}])
    standoff = row(2) | {"article_id": "w1", "sha256": sha256_text(row(2)["text"])}
    standoff["stances"] = [
        cell | {"evidence": [standoff["text"].index(cell["evidence"]), len(standoff["text"])]}
        for cell in standoff["stances"]
    ]
    write_jsonl(tmp_path / "texts" / "articles.jsonl", [{"article_id": "w1", "text": standoff.pop("text")}])
    write_jsonl(tmp_path / "wikinews" / "w.jsonl", [standoff])
    return tmp_path


def test_the_whole_corpus_is_checked(corpus_folder: Path) -> None:
    plan = read_plan(PLAN)
    problems = check_corpus(corpus_folder, plan, str(corpus_folder / "texts")).problems
    # so small a corpus has a third of its cells in each stance; nothing else is wrong
    assert len(problems) == 3
    assert all("33.3 % of the cells affirm, wanted 40 %" in problem for problem in problems)
    path = corpus_folder / "passages" / "p.jsonl"
    row = json.loads(path.read_text(encoding="utf-8"))
    write_jsonl(path, [row, row | {"article_id": "p2"}])
    assert any("says the same as p1" in problem for problem in check_corpus(corpus_folder, plan).problems)
    write_jsonl(
        path, [row | {"stances": row["stances"][:1], "speakers": row["speakers"][:1], "claims": row["claims"][:1]}]
    )
    assert any("100.0 % of the cells affirm" in problem for problem in check_corpus(corpus_folder, plan).problems)


def test_stand_off_gold_needs_the_very_text(corpus_folder: Path) -> None:
    texts = corpus_folder / "texts" / "articles.jsonl"
    [joined] = join_wikinews(corpus_folder / "wikinews", texts)
    assert joined.stances[0].evidence is not None and joined.stances[0].evidence.text.startswith("Mayor Ana Ruiz")
    write_jsonl(texts, [{"article_id": "w1", "text": "Another text."}])
    with pytest.raises(InputError, match="hash differs"):
        list(join_wikinews(corpus_folder / "wikinews", texts))


def test_spans_are_checked_where_there_are_any(corpus_folder: Path) -> None:
    plan = read_plan(PLAN)
    assert check_corpus(corpus_folder, plan).spans is None
    article = next(read_annotated(corpus_folder / "articles")).article
    good = {"article_id": article.article_id, "text_sha256": sha256_text(article.text), "attributions": []}
    write_jsonl(corpus_folder / "attributions" / "a.jsonl", [good, good])
    checked = check_corpus(corpus_folder, plan)
    assert "attributions: 1 articles with spans, 0 attributions" in str(checked)
    assert sum("stands twice" in problem for problem in checked.problems) == 1
