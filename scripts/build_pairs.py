"""Articles -> labelled pairs, as a stream: python scripts/build_pairs.py input=ARTICLES output=pairs.jsonl.gz"""

from dataclasses import dataclass, field
from pathlib import Path

from stance.articles import read_articles
from stance.articles.screen import Screening
from stance.builder import BuildOptions, aside_file, build_pairs
from stance.command_line import run
from stance.progress import progress
from stance.tagging import AttributionOptions


@dataclass
class Config:
    """configs/build_pairs.yaml"""

    attribution: AttributionOptions = field(default_factory=AttributionOptions)
    input: str = ""
    output: str = ""
    duplicates: str = "near"
    language: str = "en"
    repair: bool = True
    workers: int = 0
    on_error: str = "stop"


def main(config: Config) -> int:
    """Articles -> pairs, one JSON object a line, and what became of the articles."""
    screening = Screening(config.duplicates, config.language, config.repair)
    options = BuildOptions(screening, config.workers, config.attribution)
    articles = progress(read_articles(config.input, config.on_error), config.input, "articles")
    built = build_pairs(articles, config.output, config.input, options)
    output = Path(config.output)
    print(f"{built} in {output}; set aside: {aside_file(output)}")
    return built.pairs


if __name__ == "__main__":
    run("build_pairs", Config, main)
