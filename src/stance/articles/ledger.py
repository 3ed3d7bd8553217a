"""What became of every article of a run, on disk: which were kept, which were set aside and why, who resembles whom.

An SQLite file, so that a million articles take no more memory than a thousand and a killed run knows what it knew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from stance.errors import InputError

CACHE_KIB = 64 * 1024
"""Pages of the file that are kept in memory."""

MAX_ALIKE = 50
"""So many articles are compared with a new one at most: a text that thousands share a passage with is no wire copy."""

_TABLES = """
CREATE TABLE IF NOT EXISTS articles (
    position INTEGER PRIMARY KEY, article_id TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
    digest BLOB, signature BLOB);
CREATE INDEX IF NOT EXISTS by_id ON articles (article_id);
CREATE INDEX IF NOT EXISTS by_digest ON articles (digest);
CREATE TABLE IF NOT EXISTS bands (band INTEGER, position INTEGER, PRIMARY KEY (band, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run (key TEXT NOT NULL);
"""


class Entry(NamedTuple):
    """One article: its place in the input, why it was set aside ("" where it was not), and more on that."""

    position: int
    article_id: str
    reason: str
    detail: str


class Ledger:
    """The file; :meth:`commit` makes what was written before it survive a kill.

    What a run of another ``key`` has left is forgotten: its articles are others, or were judged by other rules.
    """

    def __init__(self, path: Path, key: str = "") -> None:
        self.path = path
        self.db = sqlite3.connect(path)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        self.db.executescript(_TABLES)
        if self.db.execute("SELECT key FROM run").fetchall() != [(key,)]:
            self._begin(key)

    def _begin(self, key: str) -> None:
        with self.db:
            for table in ("bands", "articles", "run"):
                self.db.execute(f"DELETE FROM {table}")
            self.db.execute("INSERT INTO run VALUES (?)", (key,))

    def rewind(self, position: int) -> int:
        """Forget every article from ``position`` on; returns from where on articles are unknown."""
        with self.db:
            self.db.execute("DELETE FROM bands WHERE position >= ?", (position,))
            self.db.execute("DELETE FROM articles WHERE position >= ?", (position,))
        last = self.db.execute("SELECT max(position) FROM articles").fetchone()[0]
        return 0 if last is None else int(last) + 1

    def add(self, entry: Entry, digest: bytes = b"", signature: bytes = b"", bands: Iterable[int] = ()) -> None:
        """Note an article, and for one that is kept what later ones are compared with."""
        self.db.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", (*entry, digest or None, signature or None))
        rows = ((band, entry.position) for band in bands)
        self.db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", rows)

    def has_id(self, article_id: str) -> bool:
        """Whether an earlier article has this id."""
        return self.db.execute("SELECT 1 FROM articles WHERE article_id = ?", (article_id,)).fetchone() is not None

    def same(self, digest: bytes) -> str | None:
        """The id of the article with exactly this text."""
        row = self.db.execute("SELECT article_id FROM articles WHERE digest = ?", (digest,)).fetchone()
        return row[0] if row else None

    def alike(self, bands: list[int]) -> list[tuple[str, bytes]]:
        """(id, signature) of the articles that share a band, those that share most first."""
        marks = ", ".join("?" * len(bands))
        return self.db.execute(
            "SELECT a.article_id, a.signature FROM articles a JOIN (SELECT position, count(*) AS shared FROM bands "
            f"WHERE band IN ({marks}) GROUP BY position ORDER BY shared DESC, position LIMIT {MAX_ALIKE}) "
            "USING (position)",
            bands,
        ).fetchall()

    def commit(self) -> None:
        """Put everything so far on disk."""
        self.db.commit()

    def set_aside(self) -> Iterator[Entry]:
        """The articles that were set aside, in the order of the input."""
        query = "SELECT position, article_id, reason, detail FROM articles WHERE reason != '' ORDER BY position"
        yield from (Entry(*row) for row in self.db.execute(query))

    def counts(self) -> dict[str, int]:
        """Reason -> number of articles; those that were kept under ``kept``."""
        query = "SELECT CASE reason WHEN '' THEN 'kept' ELSE reason END AS why, count(*) FROM articles GROUP BY why"
        return dict(self.db.execute(query + " ORDER BY why"))

    def close(self) -> None:
        """Leave the file to go on with."""
        self.db.close()

    def delete(self) -> None:
        """Close and remove the file."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


@contextmanager
def open_ledger(path: Path, key: str) -> Iterator[Ledger]:
    """A :class:`Ledger` that is closed at the end; a damaged file and a full disk are an :class:`InputError`.

    The file may be deleted at any time: a run that goes on without it looks at the articles again.
    """
    try:
        opened = Ledger(path, key)
        try:
            yield opened
        finally:
            opened.close()
    except sqlite3.Error as error:
        raise InputError(path, f"cannot be used ({error}); make room or delete it, and start again") from None
