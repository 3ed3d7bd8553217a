"""Where labelled pairs come from: the project's corpus, stand-off gold on Wikinews, or articles labelled weakly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stance.articles import read_articles
from stance.corpus import OWN_PARTS, PARTS, join_wikinews, read_annotated
from stance.dataset.inference_pairs import inference_pairs
from stance.errors import InputError, StanceError, one_of
from stance.records import parse_pair, read_records
from stance.schema import AnnotatedArticle, Pair


@dataclass
class SourceOptions:
    """What to build from. ``kind`` is a key of :data:`SOURCES`."""

    kind: str = "corpus"
    path: str = "data/corpus"
    wikinews_dir: str = ""
    on_error: str = "stop"
    limit: int = 0

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


def articles(options: SourceOptions) -> Iterator[Pair]:
    """Unannotated articles (file or folder), through the whole builder, labelled by the labeling functions."""
    from stance.labeling.weak import weak_pairs  # loads the parser, which the other sources do not need

    yield from weak_pairs(read_articles(options.path, options.on_error))


SOURCES: dict[str, Callable[[SourceOptions], Iterator[Pair]]] = {
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
    if path.is_file():
        return [path]
    wanted = {
        "corpus": OWN_PARTS,
        "wikinews": ("wikinews",),
        "all_gold": PARTS,
    }
    folders = [path / part for part in wanted.get(options.kind, ("",))]
    return [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
