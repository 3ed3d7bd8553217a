"""Labelled pairs -> a dataset on disk, split by article, with a manifest and a card."""

from stance.dataset.audit import MODES, Audit, audit_splits, check_mode, enforce
from stance.dataset.build import build_dataset, drawn, labelled_pairs, load_dataset, manifest_of, pairs_of
from stance.dataset.probes import MAX_GAIN, Probe, linear_model, probe
from stance.dataset.sources import SOURCES, SourceOptions, about_articles, clear_work, gold_pairs, input_files, work_dir
from stance.dataset.split import SPLITS, TEST_TOPICS, claim_key, group_of, split_of, split_of_annotated, splits_of

__all__ = [
    "MAX_GAIN",
    "MODES",
    "SOURCES",
    "SPLITS",
    "TEST_TOPICS",
    "Audit",
    "Probe",
    "SourceOptions",
    "about_articles",
    "audit_splits",
    "build_dataset",
    "check_mode",
    "claim_key",
    "clear_work",
    "drawn",
    "enforce",
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
    "split_of_annotated",
    "splits_of",
    "work_dir",
]
