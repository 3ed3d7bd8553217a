"""Loading and predicting: order, probabilities, evidence, threads, tampering, no network."""

from __future__ import annotations

import doctest
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import stance
from stance.attribution.parse import BATCH_ARTICLES
from stance.bundle import seal
from stance.inference.analyzer import _statement, _with_vote, analyze_articles
from stance.inference.rows import analysis_rows, format_stance_table, prediction_row, statement_of
from stance.labeling import WeakLabel
from stance.pairs import Candidate
from stance.schema import Article, Attribution, Pair, Prediction

CONTEXT = "Ana Ruiz said the dam was safe. Bo Lind denied that the dam was safe.\n\nThe ministry declined to comment."
PAIRS = [Pair(str(i), "Ana Ruiz", f"The dam number {i} is safe", CONTEXT * (1 + i % 5)) for i in range(30)]


def test_one_in_one_out_and_lists_keep_their_order(bundle: Path) -> None:
    model = stance.load(bundle)
    together = model.predict_batch(PAIRS)
    alone = [model.predict(pair.speaker, pair.claim, pair.context) for pair in PAIRS]
    for one, other in zip(together, alone, strict=True):
        assert one.stance == other.stance
        assert one.evidence == other.evidence
        assert sum(one.probabilities.values()) == pytest.approx(1)
        assert list(one.probabilities) == list(stance.LABELS)
        for label in stance.LABELS:
            assert one.probabilities[label] == pytest.approx(other.probabilities[label], abs=1e-5)
    assert model.predict_batch([]) == []
    assert [p.stance for p in model.predict_batch(PAIRS, batch_tokens=1)] == [p.stance for p in together]


def test_evidence_lies_in_the_callers_text(bundle: Path) -> None:
    found = stance.load(bundle).predict("Bo Lind", "The dam is safe", CONTEXT).evidence
    assert found is not None
    assert CONTEXT[found.start : found.end] == found.text == "Bo Lind denied that the dam was safe."


def test_a_very_long_article_is_answered_and_truncation_is_told(bundle: Path) -> None:
    long = "The market was busy and the weather mild. " * 12_000 + CONTEXT
    answer = stance.load(bundle).predict("Bo Lind", "The dam is safe", long)
    assert answer.evidence is not None
    assert answer.evidence.text == "Bo Lind denied that the dam was safe."
    assert answer.truncated > 50_000


def test_threads_share_a_model(bundle: Path) -> None:
    model = stance.load(bundle)
    expected = [answer.probabilities for answer in model.predict_batch(PAIRS)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: [p.probabilities for p in model.predict_batch(PAIRS)], range(8)))
    assert all(result == expected for result in results)


@pytest.mark.parametrize("empty", ["speaker", "claim", "context"])
def test_empty_fields_are_refused(bundle: Path, empty: str) -> None:
    fields = {"speaker": "Ana", "claim": "The dam is safe", "context": CONTEXT} | {empty: "  "}
    with pytest.raises(stance.StanceError, match=empty):
        stance.load(bundle).predict(**fields)


def changed(key: str, value: object) -> Callable[[Path], None]:
    def change(copy: Path) -> None:
        manifest = json.loads((copy / "stance.json").read_text())
        (copy / "stance.json").write_text(json.dumps(manifest | {key: value}))

    return change


def written(name: str, content: str) -> Callable[[Path], None]:
    return lambda copy: (copy / name).write_text(content) and None


def outside(copy: Path) -> None:
    files = json.loads((copy / "stance.json").read_text())["files"]
    changed("files", {**files, "../x": "0"})(copy)


