"""10,000 random pairs: nothing crashes, evidence lies in the caller's text, probabilities sum to one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stance
from stance.schema import Pair, Prediction

ODD = (
    "\x00\x07\x1b\u200b\u200f\u202e\ufeff\ufffd🏳️‍🌈🤷🏽‍♀️é\u0301שלום العربية中文"
    "\u2028\u2029\t\r\n\"'“”‘’«»—…. !?:[SEP][CLS]"
)
TEXT = st.text(min_size=1, max_size=60) | st.text(alphabet=ODD, min_size=1, max_size=60)
NEWS = st.sampled_from(
    ["Ana Ruiz said the dam was safe. ", "Bo Lind denied it. ", "“We never did,” she said.\n\n", "¿Qué? "]
)
CONTEXT = st.lists(NEWS | TEXT, min_size=1, max_size=8).map("".join)
PAIR = st.tuples(TEXT, TEXT, CONTEXT).filter(lambda fields: all(field.strip() for field in fields))


def check(context: str, answer: Prediction) -> None:
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert answer.truncated >= 0
    if answer.evidence:
        assert context[answer.evidence.start : answer.evidence.end] == answer.evidence.text


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(pairs=st.lists(PAIR, min_size=40, max_size=40))
def test_random_pairs(exported: Path, pairs: list[tuple[str, str, str]]) -> None:
    model = MODELS.setdefault(exported, stance.load(exported, "onnx"))
    asked = [Pair(str(index), *fields) for index, fields in enumerate(pairs)]
    for (_, _, context), answer in zip(pairs, model.predict_batch(asked), strict=True):
        check(context, answer)


MODELS: dict[Path, stance.StanceClassifier] = {}


WORDS = ["dam" * 350_000, "🏳️‍🌈" * 100_000, "(" * 1_000_000, "." * 1_000_000, "!)" * 500_000, "שלום" * 250_000]


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_a_word_of_a_megabyte(exported: Path, word: str) -> None:
    context = f"Ana Ruiz said {word} was safe."
    answer = stance.load(exported, "onnx").predict("Ana Ruiz", "The dam is safe", context)
    check(context, answer)
    assert stance.load(exported, "onnx").predict(word, word, "Ana said so.").evidence


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=CONTEXT.filter(lambda text: bool(text.strip())))
def test_random_articles(exported: Path, text: str) -> None:
    model = MODELS.setdefault(exported, stance.load(exported, "onnx"))
    for statement in model.analyze(text).statements:
        if statement.evidence:
            assert text[statement.evidence.start : statement.evidence.end] == statement.evidence.text
        for attribution in statement.attributions:
            assert all(0 <= span.start <= span.end <= len(text) for span in attribution.content)
