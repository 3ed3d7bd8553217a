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
_FIRST = {"i": "{}", "we": "{}", "me": "{}", "us": "{}", "my": "{}'s", "our": "{}'s", "myself": "{}", "ourselves": "{}"}
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
    clause = _as_clause(_clean(content), cue, attribution.speaker)
    if clause is None:
        return []
    made = [_proposition(clause[s.start : s.end], attribution) for s in sentences(clause)]
    return [proposition for proposition in made if proposition is not None]


def _clean(content: str) -> str:
    content = re.sub(r"[“”„«»\"]|(?<!\w)['‘’]|['‘’](?!\w)", "", content)
    content = re.sub(r"\[([^\]]*)\]", r"\1", content)
    return re.sub(r"\s+", " ", content).strip(" ,;:–—-")


def _as_clause(content: str, cue: str, speaker: str) -> str | None:
    """Content as a finite clause, or None where it is a bare noun phrase, a wish or an order."""
    content = re.sub(r"^(?:that|whether|if)\s+", "", content, flags=re.I)
    content = _NOMINAL.sub("", content)
    if re.match(r"to\s+\w+", content):
        will = "will not" if _REFUSING.search(cue) else "will"
        return f"{speaker} {will} {content[3:]}" if speaker and _COMMISSIVE.search(cue) else None
    if accusation := _ACCUSED_OF.match(content):
        if re.search(r"accus|blam|suspect|charg", cue, re.I):
            return f"{accusation['who']} was {accusation['what']}"
    return content if _has_verb(content) else None


_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|do|did|will|would|can|could|may|might|must|shall|should|"
    r"\w{3,}ed|made|went|took|gave|said|came|got|left|lost|won|met|sold|held|kept|knew|saw|fell|rose|paid|sent|told|"
    r"found|began|broke|brought|built|bought|caught|chose|cost|cut|drew|drove|fought|grew|hit|hurt|led|put|ran|set|"
    r"shot|shut|spent|stood|struck|thought|wrote|needs|wants|makes|takes|gives|goes|shows|means|remains|includes|faces|"
    r"says|plans|works|helps|costs|owns|runs|uses|leads|holds|keeps|lives|looks|seems|plays|provides|supports)\b",
    re.I,
)


def _has_verb(content: str) -> bool:
    return bool(_VERB.search(content))


def _proposition(sentence: str, attribution: Attribution) -> Proposition | None:
    sentence = re.sub(r"^(?:and|but|so|or|well|however|yes|no|look|of course)\b[, ]+", "", sentence.strip(), flags=re.I)
    if sentence.endswith("?") or not _has_verb(sentence):
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
        return re.sub(
            r"\b(I|[Ww]e|[Mm]e|[Uu]s|[Mm]y|[Oo]ur|[Mm]yself|[Oo]urselves)\b(?!['’]s)",
            lambda m: _FIRST[m.group().lower()].format(speaker) if m.group() != "US" else m.group(),
            _expanded(sentence),
        )
    return _THIRD.sub(speaker, sentence, count=1)


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
