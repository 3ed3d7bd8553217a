"""From a source span to the fullest name that the article gives this speaker.

One pass over the article in reading order keeps the speakers seen so far; surnames, titles, acronyms, metonyms,
outlet nouns and pronouns are matched against them, most recent first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

DETERMINERS = re.compile(r"^(?:the|a|an|this|that|its|his|her|their|both|former|ex-)\s+", re.IGNORECASE)
HE_SHE = frozenset(("he", "she", "him", "her"))
IT = frozenset(("it",))
THEY = frozenset(("they", "them"))
FIRST_PERSON = frozenset(("i", "we", "you", "us", "me"))
PRONOUNS = HE_SHE | IT | THEY | FIRST_PERSON | {"who", "which", "that", "this", "those", "these", "himself", "herself"}
OUTLET = re.compile(
    r"\b(?:times|post|journal|daily|news|herald|tribune|guardian|gazette|telegraph|press|reuters|cnn|bbc|tv|radio|agency|magazine|chronicle|observer|reporter|today|mail|mirror|sun|star)\b",
    re.I,
)
OUTLET_NOUNS = frozenset(
    (
        "newspaper",
        "daily",
        "paper",
        "outlet",
        "magazine",
        "agency",
        "broadcaster",
        "network",
        "tabloid",
        "site",
        "website",
        "weekly",
    )
)
METONYMS = {
    "tehran": "Iran", "moscow": "Russia", "the kremlin": "Russia", "kremlin": "Russia", "washington": "United States",
    "us": "United States", "u.s.": "United States", "usa": "United States", "united states": "United States",
    "beijing": "China", "kyiv": "Ukraine", "kiev": "Ukraine", "london": "United Kingdom", "uk": "United Kingdom",
    "britain": "United Kingdom", "paris": "France", "berlin": "Germany", "ankara": "Turkey", "jerusalem": "Israel",
    "pyongyang": "North Korea", "seoul": "South Korea", "tokyo": "Japan", "new delhi": "India", "islamabad": "Pakistan",
    "riyadh": "Saudi Arabia", "damascus": "Syria", "baghdad": "Iraq", "brussels": "European Union",
    "eu": "European Union",
}  # fmt: skip
"""Capitals and short names that stand for a state's government when they say or deny something."""


ROLES = (
    {"minister", "diplomat", "politician", "official"},
    {"president", "leader", "head", "chief", "boss"},
    {"spokesman", "spokeswoman", "spokesperson"},
    {"director", "executive", "chairman", "chairwoman", "chair", "manager"},
    {"lawyer", "attorney", "solicitor", "counsel"},
    {"player", "striker", "midfielder", "defender", "star"},
    {"researcher", "scientist", "professor", "expert"},
)
"""Words for one role: "the Iranian diplomat" may be the man introduced as Iranian foreign minister."""


@dataclass
class Known:
    """A speaker seen so far: fullest name, kind of entity, and the words of titles that were put beside the name."""

    name: str
    kind: str
    titles: set[str] = field(default_factory=set)


@dataclass
class SpeakerResolver:
    """Names one article's sources in reading order; make a new one for each article."""

    known: list[Known] = field(default_factory=list)  # most recent last

    def see(self, name: str, kind: str, titles: set[str]) -> Known:
        """Note an entity that the text mentions, with the title words that stand beside it."""
        entity = self._by_name(name, kind)
        if entity is None:
            entity = Known(name, kind)
        else:
            self.known.remove(entity)
            if len(name.split()) > len(entity.name.split()) and kind == "PERSON":
                entity.name = name
        entity.titles |= titles
        self.known.append(entity)
        return entity

    def resolve(self, source: str, entities: list[tuple[str, str]]) -> str:
        """The speaker's name for a source's words; ``entities`` are the (text, kind) of names inside it."""
        words = _plain(source)
        lower = words.lower()
        if not words or lower in FIRST_PERSON:
            return words
        if lower in PRONOUNS:
            return self._by_pronoun(lower) or words
        if lower in METONYMS:
            return self._by_metonym(METONYMS[lower]) or METONYMS[lower]
        if names := self._names_in(words, entities):
            return names
        if words[0].isupper() and (person := self._by_name(words, "PERSON")):
            return person.name
        return self._by_description(lower) or words

    def _names_in(self, words: str, entities: list[tuple[str, str]]) -> str | None:
        """The person in the source, or the organisation that is its head; a place inside a description is neither."""
        for kind in ("PERSON", "ORG", "GPE", "NORP"):
            for text, entity_kind in entities:
                if entity_kind != kind:
                    continue
                rest = words.replace(text, "").strip(" ,")
                if kind == "PERSON" or not re.search(r"[a-z]{3,}", DETERMINERS.sub("", rest)):
                    entity = self._by_name(text, kind)
                    return entity.name if entity else text
        return None

    def _by_name(self, name: str, kind: str) -> Known | None:
        parts = name.lower().split()
        for entity in reversed(self.known):
            known = entity.name.lower().split()
            if known == parts:
                return entity
            if entity.kind == "PERSON" and (kind == "PERSON" or len(parts) == 1) and _same_person(known, parts):
                return entity
            if len(parts) == 1 and name.isupper() and len(known) > 1 and _initials(known) == name.lower():
                return entity
        return None

    def _by_pronoun(self, pronoun: str) -> str | None:
        wanted = (
            ("PERSON",)
            if pronoun in HE_SHE
            else ("ORG", "GPE", "OUTLET")
            if pronoun in IT
            else ("GROUP", "ORG", "NORP")
        )
        return next((entity.name for entity in reversed(self.known) if entity.kind in wanted), None)

    def _by_metonym(self, state: str) -> str | None:
        return next((entity.name for entity in reversed(self.known) if _same_state(entity.name, state)), None)

    def _by_description(self, lower: str) -> str | None:
        """ "The Iranian foreign minister", "the newspaper": a definite description of somebody named before."""
        words = set(re.findall(r"[a-z]+", lower))
        if lower.startswith(("a ", "an ", "two ", "some ", "another ", "several ")):
            return None
        if words & OUTLET_NOUNS:
            return next((e.name for e in reversed(self.known) if OUTLET.search(e.name)), None)
        content = words - {"the", "of", "s", "and"}
        scored = [
            (len(content & _with_roles(e.titles)), index, e.name) for index, e in enumerate(self.known) if e.titles
        ]
        shared, _, name = max(scored, default=(0, 0, ""))
        return name if shared and shared >= min(2, len(content)) else None


def _same_person(known: list[str], parts: list[str]) -> bool:
    """The same surname, and the same initial where both have a first name."""
    same_initial = len(parts) == 1 or len(known) == 1 or parts[0][0] == known[0][0]
    return known[-1] == parts[-1] and same_initial


def _with_roles(titles: set[str]) -> set[str]:
    return titles.union(*(role for role in ROLES if role & titles))


def _plain(source: str) -> str:
    words = re.sub(r"\s+", " ", source).strip(" ,;:–—-\n\"“”'’")
    return words


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words if word not in ("of", "the", "and", "for"))


def _same_state(name: str, state: str) -> bool:
    plain = DETERMINERS.sub("", name).lower()
    return METONYMS.get(plain, plain).lower() == state.lower()
