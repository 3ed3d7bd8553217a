"""From a source span to the fullest name that the article gives this speaker.

One pass over the article in reading order keeps the speakers seen so far; surnames, titles, acronyms, metonyms,
outlet nouns and pronouns are matched against them, most recent first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_KNOWN = 200
"""Names kept in mind; of more, those spoken of longest ago are forgotten."""

MAX_NAME = 120
"""Characters at the end of a source in which a name after a role is looked for."""

DETERMINERS = re.compile(r"^(?:the|a|an|this|that|its|his|her|their|both|former|ex-)\s+", re.IGNORECASE)
SHE = frozenset(("she", "her", "hers"))
HE_SHE = frozenset(("he", "she", "him", "her", "his", "hers"))
IT = frozenset(("it", "its"))
THEY = frozenset(("they", "them", "their", "theirs"))
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
KINDS_OF = {
    HE_SHE: ("PERSON", "DESCRIPTION", "ORG", "GPE"),
    IT: ("ORG", "GPE", "OUTLET", "DESCRIPTION"),
    THEY: ("GROUP", "ORG", "NORP", "DESCRIPTION"),
}
"""Kinds of entity that a pronoun may stand for."""

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
"""Words for one role: "the Norland diplomat" may be the man introduced as Norland's foreign minister."""


FEMININE = frozenset(
    """ms mrs miss madam dame lady queen princess duchess mother sister daughter wife widow girlfriend aunt
    grandmother actress woman spokeswoman chairwoman congresswoman councilwoman businesswoman policewoman""".split()
)
MASCULINE = frozenset(
    """mr sir lord king prince duke father brother son husband widower boyfriend uncle grandfather actor man
    spokesman chairman congressman councilman businessman policeman""".split()
)
_HUMAN = re.compile(
    r"(?:er|or|ist|man|woman|ant|ian|ee|son|official|source|chief|expert|witness|boss|resident|president|agent|student"
    r"|head|nurse|guide|guard|colleague|host|coach|monk|priest|judge|aide|analyst|cook|king|queen|spokesperson)$"
)
"""Ends of words for one person; "the logbook" speaks, but is no "he"."""

_PLURAL = re.compile(r"^[a-z].*[a-rt-z]s$")
_NAME_WORD = re.compile(r"(?:[A-Z][\w’'-]+|[A-Z]\.|de|da|van|von|der|bin|al)$")
_FIRM = re.compile(
    r"\b(?:ministry|council|court|office|agency|party|university|institute|bank|union|company|group|energy|pictures|mobile"
    r"|police|committee|commission|board|club|council|association|society|foundation|museum|hotel|hospital|school|church"
    r"|department|authority|service|services|systems|capital|international|parliament|cabinet|guard|army|front|centre"
    r"|center|city|county|state|inc|ltd|plc|corp|airlines|air|motors|media|labs|studios|records|house|press|news|times"
    r"|post|herald|radio|tv|journal|gazette|tribune)\b",
    re.I,
)

_NAME_AFTER_ROLE = re.compile(r"([a-z]\w*),? ((?:[A-Z][\w’'.-]+ ){1,3}[A-Z][\w’'-]+)$")
_BELONGING = re.compile(r"\b[a-z][\w’'-]+ (?:of|for|to|with) (?:(?:the late|late|former|Mr\.?|Mrs\.?|Ms\.?|Dr\.?) )*$")
_BELONGING_TO_A_NAME = re.compile(r"\b[a-z][\w’'-]+ (?:of|for|to|with) ")
_NO_ROLE = frozenset(
    ("of", "the", "for", "in", "at", "and", "from", "de", "la", "van", "von", "der", "with", "by", "to")
)


@dataclass
class Known:
    """A speaker seen so far: fullest name, kind of entity, and the words of titles that were put beside the name."""

    name: str
    kind: str
    titles: set[str] = field(default_factory=set)

    def is_human(self) -> bool:
        """Whether it is a person, named or described ("a technician at the plant")."""
        head = re.split(r",| (?:of|at|in|for|from|with|who|on|to)\b", self.name)[0].split()[-1:]
        return self.kind == "PERSON" or self.looks_like_a_person() or bool(head and _HUMAN.search(head[0]))

    def looks_like_a_person(self) -> bool:
        """Whether the name has the look of a first name and a surname: the parser takes rare ones for firms."""
        parts = self.name.split()
        return 2 <= len(parts) <= 4 and all(_NAME_WORD.match(part) for part in parts) and not _FIRM.search(self.name)

    def fits(self, pronoun: str) -> bool:
        """Whether the titles allow "he" or "she"; a name alone tells nothing."""
        words = {word.strip(".") for word in (*self.titles, *self.name.lower().split())}
        feminine, masculine = bool(words & FEMININE), bool(words & MASCULINE)
        return feminine in (masculine, pronoun in SHE)


