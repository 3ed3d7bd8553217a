"""A model folder's tokenizer: read in one place, and asked for the tokens that put model inputs together."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from stance.errors import InputError, StanceError, reason


def read_tokenizer(folder: Path | str) -> Tokenizer:
    """The tokenizer of a model folder; an :class:`InputError` for a file that is none."""
    file = Path(folder) / "tokenizer.json"
    try:
        return Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises bare Exception
        raise InputError(file, f"is no tokenizer ({reason(error)})") from None


def without_frame(tokenizer: Tokenizer) -> Tokenizer:
    """The same tokenizer, which neither cuts nor pads: whoever puts inputs together does both."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def token_ids(tokenizer: Tokenizer, *tokens: str) -> list[int]:
    """The ids of single tokens, each of which the vocabulary must hold."""
    ids: list[int] = []
    for token in tokens:
        number = tokenizer.token_to_id(token)
        if number is None:
            raise StanceError(f"the tokenizer has no token {token!r}: only BERT-style tokenizers are supported")
        ids.append(number)
    return ids
