"""Labelled pairs -> a dataset on disk, split by article, with a manifest and a card."""

from stance.dataset.build import build_dataset, labelled_pairs, load_dataset, manifest_of, pairs_of
from stance.dataset.probes import MAX_GAIN, Probe, linear_model, probe
from stance.dataset.sources import SOURCES, SourceOptions, gold_pairs, input_files
from stance.dataset.split import SPLITS, TEST_TOPICS, group_of, split_of

__all__ = [
    "MAX_GAIN",
    "SOURCES",
    "SPLITS",
    "TEST_TOPICS",
    "Probe",
    "SourceOptions",
    "build_dataset",
    "gold_pairs",
    "group_of",
    "input_files",
    "labelled_pairs",
    "linear_model",
    "load_dataset",
    "manifest_of",
    "pairs_of",
    "probe",
    "split_of",
]
