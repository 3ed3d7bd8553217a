"""The stance of each pair: python scripts/predict.py model_dir=DIR input=pairs.jsonl output=predictions.jsonl"""

from dataclasses import dataclass
from itertools import tee

from stance.command_line import existing_output, run
from stance.inference import load
from stance.inference.rows import prediction_row
from stance.progress import progress
from stance.records import parse_pair, read_records, write_rows


@dataclass
class Config:
    """configs/predict.yaml"""

    model_dir: str = ""
    input: str = ""
    output: str = ""
    on_error: str = "stop"


def main(config: Config) -> None:
    """Pairs -> predictions, one line for each input line, same order."""
    output, model = existing_output(config.output), load(config.model_dir)
    pairs = progress(read_records(config.input, parse_pair, config.on_error), config.input, "pairs")
    asked, kept = tee(pairs)
    answers = zip(model.predict_stream(asked), kept, strict=True)
    count = write_rows(output, (prediction_row(pair, answer) for answer, pair in answers))
    print(f"{count} predictions in {output}")


if __name__ == "__main__":
    run("predict", Config, main)
