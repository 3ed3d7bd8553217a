"""How many gold pairs the dataset builder finds by itself: same speaker, same proposition, right label, no model.

A proposition is the same where the embeddings' cosine and the F-measure of the content stems together reach a threshold
and the numbers do not contradict each other. What is not covered is given its reason, the first that holds of a list
that follows the builder's stages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stance.attribution import Tagger, attribute
from stance.claims import claims_of
from stance.claims.linking import Encoder, Wording, dice
from stance.claims.states import state_of
from stance.errors import InputError
from stance.labeling import FUNCTIONS, WeakLabel, label_matrix, weighted_vote
from stance.labeling.gold import is_same_speaker
from stance.pairs import Candidate, candidates_of
from stance.records import parse_pair, read_records
from stance.schema import Article, Attribution, Pair, Speaker


class Outcome(StrEnum):
    """What became of a gold pair, best first."""

    COVERED = "covered"
    WRONG = "wrong label"
    ABSTAINED = "abstained"
    NOT_LINKED = "not linked"
    NO_PROPOSITION = "no proposition"
    OTHER_SPEAKER = "another speaker"
    NO_ATTRIBUTION = "no attribution"


@dataclass(frozen=True)
class Judged:
    """A gold pair, what became of it, the built claim that is nearest to it, and how near by either measure.

    ``strict`` tells that the nearest labelled claim of the speaker has the right label; ``outcome`` is already covered
    where any that is near enough has it.
    """

    pair: Pair
    outcome: Outcome
    strict: bool
    claim: str = ""
    cosine: float = 0.0
    words: float = 0.0


@dataclass(frozen=True)
class Sameness:
    """When two propositions are the same: from which sum of the embeddings' cosine and the stems' F-measure.

    Without ``encode``, from which F-measure alone. Both are set so that four in five of the claims of our corpus's
    articles that reach them are the same (scripts/benchmarks/linking.py).
    """

    encode: Encoder | None = None
    together: float = 1.15
    words: float = 0.5

    def of(self, gold: str, claims: Sequence[str]) -> list[tuple[float, float]]:
        """(cosine, F-measure) of each claim with the gold one; both 0 where the numbers contradict each other."""
        wanted = Wording.of(gold)
        cosines = [0.0] * len(claims)
        if self.encode is not None and claims:
            vectors = self.encode([gold, *claims])
            cosines = [float(value) for value in vectors[1:] @ vectors[0]]
        measured = []
        for claim, cosine in zip(claims, cosines, strict=True):
            found = Wording.of(claim)
            clash = bool(found.numbers and wanted.numbers and not found.numbers & wanted.numbers)
            measured.append((0.0, 0.0) if clash else (cosine, dice(found.stems, wanted.stems)))
        return measured

    def holds(self, measured: tuple[float, float]) -> bool:
        """Whether the measures reach the threshold."""
        return measured[1] >= self.words if self.encode is None else sum(measured) >= self.together


def read_gold(path: Path | str) -> list[Pair]:
    """Labelled pairs of a JSONL file; their contexts are their articles, so that lines need not hold any.

    Raises :class:`stance.errors.InputError` for a broken line, and for a file without a labelled pair.
    """
    pairs = read_records(path, lambda row, file, line: parse_pair({"context": "-", **row}, file, line))
    gold = [pair for pair in pairs if pair.stance is not None]
    if not gold:
        raise InputError(path, "holds no labelled pair")
    return gold


def judge(
    articles: Iterable[Article], gold: Iterable[Pair], sameness: Sameness, tagger: Tagger | None = None
) -> list[Judged]:
    """Build the pairs of each article and look for the gold ones among them, in the order of the articles."""
    wanted: dict[str, list[Pair]] = {}
    for pair in gold:
        wanted.setdefault(pair.article_id, []).append(pair)
    result: list[Judged] = []
    for article, attributions in attribute(articles, tagger):
        candidates = list(candidates_of(article, attributions, claims_of(article, attributions)))
        labels = weighted_vote(label_matrix(candidates, FUNCTIONS), min_confidence=0.0)
        built = list(zip(candidates, labels, strict=True))
        result.extend(
            _judged(pair, article, attributions, built, sameness) for pair in wanted.get(article.article_id, ())
        )
    return result


def _judged(
    pair: Pair,
    article: Article,
    attributions: list[Attribution],
    built: list[tuple[Candidate, WeakLabel]],
    sameness: Sameness,
) -> Judged:
    measured = sameness.of(pair.claim, [candidate.claim for candidate, _ in built])
    near = [(m, c, label) for m, (c, label) in zip(measured, built, strict=True) if sameness.holds(m)]
    own = sorted((item for item in near if is_speaker(item[1].speaker, pair.speaker)), key=lambda item: -sum(item[0]))
    labelled = [item for item in own if item[2].stance is not None]
    right = [item for item in labelled if item[2].stance is pair.stance]
    outcome = _outcome(pair, article, attributions, [bool(near), bool(own), bool(labelled), bool(right)])
    nearest = (right or labelled or own or sorted(near, key=lambda item: -sum(item[0])))[:1]
    strict = bool(right) and labelled[0] is right[0]
    shown = [(candidate.claim, *scores) for scores, candidate, _ in nearest]
    return Judged(pair, outcome, strict, *(shown[0] if shown else ()))


def _outcome(pair: Pair, article: Article, attributions: list[Attribution], found: list[bool]) -> Outcome:
    near, own, labelled, right = found
    if own:
        return Outcome.COVERED if right else Outcome.WRONG if labelled else Outcome.ABSTAINED
    if near:
        return Outcome.NOT_LINKED
    touching = [a for a in attributions if _touches(a, pair.evidence or "", article.text)]
    if any(is_speaker(a.speaker, pair.speaker) for a in touching):
        return Outcome.NO_PROPOSITION
    return Outcome.OTHER_SPEAKER if touching else Outcome.NO_ATTRIBUTION


def _touches(attribution: Attribution, evidence: str, text: str) -> bool:
    start = text.find(evidence) if evidence else -1
    return start >= 0 and any(s.start < start + len(evidence) and start < s.end for s in attribution.content)


def is_speaker(name: str, gold: str) -> bool:
    """Whether a built speaker is the gold one: the same name, its last word, or a state by its capital."""
    state = state_of(name)
    return is_same_speaker(name, Speaker("", gold)) or (state is not None and is_same_speaker(state, Speaker("", gold)))


def summary(judged: Sequence[Judged]) -> str:
    """One line: how many are covered, by the strict count too, and how many end in each other way."""
    counts = Counter(one.outcome for one in judged)
    covered, strict = counts.pop(Outcome.COVERED, 0), sum(one.strict for one in judged)
    rest = ", ".join(f"{outcome.value} {counts[outcome]}" for outcome in Outcome if counts[outcome])
    return f"covered {covered} of {len(judged)} (nearest claim right: {strict}); {rest}"
