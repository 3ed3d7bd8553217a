"""The speaker's sentences and the claim's matches, worked out by hand."""

from __future__ import annotations

import math

import pytest

from stance.labeling.passage import Reading, article_sentences, content_stems, head_word, read
from stance.pairs import Candidate
from stance.schema import Article, Attribution, Span

TEXT = (
    "The herald said the dam at Orsk leaks.\n\n"
    "Mayor Ana Ruiz was in Orsk. She laughed.\n\n"
    "Rain fell on Orsk. The dam held.\n\n"
    "“It will hold,” said Ruiz."
)


def reading(text: str = TEXT, speaker: str = "Ana Ruiz", claim: str = "The dam leaks") -> Reading:
    return read(Candidate(Article("a", text), speaker, claim, (), (), ()))


def test_sentences_that_name_the_speaker_or_go_on_from_one_that_does_are_the_speakers() -> None:
    assert [sentence.continues for sentence in article_sentences(TEXT)] == [False, False, True, False, True, False]
    assert reading().own == (1, 2, 5)


def test_attributed_words_are_the_speakers_without_a_name() -> None:
    start = TEXT.index("Rain fell")
    near = Attribution("a", (), (), (Span(start, start + 9),), "Ana Ruiz", "indirect")
    made = read(Candidate(Article("a", TEXT), "Ana Ruiz", "The dam leaks", (), (), (near,)))
    assert 3 in made.own


def test_the_match_of_a_claim_is_worked_out_once_for_all_of_its_speakers() -> None:
    assert reading().match is reading(speaker="Bo Lind").match
    assert reading().match is not reading(claim="Rain fell on Orsk").match


def test_a_match_is_the_share_of_the_claims_rarer_words() -> None:
    dam, leak = math.log(7 / 2.5), math.log(7 / 1.5)
    assert reading().match == pytest.approx((1, 0, 0, 0, dam / (dam + leak), 0))
    assert reading(claim="Ana Ruiz leaks").match[1] == 0, "the speaker's own name is no match"


def test_best_top_and_relative() -> None:
    herald = reading(speaker="the herald")
    assert (herald.best, herald.top, herald.relative, herald.closeness) == (0, 0, 1.0, 1.0)
    ruiz = reading(claim="The dam at Orsk leaks")
    assert (ruiz.best, ruiz.top) == (1, 0)
    assert 0 < ruiz.closeness < 0.5
    assert ruiz.relative == pytest.approx(ruiz.closeness)
    assert ruiz.best_text == "Mayor Ana Ruiz was in Orsk."


def test_a_reply_stands_within_two_sentences_of_somebody_elses_words() -> None:
    assert reading().reply == "Mayor Ana Ruiz was in Orsk. She laughed."
    assert not reading(speaker="the herald").reply


def test_the_best_clause_holds_most_of_the_claim() -> None:
    made = reading("Ana Ruiz said it was late, but the dam never leaks; she left.")
    assert made.best_clause.strip() == "the dam never leaks"


def test_the_claim_may_be_about_the_speaker() -> None:
    assert reading(claim="Mayor Ruiz took a bribe").about_speaker
    assert not reading(claim="A bribe was paid to Mayor Ruiz").about_speaker


@pytest.mark.parametrize(
    ("name", "head"),
    [("Mayor Ana Ruiz", "ruiz"), ("the union of pilots", "union"), ("Lind, a clerk", "lind"), ("the", ""), ("", "")],
)
def test_the_head_of_a_name(name: str, head: str) -> None:
    assert head_word(name) == head


def test_stems_meet_across_endings() -> None:
    assert content_stems("poisoned") == content_stems("poisoning")
    assert content_stems("the of and") == frozenset()


@pytest.mark.parametrize("text", ["x", "…", "\u200b\n\n\u2028", "?!" * 3000])
def test_texts_without_a_word_on_the_claim_have_no_best_sentence(text: str) -> None:
    made = reading(text, speaker="", claim="The dam leaks")
    assert (made.best, made.best_text, made.best_clause, made.closeness, made.relative) == (None, "", "", 0.0, 0.0)
    assert not made.reply
