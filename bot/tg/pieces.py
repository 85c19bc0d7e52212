"""Messages of editors as pieces of a draft."""

import re
from datetime import datetime, tzinfo
from typing import Final

import telegram
from telegram import MessageOriginChannel, MessageOriginChat, MessageOriginHiddenUser, MessageOriginUser

from bot.editing.pieces import File, Piece, Post
from bot.message.limits import utf16
from bot.tg.convert import as_markdown

_NO_TEXT: Final = ("image/", "video/", "audio/", "font/")
"""Kinds of files in which nobody looks for an article; what is written below them is one perhaps."""

_COMMAND: Final = re.compile(r"/\w+(?:@\w+)?\s*")


def piece_of(sent: telegram.Message, zone: tzinfo) -> Piece | None:
    """Return what a message adds to a draft: words, a file, a picture; None when it has none of them.

    `zone` is that of the editor, in which the day of a post is meant.
    """
    text = as_markdown(sent, start=_after_command(sent.text or sent.caption or ""))
    file, picture = _file(sent), sent.photo[-1].file_id if sent.photo else ""
    if not (text.strip() or file or picture):
        return None
    written = sent.forward_origin.date if sent.forward_origin else sent.date
    return Piece(
        message=sent.message_id,
        sent_at=written,
        text=text,
        units=utf16(sent.text or ""),
        file=file,
        picture=picture,
        post=_post(sent.forward_origin, written.astimezone(zone)) if sent.forward_origin else None,
    )


def _after_command(text: str) -> int:
    """Return where words begin that stand behind a command, as those below a file may."""
    match = _COMMAND.match(text)
    return match.end() if match else 0


def _file(sent: telegram.Message) -> File | None:
    document = sent.document
    if document is None or (document.mime_type or "").startswith(_NO_TEXT):
        return None
    return File(id=document.file_id, name=document.file_name or "", size=document.file_size or 0)


def _post(origin: telegram.MessageOrigin, written: datetime) -> Post:
    """Return where a message was forwarded from."""
    day = written.date()
    match origin:
        case MessageOriginChannel(chat=chat):
            address = f"https://t.me/{chat.username}/{origin.message_id}" if chat.username else ""
            return Post(
                source=chat.title or "",
                author=origin.author_signature or "",
                day=day,
                address=address,
                channel=chat.id,
            )
        case MessageOriginChat(sender_chat=chat):
            return Post(source=chat.title or "", author=origin.author_signature or "", day=day)
        case MessageOriginUser(sender_user=user):
            return Post(author=user.full_name, day=day)
        case MessageOriginHiddenUser(sender_user_name=name):
            return Post(author=name, day=day)
        case _:
            return Post(day=day)
