"""Pages for a whole file of articles: one each while they are analysed, and an index at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from stance.errors import InputError
from stance.files import Row, atomic_write, whole_rows, writable_output
from stance.inference import StanceClassifier
from stance.inference.rows import analysis_rows
from stance.journal import journal_files
from stance.report.index import Page, index_page, page_name
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


MARKER = ".stance-pages"
"""The file by which a folder of pages is known; no other folder is touched."""


def pages_folder(report: Path) -> Path:
    """Where the pages of ``report.html`` lie: in a folder ``report.pages`` beside it."""
    return report.with_suffix(".pages")


def prepare_pages(report: Path, output: Path) -> Path:
    """The folder for the pages of a report whose statements go to ``output``.

    Pages of a former, finished run are removed; those of an unfinished one stay, as it goes on. Raises
    :class:`InputError` for a report that is no .html file, or whose folder holds other things.
    """
    if report.suffix.lower() not in (".html", ".htm"):
        raise InputError(report, "is no page: name it .html")
    writable_output(report)
    folder = pages_folder(report)
    if folder.exists() and not (folder / MARKER).is_file():
        raise InputError(folder, "exists and holds no pages of ours; name another report")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
    if not journal_files(output)[1].exists():
        for page in folder.glob("*.html"):
            page.unlink()
    return folder


def write_index(statements: Path, report: Path) -> None:
    """``report`` becomes the index of a statements file's pages, or the page itself where there is only one."""
    folder = pages_folder(report)
    files = sorted(folder.glob("*.html"))
    if len(files) == 1:
        files[0].replace(report)
        (folder / MARKER).unlink()
        folder.rmdir()
        return
    titles = {
        page_name(row["article_id"]): str(row.get("title") or row["article_id"]) for row in whole_rows(statements)
    }
    pages = [Page(quote(f"{folder.name}/{one.name}"), titles.get(one.name, one.stem[:-9]), one.name) for one in files]
    with atomic_write(report) as partial:
        page = index_page(whole_rows(statements), pages, f"{len(files)} articles")
        partial.write_text(page, encoding="utf-8", errors="replace")
