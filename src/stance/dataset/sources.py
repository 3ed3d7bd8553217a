"""Where labelled pairs come from: the project's corpus, stand-off gold on Wikinews, or articles labelled weakly."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stance.articles import read_articles
from stance.articles.screen import Screening
from stance.corpus import OWN_PARTS, PARTS, join_wikinews, read_annotated
from stance.dataset.inference_pairs import inference_pairs
from stance.errors import InputError, StanceError, one_of
from stance.files import STDIN, matching_files, write_json
from stance.progress import progress
from stance.records import PairFile, parse_pair, read_records
from stance.schema import AnnotatedArticle, Pair


@dataclass
class SourceOptions:
    """What to build from. ``kind`` is a key of :data:`SOURCES`."""

    kind: str = "corpus"
    path: str = "data/corpus"
    wikinews_dir: str = ""
    on_error: str = "stop"
    limit: int = 0
    duplicates: str = "near"
    language: str = "en"
    workers: int = 0
    work_dir: str = ""

    def __post_init__(self) -> None:
        if self.kind not in SOURCES:
            raise StanceError(f"source.kind is {one_of(self.kind, tuple(SOURCES))}")


def corpus(options: SourceOptions) -> Iterator[Pair]:
    """The annotated articles and passages written for the project: ``articles/*.jsonl`` and ``passages/*.jsonl``."""
    for part in OWN_PARTS:
        for annotated in read_annotated(Path(options.path) / part, options.on_error):
            yield from gold_pairs(annotated, part)


def wikinews(options: SourceOptions) -> Iterator[Pair]:
    """Stand-off gold joined with the texts of ``wikinews_dir/articles.jsonl``, whose hashes are checked."""
    if not options.wikinews_dir:
        raise StanceError(
            "source=wikinews needs wikinews_dir=PATH, the folder that holds articles.jsonl with the texts"
        )
    for annotated in join_wikinews(Path(options.path) / "wikinews", Path(options.wikinews_dir), options.on_error):
        yield from gold_pairs(annotated, "wikinews")


def all_gold(options: SourceOptions) -> Iterator[Pair]:
    """The project's corpus, then Wikinews."""
    yield from corpus(options)
    yield from wikinews(options)


def pairs(options: SourceOptions) -> Iterator[Pair]:
    """A JSONL of labelled pairs, as it stands."""
    for pair in read_records(options.path, parse_pair, options.on_error):
        if pair.stance is None:
            raise InputError(options.path, f"pair {pair.pair_id!r} has no stance")
        yield replace(pair, article_id=pair.article_id or pair.pair_id)


def nli(options: SourceOptions) -> Iterator[Pair]:
    """Inference pairs of a local file or of the hub, for a first stage of training."""
    yield from inference_pairs(options.path, options.limit)


def articles(options: SourceOptions) -> Iterable[Pair]:
    """Unannotated articles (file, folder or pattern), through the whole builder, labelled by the labeling functions.

    The pairs lie in a file in ``work_dir`` while the dataset is built: a build that was killed goes on with them.
    """
    from stance.builder import BuildOptions, build_pairs, pairs_key  # loads what the other sources do not need

    screening = Screening(options.duplicates, options.language)
    key = pairs_key(options.path, screening)
    folder = Path(options.work_dir or tempfile.mkdtemp(prefix="stance-pairs-"))
    file, done = folder / "pairs.jsonl.gz", folder / "built.json"
    if done.is_file() and json.loads(done.read_text(encoding="utf-8")).get("key") == key:
        print(f"{file}: its pairs, of an earlier build of the same articles, are used again", file=sys.stderr)
    else:
        read = progress(read_articles(options.path, options.on_error), options.path, "articles")
        built = build_pairs(read, file, options.path, BuildOptions(screening, options.workers))
        write_json(done, {"key": key, "pairs": built.pairs, "articles": built.articles})
    return _some(PairFile(file), options.path, json.loads(done.read_text(encoding="utf-8"))["articles"])


def _some(pairs: PairFile, path: str, articles: dict[str, int]) -> PairFile:
    """The pairs, refused where there is none."""
    if pairs.path.stat().st_size == 0:
        became = ", ".join(f"{count} {reason}" for reason, count in articles.items())
        raise InputError(path, f"no pair of {sum(articles.values())} articles" + (f" ({became})" if became else ""))
    return pairs


def work_dir(dataset_dir: Path | str) -> Path:
    """Where a dataset's pairs lie while it is built: beside it, hidden."""
    folder = Path(dataset_dir)
    if folder.name in ("", ".."):
        raise StanceError(f"dataset_dir={dataset_dir} names no folder of its own; give dataset_dir=PATH")
    return folder.with_name(f".{folder.name}.pairs")


def clear_work(folder: Path, dataset_dir: Path | str) -> None:
    """Once the dataset stands: its list of the articles that were set aside stays with it, the rest goes."""
    from stance.builder import aside_file

    aside_file(folder / "pairs.jsonl.gz").replace(Path(dataset_dir) / "set-aside.jsonl")
    shutil.rmtree(folder)


def about_articles(folder: Path) -> str:
    """What became of the articles, as Markdown for the card, from the work folder of a build."""
    counts = json.loads((folder / "built.json").read_text(encoding="utf-8"))["articles"]
    lines = ["## Articles\n", "| what became of them | articles |", "|---|---|"]
    return "\n".join([*lines, *(f"| {reason} | {count} |" for reason, count in counts.items())]) + "\n"


SOURCES: dict[str, Callable[[SourceOptions], Iterable[Pair]]] = {
    "corpus": corpus,
    "wikinews": wikinews,
    "all_gold": all_gold,
    "pairs": pairs,
    "nli": nli,
    "articles": articles,
}
"""Kind -> function from options to labelled pairs. A new source is a function here and a file in configs/source."""


def gold_pairs(annotated: AnnotatedArticle, part: str) -> Iterator[Pair]:
    """The labelled cells of an annotated article as pairs with the whole article as context."""
    names = {speaker.id: speaker.name for speaker in annotated.speakers}
    claims = {claim.id: claim.text for claim in annotated.claims}
    article = annotated.article
    tags = {"topic": annotated.topic, "style": annotated.style, "part": part, "situation": annotated.situation}
    for cell in annotated.stances:
        yield Pair(
            pair_id=f"{article.article_id}:{cell.speaker}:{cell.claim}",
            article_id=article.article_id,
            speaker=names[cell.speaker],
            claim=claims[cell.claim],
            context=article.text,
            stance=cell.stance,
            evidence=cell.evidence.text if cell.evidence else None,
            label_source="gold",
            confidence=1.0,
            extra={"difficulty": cell.difficulty, **tags},
        )


def input_files(options: SourceOptions) -> list[Path]:
    """The files that a source reads, for the manifest's hashes."""
    path = Path(options.path)
    if path.is_file() or options.kind == "articles":
        return [] if options.path == STDIN else matching_files(path)
    wanted = {
        "corpus": OWN_PARTS,
        "wikinews": ("wikinews",),
        "all_gold": PARTS,
    }
    folders = [path / part for part in wanted.get(options.kind, ("",))]
    return [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
