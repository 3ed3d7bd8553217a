"""Text, HTML, JSONL and folders become articles; boilerplate is found, nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.articles import boilerplate_spans, read_articles
from stance.errors import InputError, StanceError

PAGE = """<html><head><title>Dam is safe, mayor says</title></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Dam is safe, mayor says</h1>
<p>Mayor Ana Ruiz said on Monday that the dam above the town of Orvel was safe, a day after cracks were found.</p>
<p>The engineers' union denied that. Its head, Bo Lind, said that nobody had inspected the dam since last spring.</p>
<p>The ministry of works declined to comment, and said that a report would be published before the end of the year.</p>
</article>
<footer>Subscribe to our newsletter</footer></body></html>"""


def test_a_text_file_is_kept_to_the_letter(tmp_path: Path) -> None:
    text = "Dam is safe\n\n  Ana Ruiz said so.\r\nSubscribe\n"
    (tmp_path / "dam.txt").write_bytes(text.encode())
    article = next(read_articles(tmp_path / "dam.txt"))
    assert (article.article_id, article.text, article.title) == ("dam", text, "Dam is safe")


def test_a_page_gives_its_article_without_navigation(tmp_path: Path) -> None:
    (tmp_path / "dam.html").write_text(PAGE)
    article = next(read_articles(tmp_path / "dam.html"))
    assert "declined to comment" in article.text
    assert "Home" not in article.text
    assert "newsletter" not in article.text
    assert article.title == "Dam is safe, mayor says"


def test_a_folder_is_read_in_name_order(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("B said no.")
    (tmp_path / "a.jsonl").write_text('{"article_id": "one", "text": "A said yes."}\n')
    (tmp_path / "notes.md").write_text("not an article")
    assert [article.article_id for article in read_articles(tmp_path)] == ["one", "b"]


def test_a_broken_file_among_good_ones_stops_or_is_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("A said yes.")
    (tmp_path / "b.txt").write_bytes(b"\x00\x00")
    (tmp_path / "c.txt").write_text("C said no.")
    with pytest.raises(InputError, match=r"b\.txt: is binary"):
        list(read_articles(tmp_path))
    assert [article.article_id for article in read_articles(tmp_path, "skip")] == ["a", "c"]
    assert "b.txt" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "message"), [("a.docx", "unknown file ending"), ("none.txt", "no such file")])
def test_other_files_are_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(InputError, match=message):
        list(read_articles(tmp_path / name))
    with pytest.raises(StanceError, match="choose from stop, skip"):
        list(read_articles(tmp_path, "ignore"))


def test_only_the_lines_of_the_page_are_boilerplate() -> None:
    text = (
        "The ministry said subscribers had paid.\n› Subscribe\n\nPlease enter your comment!\n"
        "The reCAPTCHA verification period has expired. Please reload the page.\nMore Articles\n"
        "He will share the prize with two others, the club said on its site, and email every member about it.\n"
    )
    assert [span.of(text).strip() for span in boilerplate_spans(text)] == [
        "› Subscribe",
        "Please enter your comment!",
        "The reCAPTCHA verification period has expired. Please reload the page.",
        "More Articles",
    ]
