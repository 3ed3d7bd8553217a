"""The same claim in many articles: python scripts/link_claims.py input=pairs.jsonl.gz output=linked.jsonl.gz"""

from dataclasses import dataclass
from pathlib import Path

from stance.builder import write_linked
from stance.command_line import run
from stance.training.weights import locate


@dataclass
class Config:
    """configs/link_claims.yaml"""

    input: str = ""
    output: str = ""
    encoder: str = ""


def main(config: Config) -> int:
    """Pairs -> the same pairs with a claim_cluster; returns how many clusters there are."""
    encoder = locate(config.encoder) if config.encoder else ""
    clusters = write_linked(Path(config.input), Path(config.output), encoder)
    print(f"{clusters} different claims in {config.output}")
    return clusters


if __name__ == "__main__":
    run("link_claims", Config, main)
