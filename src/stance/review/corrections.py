"""What people have judged: one correction a person and pair, the majority of them, and the pairs that follow it."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from stance.errors import InputError, one_of
from stance.files import Row, is_unicode
from stance.records import read_records
from stance.schema import LABELS, Pair, Stance

NEAREST = 3
"""So many known ids are named beside one that is not known."""

KNOWN = 20_000
"""So many ids are remembered to find the nearest among; bounds memory and time."""


@dataclass(frozen=True)
class Correction:
    """One person's judgement of one pair, and the file's line that it was read from."""

    pair_id: str
    stance: Stance
    annotator: str
    note: str = ""
    line: int = 0

    def row(self) -> Row:
        """The correction as a JSON object."""
        row = {"pair_id": self.pair_id, "stance": self.stance.value, "annotator": self.annotator}
        return row | ({"note": self.note} if self.note else {})


@dataclass(frozen=True)
class Decision:
    """What the people who judged a pair decide: ``stance`` is None where no label has more than half of them.

    ``annotators`` are those who chose the label (all of them where there is none), ``share`` their part of all.
    """

    pair_id: str
    stance: Stance | None
    annotators: tuple[str, ...]
    share: float
    line: int = 0


def parse_correction(row: Row, path: Path, line: int) -> Correction:
    """A checked correction; an unknown label is answered with the known ones."""
    values = {key: _word(row, key, path, line) for key in ("pair_id", "stance", "annotator")}
    stance = values["stance"].lower()
    if stance not in LABELS:
        raise InputError(path, f"key 'stance' is {one_of(values['stance'][:60], LABELS)}", line)
    note = row.get("note") or ""
    if not isinstance(note, str) or not is_unicode(note):
        raise InputError(path, f"key 'note' is {note!r:.40}, a text is needed", line)
    return Correction(values["pair_id"], Stance(stance), values["annotator"], note.strip(), line)


def _word(row: Row, key: str, path: Path, line: int) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip() or not is_unicode(value):
        raise InputError(path, f"key {key!r} is {value!r:.60}, a text is needed", line)
    return value.strip()


def read_corrections(path: Path | str) -> list[Correction]:
    """The corrections of a JSONL, as ``scripts/corrections.py`` writes it; several files may be joined into one."""
    return list(read_records(path, parse_correction))


def decide(corrections: Iterable[Correction]) -> dict[str, Decision]:
    """The majority for each pair. Where a person judged a pair twice, the later judgement stands."""
    judged: dict[str, dict[str, Correction]] = defaultdict(dict)
    for one in corrections:
        judged[one.pair_id][one.annotator] = one
    return {pair_id: _decision(pair_id, list(by_person.values())) for pair_id, by_person in judged.items()}


def _decision(pair_id: str, judged: list[Correction]) -> Decision:
    label, count = Counter(one.stance for one in judged).most_common(1)[0]
    settled = 2 * count > len(judged)
    names = tuple(sorted(one.annotator for one in judged if not settled or one.stance == label))
    return Decision(pair_id, label if settled else None, names, count / len(judged), judged[0].line)


def corrected(pairs: Iterable[Pair], decisions: Mapping[str, Decision], path: Path | str) -> Iterator[Pair]:
    """The pairs with what people decided in place of every other label, gold too; nothing else of them changes.

    ``label_source`` becomes ``human``, ``confidence`` the share of the people who agree, ``annotator`` their names. A
    pair without a majority is left out and named on stderr. A decision on a pair that does not come raises an
    :class:`InputError` at the end, with the file (``path``), line and the ids that are nearest.
    """
    missing, known = set(decisions), set[str]()
    for pair in pairs:
        missing.discard(pair.pair_id)
        if len(known) < KNOWN:
            known.add(pair.pair_id)
        decision = decisions.get(pair.pair_id)
        if decision is None:
            yield pair
        elif decision.stance is None:
            print(f"left out: {pair.pair_id}, no majority among {', '.join(decision.annotators)}", file=sys.stderr)
        else:
            extra = dict(pair.extra) | {"annotator": "; ".join(decision.annotators)}
            yield replace(
                pair, stance=decision.stance, label_source="human", confidence=round(decision.share, 3), extra=extra
            )
    for decision in decisions.values():
        if decision.pair_id in missing:
            near = get_close_matches(decision.pair_id, sorted(known), NEAREST, 0)
            choices = f"choose from the source's pairs, such as {', '.join(near)}"
            raise InputError(path, f"key 'pair_id' is {decision.pair_id[:80]!r}; {choices}", decision.line)
