"""Take judgements back: python scripts/corrections.py input=review-done.json output=data/corrections.jsonl"""

from dataclasses import dataclass

from stance.command_line import run
from stance.errors import InputError
from stance.files import writable_output
from stance.review import add_corrections, decide, read_judgements


@dataclass
class Config:
    """configs/corrections.yaml"""

    input: str = ""
    output: str = ""
    annotator: str = ""


def main(config: Config) -> None:
    """Export or sheet -> one correction a line, after those of former rounds; where people differ is said."""
    output = writable_output(config.output)
    judged = read_judgements(config.input, config.annotator)
    if not judged:
        raise InputError(config.input, "holds no judgement: no completed annotation, no filled-in stance")
    former = add_corrections(judged, output)
    decisions = decide(judged).values()
    for decision in decisions:
        if decision.stance is None:
            print(f"no majority: {decision.pair_id} ({', '.join(decision.annotators)})")
    after = f", after {former} that it held" if former else ""
    people = len({one.annotator for one in judged})
    print(f"{len(judged)} judgements of {people} people on {len(decisions)} pairs in {output}" + after)
    print(f"next: python scripts/build_dataset.py corrections={output}")


if __name__ == "__main__":
    run("corrections", Config, main)
