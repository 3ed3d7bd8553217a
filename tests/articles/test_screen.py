"""Other languages, copies and broken characters are dealt with before anything is parsed, and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.articles.language import language_of
from stance.articles.ledger import Ledger
from stance.articles.screen import Screening, repaired, screen
from stance.errors import StanceError
from stance.schema import Article

WIRE = (
    "Mayor Ana Ruiz said on Monday that the bridge over the Sarn would stay closed until the spring, a week after "
    "cracks were found in two of its piers. Bo Lind, who runs the ferry, denied that he had known. The ministry of "
    "works declined to comment and said that a report on the matter was due before the end of the month. Nobody was "
    "hurt, and the engineers left the site in the evening after a long talk with the council of the old town."
)
TEXTS = {
    "en": "The mayor said that the bridge would stay closed, and that it was not his fault. Nobody was hurt.",
    "de": "Der Bürgermeister sagte, dass die Brücke geschlossen bleibt. Das ist nicht neu, und es wird so bleiben.",
    "fr": "Le maire a dit que le pont resterait fermé. Ce n'est pas nouveau, et il ne sait pas pour combien de temps.",
    "es": "El alcalde dijo que el puente seguirá cerrado. No es nuevo, y no se sabe por cuánto tiempo en la ciudad.",
    "it": "Il sindaco ha detto che il ponte resterà chiuso. Non è una novità, e non si sa per quanto tempo.",
    "pt": "O prefeito disse que a ponte não vai abrir. Isso não é novo, e ele já não sabe por quanto tempo.",
    "nl": "De burgemeester zei dat de brug dicht blijft. Het is niet nieuw, en hij weet niet voor hoe lang.",
    "sv": "Borgmästaren sade att bron är stängd. Det är inte nytt, och han vet inte hur länge det ska vara så.",
    "pl": "Burmistrz powiedział, że most jest zamknięty. To nie jest nowe i nie wie, jak długo tak będzie.",
    "fi": "Pormestari sanoi, että silta on kiinni. Se ei ole uutta, mutta hän ei ole varma, kun joka vuosi on niin.",
    "ru": "Мэр заявил в понедельник, что мост останется закрытым.",
    "ar": "قال رئيس البلدية يوم الاثنين إن الجسر سيظل مغلقا.",
    "ja": "市長は月曜日、橋は閉鎖されたままだと述べた。",
    "zh": "市长周一表示，大桥将继续关闭。",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_language_is_told_by_its_script_or_its_frequent_words(code: str) -> None:
    assert language_of(TEXTS[code]) == code


@pytest.mark.parametrize("text", ["", "7 4 22", "Karvia Rovers 3, Orvel 1", "A Tolvan airstrike killed Al-Orvel boss."])
def test_where_little_speaks_for_any_language_none_is_named(text: str) -> None:
    assert language_of(text) in ("", "en")


def run(ledger: Ledger, texts: list[str], rules: Screening, done: int = 0) -> list[str]:
    articles = [Article(f"a{n}", text) for n, text in enumerate(texts)]
    return [one.article_id if one else "-" for one in screen(articles, ledger, rules, done)]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def test_copies_are_folded_as_far_as_is_asked(tmp_path: Path) -> None:
    near = WIRE.replace("Monday", "Tuesday") + " (Norpress)"
    texts = [WIRE, TEXTS["en"], WIRE.replace(". ", ".\n"), near]
    expected = {"near": ["a0", "a1", "-", "-"], "exact": ["a0", "a1", "-", "a3"], "keep": ["a0", "a1", "a2", "a3"]}
    for kind, kept in expected.items():
        ledger = Ledger(tmp_path / kind)
        assert run(ledger, texts, Screening(kind)) == kept
    near_ledger = Ledger(tmp_path / "near")
    assert [entry[1:] for entry in near_ledger.set_aside()] == [
        ("a2", "duplicate", "a0"),
        ("a3", "near duplicate", "a0"),
    ]


def test_another_story_in_the_same_style_is_no_copy(ledger: Ledger) -> None:
    other = WIRE.split(". ")
    assert run(ledger, [WIRE, ". ".join(other[:1]) + ". " + TEXTS["en"] * 3], Screening()) == ["a0", "a1"]


def test_other_languages_are_set_aside_by_name_and_counted(ledger: Ledger) -> None:
    assert run(ledger, [TEXTS["en"], TEXTS["de"], TEXTS["ru"]], Screening()) == ["a0", "-", "-"]
    assert [entry[1:] for entry in ledger.set_aside()] == [("a1", "language", "de"), ("a2", "language", "ru")]
    assert ledger.counts() == {"kept": 1, "language": 2}


def test_any_language_is_kept_where_none_is_asked_for(ledger: Ledger) -> None:
    assert run(ledger, [TEXTS["de"]], Screening(language="")) == ["a0"]


def test_an_id_that_comes_twice_is_made_different(ledger: Ledger) -> None:
    articles = [Article("same", TEXTS["en"]), Article("same", WIRE)]
    assert [one.article_id for one in screen(articles, ledger, Screening()) if one] == ["same", "same~1"]


def test_an_id_with_a_suffix_is_met_too(ledger: Ledger) -> None:
    articles = [Article(name, "x") for name in ("a", "a~2", "a", "a~2", "a")]
    found = [one.article_id for one in screen(articles, ledger, Screening("keep")) if one]
    assert found == ["a", "a~2", "a~3", "a~2~3", "a~4"]


@pytest.mark.parametrize("lost", [0, 1, 3])
def test_a_run_that_goes_on_judges_like_one_that_was_never_stopped(tmp_path: Path, lost: int) -> None:
    """Of the four articles done before the kill, the ledger may know fewer, or some that came after."""
    texts = [WIRE, TEXTS["de"], TEXTS["en"], WIRE + " More.", WIRE + " Again.", TEXTS["fr"], WIRE * 2]
    whole = Ledger(tmp_path / "whole")
    expected = run(whole, texts, Screening())
    cut = Ledger(tmp_path / "cut")
    run(cut, texts[: 4 - lost] if lost else texts[:6], Screening())
    cut.close()
    again = Ledger(tmp_path / "cut")
    assert run(again, texts, Screening(), done=4) == expected[4:]
    assert list(again.set_aside()) == list(whole.set_aside())
    assert again.counts() == whole.counts()


def test_text_that_was_decoded_wrongly_is_mended_and_other_text_left_alone() -> None:
    assert repaired(Article("a", "The mayorâ€™s cafÃ© is closed.")).text == "The mayor’s café is closed."
    fine = "“Nobody knew,” said Zoë Lind — of the café; 5 < 6 &amp; more…"
    assert repaired(Article("a", fine)).text == fine


def test_an_unknown_way_of_folding_is_refused() -> None:
    with pytest.raises(StanceError, match="choose from near, exact, keep"):
        Screening("some")
