"""Text, HTML, JSONL and folders become articles; boilerplate is found, nothing else is."""

from __future__ import annotations

import gzip
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest

from stance.articles import boilerplate_spans, read_articles
from stance.articles.text import decoded
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


LISTED = PAGE.replace(
    "</article>",
    """<p>The union named two reasons in a letter to the council of the town:</p>
<ul><li>The northern pier has lost a third of its strength, Bo Lind said.</li>
<li>No inspector has signed the report of the last spring, he said.</li></ul>
<p>Read more: <a href="/x">Ten dams that could fail next</a></p>
<aside><h3>Related stories</h3><ul><li><a href="/1">Karvia ferry sinks in storm</a></li></ul></aside></article>""",
)


def test_a_page_keeps_its_lists_and_loses_its_teasers(tmp_path: Path) -> None:
    (tmp_path / "dam.html").write_text(LISTED)
    text = next(read_articles(tmp_path / "dam.html")).text
    assert "- The northern pier has lost a third of its strength, Bo Lind said." in text.splitlines()
    assert "Karvia ferry" not in text
    inside = [span.of(text).strip() for span in boilerplate_spans(text)]
    assert all("Ten dams" not in line or line in inside for line in text.splitlines())


@pytest.mark.parametrize(
    "raw",
    [
        "Zoë Lind said: “The café is closed.” It cost €5.".encode("cp1252"),
        "\ufeffZoë Lind said: “The café is closed.” It cost €5.".encode("utf-16"),
        "Zoë Lind said: “The café is closed.” It cost €5.".encode("utf-8-sig"),
    ],
)
def test_a_text_is_read_in_the_encoding_that_it_was_written_in(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(raw)
    assert next(read_articles(tmp_path / "a.txt")).text.lstrip("\ufeff") == (
        "Zoë Lind said: “The café is closed.” It cost €5."
    )


def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-2">').replace("Bo Lind", "Bořek Lindš")
    (tmp_path / "dam.html").write_bytes(page.encode("iso-8859-2"))
    assert "Bořek Lindš" in next(read_articles(tmp_path / "dam.html")).text


@pytest.mark.parametrize("named", ["iso-8859-1", "latin-1", "US-ASCII", "utf-16", "UTF-32LE", "idna", "no-such"])
def test_a_page_means_what_browsers_read(tmp_path: Path, named: str) -> None:
    """A name that old pages give by habit, or one that cannot be true, costs no quotation mark."""
    page = f'<meta charset="{named}">Zoë Lind said: “It cost €5.”'
    assert decoded(page.encode("cp1252"), tmp_path / "a.html") == page


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_first_line_alone_is_a_title(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.txt").write_bytes(f"The dam{end}{end}Bo Lind said so.{end}".encode())
    (tmp_path / "b.txt").write_bytes(f"The dam{end}Bo Lind said so.{end}".encode())
    assert [one.title for one in read_articles(tmp_path)] == ["The dam", ""]


def test_a_name_that_is_not_utf_8_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("The dam leaks.")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("The dam holds.")
    with pytest.raises(InputError, match="has a name that is not UTF-8"):
        list(read_articles(tmp_path))
    assert [one.article_id for one in read_articles(tmp_path, "skip")] == ["a"]
    assert "skipped" in capsys.readouterr().err


def test_a_text_in_another_script_has_its_encoding_guessed(tmp_path: Path) -> None:
    text = "Мэр заявил в понедельник, что мост останется закрытым. Никто не пострадал, сообщила полиция города. " * 5
    (tmp_path / "a.txt").write_bytes(text.encode("cp1251"))
    assert next(read_articles(tmp_path / "a.txt")).text == text


def test_a_pattern_names_files(tmp_path: Path) -> None:
    for name in ("x/a.txt", "x/y/a.txt", "x/b.md", "z.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Ana said yes.")
    found = read_articles(str(tmp_path / "x" / "**" / "*"))
    assert [article.article_id for article in found] == ["a", "y/a"]
    with pytest.raises(InputError, match="matches no file that ends in"):
        list(read_articles(str(tmp_path / "x" / "*.md*")))


@pytest.mark.parametrize(
    "pack", [lambda raw: raw, gzip.compress, lambda raw: pa.Codec("zstd").compress(raw, asbytes=True)]
)
def test_the_standard_input_may_be_packed(pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO(pack(b'{"article_id": "a", "text": "Ana said yes."}\n' * 2))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BufferedReader(packed)))
    assert [article.article_id for article in read_articles("-")] == ["a", "a"]
