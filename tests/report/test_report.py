"""The pages: hostile text is only text, cells lead to words, and a real browser does what the page promises."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import stance
from stance.inference.analyzer import ArticleAnalysis
from stance.inference.batch import Work, answer_file
from stance.report import AnalyzeWithPages, Page, article_page, index_page, pages_folder, prepare_pages, write_index
from stance.report.index import page_name
from stance.schema import Article, Attribution, Evidence, Span, Stance, Statement

TEXT = (
    "Ana Ruiz said the dam was safe. Bo Lind denied that.\n\n"
    + "The river was high. " * 200
    + "Cy declined to comment."
)


def statement(speaker: str, stance_: Stance, start: int, end: int, claim: str = "The dam is safe") -> Statement:
    rest = 0.1
    probabilities = {label: 0.8 if label is stance_ else rest for label in Stance}
    span = Span(start, end)
    attribution = Attribution("a", (), (), (span,), speaker, "indirect")
    return Statement(
        "a", speaker, claim, stance_, probabilities, Evidence(start, end, TEXT[start:end]), (attribution,), own=1
    )


def analysis() -> ArticleAnalysis:
    last = TEXT.index("Cy declined")
    statements = (
        statement("Ana Ruiz", Stance.AFFIRM, 0, 31),
        statement("Bo Lind", Stance.DENY, 32, 52),
        statement("Cy", Stance.NEUTRAL, last, len(TEXT)),
        statement("Bo Lind", Stance.AFFIRM, 32, 52, "Bo Lind speaks for the union"),
    )
    return ArticleAnalysis(Article("a", TEXT, title="Dam"), statements, statements)  # type: ignore[arg-type]


def test_hostile_text_stays_text(bundle: Path) -> None:
    text = "Ana Ruiz said the <script>alert(1)</script> dam was safe for now. “<img src=x onerror=alert(1)>,” she said."
    source = article_page(stance.load(bundle).analyze(Article("a", text, title="</title><b>Dam</b>", url='"><b>')))
    assert "<img" not in source
    assert source.count("<script>") == 1, "the page's own"
    assert "&lt;/title&gt;&lt;b&gt;Dam" in source
    assert (
        "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-"
        in source
    )
    assert "unsafe-inline" not in source


def test_the_text_of_the_page_is_the_text_of_the_article() -> None:
    source = article_page(analysis())
    shown = re.search(r"<article>(.*?)</article>", source, re.DOTALL)
    assert shown is not None
    plain = re.sub(r'<sup.*?</sup>|<span class="sr">.*?</span>|<[^>]+>', "", shown[1])
    assert plain == TEXT
    assert '<mark class="deny" data-voices="1:deny 1:affirm"' in source, "one span, two claims"
    assert '<sup aria-hidden="true">1− 1+</sup>' in source
    assert 'aria-label="Bo Lind denies: The dam is safe, 80%"' in source
    assert source.count('data-evidence="e1"') == 2, "two answers rest on one sentence"
    assert source.count('id="e1"') == 1


def test_words_near_a_claim_are_marked_where_they_make_none_themselves() -> None:
    """Bo's words make his own claim; Cy's only bear on Ana's."""
    near_bo = replace(statement("Bo Lind", Stance.NEUTRAL, 32, 52, "It rains"), own=0)
    near_cy = replace(statement("Cy", Stance.DENY, 60, 80), own=0)
    statements = (near_bo, near_cy, statement("Bo Lind", Stance.DENY, 32, 52))
    source = article_page(ArticleAnalysis(Article("a", TEXT), (), statements))
    assert re.findall(r'data-voices="([^"]*)"', source) == ["1:deny", "2:deny"]


def test_overlapping_marks_are_cut_not_crossed() -> None:
    whole, inner = statement("Ana Ruiz", Stance.AFFIRM, 0, 52), statement("Bo Lind", Stance.DENY, 20, 60, "It rains")
    source = article_page(ArticleAnalysis(Article("a", TEXT), (), (whole, inner)))
    body = source[source.index("<article>") : source.index("</article>")]
    opened = []
    for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", body):
        if closing:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert opened == ["article"]


def row(article: str, speaker: str, stance_: str, claim: str, published: str = "") -> dict[str, Any]:
    return {"article_id": article, "speaker": speaker, "stance": stance_, "claim": claim, "published": published}


def test_the_index_ranks_claims_by_disagreement_and_keeps_records() -> None:
    rows = [
        row("a", "Ana", "affirm", "The dam is safe", "2026-01-05"),
        row("b", "Bo", "deny", "The dam is safe.", "2026-02-05"),
        row("b", "Cy", "affirm", "The town is big", "2026-02-05"),
        row("c", "Ana", "deny", "the mayor lied", "2026-02-07"),
        row("c", "Bo", "affirm", "The mayor lied", "2026-02-07"),
        row("c", "Di", "affirm", "The mayor lied", "2026-02-07"),
        row("d", "Ed", "deny", "The mayor lied", "2026-02-07"),
    ]
    source = index_page(rows, [Page("pages/a.html", "Dam", page_name("a"))], "Four <articles>")
    assert "Four &lt;articles&gt;" in source
    assert source.index("the mayor lied") < source.index("The dam is safe"), "two against two comes before one to one"
    assert "The town is big" not in source.split("Speakers and their record")[0]
    assert '<a href="pages/a.html">Ana</a>' in source
    assert '<li><a href="pages/a.html">Dam</a></li>' in source
    assert "2026-01: 1 affirm, 0 deny, 0 neutral" in source
    assert "2026-02: 0 affirm, 1 deny, 0 neutral" in source
    assert "2026-01 to 2026-02" in source


