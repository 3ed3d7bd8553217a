"""Who says what, with which words: python scripts/extract.py input=PATH output=attributions.jsonl"""

from dataclasses import dataclass, field

from stance.articles import read_articles
from stance.attribution import attribute
from stance.command_line import run
from stance.files import writable_output, write_rows
from stance.progress import progress
from stance.records import attribution_row
from stance.tagging import AttributionOptions


@dataclass
class Config:
    """configs/extract.yaml"""

    attribution: AttributionOptions = field(default_factory=AttributionOptions)
    input: str = ""
    output: str = ""
    on_error: str = "stop"


def main(config: Config) -> None:
    """Articles -> attributions, one JSON object a line."""
    output, tagger = writable_output(config.output), config.attribution.tagger()
    articles = progress(read_articles(config.input, config.on_error), config.input, "articles")
    count = write_rows(output, (attribution_row(a) for _, found in attribute(articles, tagger) for a in found))
    print(f"{count} attributions in {output}")


if __name__ == "__main__":
    run("extract", Config, main)
