"""Which language a text is written in, and how long it takes to read."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

_WIDE: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_IS_WIDE: Final = re.compile(f"[{_WIDE}]").match
_UNIT: Final = re.compile(rf"[{_WIDE}]|[^\W\d_{_WIDE}]+(?:['’][^\W\d_{_WIDE}]+)?|\d+(?:[.,]\d+)*")

WORDS_A_MINUTE: Final = 238
"""Silent reading of English non-fiction by adults (Brysbaert 2019, Journal of Memory and Language 109)."""

CHARACTERS_A_MINUTE: Final = 400
"""Between Chinese read aloud, 255 (IReST: Trauzettel-Klosinski and Dietz 2012), and the 500 of Medium."""

_ADDRESS: Final = re.compile(r"https?://\S+")
_SCRIPTS: Final = {
    "ru": re.compile(r"[\u0400-\u052f]+"),
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f]+"),
    "he": re.compile(r"[\u0590-\u05ff]+"),
    "el": re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]+"),
    "hi": re.compile(r"[\u0900-\u097f]+"),
    "th": re.compile(r"[\u0e00-\u0e7f]+"),
}
"""The language that most texts of a script are in."""
_LETTERS: Final = {
    "ar": (("ar", re.compile(r"[يكةىإأ]")), ("fa", re.compile(r"[پچژگکی]"))),
    "ru": (("ru", re.compile(r"[ыэъё]")), ("uk", re.compile(r"[іїєґ]"))),
}
"""Letters that tell two languages of a script apart."""
_FUNCTION_WORDS: Final = {
    language: frozenset(words.split())
    for language, words in {
        "en": (
            "the of and to in is that for it with as was on are this be by at from not have or an we "
            "you they has your if can will which when there"
        ),
        "de": (
            "der die das und ist nicht ein eine einen mit den von zu auf für im dem des sich auch "
            "wird als werden bei oder wir sie ich nur wie haben sind aus dass zum zur diese dieser"
        ),
        "fr": (
            "le la les des et est une un dans que qui sur pas du au avec ce sont par plus ne se vous "
            "nous pour être cette l d il elle ont aux votre leur"
        ),
        "es": (
            "el la los las de y que es en un una por con para no se del al como más pero sus lo su "
            "está esta este son puede"
        ),
        "pt": (
            "o os as de e que é em um uma por com para não se do da dos das no na ao como mais mas "
            "são foi você esta este pode pelo pela"
        ),
        "it": (
            "il lo gli le di e che è in un una per con non si del della dei nel al alla come più ma "
            "sono questo questa delle da può essere"
        ),
        "nl": (
            "de het een en van is dat niet op te met voor aan zijn er als bij ook maar naar om deze "
            "dit of worden wordt geen uit kan"
        ),
        "pl": (
            "i w na z że do nie się jest to o jak po co za od przez dla są być czy oraz lub tego ten "
            "musi może który która"
        ),
        "tr": (
            "ve bir bu için ile de da olarak daha çok gibi olan en ama ne var değil kadar veya lütfen "
            "her içinde olmalı olmalıdır"
        ),
        "vi": (
            "và của là có không được cho các một trong người những với này đã để khi từ bạn phải hoặc nếu"
        ),
        "id": (
            "yang dan di ini itu dengan untuk dari pada tidak adalah dalam akan ke atau juga karena "
            "ada bisa anda harus telah sebuah"
        ),
        "sv": (
            "och att det som en på är av för med den till inte om ett har de från eller kan du ska "
            "måste denna"
        ),
        "da": (
            "og at det som en på er af for med den til ikke om et har de fra eller kan du skal denne der ud"
        ),
        "no": (
            "og at det som en på er av for med den til ikke om et har de fra eller kan du må denne ut være"
        ),
        "fi": "ja on ei se että tai ole oli kun myös mutta joka ovat jos tämä tämän sen voi olla niin",
        "cs": "a je v na se že to s z do ne jako pro ale o by jsou nebo být tento musí tato nelze není",
        "ro": ("și în de la cu nu o un pe este care din ca mai sau pentru sunt să trebuie această acest ale"),
        "hu": "a az és hogy nem is egy ez van volt csak meg el vagy kell lehet nincs ezt ki",
    }.items()
}
"""The words that a language cannot do without; those that two share count for both."""
_MARKS: Final = {
    "de": "ß", "es": "ñ¿¡", "fr": "œçêèàùâîôû", "pt": "ãõ", "pl": "łżźśćńęą", "tr": "ğışİ", "cs": "řěůťď",
    "vi": "ơưđạảấầẩậắằặẹẻếềểễệỉịọỏốồổộớờởợụủứừửựỳỵỷ", "ro": "țășț", "hu": "őű", "sv": "å", "da": "ø",
    "no": "ø",
}  # fmt: skip
"""Letters that no other of these languages writes, or few."""
_MAX_TELLING_CHARS: Final = 20_000
"""Characters from the beginning that are enough to tell."""

_LATIN_WORD: Final = re.compile(r"(?<![\w.-])[^\W\d_]+(?!\w)")
"""A word of letters alone: the `v` of `v20.1` is none of Czech."""
_FIRST_WIDE: Final = "\u3040"
_MIN_KANA_SHARE: Final = 0.1
_HAN_CHARS_A_WORD: Final = 3


_CODE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_NAMED: Final = {
    name: code
    for code, names in {
        "zh": "chinese mandarin 中文 汉语 漢語 简体中文 繁体中文 繁體中文 简体 繁體",
        "en": "english 英文 英语 英語",
        "ja": "japanese 日文 日语 日本語",
        "ko": "korean 韩文 韩语 한국어",
        "fr": "french français 法语",
        "de": "german deutsch 德语",
        "es": "spanish español 西班牙语",
        "ru": "russian русский 俄语",
    }.items()
    for name in names.split()
}


def language_named(word: str) -> str | None:
    """Return the code that `zh-Hans`, `en_GB` or `中文` stands for; None when it stands for none."""
    word = word.strip()
    if name := _NAMED.get(word.casefold()):
        return name
    return word.replace("_", "-").split("-")[0].lower() if _CODE.fullmatch(word) else None


def language_of_text(text: str) -> str:
    """Guess the ISO 639-1 code of a text from its scripts; English for Latin script.

    A Chinese text may name many things in English: it takes three words to outweigh a character.
    """
    text = _ADDRESS.sub(" ", text[:_MAX_TELLING_CHARS])
    if text.isascii():
        return _latin(text)
    units = _UNIT.findall(text)
    wide = [unit for unit in units if unit >= _FIRST_WIDE and _IS_WIDE(unit)]
    kana = sum("\u3040" <= char <= "\u30ff" for char in wide)
    hangul = sum("\uac00" <= char <= "\ud7af" for char in wide)
    han, words = len(wide) - kana - hangul, len(units) - len(wide)
    if hangul > han + kana and hangul > words:
        return "ko"
    if kana > (han + kana) * _MIN_KANA_SHARE and han + kana > words:
        return "ja"
    if han > words / _HAN_CHARS_A_WORD:
        return "zh"
    most, code = max((len(pattern.findall(text)), code) for code, pattern in _SCRIPTS.items())
    if most > words / 2:
        return _told_apart(text, code)
    return _latin(text)


def _told_apart(text: str, script: str) -> str:
    """Return the language of a text whose script two languages share, the better known one in doubt."""
    choices = _LETTERS.get(script, ())
    return max(choices, key=lambda choice: len(choice[1].findall(text)))[0] if choices else script


def _latin(text: str) -> str:
    """Return the language whose small words a text has most of; English when it has none."""
    words = Counter(_LATIN_WORD.findall(text.casefold()))
    letters = Counter("".join(words)) if not text.isascii() else Counter()
    best, language = 0.0, "en"
    for code, own in _FUNCTION_WORDS.items():
        score = sum(words[word] for word in own) + sum(letters[mark] for mark in _MARKS.get(code, ""))
        if score > best:
            best, language = score, code
    return language


def units_of(text: str) -> list[str]:
    """Return the words of a text in small letters; of scripts that put no spaces between them, characters."""
    folded = text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return _UNIT.findall(folded)


def count(units: Sequence[str]) -> tuple[int, int]:
    """Count Chinese, Japanese and Korean characters, and apart the words of other scripts."""
    wide = sum(unit >= _FIRST_WIDE and _IS_WIDE(unit) is not None for unit in units)
    return wide, len(units) - wide


def minutes_to_read(characters: int, words: int) -> int:
    """Return whole minutes, at least one."""
    return max(1, math.ceil(characters / CHARACTERS_A_MINUTE + words / WORDS_A_MINUTE))
