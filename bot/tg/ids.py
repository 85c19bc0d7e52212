"""The ids of messages in what comes from Telegram: updates, and answers to requests. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.inbox import Json
from bot.tg.envelope import is_id


def ids_in_update(raw: Json) -> Iterator[tuple[int, int]]:
    """Yield the chats of the messages that an update tells of, and their ids."""
    for part in raw.values():
        if isinstance(part, dict):
            yield from _id_of(part)
            yield from _id_of(part.get("message"))  # of a button that was pressed


def ids_in_answer(asked: Mapping[str, Any], result: object) -> Iterator[tuple[int, int]]:
    """Yield the same of messages that a request made: one, several, or an id alone for a copy."""
    results: Iterable[object] = result if isinstance(result, list) else (result,)
    for each in results:
        if isinstance(each, dict) and "chat" not in each:
            yield from _id_of({**each, "chat": {"id": asked.get("chat_id")}})
        else:
            yield from _id_of(each)


def _id_of(message: object) -> Iterator[tuple[int, int]]:
    if isinstance(message, dict) and isinstance(chat := message.get("chat"), dict):
        chat_id, message_id = chat.get("id"), message.get("message_id")
        if is_id(chat_id) and is_id(message_id):
            yield chat_id, message_id