@dataclass
class SpeakerResolver:
    """Names one article's sources in reading order; make a new one for each article."""

    known: list[Known] = field(default_factory=list)  # the one that the text turned to last is last

    def see(self, name: str, kind: str, titles: set[str], salient: bool = True) -> Known:
        """Note an entity that the text mentions, with the title words that stand beside it.

        Only a ``salient`` mention (a subject, a speaker) draws the next pronoun; others are kept for their names.
        """
        entity = self._by_name(name, kind)
        if entity is None:
            entity = Known(name, kind)
            self.known.insert(0, entity)
            del self.known[1 : 1 + max(0, len(self.known) - MAX_KNOWN)]
        elif len(name.split()) > len(entity.name.split()) and kind == "PERSON":
            entity.name = name
        entity.titles |= titles
        if salient:
            self.known.remove(entity)
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
        head = words.split(",")[0]  # "Tom Hale, a critic of Ortiz" is Hale
        named = head[:1].isupper() and not _BELONGING_TO_A_NAME.search(head)
        if named and (person := self._by_name(head, "PERSON")):
            return self._spoken(person.name)  # a surname alone is often labelled as something else
        if name := self._names_in(words, entities):
            return self._spoken(name)
        return self._spoken(self._by_description(lower) or words)

    def _spoken(self, name: str) -> str:
        """The name, its bearer now being the one who spoke last."""
        entity = next((entity for entity in self.known if entity.name == name), None) or Known(name, "DESCRIPTION")
        self.known = [other for other in self.known if other is not entity] + [entity]
        return name

    def last_person(self) -> str:
        """The person named last, or nothing."""
        return next((entity.name for entity in reversed(self.known) if entity.kind == "PERSON"), "")

    def _names_in(self, words: str, entities: list[tuple[str, str]]) -> str | None:
        """The person in the source, or the organisation that is its head; a place inside a description is neither."""
        role = _NAME_AFTER_ROLE.search(words[-MAX_NAME:])
        if role and role[1] not in _NO_ROLE and not _FIRM.search(role[2]):
            entities = [(role[2], "PERSON"), *entities]
        for kind in ("PERSON", "ORG", "GPE", "NORP"):
            for text, entity_kind in entities:
                rest = words.replace(text, "").strip(" ,")
                if kind == "PERSON" and _describes_another(words, text):
                    continue
                if entity_kind != kind or (kind != "PERSON" and re.search(r"[a-z]{3,}", DETERMINERS.sub("", rest))):
                    continue
                return self.see(text, kind, set()).name
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
        wanted = KINDS_OF[next((group for group in KINDS_OF if pronoun in group), THEY)]
        candidates = [entity for entity in reversed(self.known) if entity.kind in wanted]
        if pronoun in HE_SHE:
            candidates = [entity for entity in candidates if entity.is_human()]
            candidates = [entity for entity in candidates if entity.fits(pronoun)][:1] or candidates
        elif pronoun in IT:
            candidates = [entity for entity in candidates if not entity.is_human() and not _PLURAL.search(entity.name)]
        return self._spoken(candidates[0].name) if candidates else None

    def _by_metonym(self, state: str) -> str | None:
        return next((entity.name for entity in reversed(self.known) if _same_state(entity.name, state)), None)

    def _by_description(self, lower: str) -> str | None:
        """ "The Norland foreign minister", "the newspaper": a definite description of somebody named before."""
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


def _describes_another(words: str, name: str) -> bool:
    """ "Tom Hale's wife", "a lawyer for Tom Hale": the name only tells who somebody else is."""
    at = words.find(name)
    before, after = words[: max(at, 0)], words[at + len(name) :]
    return at >= 0 and bool(re.match(r"['’]s? +\w", after) or _BELONGING.search(before))


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