def report_of(exported: Path, report: Path, texts: list[str]) -> None:
    output = report.with_suffix(".jsonl")
    articles = [Article(f"x/{n}", text) for n, text in enumerate(texts)]
    task = AnalyzeWithPages(str(prepare_pages(report, output)))
    answer_file(task, articles, output, Work(str(exported), "onnx", 1), "in", chunk=2)
    write_index(output, report)


def test_many_articles_make_an_index_and_one_makes_a_page(exported: Path, tmp_path: Path) -> None:
    report = tmp_path / "new" / "folder" / "r#1.html"
    report_of(exported, report, ["Ana Ruiz said dam 1 was safe.", "Nothing happened.", "Bo said it was big."])
    index = report.read_text()
    assert "<h1>3 articles</h1>" in index
    for n in range(3):
        assert f'href="r%231.pages/{page_name(f"x/{n}")}"' in index, "those without statements are listed too"
        assert (pages_folder(report) / page_name(f"x/{n}")).is_file()
    report_of(exported, report, ["Ana Ruiz said dam 1 was safe."])
    assert "Stance map" in report.read_text(), "pages of a former run do not count"
    assert not pages_folder(report).exists()


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "docs.pages").mkdir()
    (tmp_path / "docs.pages" / "mine.html").write_text("mine")
    with pytest.raises(stance.InputError, match="no pages of ours"):
        prepare_pages(tmp_path / "docs.html", tmp_path / "o.jsonl")
    assert (tmp_path / "docs.pages" / "mine.html").read_text() == "mine"
    with pytest.raises(stance.InputError, match="is no page"):
        prepare_pages(tmp_path / "page", tmp_path / "o.jsonl")


def test_page_names_are_safe_and_differ() -> None:
    names = [page_name(one) for one in ("../../etc/passwd", "a b", "a-b", "", "ü" * 500)]
    assert len(set(names)) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9-]+\.html", name) for name in names)


# --- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium. CI sets STANCE_BROWSER=required, where its absence is a failure."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        if os.environ.get("STANCE_BROWSER") == "required":
            pytest.fail("chromium and chromedriver are required here")
        pytest.skip("no chromium and chromedriver on this machine")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1400,700",
    ):
        options.add_argument(flag)
    opened = webdriver.Chrome(options=options, service=Service(driver))
    yield opened
    opened.quit()


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Any:
    (tmp_path / "page.html").write_text(article_page(analysis()), encoding="utf-8")
    browser.get((tmp_path / "page.html").as_uri())
    return browser


def cells(page: Any) -> list[Any]:
    return list(page.find_elements("css selector", "td a"))


def in_view(page: Any, element: Any) -> bool:
    box = "const b = arguments[0].getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight"
    return bool(page.execute_script(box, element))


def wait_until(condition: Any) -> None:
    import time

    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within ten seconds"
        time.sleep(0.05)


def test_a_click_shows_the_evidence(page: Any) -> None:
    [cell] = [one for one in cells(page) if one.get_attribute("data-stance") == "neutral"]
    evidence = page.find_element("css selector", f'[data-parts~="{cell.get_attribute("data-evidence")}"]')
    assert not in_view(page, evidence), "the sentence lies below the fold"
    cell.click()
    wait_until(lambda: in_view(page, evidence))
    assert "lit" in evidence.get_attribute("class").split()
    spoken = page.find_element("css selector", "[role=status]").get_attribute("textContent")
    assert spoken.endswith("Cy declined to comment.")
    assert evidence.text.endswith("declined to comment.")
    assert page.switch_to.active_element == evidence
    cells(page)[0].click()
    assert "lit" not in evidence.get_attribute("class").split(), "one answer is lit at a time"


def test_the_keyboard_is_enough(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    first = cells(page)[0]
    page.execute_script("arguments[0].focus()", first)
    first.send_keys(Keys.ARROW_RIGHT)
    second = page.switch_to.active_element
    assert second != first
    assert second.get_attribute("data-evidence")
    second.send_keys(Keys.ENTER)
    wait_until(lambda: "lit" in (page.switch_to.active_element.get_attribute("class") or ""))
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert page.switch_to.active_element == second
    second.send_keys(Keys.ARROW_DOWN)
    assert page.switch_to.active_element != second


def test_filters_hide_speakers_and_stances(page: Any) -> None:
    def shown() -> list[str]:
        return [one.get_attribute("data-stance") for one in cells(page) if one.is_displayed()]

    assert sorted(shown()) == ["affirm", "affirm", "deny", "neutral"]
    page.find_element("css selector", 'input[value="deny"]').click()
    assert sorted(shown()) == ["affirm", "affirm", "neutral"]
    page.find_element("css selector", 'input[value="1"]').click()  # Bo Lind, who has most statements
    assert sorted(shown()) == ["affirm", "neutral"]
    rows = page.find_elements("css selector", "tbody tr")
    assert [one.is_displayed() for one in rows] == [True, False], "a row without cells goes"
    dimmed = page.find_elements("css selector", "mark.dim")
    assert [mark.get_attribute("data-voices") for mark in dimmed] == ["1:deny 1:affirm"]
    page.find_element("css selector", 'input[value="1"]').click()
    assert not page.find_elements("css selector", "mark.dim"), "what Bo affirms is shown again"


def test_the_page_runs_its_own_code_and_no_other(page: Any, browser: Any, tmp_path: Path) -> None:
    """The policy admits the page's script by its hash; put another script in, and it does not run."""
    source = article_page(analysis()).replace("</body>", "<script>document.title = 'owned'</script></body>")
    (tmp_path / "evil.html").write_text(source, encoding="utf-8")
    browser.get((tmp_path / "evil.html").as_uri())
    assert browser.title == "Dam"
    cells(browser)[0].click()
    assert browser.find_elements("css selector", ".lit")
