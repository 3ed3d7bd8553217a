"""From the words of an attribution to propositions that stand alone.

Where the parse is at hand, each finite clause of the content is one proposition: pronouns become names, negation goes
and is counted. A content without a finite clause ("to close the plant", "selling arms") is put into one where its cue
says how; everything else is no claim.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from stance.claims.cast import Cast, is_plural
from stance.claims.inflection import third_person
from stance.claims.nominal import of_phrase
from stance.claims.polarity import done, positive
from stance.schema import Attribution, Clause, Span
from stance.wording import sentences

MIN_WORDS, MAX_WORDS = 4, 25
_FIRST = re.compile(r"\b(I|[Ww]e|[Mm]e|[Uu]s|[Mm]y|[Oo]ur|[Mm]yself|[Oo]urselves)\b(?!['’]s\b)")
_POSSESSIVE = frozenset(("my", "our", "his", "her", "its", "their"))
_POSSESSED = re.compile(
    r"\s+(?!(?:about|after|and|around|as|at|away|back|because|before|but|by|down|during|for|from|if|in|inside|into|off|on"
    r"|onto|or|out|outside|over|that|the|through|to|towards?|twice|under|until|up|when|where|while|who|with|without)\b)\w",
    re.I,
)
"""What follows "her plan", and not "pushed her on the stairs"."""
_UNCLEAR = re.compile(r"\b(?:you|your|yours|yourself|us all|let['’]s)\b", re.I)
_OPENERS = re.compile(
    r"^(?:and|but|so|or|well|however|yes|no|look|of course|that|whether"
    r"|frankly|honestly|indeed|now|also)\b[, ]+",
    re.I,
)
_CUT = re.compile(r",? (?:as well as|because|as|after|while|although|though|adding|which|who|and that|but) |; |, ")
_REPORTING = re.compile(r", (?:saying|adding|claiming|insisting|noting|arguing|stressing|according to)\b.*$", re.S)
"""What else the speaker said in the same breath is an attribution of its own."""
_TENSE = ("am", "are", "have", "do", "were")


class Proposition(NamedTuple):
    """A claim in positive polarity.

    ``negated`` tells that the words it comes from say its opposite; ``presupposed`` that the speaker takes it for
    granted while saying something else ("asked the firm to stop dumping waste").
    """

    text: str
    negated: bool
    presupposed: bool = False

    def denied_by(self, attribution: Attribution) -> bool:
        """Whether the attribution that it was made of says its opposite: by its cue, by its words, not by both."""
        return self.negated != (attribution.negated and not self.presupposed)


def propositions(attribution: Attribution, text: str, cast: Cast | None = None) -> list[Proposition]:
    """The propositions of an attribution's content, in reading order (often none or one).

    ``cast`` is what the article shows of its speakers; without it a pronoun is taken for the speaker wherever the
    speaker's name allows it.
    """
    cast = cast or Cast(text)
    content = " ".join(span.of(text) for span in attribution.content)
    if content.rstrip("\"'”’ ").endswith("?"):
        return []
    if attribution.clauses:
        made = [_of_clause(clause, attribution, text, cast) for clause in attribution.clauses]
    elif (phrase := of_phrase(attribution, clean(content), text, cast)) is not None:
        made = [_checked(*positive(phrase.text), phrase.presupposed)]
    elif attribution.clauses is None:
        made = [_of_sentence(clean(content)[s.start : s.end], attribution, cast) for s in sentences(clean(content))]
    else:
        made = []
    return [proposition for proposition in made if proposition is not None]


def clean(content: str) -> str:
    """Words without quotation marks, brackets and surplus spaces."""
    content = re.sub(r"[“”„«»\"]|(?<!\w)['‘’]|(?<![sS\w])['‘’](?!\w)", "", content)
    content = re.sub(r"\[([^\]]*)\]|\(\s*\)", r"\1", content)
    content = re.sub(r"\s+", " ", content)
    return re.sub(r"\s+(?=[,;.])|,(?=\s*,)", "", content).strip(" ,;:–—-")


# --- a clause of the parse -------------------------------------------------------------------------------------------


def _of_clause(clause: Clause, attribution: Attribution, text: str, cast: Cast) -> Proposition | None:
    if _asks(clause, text) or (clause.reason and attribution.negated):
        return None
    words = _Words(clause, attribution, text, cast)
    if words.unresolved:
        return None
    sentence, negations, finite = words.assembled()
    sentence, undone = done(sentence, finite) if finite is not None and not negations else (sentence, False)
    sentence, negated = positive(sentence, negations)
    return _checked(_shortened(sentence), negated != undone)


def _asks(clause: Clause, text: str) -> bool:
    return bool(re.match(r"[\"'”’\s]*\?", text[clause.words[-1].end : clause.words[-1].end + 4]))


class _Words:
    """A clause's words with pronouns put into names, and where its negations and its finite word have gone."""

    def __init__(self, clause: Clause, attribution: Attribution, text: str, cast: Cast) -> None:
        self.clause, self.attribution, self.text, self.cast = clause, attribution, text, cast
        self.speaker = attribution.speaker
        self.unresolved = bool(_UNCLEAR.search(self._raw())) or any(not self._is_speaker(p) for p in clause.open)
        self._named = False

    def _raw(self) -> str:
        return " ".join(span.of(self.text) for span in self.clause.words)

    def _is_speaker(self, pronoun: Span) -> bool:
        """Outside the speaker's own quotation marks, a pronoun that fits the speaker is taken for the speaker."""
        word = pronoun.of(self.text).lower()
        possesses = _POSSESSED.match(self.text, pronoun.end) is not None
        is_object = word in ("him", "them") or (word in ("it", "her") and pronoun != self.clause.open[0])
        if self._quoted(pronoun) or is_object or (word == "her" and not possesses):
            return False
        return self.cast.may_be(word, self.speaker)

    def _quoted(self, at: Span) -> bool:
        before = self.text[self.attribution.content[0].start : at.start]
        if self.attribution.quote_type == "indirect":
            return False
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1

    def assembled(self) -> tuple[str, list[int], int | None]:
        """The sentence, the offsets of its negations, and that of its finite word."""
        parts: list[str] = []
        length, negations, finite = 0, [], None
        for start, end in self._tokens():
            word = self.text[start:end]
            if any(n.start == start for n in self.clause.negations):
                negations.append(length)
            if self.clause.finite is not None and self.clause.finite.start == start:
                finite = length
            parts.append(self._word(Span(start, end), word))
            length += len(parts[-1])
        return "".join(parts).rstrip(), negations, finite

    def _tokens(self) -> list[tuple[int, int]]:
        """Runs of text between the places that matter; the gap between two spans is one space."""
        marks = {s.start for s in (*self.clause.negations, *self.clause.open)}
        if self.clause.finite is not None:
            marks |= {self.clause.finite.start, self.clause.finite.end}
        marks |= {s.end for s in self.clause.open}
        pieces: list[tuple[int, int]] = []
        for span in self.clause.words:
            firsts = [] if not self._speaks(span) else list(_FIRST.finditer(self.text, span.start, span.end))
            cuts = marks | {m.start() for m in firsts} | {m.end() for m in firsts}
            edges = [span.start, *sorted(c for c in cuts if span.start < c < span.end), span.end]
            pieces.extend(pairwise(edges))
            pieces.append((span.end, span.end))
        return pieces

    def _speaks(self, span: Span) -> bool:
        return bool(self.speaker) and self.attribution.quote_type != "indirect"

    def _word(self, at: Span, word: str) -> str:
        if at.start == at.end:
            return " "
        if self.speaker and self._speaks(at) and _FIRST.fullmatch(word) and word != "US":
            self._named = True
            return self._name(word)
        if at in self.clause.open:
            self._named = True
            return self._name(word)
        if self.clause.finite == at and self._named:
            return self._agreeing(word)
        return word

    def _name(self, word: str) -> str:
        lower = word.lower()
        first = lower in ("we", "us", "our", "ourselves")
        name = self.cast.body_of(self.speaker) if first else self.speaker
        if lower not in _POSSESSIVE:
            return name
        return f"{name}’" if name.endswith("s") and is_plural(name) else f"{name}'s"

    def _agreeing(self, word: str) -> str:
        """ "We have sold" -> "Karvia has sold"; contracted forms in full."""
        full = {"'m": " am", "'ve": " have", "'ll": " will", "'re": " are", "'d": " would"}.get(
            word.replace("’", "'"), word
        )
        space, plain = (" ", full[1:]) if full.startswith(" ") else ("", full)
        subject = self.cast.body_of(self.speaker)
        if is_plural(subject) or not (self.clause.present or plain.lower() in _TENSE):
            return full
        return space + third_person(plain)


