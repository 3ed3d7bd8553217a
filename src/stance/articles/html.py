"""HTML pages: trafilatura finds the article's text; that extracted text is what offsets refer to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stance.articles.text import file_text
from stance.errors import InputError
from stance.files import stem
from stance.schema import Article


def read_html(path: Path, on_error: str = "stop") -> Iterator[Article]:
    """The one article of an .html file: text, title, URL, date and publisher as far as the page tells them."""
    page = file_text(path)
    yield from [parse_html(page, path)]


def parse_html(page: str, path: Path) -> Article:
    """An article from a page's source; a page without an article raises :class:`InputError`."""
    import trafilatura  # slow to import, and only pages need it

    document: Any = trafilatura.bare_extraction(page, include_comments=False, include_tables=False, with_metadata=True)
    text = (document.text or "").strip() if document else ""
    if not document or not text:
        raise InputError(path, "holds no article text")
    return Article(
        article_id=stem(path),
        text=text,
        title=document.title or "",
        url=document.url or "",
        published=document.date or "",
        publisher=document.sitename or "",
    )
