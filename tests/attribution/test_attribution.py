"""Each way of giving words to a source, on sentences made for the test; spans always reproduce their text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.attribution import attribute
from stance.attribution.quotes import quote_spans
from stance.schema import Article, Attribution


def attributions(text: str) -> list[Attribution]:
    return next(attribute([Article("a", text)]))[1]


def spoken(text: str) -> list[tuple[str, str]]:
    return [(a.speaker, " … ".join(s.of(text) for s in a.content)) for a in attributions(text)]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("The ministry said that the dam was safe.", "The ministry", "that the dam was safe"),
        ("The dam was safe, the ministry said on Monday.", "the ministry", "The dam was safe"),
        ("According to the police, nobody was hurt in the fire.", "the police", "nobody was hurt in the fire"),
        ("Nobody was hurt in the fire, according to the police.", "the police", "Nobody was hurt in the fire"),
        ('"The dam is safe," said Ana Ruiz.', "Ana Ruiz", '"The dam is safe,"'),
        ("“The dam is safe,” Ana Ruiz told reporters.", "Ana Ruiz", "“The dam is safe,”"),
        ("Ana Ruiz denied claims that the dam leaks.", "Ana Ruiz", "claims that the dam leaks"),
        ("The coach is confident that the team will win.", "The coach", "that the team will win"),
    ],
)
def test_one_speaker_with_these_words(text: str, speaker: str, content: str) -> None:
    assert (speaker, content) in spoken(text)


def test_a_quotation_of_several_sentences_is_one_content() -> None:
    text = '"The dam is safe. It was checked in May. We stand by it," Ana Ruiz said.'
    assert ("Ana Ruiz", '"The dam is safe. It was checked in May. We stand by it,"') in spoken(text)


def test_pronouns_and_surnames_find_the_full_name() -> None:
    text = "Maria Lopez runs the plant.\n\nLopez said the plant was clean. She said it would stay open."
    assert [speaker for speaker, _ in spoken(text)] == ["Maria Lopez", "Maria Lopez"]


def test_a_denial_is_marked_and_a_denied_denial_is_not() -> None:
    first, second = attributions("Iran denied that it sold drones."), attributions("Iran did not deny it sold drones.")
    assert first[0].negated
    assert not second[0].negated


def test_nested_attribution_gives_both_links() -> None:
    found = spoken("The Herald reported that the ministry denied that the old dam was leaking.")
    assert ("Herald", "that the ministry denied that the old dam was leaking") in found
    assert ("the ministry", "that the old dam was leaking") in found


def test_boilerplate_gives_nothing() -> None:
    assert spoken("Read also: Mayor said the dam leaks.\n\nThe dam stands.") == []


def test_quotes_in_all_marks() -> None:
    for opened, closed in (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ("‘", "’"), ("''", "''")):
        text = f"He said {opened}the dam is quite safe{closed} today."
        assert [span.of(text) for span in quote_spans(text)] == [f"{opened}the dam is quite safe{closed}"]


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    text = "“The dam is safe.\n\n“It was checked in May,” she said."
    assert [span.of(text) for span in quote_spans(text)] == ["“The dam is safe.", "“It was checked in May,”"]


WORDS = st.sampled_from(
    ["Ana Ruiz", "said", "denied", "that", '"', "“", "”", "the dam", "is safe", ".", ",", "\n\n", "he", "'", "told",
     "according to", "🙂", "\u202e", "\x07", "’s", ":", "Iran", "accused", "of", "lying"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, min_size=1, max_size=40).map(" ".join).filter(str.strip))
def test_no_text_crashes_and_spans_stay_inside(text: str) -> None:
    for attribution in attributions(text):
        for span in (*attribution.source, *attribution.cue, *attribution.content):
            assert 0 <= span.start < span.end <= len(text)
        assert all(a.end <= b.start for a, b in zip(attribution.content, attribution.content[1:], strict=False))


def test_a_dateline_is_nobody() -> None:
    text = "MELSUND (Norpress) - The government of Tarrow denied that the old dam was leaking."
    assert spoken(text) == [("The government of Tarrow", "that the old dam was leaking")]
