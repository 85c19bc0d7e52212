"""Which language a text is written in, and how long it takes to read."""

import math
import re
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_KANA: Final = re.compile(r"[\u3040-\u30ff]+")
_HANGUL: Final = re.compile(r"[\uac00-\ud7af]+")
_WORD: Final = re.compile(
    r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*"
)

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
"""The language that most texts of a script are in; the Latin one says nothing and stands for English."""

_MIN_KANA_SHARE: Final = 0.1
_HAN_CHARS_A_WORD: Final = 2


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

    A Chinese text may name many things in English: it takes two words to outweigh a character.
    """
    text = _ADDRESS.sub(" ", text)
    han, words = _length(_HAN, text), len(_WORD.findall(text))
    kana, hangul = _length(_KANA, text), _length(_HANGUL, text)
    if hangul > han + kana and hangul > words:
        return "ko"
    if kana > (han + kana) * _MIN_KANA_SHARE and han + kana > words:
        return "ja"
    if han > words / _HAN_CHARS_A_WORD:
        return "zh"
    if text.isascii():
        return "en"
    most, code = max((len(pattern.findall(text)), code) for code, pattern in _SCRIPTS.items())
    return code if most > words / 2 else "en"


def count(text: str) -> tuple[int, int]:
    """Count Chinese, Japanese and Korean characters, and apart the words of other scripts."""
    wide = _length(_HAN, text) + _length(_KANA, text) + _length(_HANGUL, text)
    return wide, len(_WORD.findall(text))


def _length(script: re.Pattern[str], text: str) -> int:
    return sum(map(len, script.findall(text)))


def minutes_to_read(characters: int, words: int) -> int:
    """Return whole minutes, at least one."""
    return max(1, math.ceil(characters / CHARACTERS_A_MINUTE + words / WORDS_A_MINUTE))
