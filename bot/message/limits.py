"""Telegram's limits, and whether a message keeps them. The one place that knows them."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from bot.message.model import Button, Entity, Message

TEXT_LIMIT: Final = 4096
"""UTF-16 units of a text. The server counts characters; counting units is never too generous."""

CAPTION_LIMIT: Final = 1024
"""The same of a text below a picture."""

ENTITY_LIMIT: Final = 100
ENTITY_BYTES: Final = 9000
"""What all entities of a message may take on the wire; beyond about 9,500 the server refuses the message."""

URL_LIMIT: Final = 2048
"""Characters of an address; one that is longer would leave no room for others, and browsers refuse it."""

CALLBACK_LIMIT: Final = 64
"""Bytes that a button sends back."""

ROW_LIMIT: Final = 8
BUTTON_LIMIT: Final = 100
BUTTON_TEXT_LIMIT: Final = 64
"""Characters of a button's text that clients show; longer ones are cut by the views."""

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_ENTITY_COST_BYTES: Final = 24
_TG_HOST: Final = re.compile(r"[a-z0-9_-]+", re.IGNORECASE)
_PERSON: Final = "tg://user?"
"""In a button it leads to somebody; in a text it would become a mention, if the bot has met them."""
_NAME: Final = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*\.?")


def utf16(text: str) -> int:
    """Return the length in UTF-16 units, as the Bot API counts offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def entity_bytes(url: str | None, language: str | None = None) -> int:
    """Return an upper estimate of what one entity takes on the wire: its numbers, and its address."""
    return _ENTITY_COST_BYTES + len((url or "").encode()) + len((language or "").encode())


def is_link(url: str) -> bool:
    """Return whether Telegram keeps this as a link: http, https or tg, and a host with a dot."""
    return kept_link(url) is not None or url.lower().startswith(_PERSON)


def kept_link(url: str) -> str | None:
    """Return an address as Telegram keeps it: a small host, and a path. None if it is no link."""
    if len(url) > URL_LIMIT or any(char <= " " for char in url):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if url.lower().startswith(_PERSON) or not host or parts.netloc[0] == "@" or parts.netloc[-1] == ":":
        return None
    if parts.scheme == "tg":
        kept = _TG_HOST.fullmatch(parts.netloc) is not None
        path = parts.path or ("" if parts.query else "/")
    else:
        kept = parts.scheme in {"http", "https"} and _is_host(host)
        path = parts.path or "/"
    user, at, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}{at}{place.lower()}", path=path).geturl() if kept else None


def web_link(url: str) -> str | None:
    """Return an address as Telegram keeps it if it leads to the web; None for all else.

    A `tg://` address can mention somebody, add a proxy or open a chat: what an article names must not.
    """
    kept = kept_link(url)
    return kept if kept is not None and kept.lower().startswith(("http://", "https://")) else None


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _NAME.fullmatch(host) is not None
    return True


def problems(message: Message) -> list[str]:
    """Return every limit that a message breaks; empty for a good one."""
    return [*_text(message), *_entities(message), *_buttons(message)]


def _text(message: Message) -> Iterator[str]:
    length, most = utf16(message.text), CAPTION_LIMIT if message.photo else TEXT_LIMIT
    if length > most:
        yield f"the text has {length} UTF-16 units; {most} are allowed"
    if not message.text.strip():
        yield "the text is empty"
    if message.text != message.text.strip():
        yield "the text begins or ends with space, which Telegram removes"
    if _SURROGATES.search(message.text):
        yield "the text holds half a character"


def _entities(message: Message) -> Iterator[str]:
    if len(message.entities) > ENTITY_LIMIT:
        yield f"there are {len(message.entities)} entities; {ENTITY_LIMIT} are allowed"
    size = sum(entity_bytes(entity.url, entity.language) for entity in message.entities)
    if size > ENTITY_BYTES:
        yield f"the entities take {size} bytes; {ENTITY_BYTES} are allowed"
    inside = _inner_offsets(message.text)
    length = utf16(message.text)
    open_: list[Entity] = []
    for entity in sorted(message.entities, key=lambda entity: (entity.offset, -entity.length)):
        end = entity.offset + entity.length
        if entity.offset < 0 or entity.length < 1 or end > length:
            yield f"a {entity.kind} lies outside the text"
        if entity.offset in inside or end in inside:
            yield f"a {entity.kind} cuts a character"
        if entity.kind == "text_link" and not is_link(entity.url or ""):
            yield f"a link leads nowhere: {entity.url!r}"
        while open_ and open_[-1].offset + open_[-1].length <= entity.offset:
            open_.pop()
        if open_ and open_[-1].offset + open_[-1].length < end:
            yield f"a {entity.kind} overlaps a {open_[-1].kind}"
        open_.append(entity)


def _inner_offsets(text: str) -> set[int]:
    """Return the offsets between the two units of one character."""
    found: set[int] = set()
    if text.isascii() or max(text, default="") <= "\uffff":
        return found
    offset = 0
    for char in text:
        if char > "\uffff":
            found.add(offset + 1)
            offset += 1
        offset += 1
    return found


def _buttons(message: Message) -> Iterator[str]:
    if sum(map(len, message.buttons)) > BUTTON_LIMIT:
        yield f"there are more than {BUTTON_LIMIT} buttons"
    for row in message.buttons:
        if not 0 < len(row) <= ROW_LIMIT:
            yield f"a row has {len(row)} buttons; 1 to {ROW_LIMIT} are allowed"
        for button in row:
            yield from _button(button)


def _button(button: Button) -> Iterator[str]:
    if not button.text.strip() or len(button.text) > BUTTON_TEXT_LIMIT:
        yield f"a button's text is empty or too long: {button.text!r}"
    if (button.callback_data is None) == (button.url is None):
        yield f"the button {button.text!r} needs an action or an address"
    if button.callback_data is not None and not 0 < len(button.callback_data.encode()) <= CALLBACK_LIMIT:
        yield f"the button {button.text!r} sends back more than {CALLBACK_LIMIT} bytes, or nothing"
    if button.url is not None and not is_link(button.url):
        yield f"the button {button.text!r} leads nowhere: {button.url!r}"
