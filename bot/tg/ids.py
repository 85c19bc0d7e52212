"""The ids of messages in what comes from Telegram: updates, and answers to requests. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.delivery.message_ids import MessageIds
from bot.inbox import Json
from bot.tg.envelope import is_id

_WRITTEN: Final = frozenset({"message", "edited_message"})
"""Updates about what people wrote. All others may be about messages of the bot's."""

_MAKING: Final = ("send", "copy", "forward")
_MAKING_NONE: Final = frozenset({"sendchataction"})

Place = tuple[int, int]
"""A chat, and the id of a message there."""


def note_update(raw: Json, ids: MessageIds) -> None:
    """Note what an update tells of ids.

    A button may be one of a message whose answer never came: that its id was given is known now, but not
    whose it is. Only what people wrote is surely none of the bot's.
    """
    for kind, part in raw.items():
        if not isinstance(part, dict):
            continue
        about = part.get("message")
        for message in (part, about) if isinstance(about, dict) else (part,):
            if (chat := _chat_of(message)) is None:
                continue
            ids.heard(chat)
            if is_id(message_id := message.get("message_id")):
                note = ids.saw if message is part and kind in _WRITTEN else ids.passed
                note(chat, message_id)


def note_answer(method: str, asked: Mapping[str, Any], result: object, ids: MessageIds) -> None:
    """Note the ids of messages that a request made; of those that it changed, only that they were given."""
    note = ids.saw if makes_message(method) else ids.passed
    for chat, message_id in _messages_in(asked, result):
        note(chat, message_id)


def makes_message(method: str) -> bool:
    """Return whether a method of Telegram's makes a new message."""
    return method.lower().startswith(_MAKING) and method.lower() not in _MAKING_NONE


def _messages_in(asked: Mapping[str, Any], result: object) -> Iterator[Place]:
    """Yield the messages of an answer: one, several, or an id alone for a copy."""
    results: Iterable[object] = result if isinstance(result, list) else (result,)
    for each in results:
        if isinstance(each, dict) and is_id(message_id := each.get("message_id")):
            chat = _chat_of(each) if "chat" in each else asked.get("chat_id")
            if is_id(chat):
                yield chat, message_id


def _chat_of(message: Mapping[str, Any]) -> int | None:
    chat = message.get("chat")
    id_ = chat.get("id") if isinstance(chat, dict) else None
    return id_ if is_id(id_) else None
