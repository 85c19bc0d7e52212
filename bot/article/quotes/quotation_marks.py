"""Quotation marks: what is somebody's words from end to end."""

from typing import Final

_CLOSING: Final = {
    "“": "”", '"': '"', "「": "」", "『": "』", "«": "»", "„": "“”", "＂": "＂", "‘": "’", "'": "'",
    "‚": "‘’", "‹": "›", "›": "‹", "»": "«»", "”": "”", "〝": "〞〟", "﹁": "﹂", "﹃": "﹄", "｢": "｣",
}  # fmt: skip
_APOSTROPHES: Final = "’'"
_END: Final = "。.！!？?，,"


def opening_mark(text: str) -> str:
    """Return the quotation mark that a text begins with; nothing if with none."""
    first = text.lstrip()[:1]
    return first if first in _CLOSING else ""


def is_quotation(text: str) -> bool:
    """Return whether a text is one quotation from end to end; each further paragraph may open it again."""
    return _inside(text) is not None


def without_marks(text: str) -> str:
    """Return the words inside the outer quotation marks."""
    inside = _inside(text)
    return text.strip() if inside is None else inside.strip()


def _inside(text: str) -> str | None:
    text = text.strip()
    text = text.rstrip(_END) if text[-1:] in _END else text
    opening = text[:1]
    closing = _CLOSING.get(opening)
    if closing is None or len(text) < 4 or text[-1] not in closing:  # noqa: PLR2004  # two marks, two characters
        return None
    inside = text[1:-1].replace(f"\n\n{opening}", "\n\n")
    depth = 1
    for number, char in enumerate(inside):
        if char == opening and opening not in closing:
            depth += 1
        elif char in closing and not _is_apostrophe(inside, number):
            depth -= 1
        if depth == 0:
            return None
    return inside


def _is_apostrophe(text: str, number: int) -> bool:
    around = text[number - 1 : number] + text[number + 1 : number + 2]
    return text[number] in _APOSTROPHES and len(around) == 2 and around.isalnum()  # noqa: PLR2004  # both sides
