"""/privacy: everything that is stored about a reader; as a file; and forgotten, once they are sure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.actions.readers import AskToForget, ExportData, ForgetData, KeepData
from bot.i18n import Say, say_in
from bot.message.callback import button
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.reader.model import Reader
from bot.tg.menus import set_menu_of
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed
from bot.tg.when import describe

FILE: Final = "article-digest-data.json"

Stored = Mapping[str, Sequence[Mapping[str, Any]]]


async def privacy(request: Request) -> None:
    """Handle /privacy: tell what is known, with two buttons."""
    reader = request.reader
    say = say_in(reader.language)
    stored = await request.services.privacy.stored(reader.place.chat)
    await request.send(_overview(reader, stored, say))


async def export(request: Request, _: ExportData) -> None:
    """Send all of it as a file."""
    reader = request.reader
    stored = await request.services.privacy.stored(reader.place.chat)
    data = json.dumps(stored, ensure_ascii=False, indent=2).encode()
    await request.send_file(FILE, data, say_in(reader.language)("privacy.exported"))


async def ask(request: Request, _: AskToForget) -> None:
    """Ask before all is deleted, since nothing brings it back."""
    say = request.say
    yes = button(say("privacy.button_yes"), ForgetData())
    no = button(say("privacy.button_no"), KeepData())
    await request.show(to_message(Rich.plain(say("privacy.sure")), ((yes,), (no,))))


async def keep(request: Request, _: KeepData) -> None:
    """Delete nothing after all."""
    await request.show(to_message(Rich.plain(request.say("privacy.kept"))))


async def forget(request: Request, _: ForgetData) -> None:
    """Delete it all for good."""
    reader = request.reader
    await request.services.privacy.forget(reader.place.chat, request.now)
    if reader.place.kind == "private" and not await request.services.people.is_owner(reader.place.chat):
        await set_menu_of(request.bot, reader.place.chat, "reader")
    # Nothing that follows may write them down again.
    await request.show(to_message(Rich.plain(say_in(request.client_language)("privacy.forgotten"))))


def _overview(reader: Reader, stored: Stored, say: Say) -> Message:
    lines = [say("privacy.chat", number=reader.place.chat, language=say("language.own_name"))]
    if reader.schedule:
        key = "privacy.schedule" if reader.subscribed else "privacy.stopped"
        lines.append(say(key, schedule=describe(reader.schedule, say)))
    sent = sum(1 for row in stored["digests"] if row["state"] == "sent")
    lines.append(say("privacy.digests", count=len(stored["digests"]), sent=sent))
    lines.append(say("privacy.place"))
    special = [name for name in ("role", "drafts", "articles", "set_up", "campaigns") if stored[name]]
    lines += [say(f"privacy.{name}", count=len(stored[name])) for name in special]
    text = Rich.plain(say("privacy.title")).bold()
    text += Rich.plain("\n" + "\n".join(f"· {line}" for line in lines) + "\n\n" + say("privacy.nothing_else"))
    buttons = (
        button(say("privacy.button_export"), ExportData()),
        button(say("privacy.button_forget"), AskToForget()),
    )
    return to_message(text, (buttons,))


ROUTES: list[Route] = [
    command("privacy", privacy, admin_only=True),
    pressed(ExportData, export, admin_only=True),
    pressed(AskToForget, ask, admin_only=True),
    pressed(ForgetData, forget, admin_only=True),
    pressed(KeepData, keep, admin_only=True),
]
