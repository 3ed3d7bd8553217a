"""From the words of an attribution to a proposition that stands alone."""

from __future__ import annotations

import re
from typing import NamedTuple

from stance.attribution.cues import NOUNS
from stance.claims.polarity import positive
from stance.schema import Attribution
from stance.wording import sentences

MIN_WORDS, MAX_WORDS = 4, 25
_COMMISSIVE = re.compile(
    r"\b(?:plan|promise|vow|pledge|threaten|intend|agree|decide|expect|prepare|refuse|decline|guarantee|hope)", re.I
)
_REFUSING = re.compile(r"\b(?:refuse|decline)", re.I)
_NOMINAL = re.compile(
    rf"^(?:\W*(?:the|any|all|these|those|such|some|\w+['’]s?|media|earlier|recent|widespread)\s+)*(?:{'|'.join(NOUNS)})s?\s+that\s+",
    re.I,
)
_ACCUSED_OF = re.compile(r"^(?P<who>.{2,80}?) of (?P<what>\w+ing\b.*)$", re.S)
_ACCUSING = re.compile(r"accus|blam|suspect|charg", re.I)
_OBJECT_RULES = ("verb_object", "passive")
"""Rules whose content is a noun phrase: a claim only where it holds a clause ("reports that ...")."""
_FIRST = {"i": "{}", "we": "{}", "me": "{}", "us": "{}", "my": "{}'s", "our": "{}'s", "myself": "{}", "ourselves": "{}"}
_SINGULAR = {"have": "has", "are": "is", "am": "is", "were": "was", "do": "does"}
_THIRD = re.compile(r"^(he|she|they|it)\b", re.I)
_CUT = re.compile(r",? (?:because|as|after|while|although|though|adding|which|who|and that|but) |; |, ")


class Proposition(NamedTuple):
    """A claim in positive polarity; ``negated`` tells that the words it comes from say its opposite."""

    text: str
    negated: bool


def propositions(attribution: Attribution, text: str) -> list[Proposition]:
    """The propositions of an attribution's content: one for each sentence that makes a claim (often none or one)."""
    content = " ".join(span.of(text) for span in attribution.content)
    cue = " ".join(span.of(text) for span in attribution.cue)
    if content.rstrip("\"'”’ ").endswith("?"):
        return []
    clause = _as_clause(_clean(content), cue, attribution)
    if clause is None:
        return []
    made = [_proposition(clause[s.start : s.end], attribution) for s in sentences(clause)]
    return [proposition for proposition in made if proposition is not None]


def _clean(content: str) -> str:
    content = re.sub(r"[“”„«»\"]|(?<!\w)['‘’]|['‘’](?!\w)", "", content)
    content = re.sub(r"\[([^\]]*)\]", r"\1", content)
    return re.sub(r"\s+", " ", content).strip(" ,;:–—-")


def _as_clause(content: str, cue: str, attribution: Attribution) -> str | None:
    """Content as a finite clause, or None where it is a bare noun phrase, a wish or an order."""
    speaker = attribution.speaker
    content = re.sub(r"^(?:that|whether|if)\s+", "", content, flags=re.I)
    if re.match(r"to\s+\w+", content):
        will = "will not" if _REFUSING.search(cue) else "will"
        return f"{speaker} {will} {content[3:]}" if speaker and _COMMISSIVE.search(cue) else None
    if (accusation := _ACCUSED_OF.match(content)) and _ACCUSING.search(cue):
        return f"{accusation['who']} was {accusation['what']}"
    clause = _NOMINAL.sub("", content)
    is_noun_phrase = attribution.rule in _OBJECT_RULES and clause == content
    return None if is_noun_phrase else clause


def _proposition(sentence: str, attribution: Attribution) -> Proposition | None:
    sentence = re.sub(r"^(?:and|but|so|or|well|however|yes|no|look|of course)\b[, ]+", "", sentence.strip(), flags=re.I)
    if sentence.endswith("?"):
        return None
    clause, negated = positive(_shortened(_named(sentence.rstrip(".!; ,"), attribution)))
    count = len(clause.split())
    if not MIN_WORDS <= count <= MAX_WORDS or not clause[0].isalnum():
        return None
    return Proposition(clause[0].upper() + clause[1:], negated)


def _named(sentence: str, attribution: Attribution) -> str:
    """First persons, and the third person that opens indirect speech, become the speaker's name."""
    speaker = attribution.speaker
    if not speaker:
        return sentence
    if attribution.quote_type != "indirect":
        named = re.sub(
            r"\b(I|[Ww]e|[Mm]e|[Uu]s|[Mm]y|[Oo]ur|[Mm]yself|[Oo]urselves)\b(?!['’]s)",
            lambda m: _FIRST[m.group().lower()].format(speaker) if m.group() != "US" else m.group(),
            _expanded(sentence),
        )
        return _agreeing(named, speaker)
    return _THIRD.sub(speaker, sentence, count=1)


def _agreeing(sentence: str, speaker: str) -> str:
    """ "Bo Lind have sold" -> "Bo Lind has sold", where the speaker is one person or body by name."""
    if not all(word[:1].isupper() for word in speaker.split()):
        return sentence
    return re.sub(
        rf"\b{re.escape(speaker)} (have|are|am|were|do)\b", lambda m: f"{speaker} {_SINGULAR[m[1]]}", sentence
    )


def _expanded(sentence: str) -> str:
    """ "I'm", "we've", "I'll" in full, so that a name can take the pronoun's place."""
    for pattern, full in ((r"['’]m\b", " am"), (r"['’]ve\b", " have"), (r"['’]ll\b", " will"), (r"['’]re\b", " are")):
        sentence = re.sub(rf"\b(I|[Ww]e){pattern}", rf"\1{full}", sentence)
    return sentence


def _shortened(sentence: str) -> str:
    """The longest start of at most MAX_WORDS words that ends at a clause boundary."""
    if len(sentence.split()) <= MAX_WORDS:
        return sentence
    cuts = [m.start() for m in _CUT.finditer(sentence) if MIN_WORDS < len(sentence[: m.start()].split()) <= MAX_WORDS]
    return sentence[: cuts[-1]] if cuts else sentence
