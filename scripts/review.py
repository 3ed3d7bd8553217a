"""Pairs that people should look at: python scripts/review.py dataset=DIR output=review.json [model_dir=DIR]"""

from dataclasses import dataclass

from stance.command_line import run
from stance.errors import StanceError
from stance.files import writable_output
from stance.inference import load
from stance.review import doubts, review_files, reviewable, write_review


@dataclass
class Config:
    """configs/review.yaml"""

    dataset: str = ""
    split: str = "all"
    output: str = ""
    limit: int = 200
    model_dir: str = ""
    overwrite: bool = False


def main(config: Config) -> None:
    """Labelled pairs -> the most doubtful ones as Label Studio tasks and as a sheet."""
    output = writable_output(config.output)
    review_files(output, config.overwrite)  # before a model takes its time
    pairs = reviewable(config.dataset, config.split)
    answers = load(config.model_dir).predict_batch(pairs) if config.model_dir else []
    found = doubts(pairs, answers, config.limit)
    if not found:
        raise StanceError(f"{config.dataset}: no label is in doubt; give model_dir=DIR to hold a model against them")
    print(f"{len(found)} of {len(pairs)} pairs in {', '.join(map(str, write_review(found, output, config.overwrite)))}")
    print("next: python scripts/corrections.py input=EXPORT output=data/corrections.jsonl")


if __name__ == "__main__":
    run("review", Config, main)
