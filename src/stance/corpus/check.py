"""The whole corpus held against its promises in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stance.corpus.duplicates import copied, near_duplicates, outside_texts
from stance.corpus.plan import Plan
from stance.corpus.reading import OWN_PARTS, PARTS, joiner, parse_standoff
from stance.corpus.spans import FOLDER, CheckedSpans, check_spans
from stance.corpus.validate import Located, Measured, balance_problems, corpus_problems, locate, measure
from stance.errors import InputError
from stance.schema import AnnotatedArticle, Stance

PLANNED = {"articles": 500}
"""How many texts of a part the plan asks for, where their topics are limited."""

MIN_CONTESTED = 2
"""So many claims of an article, at least, are given more than one stance."""


@dataclass(frozen=True)
class Checked:
    """The parts of the corpus as measured, their articles, and everything that is wrong."""

    parts: dict[str, Measured]
    annotated: list[AnnotatedArticle]
    problems: list[str]
    spans: CheckedSpans | None = None

    def __str__(self) -> str:
        parts = [f"{name}: {measured}" for name, measured in self.parts.items()]
        return "\n\n".join([*parts, f"{FOLDER}: {self.spans}"] if self.spans else parts)


def check_corpus(path: Path, plan: Plan, wikinews_dir: str = "", against: str = "") -> Checked:
    """Check every part. ``wikinews_dir`` brings the stand-off part's texts, ``against`` a folder to have copied nothing
    from."""
    if against and not Path(against).is_dir():
        raise InputError(against, "is no folder")
    located = {part: list(locate(path / part)) for part in OWN_PARTS}
    located["wikinews"] = list(
        locate(path / "wikinews", joiner(Path(wikinews_dir)) if wikinews_dir else parse_standoff)
    )
    measured = {part: measure(one.annotated for one in located[part]) for part in PARTS}
    problems = [problem for part in PARTS for problem in corpus_problems(located[part], plan)]
    for part in PARTS:
        problems += balance_problems(measured[part], str(path / part), PLANNED.get(part, 0))
    problems += [problem for one in located["articles"] for problem in _contest_problems(one)]
    problems += _copy_problems([one.annotated for part in OWN_PARTS for one in located[part]], against)
    spans = None
    if (path / FOLDER).is_dir():
        spans = check_spans(path, [one.annotated.article for one in located["articles"]])
        problems += spans.problems
    return Checked(measured, [one.annotated for part in PARTS for one in located[part]], problems, spans)


def _contest_problems(one: Located) -> Iterator[str]:
    stances: dict[str, set[Stance]] = {}
    for cell in one.annotated.stances:
        stances.setdefault(cell.claim, set()).add(cell.stance)
    if sum(len(found) > 1 for found in stances.values()) < MIN_CONTESTED:
        yield one.problem(f"fewer than {MIN_CONTESTED} claims on which its speakers differ")


def _copy_problems(annotated: list[AnnotatedArticle], against: str) -> Iterator[str]:
    texts = {one.article.article_id: one.article.text for one in annotated}
    situations = {one.article.article_id: one.situation for one in annotated}
    for pair in near_duplicates(texts):
        if situations[pair.first] != situations[pair.second]:
            yield f"{pair.second}: says the same as {pair.first} (similarity {pair.similarity:.2f})"
    if against:
        for name, run in copied(texts, outside_texts(Path(against))):
            yield f"{name}: shares words with a text of {against}: {run!r}"
