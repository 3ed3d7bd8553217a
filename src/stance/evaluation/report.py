"""One report a model and dataset: metrics with intervals, baselines, slices, calibration, behaviour, neutrality."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix

from stance.dataset import group_of
from stance.evaluation.baselines import BASELINES
from stance.evaluation.behaviour import Predict, behaviour
from stance.evaluation.bootstrap import bootstrap_interval
from stance.evaluation.calibration import keep_promise, risk_coverage
from stance.evaluation.metrics import PRIMARY, Floats, calibration_bins, per_class, score
from stance.evaluation.neutrality import neutrality
from stance.evaluation.slices import SLICES
from stance.schema import LABELS, Pair, Stance

GOLD_NOTE = "Gold labels were made by language models under written guidelines, not by people."
MIN_SLICE = 20
"""Smaller slices are left out: a score on so few pairs says nothing."""

RISK_POINTS = 100


def evaluate(
    pairs: Sequence[Pair],
    probabilities: Floats,
    train: Sequence[Pair] = (),
    predict: Predict | None = None,
    max_error: float = 0.2,
    about: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Everything that is reported of predictions (n, 3) on labelled pairs, with 95 % intervals over articles.

    Baselines stand beside it where training pairs are given, the behaviour suite and speaker-neutrality where the
    model itself is (``predict``). ``max_error`` is the promise whose threshold is looked for. ``about`` says which
    model was measured on what: ``model`` (hash of its weights), ``dataset``, ``split``.
    """
    gold = [_gold(pair) for pair in pairs]
    predicted = [LABELS[index] for index in probabilities.argmax(axis=1)]
    groups = [group_of(pair) for pair in pairs]
    curve = risk_coverage(probabilities, gold)
    report = {
        "about": dict(about or {}),
        "pairs": len(pairs),
        "articles": len(set(groups)),
        "metrics": score(gold, probabilities),
        "interval": {PRIMARY: bootstrap_interval(gold, probabilities, groups)},
        "classes": per_class(gold, predicted),
        "confusion": confusion_matrix(gold, predicted, labels=list(LABELS)).tolist(),
        "slices": {name: _slice(pairs, gold, probabilities, name) for name in SLICES},
        "baselines": _baselines(gold, train, pairs),
        "reliability": calibration_bins(gold, probabilities),
        "risk_coverage": _thinned(curve, RISK_POINTS),
        "promise": keep_promise(probabilities, gold, max_error)._asdict(),
        "note": GOLD_NOTE,
    }
    return report | ({"behaviour": behaviour(predict), "neutrality": neutrality(predict)} if predict else {})


def _baselines(gold: list[Stance], train: Sequence[Pair], pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Every baseline where there are training pairs, else the one that needs none."""
    chosen = BASELINES if train else {"cue lexicon": BASELINES["cue lexicon"]}
    return {name: score(gold, baseline(train, pairs)) for name, baseline in chosen.items()}


def _thinned(curve: list[tuple[float, float, float]], wanted: int) -> list[tuple[float, float, float]]:
    return [curve[index] for index in np.linspace(0, len(curve) - 1, min(wanted, len(curve))).astype(int)]


def _gold(pair: Pair) -> Stance:
    assert pair.stance is not None, "labelled_pairs has checked this"
    return pair.stance


def _slice(pairs: Sequence[Pair], gold: list[Stance], probabilities: Floats, name: str) -> dict[str, Any]:
    values = [SLICES[name](pair) for pair in pairs]
    result = {}
    for value in sorted(set(values) - {""}):
        rows = [index for index, one in enumerate(values) if one == value]
        if len(rows) >= MIN_SLICE:
            metrics = score([gold[index] for index in rows], probabilities[rows])
            result[value] = {"pairs": len(rows), **{key: metrics[key] for key in ("accuracy", PRIMARY, "f1_deny")}}
    return result


def flat_metrics(report: dict[str, Any]) -> dict[str, float]:
    """A report's numbers under one-level names, as trackers take them: metrics, classes, baselines, suites."""
    flat = dict(report["metrics"])
    for label, row in report["classes"].items():
        flat |= {f"{measure}_{label}": row[measure] for measure in ("precision", "recall")}
    for name, metrics in report["baselines"].items():
        flat[f"{_slug(name)}_{PRIMARY}"] = metrics[PRIMARY]
    for name, row in report["slices"].get("difficulty", {}).items():
        flat[f"{name}_{PRIMARY}"] = row[PRIMARY]
    if "behaviour" in report:
        flat["behaviour"] = mean_pass_rate(report)
        flat |= {f"flips_{group}": row["flip_rate"] for group, row in report["neutrality"].items()}
    return flat


def mean_pass_rate(report: Mapping[str, Any]) -> float:
    """The behaviour suite's mean pass rate over its tests."""
    return float(np.mean([row["pass_rate"] for row in report["behaviour"].values()]))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z]+", "_", name.lower())


def format_report(report: dict[str, Any], name: str = "model") -> str:
    """The table that the command lines print."""
    columns = ("accuracy", "macro_f1", "f1_affirm", "f1_deny", "f1_neutral")
    low, high = report["interval"][PRIMARY]
    lines = [
        f"{report['pairs']} pairs of {report['articles']} articles or situations",
        f"{'':14s} " + " ".join(f"{column:>10s}" for column in columns),
    ]
    for row, metrics in [(name, report["metrics"]), *report["baselines"].items()]:
        lines.append(f"{row:14s} " + " ".join(f"{metrics[column]:10.3f}" for column in columns))
    lines.append(f"macro-F1 of {name}: 95 % interval over articles [{low:.3f}, {high:.3f}]")
    for value, part in report["slices"].get("difficulty", {}).items():
        lines.append(f"  {value:12s} {part['pairs']:5d} pairs  macro-F1 {part[PRIMARY]:.3f}")
    if "behaviour" in report:
        flips = ", ".join(f"{group} {row['flip_rate']:.1%}" for group, row in report["neutrality"].items())
        lines.append(
            f"behaviour suite: mean pass rate {mean_pass_rate(report):.0%}; answers that turn with the speaker: {flips}"
        )
    return "\n".join([*lines, report["note"]])
