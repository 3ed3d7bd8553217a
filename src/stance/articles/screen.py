"""Before anything is parsed: broken characters mended, other languages and copies set aside, each by name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from stance.articles.language import UNKNOWN, language_of
from stance.articles.ledger import Entry, Ledger
from stance.corpus.duplicates import shingles
from stance.errors import StanceError, one_of
from stance.schema import Article

DUPLICATES = ("near", "exact", "keep")
"""Which copies are folded: of nearly the same words, of exactly the same ones, or none."""

PERMUTATIONS, BANDS, ROWS = 128, 16, 4
"""MinHash: numbers of a signature; of its first ``BANDS * ROWS``, any four in a row that agree make a candidate.
Copies with seven tenths of their shingles in common are met with a probability of 0.99."""

SAME = 0.7
"""Texts that share at least this part of their word shingles (estimated) are copies of one another."""

COMMIT_EVERY = 64


@dataclass(frozen=True)
class Screening:
    """What is set aside. ``language``: the ISO code that articles are kept in, "" for any; ``repair``: mend text that
    was decoded wrongly on its way (mojibake)."""

    duplicates: str = "near"
    language: str = "en"
    repair: bool = True

    def __post_init__(self) -> None:
        if self.duplicates not in DUPLICATES:
            raise StanceError(f"duplicates is {one_of(self.duplicates, DUPLICATES)}")


def screen(articles: Iterable[Article], ledger: Ledger, rules: Screening, done: int = 0) -> Iterator[Article | None]:
    """Each article as it goes on, or None where it is set aside; the ledger holds why.

    The first ``done`` articles, which a former run has dealt with, are left out; what the ledger does not know of
    them is looked at again. An id that was met before gets its place in the input as a suffix.
    """
    known = ledger.rewind(done)
    for position, article in enumerate(articles):
        if position < known:
            continue
        judged = _judged(position, article, ledger, rules)
        if position % COMMIT_EVERY == 0:
            ledger.commit()
        if position >= done:
            yield judged
    ledger.commit()


def _judged(position: int, article: Article, ledger: Ledger, rules: Screening) -> Article | None:
    if rules.repair:
        article = repaired(article)
    article = replace(article, article_id=_free(article.article_id, position, ledger))
    language = language_of(article.text) if rules.language else rules.language
    if language not in (rules.language, UNKNOWN):
        ledger.add(Entry(position, article.article_id, "language", language))
        return None
    digest, signature = _digest(article.text), b""
    bands: list[int] = []
    original = ledger.same(digest) if rules.duplicates != "keep" else None
    if original is None and rules.duplicates == "near":
        signature, bands = _fingerprint(article.text)
        original = _nearest(signature, ledger.alike(bands))
        if original is not None:
            ledger.add(Entry(position, article.article_id, "near duplicate", original))
            return None
    if original is not None:
        ledger.add(Entry(position, article.article_id, "duplicate", original))
        return None
    ledger.add(Entry(position, article.article_id, "", ""), digest, signature, bands)
    return article


def _free(article_id: str, position: int, ledger: Ledger) -> str:
    """The id, or where it was met before, the first one with a number that was not."""
    free = article_id
    while ledger.has_id(free):
        free, position = f"{article_id}~{position}", position + 1
    return free


def repaired(article: Article) -> Article:
    """The article with text that was decoded wrongly set right ("itâ€™s"); the quotation marks stay what they are."""
    if article.text.isascii() and article.title.isascii():
        return article
    import ftfy  # only builders need it

    options = ftfy.TextFixerConfig(uncurl_quotes=False, fix_latin_ligatures=False, unescape_html=False)
    return replace(article, text=ftfy.fix_text(article.text, options), title=ftfy.fix_text(article.title, options))


def _digest(text: str) -> bytes:
    return hashlib.sha256(" ".join(text.split()).encode()).digest()[:16]


def _fingerprint(text: str) -> tuple[bytes, list[int]]:
    """MinHash signature of the text's word shingles, and the hashes of its bands."""
    from datasketch import MinHash

    hashed = MinHash(num_perm=PERMUTATIONS)
    hashed.update_batch([one.encode() for one in sorted(shingles(text))])
    signature = hashed.hashvalues.astype("<u4")
    bands = [
        hashlib.blake2b(bytes([band]) + signature[band * ROWS : (band + 1) * ROWS].tobytes(), digest_size=8).digest()
        for band in range(BANDS)
    ]
    return signature.tobytes(), [int.from_bytes(band, "big", signed=True) for band in bands]


def _nearest(signature: bytes, others: list[tuple[str, bytes]]) -> str | None:
    """The id of the most similar text, if one is similar enough."""
    own = np.frombuffer(signature, "<u4")
    shares = [(float((own == np.frombuffer(other, "<u4")).mean()), name) for name, other in others]
    best = max(shares, key=lambda share: share[0], default=(0.0, ""))
    return best[1] if best[0] >= SAME else None
