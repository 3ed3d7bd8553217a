"""A sentence's tokens by lemma and form."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc

from stance.attribution.sentence import Sentence

WORDS = ["Police", "SAID", "the", "said", "claim", "says", ":", "no"]
LEMMAS = ["police", "say", "the", "said", "claim", "Say", ":", "no"]
PARTS = ["NOUN", "VERB", "DET", "ADJ", "NOUN", "AUX", "PUNCT", "DET"]
SENTENCE = Sentence(Doc(spacy.blank("en").vocab, words=WORDS, lemmas=LEMMAS, pos=PARTS))


def test_tokens_come_in_reading_order_whatever_their_case() -> None:
    assert [token.i for token in SENTENCE.with_lemma({"say", "police", "claim"})] == [0, 1, 4, 5]
    assert [token.i for token in SENTENCE.with_form({":", "said"})] == [1, 3, 6]
    assert SENTENCE.with_form({"say"}) == []


def test_cues_are_verbs_of_the_lexicon() -> None:
    assert [token.text for token in SENTENCE.cues] == ["SAID", "says"], "'claim' is a noun here, 'said' an adjective"
