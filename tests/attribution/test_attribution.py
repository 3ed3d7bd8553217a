"""Each way of giving words to a source, on sentences made for the test; spans always reproduce their text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.attribution import attribute
from stance.attribution.direct import quoted
from stance.attribution.parse import Paragraph
from stance.attribution.quotes import quote_spans
from stance.records import attribution_row, parse_attribution
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
        ('"The mill is on fire," Bo Lind shouted.', "Bo Lind", '"The mill is on fire,"'),
        (
            '"The mill is on fire again," Bo Lind bellowed while the guard said nothing.',
            "Bo Lind",
            '"The mill is on fire again,"',
        ),
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
    first, second = (
        attributions("Orco denied that it sold ferries."),
        attributions("Orco did not deny it sold ferries."),
    )
    assert first[0].negated
    assert not second[0].negated


def last_links(text: str) -> list[tuple[str, str]]:
    return [(a.chain[-1].speaker, a.chain[-1].polarity.value) for a in attributions(text)]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("The court fined Orco for claiming that the pills were harmless.", ("Orco", "affirm")),
        ("Orco was fined by the court for claiming that the pills were harmless.", ("Orco", "affirm")),
        ("Residents criticised the mayor for saying that the dam was safe.", ("the mayor", "affirm")),
        ("Orco raised its dividend after saying that the mill was safe.", ("Orco", "affirm")),
        ("The mayor stopped saying that the dam was safe.", ("The mayor", "neutral")),
        ("The mayor avoided saying that the dam was safe.", ("The mayor", "neutral")),
        ("The mayor failed to say that the dam was safe.", ("The mayor", "neutral")),
        ("Bo Lind warned against assuming that the dam was safe.", ("Bo Lind", "neutral")),
        ("The mayor apologised for saying that the dam was safe.", ("The mayor", "neutral")),
        ("Max Lund retracted his claim that the dam was leaking.", ("Max Lund", "neutral")),
        ("Norvik repeated its claim that the dam was leaking.", ("Norvik", "affirm")),
        ("Police ruled out that the school would close.", ("Police", "deny")),
        ("Police did not rule out that the school would close.", ("Police", "neutral")),
    ],
)
def test_a_reported_or_withheld_saying_goes_to_its_sayer(text: str, link: tuple[str, str]) -> None:
    assert last_links(text)[-1] == link


@pytest.mark.parametrize(
    "text",
    [
        "Nobody believes that the dam is safe.",
        "No expert has claimed that the dam is safe.",
        "There is no evidence to suggest that the dam leaks.",
        "Few experts believe that the old dam leaks.",
    ],
)
def test_nobody_says_nothing(text: str) -> None:
    assert spoken(text) == []


def test_a_few_are_somebody() -> None:
    assert last_links("A few experts believe that the dam is safe.") == [("A few experts", "affirm")]


def test_nested_attribution_gives_both_links() -> None:
    found = spoken("The Herald reported that the ministry denied that the old dam was leaking.")
    assert ("Herald", "that the ministry denied that the old dam was leaking") in found
    assert ("the ministry", "that the old dam was leaking") in found


def test_boilerplate_gives_nothing() -> None:
    assert spoken("Read also: Mayor said the dam leaks.\n\nThe dam stands.") == []


def test_hundreds_of_quotations_in_a_paragraph_cost_no_time() -> None:
    text = " ".join(f'"It is {hour} now."' for hour in range(800))
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    paragraph = Paragraph(0, pipeline(text), text)
    start = time.process_time()
    assert len(list(quoted(paragraph, quote_spans(text), text))) == 800
    assert time.process_time() - start < 3  # walking the paragraph for each takes 20 times as long


def test_a_signature_is_the_name_behind_the_quotation() -> None:
    assert ("Ana Ruiz", "“The dam is safe.”") in spoken("“The dam is safe.” - Ana Ruiz")


def test_quotes_in_all_marks() -> None:
    for opened, closed in (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ("‘", "’"), ("''", "''")):
        text = f"He said {opened}the dam is quite safe{closed} today."
        assert [span.of(text) for span in quote_spans(text)] == [f"{opened}the dam is quite safe{closed}"]


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    text = "“The dam is safe.\n\n“It was checked in May,” she said."
    assert [span.of(text) for span in quote_spans(text)] == ["“The dam is safe.", "“It was checked in May,”"]


WORDS = st.sampled_from(
    ["Ana Ruiz", "said", "denied", "that", '"', "“", "”", "the dam", "is safe", ".", ",", "\n\n", "he", "'", "told",
     "according to", "🙂", "\u202e", "\x07", "’s", ":", "Karvia", "accused", "of", "lying"]
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


@pytest.mark.parametrize(
    ("text", "rule", "speaker", "content"),
    [
        ("The dam, Ana Ruiz said, leaks at night.", "parenthetical", "Ana Ruiz", "The dam … leaks at night"),
        ("Ana Ruiz called for an inquiry into the dam.", "verb_preposition", "Ana Ruiz", "an inquiry into the dam"),
        ("Ana Ruiz explained the delay of the work.", "verb_object", "Ana Ruiz", "the delay of the work"),
        ("Ana Ruiz refused to leave the site.", "verb_clause", "Ana Ruiz", "to leave the site"),
        ("The mayor reportedly left the town.", "hearsay", "", "The mayor … left the town"),
        ("The mayor seemed to know the dam.", "seeming", "", "The mayor … to know the dam"),
        ("The dam is believed by experts to be safe.", "passive", "experts", "The dam … to be safe"),
        ("They heard the mayor's claim that the dam leaks.", "noun_clause", "the mayor", "that the dam leaks"),
    ],
)
def test_each_frame_of_a_cue(text: str, rule: str, speaker: str, content: str) -> None:
    found = [(a.speaker, " … ".join(s.of(text) for s in a.content)) for a in attributions(text) if a.rule == rule]
    assert found == [(speaker, content)]


def test_a_purpose_is_no_content() -> None:
    assert spoken("Ana Ruiz continued to walk along the dam.") == []


def test_a_second_cue_keeps_its_speaker_and_leaves_the_first_content() -> None:
    text = "Ana Ruiz says the dam is safe, but concedes that the gate was leaking."
    assert spoken(text) == [("Ana Ruiz", "the dam is safe"), ("Ana Ruiz", "that the gate was leaking")]


def test_a_quotation_that_goes_on_after_its_cue_is_one_content() -> None:
    text = "“The dam is safe,” Ana Ruiz said. “We checked it twice in May.”"
    assert spoken(text) == [("Ana Ruiz", "“The dam is safe,” … “We checked it twice in May.”")]


def test_the_source_of_a_relative_clause_is_the_pronoun_and_the_speaker_its_noun() -> None:
    text = "Ana Ruiz, who said that the dam was safe, left."
    (found,) = [a for a in attributions(text) if a.rule == "verb_clause"]
    assert [span.of(text) for span in found.source] == ["who"]
    assert found.speaker == "Ana Ruiz"


def test_a_turn_of_a_transcript_is_one_content_of_the_one_who_has_the_word() -> None:
    text = (
        "Ana Ruiz and Tom Vale spoke at noon.\n\nRUIZ: I think the dam is safe. We checked it. VALE: It leaks at night."
        "\n\nTHE FACTS: The dam leaks, he found."
    )
    turns = [a for a in attributions(text) if a.rule == "turn"]
    assert [(a.speaker, a.content[0].of(text)) for a in turns] == [
        ("Ana Ruiz", "I think the dam is safe. We checked it."),
        ("Tom Vale", "It leaks at night."),
    ]


def test_a_sentence_without_end_costs_no_time() -> None:
    text = "He said that she denied that " * 650  # cubic rules would take minutes
    start = time.process_time()
    attributions(text)
    assert time.process_time() - start < 20


# --- chains ----------------------------------------------------------------------------------------------------------


def chain_of(text: str, content: str) -> list[tuple[str, str]]:
    (found,) = [a for a in attributions(text) if " ".join(s.of(text) for s in a.content) == content]
    return [(link.speaker, link.polarity.value) for link in found.chain]


def test_a_chain_goes_from_the_outermost_link_to_its_own() -> None:
    text = "The Herald reported that the ministry denied that the mayor said that the dam was leaking."
    assert chain_of(text, "that the dam was leaking") == [
        ("Herald", "affirm"),
        ("the ministry", "deny"),
        ("the mayor", "affirm"),
    ]
    assert chain_of(text, "that the ministry denied that the mayor said that the dam was leaking") == [
        ("Herald", "affirm")
    ]


@pytest.mark.parametrize(
    ("cue", "polarity"),
    [
        ("said", "affirm"),
        ("denied", "deny"),
        ("did not deny", "neutral"),
        ("did not say", "neutral"),
        ("does not believe", "deny"),
        ("never claimed", "neutral"),
    ],
)
def test_the_polarity_of_a_link_is_the_cue_as_it_is_used(cue: str, polarity: str) -> None:
    text = f"According to the police, the mayor {cue} that the dam was leaking."
    assert chain_of(text, "that the dam was leaking") == [("the police", "affirm"), ("the mayor", polarity)]


def test_neighbours_are_not_nested() -> None:
    text = "The mayor said that the dam leaked. The ministry denied that the gate was open."
    assert [len(a.chain) for a in attributions(text)] == [1, 1]
    assert not any(a.nested for a in attributions(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, min_size=1, max_size=40).map(" ".join).filter(str.strip))
def test_rows_of_any_attribution_read_back_and_chains_end_with_their_own_speaker(text: str) -> None:
    for attribution in attributions(text):
        assert attribution.chain[-1].speaker == attribution.speaker
        assert parse_attribution(attribution_row(attribution), Path("a.jsonl"), 1) == attribution


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400).filter(str.strip))
def test_any_unicode_is_read_without_a_crash(text: str) -> None:
    for attribution in attributions(text):
        assert all(text[s.start : s.end] == s.of(text) != "" for s in attribution.content)
