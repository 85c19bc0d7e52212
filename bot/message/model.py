"""A message as it leaves: text, entities in UTF-16 units, buttons."""

from dataclasses import dataclass
from typing import Literal

EntityKind = Literal[
    "bold", "italic", "strikethrough", "code", "pre", "text_link", "blockquote", "expandable_blockquote"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """How a stretch of text looks; offset and length in UTF-16 units, as the Bot API counts."""

    kind: EntityKind
    offset: int
    length: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message: exactly one of `callback_data` (at most 64 bytes) and `url`."""

    text: str
    callback_data: str | None = None
    url: str | None = None


ButtonRow = tuple[Button, ...]
Buttons = tuple[ButtonRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; of its links, only one that `preview` names shows a preview.

    `photo` is a picture as Telegram names it, sent with the text below; where it is refused, the text goes
    alone.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    buttons: Buttons = ()
    preview: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """What somebody wrote to the bot, whatever it holds, sent on without its author's name."""

    chat: int
    message_id: int


Content = Message | Copy
"""What can be delivered."""
