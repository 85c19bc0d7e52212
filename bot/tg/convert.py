"""Our messages as the Bot API wants them; never a parse mode."""

import contextlib
import json
import logging
from typing import Any, Final, Literal, cast, get_args

import telegram
from telegram.constants import ChatAction

from bot.message.codec import dump
from bot.message.markdown import to_markdown
from bot.message.model import Content, Copy, Entity, EntityKind, Message
from bot.reader.model import Place
from bot.tg.bot import TolerantBot

log = logging.getLogger(__name__)

_GONE: Final = ("message to edit not found", "message can't be edited", "there is no text in the message")
GENERAL: Final = 1
"""The topic that every forum has."""

_KINDS: Final = frozenset(get_args(EntityKind))


def fields(message: Message) -> dict[str, Any]:
    """Return what sending and editing a text have in common, ready for JSON."""
    shown = dump(message)
    keyboard = {"reply_markup": {"inline_keyboard": shown["buttons"]}} if message.buttons else {}
    return {
        "text": shown["text"],
        "entities": shown["entities"],
        "link_preview_options": _preview(message.preview),
        **keyboard,
    }


def photo_fields(message: Message) -> dict[str, Any]:
    """Return a message as a picture with a text below, ready for JSON."""
    shown = fields(message)
    return {
        "photo": message.photo,
        "caption": shown["text"],
        "caption_entities": shown["entities"],
        **{name: value for name, value in shown.items() if name == "reply_markup"},
    }


def as_markdown(message: telegram.Message, *, start: int = 0) -> str:
    """Return what somebody wrote, in a text or below a picture or file, and how they formatted it.

    What stands before the character `start` is left out.
    """
    given = [
        Entity(
            kind=cast("EntityKind", str(entity.type)),
            offset=entity.offset,
            length=entity.length,
            url=entity.url,
            language=entity.language,
        )
        for entity in message.entities or message.caption_entities
        if entity.type in _KINDS
    ]
    return to_markdown(message.text or message.caption or "", given, start=start)


def body(message: Content) -> bytes:
    """Return a message as JSON for the method that sends its kind, all but whom it is for."""
    if isinstance(message, Copy):
        return json.dumps({"from_chat_id": message.chat, "message_id": message.message_id}).encode()
    named = photo_fields(message) if message.photo else fields(message)
    return json.dumps(named, ensure_ascii=False, separators=(",", ":")).encode()


def method_for(message: Content) -> str:
    """Return the method that sends a message of this kind."""
    if isinstance(message, Copy):
        return "copyMessage"
    return "sendPhoto" if message.photo else "sendMessage"


def addressed(place: Place, body: bytes) -> bytes:
    """Return a body with whom it is for."""
    thread = _thread(place)
    topic = b"" if thread is None else b'"message_thread_id":%d,' % thread
    # The body begins with `{`: put the chat behind it, without encoding the text again.
    return b'{"chat_id":%d,%b%b' % (place.chat, topic, body[1:])


async def send(bot: TolerantBot, place: Place, message: Message) -> int:
    """Send a message to a place; its id. Errors are python-telegram-bot's."""
    where = {"chat_id": place.chat, "message_thread_id": _thread(place)}
    if message.photo:
        # A picture that is gone, or not allowed here, holds no words up.
        with contextlib.suppress(telegram.error.BadRequest):
            sent = await bot.call("sendPhoto", {**where, **photo_fields(message)})
            return int(sent["message_id"])
    sent = await bot.call("sendMessage", {**where, **fields(message)})
    return int(sent["message_id"])


async def try_to_send(bot: TolerantBot, place: Place, message: Message) -> bool:
    """Send a message to a place; return whether Telegram took it."""
    try:
        await send(bot, place, message)
    except (telegram.error.TelegramError, KeyError, TypeError, ValueError) as error:
        log.warning("A message to chat %d was not taken: %s", place.chat, type(error).__name__)
        return False
    return True


async def type_in(bot: telegram.Bot, place: Place) -> None:
    """Show *typing …* in a place."""
    await bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=_thread(place))


async def send_file(
    bot: telegram.Bot, place: Place, name: str, data: bytes, caption: str, *, as_picture: bool = False
) -> None:
    """Send a file to a place; a picture is shown."""
    send = bot.send_photo if as_picture else bot.send_document
    await send(place.chat, data, caption=caption, filename=name, message_thread_id=_thread(place))


Edited = Literal["changed", "same", "gone"]
"""What became of a message that was to be changed; after a double tap, it is the same already."""


async def edit(bot: TolerantBot, chat: int, message_id: int, message: Message) -> Edited:
    """Change a message."""
    try:
        await bot.call("editMessageText", {"chat_id": chat, "message_id": message_id, **fields(message)})
    except telegram.error.BadRequest as error:
        # Telegram tells these apart only by words.
        words = str(error).lower()
        if any(gone in words for gone in _GONE):
            return "gone"
        if "message is not modified" in words:
            return "same"
        raise
    return "changed"


def _thread(place: Place) -> int | None:
    """Return a topic; General is not addressed as one."""
    return place.topic if place.topic != GENERAL else None


def _preview(url: str) -> dict[str, Any]:
    return {"url": url, "prefer_small_media": True} if url else {"is_disabled": True}
