"""What the server does to a text: refuses, cleans, and finds links, commands and tags in it."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from bot.demo.arguments import whole
from bot.message.limits import ENTITY_LIMIT, TEXT_LIMIT, is_link, utf16

Json = dict[str, Any]

MAX_INPUT_CHARS: Final = 32768
MAX_ENTITY_BYTES: Final = 9500

_KINDS: Final = frozenset(
    "bold italic underline strikethrough spoiler code pre text_link text_mention custom_emoji blockquote "
    "expandable_blockquote date_time".split()
)
_DETECTED: Final = frozenset(
    "mention hashtag cashtag bot_command url email phone_number bank_card_number".split()
)
_SPACES: Final = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
_DROPPED: Final = re.compile("[\r\u202a-\u202e\u0333\u033f\u030a]")
_FOUND: Final = (
    (
        "email",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", re.ASCII),
    ),
    (
        "url",
        re.compile(r"https?://[^\s<>\"，。；！？、（）《》「」]+[^\s<>\".,;:!?)，。；！？、（）《》「」]"),
    ),
    # The real server knows every top-level domain; these are the ones that texts name.
    (
        "url",
        re.compile(
            r"(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|md|cn|eu|uk|de|fr|jp|me|ai)\b"
            r"(?:/[^\s<>\"，。；！？、（）《》「」]*[^\s<>\".,;:!?)，。；！？、（）《》「」])?",
            re.ASCII | re.IGNORECASE,
        ),
    ),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?!\w)")),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)


class TextRefused(Exception):  # an answer, not a mistake of ours
    """The description of a 400."""


def checked(
    text: str | None, entities: Any, *, edited: bool = False, limit: int = TEXT_LIMIT
) -> tuple[str, list[Json]]:
    """Return a text as it will be shown, with all its entities. TextRefused in the server's words.

    The server counts characters, not UTF-16 units; an edit that is too long gets another error than a send.
    """
    if not text:
        raise TextRefused("message text is empty")
    if len(text.encode("utf-8", "surrogatepass")) > MAX_INPUT_CHARS:
        raise TextRefused("text is too long")
    given = _read(entities)
    clean, kept = _cleaned(text, given)
    if not clean:
        raise TextRefused("text must be non-empty")
    if len(clean) > limit:
        raise TextRefused("MESSAGE_TOO_LONG" if edited else "message is too long")
    if sum(24 + len(str(entity.get("url", "")).encode()) for entity in kept) > MAX_ENTITY_BYTES:
        raise TextRefused("ENTITIES_TOO_LONG")
    return clean, detected(clean, kept[:ENTITY_LIMIT])


def detected(text: str, entities: Sequence[Json]) -> list[Json]:
    """Return the entities, and what the server finds by itself where they leave room."""
    found = list(entities)
    fixed = _DETECTED | {"code", "pre", "text_link"}
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in fixed
    ]
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, length = utf16(text[: match.start()]), utf16(match[0])
            if all(end <= start or start + length <= begin for begin, end in taken):
                found.append({"type": kind, "offset": start, "length": length})
                taken.append((start, start + length))
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def _read(entities: Any) -> list[Json]:
    if entities is None:
        return []
    if not isinstance(entities, list):
        raise TextRefused("can't parse entities JSON object")
    given = []
    for entity in entities:
        if not isinstance(entity, dict) or str(entity.get("type")) not in _KINDS | _DETECTED:
            raise TextRefused("can't parse MessageEntity: Unsupported type specified")
        if entity["type"] in _KINDS:
            given.append({key: value for key, value in entity.items() if value is not None})
    return given


def _cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Replace or drop odd characters, strip space at the ends, move entities along."""
    positions: list[int] = []  # for each UTF-16 unit of the original, the unit in the cleaned text
    kept: list[str] = []
    length = 0
    for char in text:
        positions += [length] * utf16(char)
        if not _DROPPED.match(char) and unicodedata.category(char) != "Cs":
            kept.append(" " if _SPACES.match(char) else char)
            length += utf16(char)
    positions.append(length)
    joined = "".join(kept)
    moved = [entity for entity in (_moved(entity, positions, joined) for entity in entities) if entity]
    right = joined.rstrip()
    left = len(right) - len(right.lstrip())
    first = min((entity["offset"] for entity in moved), default=left)
    cut = min(left, first)
    clean = right[cut:]
    size = utf16(clean)
    for entity in moved:
        entity["offset"] -= cut
        entity["length"] = min(entity["length"], size - entity["offset"])
    return clean, [entity for entity in moved if entity["length"] > 0]


def _moved(entity: Json, positions: list[int], text: str) -> Json | None:
    last = len(positions) - 1
    offset, length = whole(entity.get("offset")), whole(entity.get("length"))
    start = positions[min(max(offset, 0), last)]
    end = positions[min(max(offset + length, 0), last)]
    covered = text.encode("utf-16-le")[start * 2 : end * 2].decode("utf-16-le", "ignore")
    if not covered.strip() or (entity["type"] == "text_link" and not is_link(str(entity.get("url", "")))):
        return None
    return {**entity, "offset": start, "length": end - start}
