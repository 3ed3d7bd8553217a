"""Labelled pairs -> a dataset on disk, split by article, with a manifest and a card."""

from stance.dataset.build import build_dataset, labelled_pairs, load_dataset, manifest_of, pairs_of
from stance.dataset.sources import SOURCES, SourceOptions, annotated_files, input_files, join_wikinews, read_annotated
from stance.dataset.split import SPLITS, TEST_TOPICS, split_of

__all__ = [
    "SOURCES",
    "SPLITS",
    "TEST_TOPICS",
    "SourceOptions",
    "annotated_files",
    "build_dataset",
    "input_files",
    "join_wikinews",
    "labelled_pairs",
    "load_dataset",
    "manifest_of",
    "pairs_of",
    "read_annotated",
    "split_of",
]
