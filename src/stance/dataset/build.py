"""Labelled pairs -> a dataset folder: one Parquet file a split, manifest.json, and a card (README.md)."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Dataset, DatasetDict

from stance.dataset.audit import audit_splits, enforce
from stance.dataset.card import card
from stance.dataset.croissant import croissant
from stance.dataset.probes import probe
from stance.dataset.split import SPLITS, group_of, splits_of
from stance.dataset.tally import Sample, SplitFile
from stance.errors import InputError, StanceError, reason
from stance.files import Row, atomic_folder, sha256_file, write_json
from stance.records import PairFile, parse_article, parse_pair, read_records
from stance.schema import Pair

EXTRA_COLUMNS = ("difficulty", "topic", "style", "part", "situation", "annotator", "claim_cluster")
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("pair_id", "article_id", "speaker", "claim", "context", "stance", "evidence")]
    + [("label_source", pa.string()), ("confidence", pa.float64())]
    + [(name, pa.string()) for name in EXTRA_COLUMNS]
)


def build_dataset(
    pairs: Iterable[Pair],
    folder: Path | str,
    inputs: Iterable[Path] = (),
    config: dict[str, Any] | None = None,
    about: str = "",
    audit_mode: str = "fail",
) -> dict[str, Any]:
    """Write the dataset folder atomically and return its manifest. The old folder stays if anything fails.

    ``about`` is Markdown that the card quotes: what only the source of the pairs can tell. A split that leaks (see
    :mod:`stance.dataset.audit`) raises a :class:`StanceError`; ``audit_mode="warn"`` prints it and goes on.
    """
    if isinstance(pairs, Iterator):
        pairs = list(pairs)  # a file of pairs that can be read again and again is never in memory as a whole
    split_by_group = splits_of(pairs)
    with atomic_folder(folder, "manifest.json") as partial:
        splits = {split: SplitFile(partial / f"{split}.parquet", SCHEMA) for split in SPLITS}
        sample = Sample()
        for pair in pairs:
            splits[split_by_group[group_of(pair)]].add(_row(pair))
            sample.add(pair)
        for split in splits.values():
            split.close()
        if not splits["train"].pairs:
            empty = [name for name, split in splits.items() if not split.pairs]
            raise StanceError(f"no pair falls into the split(s) {', '.join(empty)}: the source is too small")
        manifest = _manifest(splits, list(inputs), config or {}, partial)
        probes = probe(sample.pairs)
        manifest["probes"] = {one.name: {"accuracy": one.accuracy, "majority": one.majority} for one in probes}
        audited = audit_splits({split: PairFile(partial / f"{split}.parquet") for split in SPLITS}, probes)
        enforce(audited, audit_mode)
        manifest["audit"] = audited.row()
        write_json(partial / "manifest.json", manifest)
        write_json(partial / "croissant.json", croissant(manifest["files"], SCHEMA, manifest["digest"]))
        (partial / "README.md").write_text(
            card(splits, manifest, probes, f"{about}\n{audited}", str(sample)), encoding="utf-8"
        )
    return manifest


def _row(pair: Pair) -> dict[str, Any]:
    if pair.stance is None:
        raise StanceError(f"pair {pair.pair_id!r} has no stance")
    row: dict[str, Any] = {name: getattr(pair, name) for name in SCHEMA.names if name not in EXTRA_COLUMNS}
    row["stance"] = pair.stance.value
    extra = {name: pair.extra.get(name) for name in EXTRA_COLUMNS}
    return row | {name: "" if value is None else str(value) for name, value in extra.items()}


def _manifest(splits: dict[str, SplitFile], inputs: list[Path], config: dict[str, Any], folder: Path) -> dict[str, Any]:
    digests = {name: split.digest for name, split in splits.items()}
    return {
        "digest": hashlib.sha256(json.dumps(digests).encode()).hexdigest()[:16],
        "counts": {name: split.counts() for name, split in splits.items()},
        "files": {f"{name}.parquet": sha256_file(folder / f"{name}.parquet") for name in splits},
        "inputs": {os.fsencode(path).decode(errors="backslashreplace"): sha256_file(path) for path in inputs},
        "config": config,
        "versions": {name: version(name) for name in ("stance", "datasets", "pyarrow")}
        | {"python": platform.python_version()},
    }


def load_dataset(folder: Path | str) -> DatasetDict:
    """The splits of a dataset folder, read into memory."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(folder, "no such dataset folder; build it with scripts/build_dataset.py")
    tables = {}
    for split in SPLITS:
        file = folder / f"{split}.parquet"
        if not file.is_file():
            raise InputError(file, "no such file: the dataset folder is incomplete, build it again")
        try:
            tables[split] = Dataset(pq.read_table(file, schema=SCHEMA))
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(file, f"is not a readable Parquet file ({reason(error)})") from None
    return DatasetDict(tables)


def drawn(pairs: Sequence[Pair], count: int) -> Sequence[Pair]:
    """``count`` of the pairs at random, the same ones every time; all of them where there are no more, or for 0."""
    return Random(0).sample(list(pairs), count) if 0 < count < len(pairs) else pairs


def manifest_of(folder: Path | str) -> dict[str, Any]:
    """The manifest of a dataset folder."""
    path = Path(folder) / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        raise InputError(path, "no readable manifest; build the dataset with scripts/build_dataset.py") from None
    return manifest


def pairs_of(dataset: Dataset) -> list[Pair]:
    """The rows of one split as pairs."""
    return [parse_pair(row, Path("dataset"), index) for index, row in enumerate(dataset.to_list())]


def _with_context(path: Path) -> Callable[[Row, Path, int], Pair]:
    """A parser of pairs; one without a context takes its article from ``articles.jsonl`` beside the pairs."""
    beside = path.parent / "articles.jsonl"

    @cache  # only pairs that need it pay for reading the articles
    def texts() -> dict[str, str]:
        return {one.article_id: one.text for one in read_records(beside, parse_article)} if beside.is_file() else {}

    def parse(row: Row, path: Path, line: int) -> Pair:
        text = None if "context" in row else texts().get(str(row.get("article_id")))
        return parse_pair(row | {"context": text} if text else row, path, line)

    return parse


def labelled_pairs(path: Path | str, split: str = "test") -> list[Pair]:
    """Labelled pairs of a dataset folder's split, or of a pairs JSONL.

    Pairs that name an article and hold no context find it in an ``articles.jsonl`` beside their file.
    """
    path = Path(path)
    found = pairs_of(load_dataset(path)[split]) if path.is_dir() else list(read_records(path, _with_context(path)))
    unlabelled = next((pair for pair in found if pair.stance is None), None)
    if unlabelled is not None:
        raise InputError(path, f"pair {unlabelled.pair_id!r} has no stance to compare with")
    if not found:
        raise InputError(path, "holds no labelled pair")
    return found
