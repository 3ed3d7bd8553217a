"""The tokenizer of a model folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from stance.errors import InputError, StanceError
from stance.tokens import read_tokenizer, token_ids, without_frame

VOCABULARY = {"[CLS]": 4, "[SEP]": 7, "a": 1, "[UNK]": 0}


@pytest.fixture
def tokenizer() -> Tokenizer:
    return Tokenizer(WordLevel(VOCABULARY, unk_token="[UNK]"))


def test_ids_come_in_the_order_that_was_asked(tokenizer: Tokenizer) -> None:
    assert token_ids(tokenizer, "[SEP]", "[CLS]") == [7, 4]


def test_a_token_that_is_missing_is_named(tokenizer: Tokenizer) -> None:
    with pytest.raises(StanceError, match=r"no token '\[PAD\]': only BERT-style"):
        token_ids(tokenizer, "[CLS]", "[PAD]")


def test_nothing_is_cut_or_padded(tokenizer: Tokenizer) -> None:
    tokenizer.enable_truncation(1)
    tokenizer.enable_padding(length=5)
    assert without_frame(tokenizer).encode(["a", "a"], is_pretokenized=True).ids == [1, 1]


@pytest.mark.parametrize("content", [None, "", "{}", '{"model": 3}'])
def test_a_file_that_is_no_tokenizer_is_named(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(InputError, match=r"tokenizer\.json.*is no tokenizer"):
        read_tokenizer(tmp_path)


def test_what_was_saved_is_read(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    assert read_tokenizer(tmp_path).get_vocab() == VOCABULARY
