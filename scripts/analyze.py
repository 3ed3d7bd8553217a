"""Stances in articles: python scripts/analyze.py model_dir=DIR input=PATH output=statements.jsonl [report=PAGE.html]"""

from dataclasses import dataclass
from pathlib import Path

from stance.articles import read_articles
from stance.command_line import run
from stance.files import writable_output
from stance.inference.batch import CHUNK, Work, analyze_rows, answer_file
from stance.inference.rows import format_first
from stance.progress import progress
from stance.report import AnalyzeWithPages, prepare_pages, write_index


@dataclass
class Config:
    """configs/analyze.yaml"""

    model_dir: str = ""
    input: str = ""
    output: str = ""
    report: str = ""
    backend: str = "auto"
    workers: int = 0
    show: bool = True
    on_error: str = "stop"


def main(config: Config) -> None:
    """Articles -> statements, one JSON object a line, and a table or pages to look at."""
    output, work = writable_output(config.output), Work(config.model_dir, config.backend, config.workers)
    report = Path(config.report) if config.report else None
    task = AnalyzeWithPages(str(prepare_pages(report, output))) if report else analyze_rows
    articles = progress(read_articles(config.input, config.on_error), config.input, "articles")
    count = answer_file(task, articles, output, work, config.input, CHUNK["articles"])
    if config.show:
        print(format_first(output))
    if report:
        write_index(output, report)
        print(f"page in {report}")
    print(f"{count} statements in {Path(config.output)}")


if __name__ == "__main__":
    run("analyze", Config, main)
