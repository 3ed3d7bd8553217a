"""The project's own annotated news: reading it, holding it against its plan, and measuring how far to trust it."""

from stance.corpus.about import JUDGEMENTS, about_corpus
from stance.corpus.agreement import Agreement, Judgement, agreement, read_judgements
from stance.corpus.check import Checked, check_corpus
from stance.corpus.learning import format_curve, summary
from stance.corpus.plan import Coverage, Plan, coverage, read_plan
from stance.corpus.reading import OWN_PARTS, PARTS, annotated_files, join_wikinews, read_annotated
from stance.corpus.spans import BLIND, CheckedSpans, SpannedArticle, check_spans, read_spans
from stance.corpus.validate import Located, Measured, article_problems, corpus_problems, locate, measure
from stance.corpus.ways import WAYS

__all__ = [
    "BLIND",
    "JUDGEMENTS",
    "OWN_PARTS",
    "PARTS",
    "WAYS",
    "Agreement",
    "Checked",
    "CheckedSpans",
    "Coverage",
    "Judgement",
    "Located",
    "Measured",
    "Plan",
    "SpannedArticle",
    "about_corpus",
    "agreement",
    "annotated_files",
    "article_problems",
    "check_corpus",
    "check_spans",
    "corpus_problems",
    "coverage",
    "format_curve",
    "join_wikinews",
    "locate",
    "measure",
    "read_annotated",
    "read_judgements",
    "read_plan",
    "read_spans",
    "summary",
]
