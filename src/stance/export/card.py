"""The model card, from measured facts only."""

from __future__ import annotations

from typing import Any

from stance.evaluation.report import mean_pass_rate
from stance.export.gate import Measured, gate_table
from stance.schema import LABELS

_HEADER = """\
---
license: mit
language: [en]
pipeline_tag: text-classification
tags: [stance-detection, news, stance]
---
# Stance of a speaker on a claim

Given a speaker, a claim and a news text, tells whether the text has the speaker **affirm** the claim, **deny** it, or
leave it open (**neutral**).

```python
import stance
model = stance.load("path/to/this/folder")
model.predict(speaker="the ministry", claim="The dam is safe", context=article_text)
```

## Labels

- **affirm**: the text presents the claim as true through the speaker, or has them say what plainly entails it.
- **deny**: it presents the claim as false through the speaker, or has them say what plainly rules it out.
- **neutral**: the speaker is involved and commits to neither: asks, declines, cannot confirm, relays, doubts, speaks of
  a neighbouring matter, or is silent.
"""

_LIMITS = """\
## Limits

English news only. The training corpus was written and annotated by language models under written guidelines, not by
people, and its own articles are fictional; so are the gold labels that this card measures against. The model tells how
a text presents a speaker, not whether a claim is true. It reads the sentences that a word-overlap rule finds relevant,
not the whole of a long article. It has not been checked on transcripts, legal texts or social media threads. Do not
publish what it says of a person without reading the sentence that it points to.

## Licence and citation

MIT. Cite as: *stance: who affirms, denies or leaves open what in the news*, with the dataset digest above.
"""


def model_card(content: dict[str, Any], report: dict[str, Any] | None, megabytes: float) -> str:
    """Markdown for the exported folder.

    ``content`` is the folder's manifest (facts, calibration, promise, backends), ``report`` the evaluation of the
    model on its test split, ``megabytes`` the folder's size. What was not measured is said to be so.
    """
    facts = content.get("facts", {})
    sections = [
        [_HEADER, "## Training", "", "| fact | value |", "|---|---|", *_facts(facts)],
        ["## Evaluation", "", *(_evaluation(report) if report else ["Not measured at export."])],
        ["## Behaviour", "", *_behaviour(report or {})],
        ["## Calibration", "", *_calibration(content)],
        ["## Speed and size", "", *speed_lines(content, megabytes)],
        [_LIMITS],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections)


def _evaluation(report: dict[str, Any]) -> list[str]:
    low, high = report["interval"]["macro_f1"]
    lines = [
        f"On {report['pairs']} pairs of {report['articles']} articles; macro-F1 95 % interval over articles "
        f"[{low:.3f}, {high:.3f}]. {report['note']}",
        "",
        "| | accuracy | macro-F1 | " + " | ".join(f"F1 {label}" for label in LABELS) + " |",
        "|---" * (3 + len(LABELS)) + "|",
    ]
    for name, metrics in [("this model", report["metrics"]), *report["baselines"].items()]:
        values = [metrics[key] for key in ("accuracy", "macro_f1", *(f"f1_{label}" for label in LABELS))]
        lines.append(f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |")
    return [*lines, *_slices(report.get("slices", {}))]


def _slices(slices: dict[str, Any]) -> list[str]:
    rows = [
        f"| {name}: {value} | {part['pairs']} | {part['macro_f1']:.3f} |"
        for name, values in slices.items()
        for value, part in values.items()
        if name != "topic"  # some forty rows that say little each; they are in report.json
    ]
    return ["", "| slice | pairs | macro-F1 |", "|---|---|---|", *rows] if rows else []


def _behaviour(report: dict[str, Any]) -> list[str]:
    if "behaviour" not in report:
        return ["Not measured at export."]
    tests = {name: row["pass_rate"] for name, row in report["behaviour"].items()}
    lines = [
        f"Made-up sentences; mean pass rate over {len(tests)} tests: {mean_pass_rate(report):.0%}.",
        "",
        "| test | passed |",
        "|---|---|",
        *(f"| {name} | {rate:.0%} |" for name, rate in tests.items()),
        "",
        "The same words said by different speakers: share of pairs of speakers that get different answers, and the "
        "widest gap between two speakers' mean probability of a denial.",
        "",
        "| speakers differ in | answers differ | widest gap |",
        "|---|---|---|",
    ]
    rows = report["neutrality"].items()
    return [*lines, *(f"| {group} | {row['flip_rate']:.1%} | {row['deny_gap']:.3f} |" for group, row in rows)]


def _facts(facts: dict[str, Any]) -> list[str]:
    return [f"| {key} | {value} |" for key, value in facts.items() if not isinstance(value, list | dict)]


def _calibration(content: dict[str, Any]) -> list[str]:
    if "calibration" not in content:
        return ["Not measured at export: probabilities are the model's own, and it never abstains."]
    measured, promise = content["calibration"], content["promise"]
    lines = [
        f"Temperature {content['temperature']:.3f}, fitted on {measured['pairs']} validation pairs; expected "
        f"calibration error there {measured['ece_before']:.3f} before, {measured['ece_after']:.3f} after."
    ]
    if promise["threshold"] > 1:
        return [*lines, "", f"No confidence kept the errors under {promise['max_error']:.0%}: it always abstains."]
    return [
        *lines,
        "",
        f"Promise: of the answers with a probability of {promise['threshold']:.3f} or more ({promise['coverage']:.0%} "
        f"of the validation pairs) {promise['error']:.1%} were wrong, and of the denials among them "
        f"{promise['wrong_denials']:.1%} (limit {promise['max_error']:.0%}). Answers below it are marked as abstained.",
        *_kept(promise),
    ]


def _kept(promise: dict[str, float]) -> list[str]:
    if "test_error" not in promise:
        return []
    return [
        "",
        f"On the test pairs, which it was not set on: {promise['test_coverage']:.0%} answered, of them "
        f"{promise['test_error']:.1%} wrong, and {promise['test_wrong_denials']:.1%} of the denials among them.",
    ]


def speed_lines(content: dict[str, Any], megabytes: float) -> list[str]:
    """The size of the folder, and what each backend did on the exporting machine."""
    size = f"The folder has {megabytes:.0f} MB."
    if "backends" not in content:
        return [size + " Speed was not measured at export."]
    rows = [Measured(**row) for row in content["backends"]]
    return [
        f"{size} Measured by the export on {content['gate_pairs']} test pairs with their real lengths, on the machine "
        f"that made it; `auto` is **{content['auto']}**. A backend is shipped if it gives torch's label on 99 % of "
        "the pairs and loses at most one point of macro-F1 and of deny-F1.",
        "",
        *gate_table(rows),
    ]
