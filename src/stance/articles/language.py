"""The language of a text, by its script and its most frequent words: enough to set aside what is not English."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

UNKNOWN = ""
MAX_CHARACTERS = 20_000
"""So much of a text tells its language."""

_WORDS = {
    "en": "a s t like the of and to in that is was for it with as on be by he his are at this have from but they which not you had said has will would were been who their an its about more after she her or what there when than out up could one into says told also over last new if we i my do how all should some no",  # noqa: E501
    "de": "der die das und ist nicht ein eine zu den von mit sich des auf für dem im auch als es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sagte ich wir",  # noqa: E501
    "fr": "le la les de des et est un une du que qui dans pour pas sur au plus par ce avec il ne se sont en son a été aux elle cette mais ont ses comme sa nous être fait ou leur y je vous était d l s c n qu",  # noqa: E501
    "es": "el la los las de del y que en un una es por con no se para al su lo como más pero sus le ha este fue son está también hay desde cuando muy sin sobre ser entre todo esta había dijo años ya o",  # noqa: E501
    "it": "il lo la gli le di del della dei che e è un una in per con non si da al alla sono nel più anche come ha ma delle dal nella questo i su se suo ed hanno stato dalla ai essere o gli era",  # noqa: E501
    "pt": "o a os as de do da dos das e que em um uma é não para com por se no na ao mais como foi mas seu sua ou são ser há está nos pelo pela até isso ele ela entre já também disse à",  # noqa: E501
    "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als bij door naar heeft maar uit hij nog wordt over ze was worden tot dan kan die meer deze werd geen je wij ik hebben",  # noqa: E501
    "sv": "och att det i en är som på av för med den inte till ett om har de han var från men vi sig så kan när ska eller efter sade hon också mot vid under över",  # noqa: E501
    "da": "og at det i en er som på af for med den ikke til et om har de han var fra men vi sig så kan når skal eller efter sagde hun også mod ved under over blev være der være",  # noqa: E501
    "nb": "og at det i en er som på av for med den ikke til et om har de han var fra men vi seg så kan når skal eller etter sa hun også mot ved under over ble være være",  # noqa: E501
    "fi": "ja on ei että se oli hän ovat mutta myös kun joka sen kuin niin mukaan ole tai vuoden jo jos hänen sitä nyt vain ovat olla kanssa mitä joka",  # noqa: E501
    "pl": "i w na z się nie do to że jest o jak za od po przez dla ale są tym był oraz jego może tak ze by już co czy być jej przed także",  # noqa: E501
    "cs": "a v na se je že to s z do o i ve pro za by jako po k ale si jsou byl od jeho který podle také jen která byla až při nebo není",  # noqa: E501
    "ro": "și în de la a cu că pe nu este din o un să care mai pentru au fost sunt ce după al ale lui dar prin fi ca se sau îi ar",  # noqa: E501
    "hu": "a az és hogy nem is egy van ez meg csak már de volt el mint még ki lesz vagy azt azonban kell után amely szerint ha",  # noqa: E501
    "tr": "ve bir bu da de için ile olarak çok daha gibi olan ne kadar sonra var en ise ama her değil olduğunu dedi göre iki o",  # noqa: E501
    "id": "yang dan di itu dengan untuk dari tidak ini dalam pada akan juga ke adalah ada oleh karena bisa mereka telah kata sebagai saya atau kami lebih",  # noqa: E501
}
_LANGUAGES: dict[str, list[str]] = {}
for _code, _list in _WORDS.items():
    for _word in set(_list.split()):
        _LANGUAGES.setdefault(_word, []).append(_code)
_SCRIPTS = {
    "CYRILLIC": "ru", "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "DEVANAGARI": "hi", "BENGALI": "bn", "THAI": "th",
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "TAMIL": "ta", "GEORGIAN": "ka", "ARMENIAN": "hy",
}  # fmt: skip
"""First word of a letter's Unicode name -> the language most often written with it (a script may serve several)."""
_TOKEN = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """ISO 639 code of the language that ``text`` is most likely in; "" where too little speaks for any.

    A script that only some languages use decides first; then the language whose frequent words cover most of the
    text. Seventeen languages in Latin letters are told apart, others come out as unknown or as their neighbour.
    """
    text = text[:MAX_CHARACTERS]
    if other := _by_script(text):
        return other
    words = Counter(word.lower() for word in _TOKEN.findall(text))
    votes: Counter[str] = Counter()
    for word, count in words.items():
        for code in _LANGUAGES.get(word, ()):
            votes[code] += count
    total = sum(words.values())
    code, best = max(votes.items(), key=lambda item: (item[1], item[0] == "en"), default=(UNKNOWN, 0))
    lead = best - votes["en"] if code != "en" else 2
    return code if best >= 0.12 * total and lead >= 2 else UNKNOWN  # a headline tells little


def _by_script(text: str) -> str:
    letters = [letter for letter in text[:2000] if letter.isalpha()]
    foreign = [letter for letter in letters if letter > "\u036f"]  # beyond Latin and its marks
    if 2 * len(foreign) <= len(letters):
        return UNKNOWN
    scripts = Counter(unicodedata.name(letter, "").replace("-", " ").split(" ")[0] for letter in foreign)
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * len(foreign):
        return "ja"
    known = (_SCRIPTS[script] for script, _ in scripts.most_common() if script in _SCRIPTS)
    return next(known, UNKNOWN)
