"""Build a dataset: python scripts/build_dataset.py [source=...] [dataset_dir=data/processed/corpus]"""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from stance.command_line import run
from stance.corpus import about_corpus, read_annotated
from stance.dataset import (
    SOURCES,
    SourceOptions,
    about_articles,
    build_dataset,
    check_mode,
    clear_work,
    input_files,
    split_of_annotated,
    work_dir,
)
from stance.labeling.gold import gold_report
from stance.review import corrected, decide, read_corrections


@dataclass
class Config:
    """configs/build_dataset.yaml"""

    source: SourceOptions = field(default_factory=SourceOptions)
    dataset_dir: str = ""
    wikinews_dir: str = ""
    on_error: str = "stop"
    gold_dir: str = ""
    audit: str = "fail"
    corrections: str = ""


def main(config: Config) -> None:
    """Source -> pairs -> dataset folder, and the counts."""
    check_mode(config.audit)
    decisions = decide(read_corrections(config.corrections)) if config.corrections else {}
    work = work_dir(config.dataset_dir)
    source = replace(config.source, wikinews_dir=config.wikinews_dir, on_error=config.on_error, work_dir=str(work))
    about = about_corpus(Path(source.path)) if source.kind in ("corpus", "all_gold") else ""
    pairs, inputs = SOURCES[source.kind](source), input_files(source)
    if source.kind == "articles":
        about = about_articles(work)
    if decisions:
        pairs = corrected(pairs, decisions, config.corrections)
        inputs.append(Path(config.corrections))
    settings = asdict(source) | {"work_dir": ""}
    manifest = build_dataset(pairs, config.dataset_dir, inputs, settings, about, config.audit)
    for split, counts in manifest["counts"].items():
        print(f"{split:11s}" + "  ".join(f"{count:6d} {name}" for name, count in counts.items()))
    if source.kind == "articles":
        clear_work(work, config.dataset_dir)
        print(about)
        print("\nlabeling functions on articles not used to fit them (labels by language models, not people):")
        print(gold_report(one for one in read_annotated(Path(config.gold_dir)) if split_of_annotated(one) != "train"))
    print(f"dataset {manifest['digest']} in {Path(config.dataset_dir)} (card: README.md, manifest.json)")


if __name__ == "__main__":
    run("build_dataset", Config, main)
