"""Whose an update is."""

from telegram import Update

from bot.inbox import Json


def chat_of(update: Update) -> int:
    """Return whose updates come one after another: the chat, else the person."""
    return update.effective_chat.id if update.effective_chat is not None else sender_of(update)


def sender_of(update: Update) -> int:
    """Return who sent it; 0 for nobody."""
    return update.effective_user.id if update.effective_user is not None else 0


def senders_in(raw: Json) -> list[int]:
    """Return who wrote or pressed something, of an update as it came."""
    parts = [part for part in raw.values() if isinstance(part, dict)]
    ids = [part["from"].get("id") for part in parts if isinstance(part.get("from"), dict)]
    return [id_ for id_ in ids if isinstance(id_, int)]
