"""Hold the corpus against its plan: python scripts/check_corpus.py [path=data/corpus] [against=FOLDER]"""

from dataclasses import dataclass
from pathlib import Path

from stance.attribution.scoring import agreement_of
from stance.command_line import run
from stance.corpus import BLIND, JUDGEMENTS, agreement, check_corpus, coverage, read_judgements, read_plan, read_spans
from stance.dataset import MAX_GAIN, SOURCES, SourceOptions, probe
from stance.errors import StanceError


@dataclass
class Config:
    """configs/check_corpus.yaml"""

    path: str = ""
    wikinews_dir: str = ""
    against: str = ""
    show_coverage: bool = True


def main(config: Config) -> None:
    """Measures, coverage, agreement, probes; exit code 2 with the problems, if there are any."""
    path = Path(config.path)
    plan = read_plan(path / "PLAN.md")
    checked = check_corpus(path, plan, config.wikinews_dir, config.against)
    print(checked)
    if config.show_coverage:
        print(coverage(checked.annotated, plan))
    print(agreement(read_judgements(path / JUDGEMENTS)))
    if (path / BLIND).is_dir():
        scores = agreement_of(read_spans(path), read_spans(path, BLIND))
        print(f"spans of attributions, a second annotator against the first:\n{scores}")
    probes = probe(list(SOURCES["corpus"](SourceOptions(path=config.path))))
    print(*probes, sep="\n")
    problems = [
        *checked.problems,
        *(f"{one} (at most {100 * MAX_GAIN:.0f} points are allowed)" for one in probes if one.leaks),
    ]
    if problems:
        raise StanceError(f"{len(problems)} problems in {path}:\n" + "\n".join(problems))
    print("no problem found")


if __name__ == "__main__":
    run("check_corpus", Config, main)