def two_outputs(copy: Path) -> None:
    manifest, config = (json.loads((copy / name).read_text()) for name in ("stance.json", "config.json"))
    (copy / "config.json").write_text(json.dumps(config | {"id2label": {"0": "a", "1": "b"}}))
    seal(copy, {key: manifest[key] for key in ("encoding", "facts")})


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "tampered": (written("config.json", "{}"), "hash differs"),
    "incomplete": (lambda copy: (copy / "model.safetensors").unlink(), "is missing"),
    "stray": (written("adapter_config.json", "{}"), "adapter_config.json: is no part of the model"),
    "newer": (changed("format", 99), "has format 99"),
    "labels": (changed("labels", ["deny", "affirm", "neutral"]), "has labels"),
    "outside": (outside, "outside the folder"),
    "temperature": (changed("temperature", 0), "temperature is 0, a number above 0 is needed"),
    "promise": (changed("promise", None), "is not a manifest"),
    "encoding": (changed("encoding", {"speaker_weight": "x"}), "encoding.speaker_weight is 'x', float is needed"),
    "nested": (written("stance.json", "[" * 200_000), "cannot be read"),
    "outputs": (two_outputs, "it has 2 outputs, 3 are needed"),
    "no manifest": (lambda copy: (copy / "stance.json").unlink(), "no model of this project"),
    "not json": (written("stance.json", "{"), "cannot be read"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_is_refused_in_one_line(bundle: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(bundle, tmp_path / "copy")
    change, message = BROKEN[name]
    change(tmp_path / "copy")
    with pytest.raises(stance.InputError, match=re.escape(message)) as caught:
        stance.load(tmp_path / "copy")
    assert "\n" not in str(caught.value)
    with pytest.raises(stance.InputError, match="no such model folder"):
        stance.load(tmp_path / "none")


def test_loading_needs_no_network_and_no_training_libraries(bundle: Path) -> None:
    """In a fresh process with sockets closed, pairs are answered and none of the heavy libraries is imported."""
    code = f"""
import socket, sys
def refuse(*a, **k): raise AssertionError("network")
socket.socket.connect = refuse
import stance
p = stance.load({str(bundle)!r}).predict("Ana", "The dam is safe", "Ana said so.")
assert p.stance in stance.LABELS
loaded = [m for m in ("hydra", "mlflow", "spacy", "datasets", "sklearn", "matplotlib") if m in sys.modules]
assert not loaded, loaded
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_analysis_rests_on_attributions(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *a: pytest.fail("network"))
    model = stance.load(bundle)
    analysis = model.analyze(Article("a1", CONTEXT, title="Dam"))
    speakers = {statement.speaker for statement in analysis.statements}
    assert {"Ana Ruiz", "Bo Lind"} <= speakers
    assert all(s.attributions and s.claim for s in analysis.statements)
    row = analysis_rows(analysis)[0]
    assert list(row)[:5] == ["article_id", "speaker", "claim", "stance", "probabilities"]
    assert row["title"] == "Dam"
    assert statement_of(row).evidence == analysis.statements[0].evidence
    assert "Bo Lind" in format_stance_table("Dam", analysis.statements)
    assert "nobody is given words" in format_stance_table("Dam", [])
    two = list(analyze_articles(model, [Article("x", "Nothing happens here."), Article("a1", CONTEXT)]))
    assert two[0].statements == ()
    assert [s.probabilities for s in two[1].statements] == [s.probabilities for s in analysis.statements]


def test_many_articles_stream_and_their_order_changes_nothing(bundle: Path) -> None:
    model = stance.load(bundle)
    articles = [Article(f"a{n}", f"Ana Ruiz said dam {n} was safe. {CONTEXT}") for n in range(BATCH_ARTICLES + 2)]
    taken = []
    stream = model.analyze(taken.append(one) or one for one in articles)
    first = next(stream)
    assert (first.article.article_id, len(taken)) == ("a0", BATCH_ARTICLES), "a batch is read, not all"
    forwards = [first, *stream]
    backwards = list(model.analyze(articles[::-1]))[::-1]
    for one, other in zip(forwards, backwards, strict=True):
        assert [(s.speaker, s.claim, s.stance) for s in one.statements] == [
            (s.speaker, s.claim, s.stance) for s in other.statements
        ]


def test_an_unsure_answer_is_marked(bundle: Path) -> None:
    model = stance.load(bundle)
    assert not model.predict("Ana Ruiz", "The dam is safe", CONTEXT).abstained
    model.promise = 0.9999999
    answer = model.predict("Ana Ruiz", "The dam is safe", CONTEXT)
    assert answer.abstained
    assert answer.stance == max(answer.probabilities, key=lambda label: answer.probabilities[label])


def test_prediction_rows_keep_the_pairs_keys(bundle: Path) -> None:
    pair = Pair("p", "Ana", "The dam is safe", CONTEXT, extra={"note": 1})
    row = prediction_row(pair, stance.load(bundle).predict_batch([pair])[0])
    assert row["note"] == 1
    assert row["pair_id"] == "p"
    assert set(row["probabilities"]) == {"affirm", "deny", "neutral"}
    assert set(row["evidence"]) == {"start", "end", "text"}
    assert isinstance(row["truncated"], int)


def test_a_vote_weighs_in_by_hand() -> None:
    """0.5, 0.3, 0.2 times 0.075, 0.85, 0.075 is 0.0375, 0.255, 0.015, which sum to 0.3075."""
    affirm, deny, neutral = stance.LABELS
    mixed = _with_vote({affirm: 0.5, deny: 0.3, neutral: 0.2}, deny)
    assert mixed[deny] == pytest.approx(0.255 / 0.3075)
    assert mixed[affirm] == pytest.approx(0.0375 / 0.3075)
    assert sum(mixed.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("voted", "abstained"), [(None, True), (stance.Stance.DENY, False), (stance.Stance.AFFIRM, True)]
)
def test_a_vote_that_agrees_makes_an_unsure_answer_sure(voted: stance.Stance | None, abstained: bool) -> None:
    affirm, deny, neutral = stance.LABELS
    said = Attribution("a", (), (), (), "Ana", "indirect")
    candidate = Candidate(Article("a", "x"), "Ana", "It is safe", own=(said,), denied=(False,), near=())
    unsure = Prediction(deny, {affirm: 0.3, deny: 0.4, neutral: 0.3}, None, abstained=True)
    statement = _statement(candidate, unsure, WeakLabel(voted, 1.0))
    assert (statement.abstained, statement.own) == (abstained, 1)


def test_the_docstring_example_runs(exported: Path) -> None:
    source = (stance.StanceClassifier.__doc__ or "").replace("models/stance", str(exported))
    example = doctest.DocTestParser().get_doctest(source, {}, "StanceClassifier", None, None)
    assert len(example.examples) == 7
    assert doctest.DocTestRunner().run(example).failed == 0
