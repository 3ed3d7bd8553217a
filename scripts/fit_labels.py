"""Fit the labeling functions' weights on the corpus' train split: python scripts/fit_labels.py [write=false]"""

from dataclasses import dataclass
from pathlib import Path

from stance.command_line import run
from stance.corpus import read_annotated
from stance.dataset import split_of_annotated
from stance.labeling import FUNCTIONS, fit_weights, label_matrix
from stance.labeling.gold import judged_cells, report_on
from stance.labeling.vote import write_weights


@dataclass
class Config:
    """configs/fit_labels.yaml"""

    gold_dir: str = ""
    write: bool = True


def main(config: Config) -> None:
    """Weights from the train split, written into the package; the report on the other two."""
    annotated = list(read_annotated(Path(config.gold_dir)))
    seen = [one for one in annotated if split_of_annotated(one) == "train"]
    unseen = [one for one in annotated if split_of_annotated(one) != "train"]
    if config.write:
        train = judged_cells(seen)
        matrix = label_matrix([cell.candidate for cell in train], FUNCTIONS)
        weights = fit_weights(matrix, [cell.stance for cell in train])
        write_weights(
            weights,
            f"softmax of summed votes, maximum likelihood with weights >= 0 on {len(train)} gold cells of the train "
            "split of data/corpus/articles (labels by language models); refit: scripts/fit_labels.py",
        )
    print("validation and test split, which the fit did not see (labels by language models, not people):")
    print(report_on(judged_cells(unseen)))


if __name__ == "__main__":
    run("fit_labels", Config, main)
