"""Pages for a whole file of articles: one each while they are analysed, and an index at the end."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.files import Row, atomic_write, read_rows, sha256_text
from stance.inference import StanceClassifier
from stance.inference.rows import analysis_rows
from stance.report.index import index_page
from stance.report.page import article_page
from stance.schema import Article


@dataclass(frozen=True)
class AnalyzeWithPages:
    """A task for :mod:`stance.inference.batch` that writes each article's page into ``folder`` as it goes.

    A page is written again, the same, when a run that was killed goes on: nothing is lost or doubled.
    """

    folder: str

    def __call__(self, model: StanceClassifier, articles: Sequence[Article]) -> list[list[Row]]:
        """The rows of each article, as ``analyze_rows`` gives them."""
        answers = []
        for analysis in model.analyze(articles):
            with atomic_write(Path(self.folder) / page_name(analysis.article.article_id)) as partial:
                partial.write_text(article_page(analysis), encoding="utf-8", errors="replace")
            answers.append(analysis_rows(analysis))
        return answers


def page_name(article_id: str) -> str:
    """A file name for any article id: readable, safe, and different for different ids."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", article_id).strip("-")[:60]
    return f"{readable or 'article'}-{sha256_text(article_id)[:8]}.html"


def pages_folder(report: Path) -> Path:
    """Where the pages of ``report.html`` lie: in a folder ``report`` beside it."""
    return report.with_suffix("")


def write_index(statements: Path, report: Path) -> None:
    """``report`` becomes the index of a statements file's pages, or the page itself where there is only one."""
    folder = pages_folder(report)
    files = sorted(folder.glob("*.html"))
    if len(files) == 1:
        files[0].replace(report)
        shutil.rmtree(folder)
        return
    named = {name: f"{folder.name}/{name}" for name in (file.name for file in files)}
    ids = dict.fromkeys(row["article_id"] for row in _rows(statements))
    pages = {one: named[page_name(one)] for one in ids if page_name(one) in named}
    with atomic_write(report) as partial:
        page = index_page(_rows(statements), pages, f"{len(files)} articles")
        partial.write_text(page, encoding="utf-8", errors="replace")


def _rows(statements: Path) -> Iterator[Row]:
    if statements.stat().st_size:
        yield from (row for _, row in read_rows(statements) if isinstance(row, dict))
