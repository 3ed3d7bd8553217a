"""Sentences, stems and numbers without a parser."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stance.schema import Span
from stance.wording import cue_stance, numbers, overlap, pieces, sentences, stems, words


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = 'Dr. Roe met Gov. Poe at 9 a.m. on Monday. "It holds." He left.\nThe end'
    assert [span.of(text) for span in sentences(text)] == [
        "Dr. Roe met Gov. Poe at 9 a.m. on Monday.",
        '"It holds."',
        "He left.",
        "The end",
    ]


def test_inflections_share_a_stem() -> None:
    assert stems("provided") == stems("provides") == stems("providing")
    assert stems("five drones") == stems("5 drone")


def test_numbers_are_found_in_words_and_digits() -> None:
    assert numbers("Three men and 12 dogs, 4.5 miles") == {"3", "12", "4.5"}


def test_overlap_of_nothing_is_nothing() -> None:
    assert overlap(set(), {"a"}) == 0.0
    assert overlap({"a", "b"}, {"a"}) == 0.5


@given(st.text(max_size=300))
def test_sentence_spans_reproduce_their_text_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(span.of(text) == span.of(text).strip() and span.of(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(s.of(text) for s in spans).split()) == "".join(text.split())


def test_cue_words_suggest_a_stance() -> None:
    assert cue_stance("She denied it.") == cue_stance("He has not paid.") == "deny"
    assert cue_stance("It may rain.") == cue_stance("He declined to say more.") == "neutral"
    assert cue_stance("The dam is safe.") == "affirm"


def test_pieces_cover_a_span_and_keep_to_the_size() -> None:
    text = "one two three " + "x" * 30
    spans = list(pieces(text, Span(0, len(text)), 10))
    assert "".join(span.of(text) for span in spans) == text
    assert all(0 < span.end - span.start <= 10 for span in spans)


def test_words_may_be_changed_and_asked_for_again() -> None:
    words("The mayor's Dam").append("more")
    assert words("The mayor's Dam") == ["the", "mayor", "dam"]
    assert words("Dam " * 500) == ["dam"] * 500, "longer than what is kept"
