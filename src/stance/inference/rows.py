"""Predictions and statements as JSON objects, and as text to look at."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from stance.files import Row, whole_rows
from stance.inference.analyzer import ArticleAnalysis, stance_map
from stance.records import attribution_row, pair_row
from stance.schema import Evidence, Pair, Prediction, Stance, Statement

MARK = {Stance.AFFIRM: "+ affirms", Stance.DENY: "- denies", Stance.NEUTRAL: "? open"}


def prediction_row(pair: Pair, prediction: Prediction) -> Row:
    """The prediction's JSON object: the pair's keys (a gold stance is replaced), then what was predicted."""
    return pair_row(pair) | {
        "stance": prediction.stance.value,
        "probabilities": {label.value: round(value, 6) for label, value in prediction.probabilities.items()},
        "evidence": _evidence(prediction.evidence),
        "truncated": prediction.truncated,
        "abstained": prediction.abstained,
    }


def analysis_rows(analysis: ArticleAnalysis) -> list[Row]:
    """The statements of an article as JSON objects, each with what an index needs to know of the article."""
    article = analysis.article
    about = {key: value for key in ("title", "published") if (value := getattr(article, key))}
    return [_statement_row(statement) | about for statement in analysis.statements]


def _statement_row(statement: Statement) -> Row:
    return {
        "article_id": statement.article_id,
        "speaker": statement.speaker,
        "claim": statement.claim,
        "stance": statement.stance.value,
        "probabilities": {label.value: round(value, 6) for label, value in statement.probabilities.items()},
        "evidence": _evidence(statement.evidence),
        "abstained": statement.abstained,
        "attributions": [attribution_row(attribution) for attribution in statement.attributions],
    }


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    return None if evidence is None else evidence._asdict()


def statement_of(row: Row) -> Statement:
    """A statement from its JSON object, without its attributions."""
    return Statement(
        article_id=row["article_id"],
        speaker=row["speaker"],
        claim=row["claim"],
        stance=Stance(row["stance"]),
        probabilities={label: row["probabilities"][label.value] for label in Stance},
        evidence=Evidence(**row["evidence"]) if row["evidence"] else None,
        abstained=row["abstained"],
    )


def format_stance_table(title: str, statements: Sequence[Statement], claims: int = 12, width: int = 100) -> str:
    """The stance map as text: a claim a block, a speaker a line, disagreements first."""
    lines, rows = [title, ""], stance_map(statements)
    for claim, speakers in list(rows.items())[:claims]:
        lines.extend(textwrap.wrap(claim, width, initial_indent="■ ", subsequent_indent="  "))
        for statement in sorted(speakers.values(), key=lambda s: list(Stance).index(s.stance)):
            confidence = max(statement.probabilities.values())
            unsure = "  (unsure)" if statement.abstained else ""
            lines.append(f"    {MARK[statement.stance]:10s} {confidence:4.0%}  {statement.speaker}{unsure}")
    if len(rows) > claims:
        lines.append(f"... and {len(rows) - claims} more claims")
    return "\n".join(lines if rows else [title, "", "nobody is given words that make a claim"])


def format_first(statements: Path) -> str:
    """The stance map of the first article of a statements file."""
    _, group = next(groupby(whole_rows(statements), key=lambda row: row["article_id"]), ("", iter(())))
    first = list(group)
    title = str(first[0].get("title") or first[0]["article_id"]) if first else "no statements"
    return format_stance_table(title, [statement_of(row) for row in first])
