"""Attributions and their speakers against gold: python scripts/benchmarks/attribution.py gold=FILE corpus=FOLDER

``gold`` holds articles with the spans of their attributions (data/README.md): precision, recall and F1 of contents,
of contents with their sources, and by kind. ``corpus`` holds annotated articles: whether the attributions that their
evidence rests on go to the right speaker. Either may be left empty.
"""

from dataclasses import dataclass, field
from pathlib import Path

from stance.attribution import Tagger, attribute
from stance.attribution.scoring import Scores, gold_attributions
from stance.command_line import run
from stance.corpus import read_annotated
from stance.labeling.speakers import speaker_report
from stance.progress import progress
from stance.records import read_records
from stance.tagging import AttributionOptions


@dataclass
class Config:
    """configs/benchmarks/attribution.yaml"""

    attribution: AttributionOptions = field(default_factory=AttributionOptions)
    gold: str = ""
    corpus: str = ""
    misses: int = 0


def score(gold_path: str, tagger: Tagger | None) -> tuple[Scores, Scores]:
    """All attributions of the gold's articles, and those alone that lie in no other, against the gold ones."""
    gold = {article.article_id: (article, spans) for article, spans in read_records(gold_path, gold_attributions)}
    every, outermost = Scores(), Scores()
    articles = progress((article for article, _ in gold.values()), gold_path, "articles")
    for article, found in attribute(articles, tagger):
        every.add(gold[article.article_id][1], found)
        outermost.add(gold[article.article_id][1], [one for one in found if not one.nested])
    return every, outermost


def main(config: Config) -> float | None:
    """Print what was asked for; the primary number is the F1 of contents."""
    f1, tagger = None, config.attribution.tagger()
    if config.gold:
        every, outermost = score(config.gold, tagger)
        print(f"all attributions\n{every}\n\nwithout the nested ones\n{outermost}")
        f1 = every.content.f1
    if config.corpus:
        report = speaker_report(read_annotated(Path(config.corpus)), tagger)
        print(report)
        for miss in report.misses[: config.misses]:
            print(f"  {miss.article_id}: {miss.speaker} | found: {', '.join(miss.found)} | {miss.evidence!r:.120}")
    return f1


if __name__ == "__main__":
    run("benchmarks/attribution", Config, main)
