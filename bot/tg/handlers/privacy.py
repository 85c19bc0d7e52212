"""/privacy: everything that is stored about a reader; as a file; and forgotten, once they are sure."""

import json
from typing import Final

from bot.actions.readers import AskToForget, ExportData, ForgetData, KeepData
from bot.i18n import translator
from bot.message.formatted_text import plain_message
from bot.tg.menus import set_menu_of
from bot.tg.request import Request
from bot.tg.routes import Route, command, pressed
from bot.views import privacy as views

FILE: Final = "article-digest-data.json"


async def privacy(request: Request) -> None:
    """Handle /privacy: tell what is known, with two buttons."""
    reader = request.reader
    tr = translator(reader.language)
    stored = await request.services.privacy.stored(reader.place.chat)
    await request.send(views.overview(reader, stored, tr))


async def export(request: Request, _: ExportData) -> None:
    """Send all of it as a file."""
    reader = request.reader
    stored = await request.services.privacy.stored(reader.place.chat)
    data = json.dumps(stored, ensure_ascii=False, indent=2).encode()
    await request.send_file(FILE, data, translator(reader.language)("privacy.exported"))


async def ask(request: Request, _: AskToForget) -> None:
    """Ask before all is deleted, since nothing brings it back."""
    stays_owner = request.services.people.is_named(request.place.chat)
    await request.show(views.confirmation(request.tr, stays_owner=stays_owner))


async def keep(request: Request, _: KeepData) -> None:
    """Delete nothing after all."""
    await request.show(plain_message(request.tr("privacy.kept")))


async def forget(request: Request, _: ForgetData) -> None:
    """Delete it all for good."""
    reader = request.reader
    await request.services.privacy.forget(reader.place.chat, request.now)
    if reader.place.kind == "private" and not await request.services.people.is_owner(reader.place.chat):
        # Telegram keeps the menu of commands on its side.
        await set_menu_of(request.bot, reader.place.chat, "reader")
    # Nothing that follows may write them down again.
    await request.show(plain_message(translator(request.client_language)("privacy.forgotten")))


ROUTES: list[Route] = [
    command("privacy", privacy, admin_only=True),
    pressed(ExportData, export, admin_only=True),
    pressed(AskToForget, ask, admin_only=True),
    pressed(ForgetData, forget, admin_only=True),
    pressed(KeepData, keep, admin_only=True),
]
