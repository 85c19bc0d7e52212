"""What /privacy shows: what is stored about a chat, and how to delete it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.actions.readers import AskToForget, ExportData, ForgetData, KeepData
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import FormattedText, plain_message, to_message
from bot.message.model import Message
from bot.reader.model import Reader
from bot.views.schedule import describe

Stored = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by kind, as an export has them."""

_SPECIAL: Final = ("role", "drafts", "links", "articles", "set_up", "campaigns")
"""Kinds of which most chats have nothing."""


def overview(reader: Reader, stored: Stored, tr: Translator) -> Message:
    """Show what is stored in a few lines, with buttons for all of it and for its end."""
    lines = [tr("privacy.chat", number=reader.place.chat, language=tr("language.own_name"))]
    chosen = reader.subscription
    if chosen.schedule:
        key = "privacy.schedule" if chosen.active else "privacy.stopped"
        lines.append(tr(key, schedule=describe(chosen.schedule, tr)))
    sent = sum(1 for row in stored["digests"] if row["state"] == "sent")
    lines.append(tr("privacy.digests", count=len(stored["digests"]), sent=sent))
    lines.append(tr("privacy.place"))
    if reader.interests:
        lines.append(tr("privacy.topics"))
    special = (name for name in _SPECIAL if stored[name])
    lines += [tr(f"privacy.{name}", count=len(stored[name])) for name in special]
    listed = "\n".join(f"· {line}" for line in lines)
    text = FormattedText.plain(tr("privacy.title")).bold()
    text += FormattedText.plain(f"\n{listed}\n\n" + tr("privacy.nothing_else"))
    export = button(tr("privacy.button_export"), ExportData())
    forget = button(tr("privacy.button_forget"), AskToForget())
    return to_message(text, ((export, forget),))


def confirmation(tr: Translator, *, stays_owner: bool) -> Message:
    """Ask before all is deleted, since nothing brings it back; an owner of the settings stays one."""
    yes = button(tr("privacy.button_yes"), ForgetData())
    no = button(tr("privacy.button_no"), KeepData())
    text = tr("privacy.sure") + ("\n" + tr("privacy.sure_owner") if stays_owner else "")
    return plain_message(text, (yes,), (no,))
