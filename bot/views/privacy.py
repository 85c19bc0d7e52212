"""What /privacy shows: what is stored about a chat, and how to delete it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.actions.readers import AskToForget, ExportData, ForgetData, KeepData
from bot.i18n import Say
from bot.message.callback import button
from bot.message.model import Message
from bot.message.rich import Rich, plain_message, to_message
from bot.reader.model import Reader
from bot.views.schedule import describe

Stored = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by kind, as an export has them."""


def overview(reader: Reader, stored: Stored, say: Say) -> Message:
    """Show what is stored in a few lines, with buttons for all of it and for its end."""
    lines = [say("privacy.chat", number=reader.place.chat, language=say("language.own_name"))]
    chosen = reader.subscription
    if chosen.schedule:
        key = "privacy.schedule" if chosen.active else "privacy.stopped"
        lines.append(say(key, schedule=describe(chosen.schedule, say)))
    sent = sum(1 for row in stored["digests"] if row["state"] == "sent")
    lines.append(say("privacy.digests", count=len(stored["digests"]), sent=sent))
    lines.append(say("privacy.place"))
    special = [name for name in ("role", "drafts", "articles", "set_up", "campaigns") if stored[name]]
    lines += [say(f"privacy.{name}", count=len(stored[name])) for name in special]
    listed = "\n".join(f"· {line}" for line in lines)
    text = Rich.plain(say("privacy.title")).bold()
    text += Rich.plain(f"\n{listed}\n\n" + say("privacy.nothing_else"))
    export = button(say("privacy.button_export"), ExportData())
    forget = button(say("privacy.button_forget"), AskToForget())
    return to_message(text, ((export, forget),))


def confirmation(say: Say) -> Message:
    """Ask before all is deleted, since nothing brings it back."""
    yes = button(say("privacy.button_yes"), ForgetData())
    no = button(say("privacy.button_no"), KeepData())
    return plain_message(say("privacy.sure"), (yes,), (no,))
