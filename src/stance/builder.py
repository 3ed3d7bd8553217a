"""Raw articles -> labelled pairs, as a stream: on all cores, in order, resumable after a kill at any point.

Every stage is a pure function of a batch of records (:func:`stages`); :func:`build_pairs` maps them over processes
here, any other engine may map them elsewhere.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from stance.articles.ledger import Entry, Ledger, open_ledger
from stance.articles.screen import Screening, screen
from stance.attribution import Tagger, attributions_in
from stance.attribution.parse import check_parser, load_parser, parse
from stance.claims import claims_of
from stance.claims.embedding import SentenceEncoder
from stance.claims.linking import Encoder, cluster_ids
from stance.files import Row, sha256_file, sha256_text, stem, writable_output, write_rows
from stance.journal import check_apart, journal, run_key
from stance.labeling.weak import label
from stance.pairs import candidates_of
from stance.parallel import checked_workers, chunks, map_chunks
from stance.records import PairFile, pair_row
from stance.schema import Article, Pair
from stance.tagging import AttributionOptions, SpanTagger

CHUNK = 16
"""Articles that are worked on, and put on disk, at a time."""

WRITTEN = 1_000
"""Linked pairs that are put on disk at a time."""

Task = Callable[[Any, Sequence[Article | None]], list[list[Row]]]
"""(what a process has opened, articles) -> the rows of each."""


@dataclass(frozen=True)
class BuildOptions:
    """How articles become pairs: what is set aside, on how many processes (0 is one a core), and how attributions are
    found."""

    screening: Screening = field(default_factory=Screening)
    workers: int = 0
    attribution: AttributionOptions = field(default_factory=AttributionOptions)

    def __post_init__(self) -> None:
        checked_workers(self.workers)


class Built(NamedTuple):
    """What a build has made: pairs, and articles by what became of them (``kept``, or why they were set aside)."""

    pairs: int
    articles: dict[str, int]

    def __str__(self) -> str:
        aside = ", ".join(f"{count} {reason}" for reason, count in self.articles.items() if reason != "kept")
        total = sum(self.articles.values())
        return f"{self.pairs} pairs of {self.articles.get('kept', 0)} articles" + (
            f" ({total} read; set aside: {aside})" if aside else ""
        )


# --- the stages, each a function of a batch --------------------------------------------------------------------------


def parsed(articles: Iterable[Article]) -> list[Any]:
    """(article, its parsed paragraphs)."""
    return list(parse(articles))


def attributed(batch: Iterable[Any], tagger: Tagger | None = None) -> list[Any]:
    """(article, its attributions)."""
    return [(article, attributions_in(article, paragraphs, tagger)) for article, paragraphs in batch]


def claimed(batch: Iterable[Any]) -> list[Any]:
    """(article, its attributions, their claims)."""
    return [(article, attributions, claims_of(article, attributions)) for article, attributions in batch]


def paired(batch: Iterable[Any]) -> list[Any]:
    """The candidates of each article."""
    return [list(candidates_of(*one)) for one in batch]


def labelled(batch: Iterable[Any]) -> list[list[Pair]]:
    """The labelled pairs of each article; what the labeling functions leave open is dropped."""
    return [list(label(candidates)) for candidates in batch]


def stages(tagger: Tagger | None = None) -> dict[str, Callable[[Any], Any]]:
    """Name -> stage; each takes what the one before it gives, the first a batch of articles."""
    return {
        "parse": parsed,
        "attribute": partial(attributed, tagger=tagger),
        "claims": claimed,
        "pairs": paired,
        "label": labelled,
    }


def pairs_of_articles(articles: Iterable[Article], tagger: Tagger | None = None) -> list[list[Pair]]:
    """The labelled pairs of each article of a batch, through all stages."""
    batch: Any = articles
    for stage in stages(tagger).values():
        batch = stage(batch)
    made: list[list[Pair]] = batch
    return made


def pair_rows(tagger: Tagger | None, articles: Sequence[Article | None]) -> list[list[Row]]:
    """The rows of each article's pairs; none for one that was set aside."""
    made = pairs_of_articles((one for one in articles if one), tagger)
    return [[pair_row(pair) for pair in pairs] for pairs in made]


# --- a file of pairs -------------------------------------------------------------------------------------------------


