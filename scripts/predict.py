"""The stance of each pair: python scripts/predict.py model_dir=DIR input=pairs.jsonl output=predictions.jsonl"""

from dataclasses import dataclass

from stance.command_line import run
from stance.files import writable_output
from stance.inference.batch import CHUNK, Work, answer_file, predict_rows
from stance.progress import progress
from stance.records import parse_pair, read_records


@dataclass
class Config:
    """configs/predict.yaml"""

    model_dir: str = ""
    input: str = ""
    output: str = ""
    backend: str = "auto"
    workers: int = 0
    on_error: str = "stop"


def main(config: Config) -> None:
    """Pairs -> predictions, one line for each input line, same order."""
    output, work = writable_output(config.output), Work(config.model_dir, config.backend, config.workers)
    pairs = progress(read_records(config.input, parse_pair, config.on_error), config.input, "pairs")
    count = answer_file(predict_rows, pairs, output, work, config.input, CHUNK["pairs"])
    print(f"{count} predictions in {output}")


if __name__ == "__main__":
    run("predict", Config, main)
