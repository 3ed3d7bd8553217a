"""What the corpus promises, checked.

Reading already checks ids, labels and exact evidence; here stands everything that needs more than a row's own fields.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from stance.corpus.plan import Plan
from stance.corpus.reading import BLANK, annotated_files
from stance.files import Row
from stance.records import parse_annotated, read_records
from stance.schema import AnnotatedArticle, Cell, Claim, Stance
from stance.wording import overlap, stems

DIFFICULTIES = ("easy", "medium", "hard")
CLAIM_WORDS = range(4, 26)
MAX_FILE_BYTES = 1_000_000
MAX_SILENT, MAX_TOPIC = 0.45, 0.03
SHARES = {Stance.AFFIRM: 0.40, Stance.DENY: 0.30, Stance.NEUTRAL: 0.30}
TOLERANCE = 0.05
"""How far the share of a stance may lie from its target."""

_PRONOUN = re.compile(r"(?:he|she|it|they|we|i|you|his|her|its|their|this|that|these|those)\b(?!['’])", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|never|nobody|nothing|no one)\b|n['’]t\b", re.IGNORECASE)


class Located(NamedTuple):
    """An annotated article and where it stands."""

    path: Path
    line: int
    annotated: AnnotatedArticle

    def problem(self, message: str) -> str:
        """``file:line: article: message``."""
        return f"{self.path}:{self.line}: {self.annotated.article.article_id}: {message}"


def locate(folder: Path, parse: Callable[[Row, Path, int], AnnotatedArticle] = parse_annotated) -> Iterator[Located]:
    """The annotated articles of a folder with file and line; ``parse`` joins texts to stand-off rows."""
    for file in annotated_files(folder):
        yield from read_records(file, lambda row, path, line: Located(path, line, parse(row, path, line)))


def article_problems(one: AnnotatedArticle, plan: Plan | None = None) -> Iterator[str]:
    """What is wrong with one annotated article; ``plan`` names the topics, styles and regions that are known."""
    yield from _grid_problems(one)
    for claim in one.claims:
        yield from _claim_problems(claim)
    if len({_plain(claim.text) for claim in one.claims}) < len(one.claims):
        yield "the same claim stands twice"
    for cell in one.stances:
        if cell.evidence is None and cell.stance is not Stance.NEUTRAL:
            yield f"cell {cell.speaker} x {cell.claim} is {cell.stance} without evidence"
        if cell.difficulty not in DIFFICULTIES:
            yield f"cell {cell.speaker} x {cell.claim} has difficulty {cell.difficulty!r}"
    yield from _speaker_problems(one)
    if plan:
        for section, value in (("Topics", one.topic), ("Styles", one.style), ("Regions", one.region)):
            if value and value not in plan.items(section):
                yield f"{value!r} is not among the plan's {section.lower()}"


def _grid_problems(one: AnnotatedArticle) -> Iterator[str]:
    counts = Counter((cell.speaker, cell.claim) for cell in one.stances)
    for (speaker, claim), count in counts.items():
        if count > 1:
            yield f"cell {speaker} x {claim} is labelled {count} times"
    if not one.stances:
        yield "has no labelled cell"
    whole = len(one.speakers) * len(one.claims)
    if one.complete and len(counts) < whole:
        yield f"is said to be complete, but {len(counts)} of {whole} cells are labelled"
    for kind, ids, used in (
        ("speaker", [s.id for s in one.speakers], {cell.speaker for cell in one.stances}),
        ("claim", [c.id for c in one.claims], {cell.claim for cell in one.stances}),
    ):
        for identity in ids:
            if identity not in used:
                yield f"{kind} {identity} has no labelled cell"
            if ids.count(identity) > 1:
                yield f"{kind} {identity} stands twice"


def _claim_problems(claim: Claim) -> Iterator[str]:
    if len(claim.text.split()) not in CLAIM_WORDS:
        yield f"claim {claim.id} has {len(claim.text.split())} words, 4 to 25 are needed"
    if _PRONOUN.match(claim.text):
        yield f"claim {claim.id} opens with a pronoun: {claim.text!r:.60}"


def _speaker_problems(one: AnnotatedArticle) -> Iterator[str]:
    if BLANK in one.article.text:
        return
    text = one.article.text.casefold().replace("’", "'")
    for speaker in one.speakers:
        if not any(name.casefold().replace("’", "'") in text for name in (speaker.name, *speaker.mentions)):
            yield f"neither the name nor a mention of speaker {speaker.id} ({speaker.name}) occurs in the text"


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True)
class Measured:
    """Counts and shares over many annotated articles."""

    articles: int
    complete: int
    cells: int
    stances: dict[Stance, float]
    difficulties: dict[str, float]
    silent: float
    reworded: float
    contested: float
    negated_claims: float
    topics: dict[str, int]

    def __str__(self) -> str:
        def shares(table: dict[Stance, float] | dict[str, float]) -> str:
            return "  ".join(f"{name} {100 * share:.1f} %" for name, share in table.items())

        return "\n".join(
            (
                f"{self.articles} texts ({self.complete} complete), {self.cells} cells",
                f"stance      {shares(self.stances)}",
                f"difficulty  {shares(self.difficulties)}",
                f"silent      {100 * self.silent:.1f} % of the neutral cells",
                f"reworded    {100 * self.reworded:.1f} % of the cells share under half of the claim's words "
                "with their evidence",
                f"contested   {100 * self.contested:.1f} % of the claims are given more than one stance",
                f"negated     {100 * self.negated_claims:.1f} % of the claims hold a negation",
            )
        )


def measure(annotated: Iterable[AnnotatedArticle]) -> Measured:
    """Count what the plan sets targets for."""
    everything = list(annotated)
    cells = [(one, cell) for one in everything for cell in one.stances]
    claims = {(one.situation, claim.id): claim.text for one in everything for claim in one.claims}
    seen: dict[tuple[str, str], set[Stance]] = defaultdict(set)
    for one, cell in cells:
        seen[one.situation, cell.claim].add(cell.stance)
    stances = Counter(cell.stance for _, cell in cells)
    difficulties = Counter(cell.difficulty for _, cell in cells)
    overlaps = [_overlap(one, cell) for one, cell in cells if cell.evidence and BLANK not in one.article.text]
    topics = Counter(one.topic for one in everything)
    return Measured(
        articles=len(everything),
        complete=sum(one.complete for one in everything),
        cells=len(cells),
        stances={label: stances[label] / max(1, len(cells)) for label in SHARES},
        difficulties={name: difficulties[name] / max(1, len(cells)) for name in DIFFICULTIES},
        silent=sum(cell.evidence is None for _, cell in cells) / max(1, stances[Stance.NEUTRAL]),
        reworded=sum(value < 0.5 for value in overlaps) / max(1, len(overlaps)),
        contested=sum(len(found) > 1 for found in seen.values()) / max(1, len(seen)),
        negated_claims=sum(bool(_NEGATED.search(text)) for text in claims.values()) / max(1, len(claims)),
        topics=dict(sorted(topics.items())),
    )


def _overlap(one: AnnotatedArticle, cell: Cell) -> float:
    claim = next(claim.text for claim in one.claims if claim.id == cell.claim)
    return overlap(stems(claim), stems(cell.evidence.text)) if cell.evidence else 0.0


def corpus_problems(everything: Sequence[Located], plan: Plan | None = None) -> Iterator[str]:
    """What is wrong with the texts of a part: each article's problems, ids that stand twice, files too large."""
    lines: dict[str, Located] = {}
    for one in everything:
        for problem in article_problems(one.annotated, plan):
            yield one.problem(problem)
        first = lines.setdefault(one.annotated.article.article_id, one)
        if first is not one:
            yield one.problem(f"the id stands also in {first.path}:{first.line}")
    for path in sorted({one.path for one in everything}):
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            yield f"{path}: {size} bytes, at most {MAX_FILE_BYTES} are allowed"


def balance_problems(measured: Measured, where: str, planned: int = 0) -> Iterator[str]:
    """Shares that lie outside of what the plan allows.

    Topics are held to their limit where a number of texts is ``planned``: in percent of that number while fewer are
    there, so that a growing corpus may be written topic by topic.
    """
    for label, target in SHARES.items():
        if abs(measured.stances[label] - target) > TOLERANCE:
            yield f"{where}: {100 * measured.stances[label]:.1f} % of the cells {label}, wanted {100 * target:.0f} %"
    if measured.silent > MAX_SILENT:
        yield f"{where}: {100 * measured.silent:.1f} % of the neutral cells are silent, at most 45 % are allowed"
    limit = MAX_TOPIC * max(planned, measured.articles)
    for topic, count in measured.topics.items():
        if topic and planned and count > limit:
            yield f"{where}: {count} texts are about {topic!r}, at most {limit:.0f} are allowed"