# --- without a parse -------------------------------------------------------------------------------------------------


def _of_sentence(sentence: str, attribution: Attribution, cast: Cast) -> Proposition | None:
    """An attribution that was read from disk: the sentence as it stands, its opening pronoun named."""
    if sentence.endswith("?"):
        return None
    plain = _OPENERS.sub("", sentence.strip())
    pronoun = re.match(r"(he|she|it|they)\b", plain, re.I)
    if pronoun and cast.may_be(pronoun[1], attribution.speaker):
        plain = attribution.speaker + plain[pronoun.end() :]
    return _checked(*positive(_shortened(plain.rstrip(".!; ,"))))


def _checked(sentence: str, negated: bool, presupposed: bool = False) -> Proposition | None:
    text = _OPENERS.sub("", _REPORTING.sub("", clean(sentence)).rstrip(".!; ,"))
    if not MIN_WORDS <= len(text.split()) <= MAX_WORDS or not text[0].isalnum():
        return None
    return Proposition(text[0].upper() + text[1:], negated, presupposed)


def _shortened(sentence: str) -> str:
    """The longest start of at most MAX_WORDS words that ends at a clause boundary."""
    if len(sentence.split()) <= MAX_WORDS:
        return sentence
    cuts = [m.start() for m in _CUT.finditer(sentence) if MIN_WORDS < len(sentence[: m.start()].split()) <= MAX_WORDS]
    return sentence[: cuts[-1]] if cuts else sentence
