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
