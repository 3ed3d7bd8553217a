"""The model card, from measured facts only."""

from __future__ import annotations

from typing import Any

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
"""

_LIMITS = """\
## Limits

English news only. The training corpus was written and annotated by language models under written guidelines, and its
own articles are fictional. The model tells how a text presents a speaker, not whether a claim is true. It has not been
checked on transcripts, legal texts or social media threads.
"""


def model_card(manifest: dict[str, Any], report: dict[str, Any] | None) -> str:
    """Markdown for the exported folder."""
    facts = manifest.get("facts", {})
    lines = [_HEADER, "## Training\n", "| fact | value |", "|---|---|"]
    lines += [f"| {key} | {value} |" for key, value in facts.items()]
    lines += ["", "## Evaluation\n", *(_evaluation(report) if report else ["Not measured at export.\n"]), _LIMITS]
    return "\n".join(lines)


def _evaluation(report: dict[str, Any]) -> list[str]:
    low, high = report["interval"]["macro_f1"]
    lines = [
        f"On {report['pairs']} pairs of {report['articles']} articles; macro-F1 95 % interval over articles "
        f"[{low:.3f}, {high:.3f}]. {report['note']}\n",
        "| | accuracy | macro-F1 | " + " | ".join(f"F1 {label}" for label in LABELS) + " |",
        "|---" * (3 + len(LABELS)) + "|",
    ]
    for name, metrics in [("this model", report["metrics"]), *report["baselines"].items()]:
        values = [metrics[key] for key in ("accuracy", "macro_f1", *(f"f1_{label}" for label in LABELS))]
        lines.append(f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |")
    calibration = (
        f"Expected calibration error {report['metrics']['ece']:.3f}, Brier {report['metrics']['brier']:.3f}.\n"
    )
    return [*lines, "", calibration]
