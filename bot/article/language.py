"""Which language a text is written in, and how long it takes to read."""

import math
import re
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7af]")
_WORD: Final = re.compile(
    r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*"
)

CHARACTERS_A_MINUTE: Final = 400
WORDS_A_MINUTE: Final = 220
_KANA_SHARE: Final = 0.1
_HAN_A_WORD: Final = 2


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
    """The code that `zh-Hans`, `en_GB` or `中文` stands for; None when it stands for none."""
    word = word.strip()
    if name := _NAMED.get(word.casefold()):
        return name
    return word.replace("_", "-").split("-")[0].lower() if _CODE.fullmatch(word) else None


def language_of_text(text: str) -> str:
    """ISO 639-1 code by script: zh, ja, ko, and en for all others."""
    han, words = len(_HAN.findall(text)), len(_WORD.findall(text))
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    if hangul > han + kana and hangul > words:
        return "ko"
    if kana > (han + kana) * _KANA_SHARE and han + kana > words:
        return "ja"
    return "zh" if han > words / _HAN_A_WORD else "en"


def count(text: str) -> tuple[int, int]:
    """Chinese, Japanese and Korean characters, and words of other scripts, counted apart."""
    wide = len(_HAN.findall(text)) + len(_KANA.findall(text)) + len(_HANGUL.findall(text))
    return wide, len(_WORD.findall(text))


def minutes_to_read(characters: int, words: int) -> int:
    """Whole minutes, at least one."""
    return max(1, math.ceil(characters / CHARACTERS_A_MINUTE + words / WORDS_A_MINUTE))
