"""What Telegram makes of a message: its own parser, and the clean-up that it leaves to the server.

The parser (TDLib's, by `tdjson`) takes markup, so a message's entities are written as HTML first. What the
server does behind it is written here from its documented behaviour, apart from our own code.
"""

import json
from collections.abc import Iterator
from html import escape
from typing import Any, Final

import tdjson

from bot.message.model import Entity, Message

_TAGS: Final = {
    "bold": ("<b>", "</b>"),
    "underline": ("<u>", "</u>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "italic": ("<i>", "</i>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}
_KINDS: Final = {
    "textEntityTypeBold": "bold",
    "textEntityTypeUnderline": "underline",
    "textEntityTypeSpoiler": "spoiler",
    "textEntityTypeItalic": "italic",
    "textEntityTypeStrikethrough": "strikethrough",
    "textEntityTypeCode": "code",
    "textEntityTypePre": "pre",
    "textEntityTypePreCode": "pre",
    "textEntityTypeTextUrl": "text_link",
    "textEntityTypeBlockQuote": "blockquote",
    "textEntityTypeExpandableBlockQuote": "expandable_blockquote",
}
_QUOTES: Final = frozenset({"blockquote", "expandable_blockquote"})
_FIXED: Final = frozenset({"code", "pre"})
_GONE: Final = frozenset("\r\u0333\u033f\u030a" + "".join(map(chr, range(0x2028, 0x202F))))
_PLAIN: Final = frozenset({*map(chr, range(32))} - {"\n", "\r"})

tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())


def as_telegram_keeps_it(message: Message) -> Message:
    """The same message, parsed and cleaned. ValueError with Telegram's words if it refuses it."""
    parsed = _parsed(_html(message))
    text = parsed["text"]
    entities = [_entity(entity) for entity in parsed["entities"]]
    return _cleaned(text, entities)


def looks(message: Message) -> list[tuple[int, int, str, str, str]]:
    """The entities of a message, comparable whatever their order."""
    return sorted(
        (one.offset, one.length, one.kind, one.url or "", one.language or "") for one in message.entities
    )


def is_altered(message: Message) -> bool:
    """Whether Telegram keeps another text, or other entities."""
    kept = as_telegram_keeps_it(message)
    return (message.text, looks(message)) != (kept.text, looks(kept))


def parsed_html(html: str) -> Message:
    """A message that was written in HTML. ValueError with Telegram's words if it refuses it."""
    parsed = _parsed(html)
    return Message(text=parsed["text"], entities=tuple(map(_entity, parsed["entities"])))


def _execute(request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"")
    if answer["@type"] == "error":
        raise ValueError(answer["message"])
    return answer


def _parsed(html: str) -> dict[str, Any]:
    return _execute(
        {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    )


def _html(message: Message) -> str:
    """The text with a tag where each entity begins and ends; they must lie within one another."""
    units = message.text.encode("utf-16-le")
    marks = sorted(_marks(message.entities))
    text, last = "", 0
    for offset, *_, mark in marks:
        text += escape(units[2 * last : 2 * offset].decode("utf-16-le"), quote=False) + mark
        last = offset
    return text + escape(units[2 * last :].decode("utf-16-le"), quote=False)


def _marks(entities: tuple[Entity, ...]) -> Iterator[tuple[int, int, int, int, str]]:
    """Ends before beginnings; among ends the inner ones first, among beginnings the outer ones."""
    for number, entity in enumerate(entities):
        end = entity.offset + entity.length
        if entity.kind == "text_link":
            opens, is_balanced = f'<a href="{escape(entity.url or "")}">', "</a>"
        elif entity.kind == "pre" and entity.language:
            opens, is_balanced = f'<pre><code class="language-{escape(entity.language)}">', "</code></pre>"
        elif entity.kind == "pre":
            opens, is_balanced = "<pre>", "</pre>"
        else:
            opens, is_balanced = _TAGS[entity.kind]
        yield entity.offset, 1, -entity.length, number, opens
        yield end, 0, -entity.offset, -number, is_balanced


def _entity(found: dict[str, Any]) -> Entity:
    kind = found["type"]
    return Entity(
        kind=_KINDS[kind["@type"]],  # type: ignore[arg-type]  # another kind is a KeyError
        offset=found["offset"],
        length=found["length"],
        url=kind.get("url"),
        language=kind.get("language") or None,
    )


def _cleaned(text: str, entities: list[Entity]) -> Message:
    """Control characters become spaces, some others go; space goes at the ends, and entities of space only."""
    if any(char in _GONE for char in text):
        raise ValueError("has characters that the server drops, and moves entities for")
    text = "".join(" " if char in _PLAIN else char for char in text)
    kept = [entity for entity in entities if _covered(text, entity).strip()]
    kept = [entity for entity in kept if not any(_forbids(outer, entity) for outer in kept)]
    end = len(text.rstrip().encode("utf-16-le")) // 2
    clipped = [_clipped(entity, end) for entity in kept if entity.offset < end]
    before = len(text) - len(text.lstrip(" \n"))
    start = min([before, *(entity.offset for entity in clipped)])
    moved = tuple(_moved(entity, -start) for entity in clipped)
    return Message(text=text.rstrip()[start:], entities=moved)


def _forbids(outer: Entity, inner: Entity) -> bool:
    """Whether Telegram keeps no such entity within such another: code stands alone, quotes do not nest."""
    if outer is inner or outer.offset > inner.offset:
        return False
    if outer.offset + outer.length < inner.offset + inner.length:
        return False
    same = (outer.offset, outer.length) == (inner.offset, inner.length)
    if outer.kind in _QUOTES or (same and inner.kind in _QUOTES):
        return outer.kind in _QUOTES and inner.kind in _QUOTES
    return outer.kind == inner.kind or outer.kind in _FIXED or inner.kind in _FIXED


def _covered(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def _clipped(entity: Entity, end: int) -> Entity:
    return _moved(entity, 0, min(entity.length, end - entity.offset))


def _moved(entity: Entity, by: int, length: int | None = None) -> Entity:
    return Entity(
        kind=entity.kind,
        offset=entity.offset + by,
        length=entity.length if length is None else length,
        url=entity.url,
        language=entity.language,
    )