def build_pairs(
    articles: Iterable[Article],
    output: Path | str,
    input: Path | str,
    options: BuildOptions | None = None,
    task: Task = pair_rows,
) -> Built:
    """Write the labelled pairs of ``articles``, which were read from ``input``, to a JSONL or Parquet file.

    Memory does not grow with the number of articles in a file; of a folder or a pattern the names of all files are
    kept, about 0.5 KB each. A run that was killed goes on where it stopped when it is started again with the same
    input and options. What was set aside stands in :func:`aside_file`, one line each.
    """
    options = options or BuildOptions()
    output = writable_output(output)
    check_apart(output, Path(input), aside_file(output))
    tagger = options.attribution.tagger() if task is pair_rows else None
    here, there = _opening(task, options.attribution, tagger)
    key = pairs_key(input, options.screening, task.__name__, tagger.digest if tagger else "")
    with journal(output, key) as written, _ledger_beside(output, key) as ledger:
        try:
            kept = screen(articles, ledger, options.screening, written.done)
            for count, rows in map_chunks(task, kept, CHUNK, options.workers, here, there):
                written.append(chain.from_iterable(rows), count)
            counts = ledger.counts()
            write_rows(aside_file(output), map(_aside_row, ledger.set_aside()))
        finally:
            if not written.done:
                ledger.delete()  # nothing is on disk that it could belong to
        pairs = written.rows
    ledger.delete()
    return Built(pairs, counts)


PAIR_MAKERS = ("articles", "attribution", "tagging", "claims", "labeling", "builder.py", "pairs.py", "wording.py")
"""The parts of the package that decide which pairs an article gives."""


def pairs_key(input: Path | str, screening: Screening, task: str = pair_rows.__name__, tagger: str = "") -> str:
    """What makes two builds give the same pairs: their input, what is set aside, the code and weights, and the digest
    of the tagger, if any."""
    return run_key(input, task, screening, version("stance"), code_digest(), tagger)


def code_digest(package: Path = Path(__file__).parent) -> str:
    """A hash of the code and weights that make pairs (:data:`PAIR_MAKERS`)."""
    paths = [path for name in PAIR_MAKERS for path in (package / name, *sorted((package / name).rglob("*")))]
    files = [path for path in paths if path.suffix in (".py", ".json") and path.is_file()]
    return sha256_text(repr([(path.relative_to(package).as_posix(), sha256_file(path)) for path in files]))


def _ledger_beside(output: Path, key: str) -> AbstractContextManager[Ledger]:
    return open_ledger(output.with_name(f".{output.name}.ledger"), key)


def aside_file(output: Path) -> Path:
    """The file that names the articles which were set aside, beside a file of pairs."""
    return output.with_name(f"{stem(output)}.set-aside.jsonl")


def _aside_row(entry: Entry) -> Row:
    return {"article_id": entry.article_id, "reason": entry.reason, "detail": entry.detail}


def _nothing() -> None:
    """Nothing to open in the process that reads."""


def _check(tagger: SpanTagger | None) -> SpanTagger | None:
    """Look for the parser; the tagger is open already, and its model is loaded with the first article that needs it."""
    check_parser()
    return tagger


def _warm(attribution: AttributionOptions) -> SpanTagger | None:
    """Load parser and tagger before the first batch comes; what lives as long as the process is no garbage to look for.

    spaCy imports torch wherever it finds it, which takes longer than all the rest of the start and 180 MB, for layers
    that the parser does not have; a process that does nothing but build by rules is spared it.
    """
    tagger = attribution.tagger()
    if tagger is None:
        sys.modules.setdefault("torch", None)  # type: ignore[arg-type]  # None: "import torch" finds nothing
    else:
        tagger.warm()
    load_parser()
    gc.freeze()
    return tagger


def _opening(
    task: Task, attribution: AttributionOptions, tagger: SpanTagger | None
) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """What a task needs in the process that reads, and in each that works."""
    return (partial(_check, tagger), partial(_warm, attribution)) if task is pair_rows else (_nothing, _nothing)


# --- the same claim in many articles ----------------------------------------------------------------------------------


def link_pairs(pairs: Iterable[Pair], encode: Encoder | None = None) -> Iterator[Pair]:
    """The pairs with a ``claim_cluster`` that pairs of one proposition share, in whatever article and words.

    ``pairs`` are gone through twice (see :class:`stance.records.PairFile`); between, their different claims are in
    memory. ``encode`` lets sentence embeddings decide where words do not (see :mod:`stance.claims.linking`).
    """
    claims = list(dict.fromkeys(pair.claim for pair in pairs))
    clusters = dict(zip(claims, cluster_ids(claims, encode), strict=True))
    for pair in pairs:
        yield replace(pair, extra={**pair.extra, "claim_cluster": clusters[pair.claim]})


def write_linked(input: Path, output: Path, encoder: str = "") -> int:
    """:func:`link_pairs` from file to file, resumable as all long work here; returns the number of different claims.

    ``encoder`` is the folder of a sentence encoder; empty compares words alone.
    """
    check_apart(output, input)
    encode = SentenceEncoder(encoder) if encoder else None
    with journal(writable_output(output), run_key(input, encoder)) as file:
        rows = islice(map(pair_row, link_pairs(PairFile(input), encode)), file.done, None)
        for chunk in chunks(rows, WRITTEN):
            file.append(chunk, len(chunk))
    return len({pair.extra["claim_cluster"] for pair in PairFile(output)})
