"""Stances in articles: python scripts/analyze.py model_dir=DIR input=PATH output=statements.jsonl [report=PAGE]"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stance.articles import read_articles
from stance.command_line import existing_output, run
from stance.inference import load
from stance.inference.analyzer import ArticleAnalysis, analyze_articles
from stance.inference.page import write_page
from stance.inference.rows import format_stance_table, statement_row
from stance.progress import progress
from stance.records import write_rows


@dataclass
class Config:
    """configs/analyze.yaml"""

    model_dir: str = ""
    input: str = ""
    output: str = ""
    report: str = ""
    show: bool = True
    on_error: str = "stop"


def main(config: Config) -> None:
    """Articles -> statements, one JSON object a line, and a table or a page to look at."""
    output, model = existing_output(config.output), load(config.model_dir)
    articles = progress(read_articles(config.input, config.on_error), config.input, "articles")
    shown: list[ArticleAnalysis] = []

    def rows() -> Iterator[dict[str, Any]]:
        for analysis in analyze_articles(model, articles):
            if not shown:
                shown.append(analysis)
            yield from map(statement_row, analysis.statements)

    count = write_rows(output, rows())
    if config.show:
        print(format_stance_table(shown[0]))
    if config.report:
        write_page(shown[0], existing_output(config.report))
        print(f"page in {config.report}")
    print(f"{count} statements in {output}")


if __name__ == "__main__":
    run("analyze", Config, main)
