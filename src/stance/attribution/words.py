"""What the pipeline says of a word whatever stands around it, worked out once a word: vector, part of speech, lemma.

spaCy's attribute ruler and lemmatizer look at every token anew, with a pattern matcher. Their answer depends on the
token's form, its tag and its dependency label alone, and for nine patterns ("let 's", "gon na") on the token beside
it; so it is kept in a table that is filled by asking them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.attrs import DEP, LEMMA, ORTH, POS, TAG
from spacy.matcher import Matcher
from spacy.tokens import Doc
from thinc.api import Model

if TYPE_CHECKING:
    from spacy.language import Language

Word = tuple[int, ...]
"""Form, tag and dependency label of a token, as hashes of the vocabulary."""
Key = tuple[Word, Word, Word]
"""A word and, where patterns may need them, the words before and after it."""
NONE: Word = (0, 0, 0)
SEEN, SET = [ORTH, TAG, DEP], [POS, TAG, LEMMA, DEP]


def embed_words_once(pipeline: Language) -> None:
    """Let the pipeline's networks make the vector of a word once a batch: the same words make up most of all texts.

    The vectors that go into the convolutions depend on a token's form alone; they cost a third of the networks' time.
    """
    networks = [model for _, pipe in pipeline.pipeline if (model := getattr(pipe, "model", None)) is not None]
    for node in [node for network in networks for node in network.walk() if node.has_ref("embed")]:
        node.layers[0] = Model("each word once", _each_word_once, layers=[node.get_ref("embed")])


def _each_word_once(model: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> tuple[list[Any], Any]:
    """The vectors of each doc's tokens, as the embedding makes them, and nothing for training."""
    features, _, *layers, _ = model.layers[0].layers
    rows = [np.ascontiguousarray(own) for own in features.predict(docs)]
    forms = np.concatenate(rows)
    _, firsts, places = np.unique(
        forms.view(f"V{forms.itemsize * forms.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    vectors = forms[firsts]
    for layer in layers:
        vectors = layer.predict(vectors)
    return np.split(vectors[places], np.cumsum([len(own) for own in rows])[:-1]), None


class WordTable:
    """Sets part of speech and lemma of every token as the pipeline's attribute ruler and lemmatizer would."""

    def __init__(self, parser: Language) -> None:
        self.vocab = parser.vocab
        ruler: Any = parser.get_pipe("attribute_ruler")
        lemmatizer: Any = parser.get_pipe("lemmatizer")
        self.rules = (ruler, lemmatizer)
        forms = lemmatizer.lookups.get_table("lemma_index")
        for part in list(forms):
            forms[part] = frozenset(forms[part])  # a list of thousands, searched from its start for every new word
        self.openers = Matcher(parser.vocab)
        for pattern in (pattern for rule in ruler.patterns for pattern in rule["patterns"]):
            if len(pattern) > 1:
                self.openers.add("opener", [pattern[:1]])
        self.opens: dict[Word, bool] = {}
        self.known: dict[Key, list[int]] = {}

    def annotate(self, docs: Sequence[Doc]) -> None:
        """Set part of speech, tag, lemma and label of the tokens of parsed ``docs``."""
        words: list[list[Word]] = [[tuple(row) for row in doc.to_array(SEEN).tolist()] for doc in docs]
        self._meet([word for word in set(chain.from_iterable(words)) if word not in self.opens])
        keys = [self._keys(own) for own in words]
        self._ask([key for key in set(chain.from_iterable(keys)) if key not in self.known])
        for doc, own in zip(docs, keys, strict=True):
            rows: Any = np.array([self.known[key] for key in own], dtype=np.uint64)
            doc.from_array(SET, rows)

    def _meet(self, words: Sequence[Word]) -> None:
        """Note which words may begin a pattern of several tokens."""
        self.opens |= dict.fromkeys(words, False)
        if words:
            self.opens |= {words[start]: True for _, start, _ in self.openers(self._doc(words))}

    def _keys(self, words: Sequence[Word]) -> list[Key]:
        """Each word with the neighbours that may share a pattern with it."""
        opens = [self.opens[word] for word in words]
        before = [word if first else NONE for word, first in zip([NONE, *words], [False, *opens], strict=True)]
        after = [word if first else NONE for word, first in zip([*words[1:], NONE], opens, strict=True)]
        return list(zip(before, words, after, strict=False))

    def _ask(self, keys: Sequence[Key]) -> None:
        """Put what the pipeline's rules say of new words into the table; full stops end what may begin a pattern."""
        if not keys:
            return
        stop: Word = tuple(self.vocab.strings.add(one) for one in (".", ".", "punct"))
        words, places = [], []
        for before, word, after in keys:
            words += [before] if before != NONE else []
            places.append(len(words))
            words += [word, *([after] if after != NONE else [])]
            words += [stop] if self.opens[words[-1]] else []
        doc = self._doc(words)
        for rule in self.rules:
            doc = rule(doc)
        self.known |= zip(keys, doc.to_array(SET)[places].tolist(), strict=True)

    def _doc(self, words: Sequence[Word]) -> Doc:
        forms, tags, labels = ([self.vocab.strings[one] for one in column] for column in zip(*words, strict=True))
        return Doc(self.vocab, words=forms, tags=tags, deps=labels, heads=[0] * len(words))
