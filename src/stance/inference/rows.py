"""Predictions and statements as JSON objects, as text tables."""

from __future__ import annotations

import textwrap
from typing import Any

from stance.inference.analyzer import ArticleAnalysis
from stance.records import attribution_row, pair_row
from stance.schema import Evidence, Pair, Prediction, Stance, Statement

MARK = {Stance.AFFIRM: "+ affirms", Stance.DENY: "- denies", Stance.NEUTRAL: "? open"}


def prediction_row(pair: Pair, prediction: Prediction) -> dict[str, Any]:
    """The prediction's JSON object: the pair's keys (a gold stance is replaced), then what was predicted."""
    return pair_row(pair) | {
        "stance": prediction.stance.value,
        "probabilities": {label.value: round(value, 6) for label, value in prediction.probabilities.items()},
        "evidence": _evidence(prediction.evidence),
        "truncated": prediction.truncated,
    }


def statement_row(statement: Statement) -> dict[str, Any]:
    """The statement's JSON object."""
    return {
        "article_id": statement.article_id,
        "speaker": statement.speaker,
        "claim": statement.claim,
        "stance": statement.stance.value,
        "probabilities": {label.value: round(value, 6) for label, value in statement.probabilities.items()},
        "evidence": _evidence(statement.evidence),
        "attributions": [attribution_row(attribution) for attribution in statement.attributions],
    }


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    return None if evidence is None else evidence._asdict()


def format_stance_table(analysis: ArticleAnalysis, claims: int = 12, width: int = 100) -> str:
    """The stance map as text: a claim a block, a speaker a line, disagreements first."""
    lines = [f"{analysis.article.title or analysis.article.article_id}", ""]
    rows = analysis.stance_map()
    for claim, statements in list(rows.items())[:claims]:
        lines.extend(textwrap.wrap(claim, width, initial_indent="■ ", subsequent_indent="  "))
        for statement in sorted(statements.values(), key=lambda s: list(Stance).index(s.stance)):
            confidence = max(statement.probabilities.values())
            lines.append(f"    {MARK[statement.stance]:10s} {confidence:4.0%}  {statement.speaker}")
    if len(rows) > claims:
        lines.append(f"... and {len(rows) - claims} more claims")
    return "\n".join(lines)
