"""Build a dataset: python scripts/build_dataset.py [source=...] [dataset_dir=data/processed/corpus]"""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from stance.command_line import run
from stance.corpus import about_corpus, read_annotated
from stance.dataset import SOURCES, SourceOptions, build_dataset, input_files
from stance.labeling.gold import gold_report


@dataclass
class Config:
    """configs/build_dataset.yaml"""

    source: SourceOptions = field(default_factory=SourceOptions)
    dataset_dir: str = ""
    wikinews_dir: str = ""
    on_error: str = "stop"
    gold_dir: str = ""


def main(config: Config) -> None:
    """Source -> pairs -> dataset folder, and the counts."""
    source = replace(config.source, wikinews_dir=config.wikinews_dir, on_error=config.on_error)
    about = about_corpus(Path(source.path)) if source.kind in ("corpus", "all_gold") else ""
    pairs = SOURCES[source.kind](source)
    manifest = build_dataset(pairs, config.dataset_dir, input_files(source), asdict(source), about)
    for split, counts in manifest["counts"].items():
        print(f"{split:11s}" + "  ".join(f"{count:6d} {name}" for name, count in counts.items()))
    if source.kind == "articles":
        print("\nlabeling functions on the annotated articles (labels by language models, not people):")
        print(gold_report(read_annotated(Path(config.gold_dir))))
    print(f"dataset {manifest['digest']} in {Path(config.dataset_dir)} (card: README.md, manifest.json)")


if __name__ == "__main__":
    run("build_dataset", Config, main)
