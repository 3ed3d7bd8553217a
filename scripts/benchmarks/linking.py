"""Precision and recall of linking on our corpus, by words and by embeddings: python scripts/benchmarks/linking.py"""

from dataclasses import dataclass, field
from pathlib import Path

from stance.claims.embedding import SentenceEncoder
from stance.command_line import run
from stance.corpus import OWN_PARTS, read_annotated
from stance.evaluation.linking import LinkingScore, by_embeddings, by_words, claim_pairs, score
from stance.training.weights import locate


@dataclass
class Config:
    """configs/benchmarks/linking.yaml"""

    corpus: str = ""
    every: int = 1
    encoder: str = ""
    cosines: list[float] = field(default_factory=list)


def line(name: str, measured: LinkingScore) -> str:
    """A row of the table."""
    return f"{name:24s} precision {measured.precision:.3f}  recall {measured.recall:.3f}  F1 {measured.f1:.3f}"


def main(config: Config) -> float:
    """Measure and print; returns the F1 of words alone."""
    texts = [one for part in OWN_PARTS for one in read_annotated(Path(config.corpus) / part, "stop")]
    pairs = list(claim_pairs(texts[:: config.every]))
    print(f"{len(pairs)} pairs of claims, {sum(pair.same for pair in pairs)} of them the same")
    words = score(pairs, by_words(pairs))
    print(line("words", words))
    if config.encoder:
        encode = SentenceEncoder(locate(config.encoder))
        for cosine in config.cosines:
            print(line(f"words, cosine {cosine}", score(pairs, by_embeddings(pairs, encode, cosine))))
    return words.f1


if __name__ == "__main__":
    run("benchmarks/linking", Config, main)
