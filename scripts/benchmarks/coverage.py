"""Gold pairs that the builder finds without a model: python scripts/benchmarks/coverage.py gold=PAIRS articles=ARTICLES

Prints for each gold pair whether a built pair covers it (same speaker, same proposition, right label), how near the
nearest built claim is by embeddings and by words, and why where none does. The labels of the gold pairs may be a
language model's; say so beside the number.
"""

from dataclasses import dataclass, field
from pathlib import Path

from stance.articles import read_articles
from stance.claims.embedding import SentenceEncoder
from stance.command_line import run
from stance.errors import StanceError
from stance.evaluation.coverage import Outcome, Sameness, judge, read_gold, summary
from stance.schema import Article
from stance.tagging import AttributionOptions
from stance.training.weights import locate


@dataclass
class Config:
    """configs/benchmarks/coverage.yaml"""

    attribution: AttributionOptions = field(default_factory=AttributionOptions)
    gold: str = ""
    articles: str = ""
    article: str = ""
    encoder: str = ""
    together: float = 0.0
    words: float = 0.0
    details: bool = True


def articles_of(config: Config, article_id: str) -> list[Article]:
    """The articles of the gold pairs; a single text file is the article of all of them."""
    if config.article:
        return [Article(article_id, next(iter(read_articles(config.article))).text)]
    return list(read_articles(config.articles or Path(config.gold).parent / "articles.jsonl"))


def main(config: Config) -> float:
    """Measure and print; returns the share of gold pairs that are covered."""
    if not config.gold:
        raise StanceError("gold is missing; give gold=PAIRS.jsonl")
    gold = read_gold(config.gold)
    encode = SentenceEncoder(locate(config.encoder)) if config.encoder else None
    articles, sameness = articles_of(config, gold[0].article_id), Sameness(encode, config.together, config.words)
    judged = judge(articles, gold, sameness, config.attribution.tagger())
    for one in judged if config.details else ():
        pair = one.pair
        place = f"cosine {one.cosine:.2f} words {one.words:.2f}"
        print(f"{pair.pair_id:12s} {one.outcome.value:15s} {place}  {pair.speaker}: {pair.claim}  <- {one.claim}")
    print(summary(judged))
    return sum(one.outcome is Outcome.COVERED for one in judged) / max(1, len(judged))


if __name__ == "__main__":
    run("benchmarks/coverage", Config, main)
