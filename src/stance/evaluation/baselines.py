"""What a model must beat: the majority class, a cue lexicon, and TF-IDF with logistic regression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from stance.dataset import linear_model
from stance.encoding import Context, EncodingOptions
from stance.evaluation.metrics import Floats, one_hot
from stance.schema import LABELS, Pair, Stance
from stance.wording import cue_stance


def majority(train: Sequence[Pair], test: Sequence[Pair]) -> Floats:
    """The most frequent stance of the training split, for every pair."""
    label = Counter(pair.stance for pair in train if pair.stance is not None).most_common(1)[0][0]
    return one_hot([label] * len(test))


def cue_lexicon(train: Sequence[Pair], test: Sequence[Pair]) -> Floats:
    """Words of denial or doubt in the sentence that fits speaker and claim best."""
    return one_hot([_by_cue(pair) for pair in test])


def _by_cue(pair: Pair) -> Stance:
    context = Context(pair.context)
    relevance = context.relevance(pair.speaker, pair.claim, EncodingOptions())
    return cue_stance(context.sentences[int(np.argmax(relevance))].text) if relevance else Stance.AFFIRM


def tfidf(train: Sequence[Pair], test: Sequence[Pair]) -> Floats:
    """Logistic regression on word 1- and 2-grams of speaker, claim and the best sentences of the context."""
    return _linear([_best_text(pair) for pair in train], train, [_best_text(pair) for pair in test])


def claim_only(train: Sequence[Pair], test: Sequence[Pair]) -> Floats:
    """The same on the claim alone: what the wording of claims gives away."""
    return _linear([pair.claim for pair in train], train, [pair.claim for pair in test])


def _linear(texts: list[str], train: Sequence[Pair], test: list[str]) -> Floats:
    labels = [LABELS.index(pair.stance) for pair in train if pair.stance is not None]
    if len(set(labels)) < 2:
        return one_hot([LABELS[labels[0]]] * len(test))
    model = linear_model(len(texts), class_weight="balanced").fit(texts, labels)
    probabilities = np.zeros((len(test), len(LABELS)))
    probabilities[:, model.classes_] = model.predict_proba(test)
    return probabilities


def _best_text(pair: Pair) -> str:
    context = Context(pair.context)
    relevance = context.relevance(pair.speaker, pair.claim, EncodingOptions())
    best = sorted(np.argsort(relevance)[::-1][:2])
    return f"{pair.speaker} : {pair.claim} || " + " ".join(context.sentences[index].text for index in best)


BASELINES: dict[str, Callable[[Sequence[Pair], Sequence[Pair]], Floats]] = {
    "majority": majority,
    "cue lexicon": cue_lexicon,
    "TF-IDF + LR": tfidf,
    "claim only": claim_only,
}
"""Name -> function of (training pairs, test pairs) to probabilities (n, 3)."""
