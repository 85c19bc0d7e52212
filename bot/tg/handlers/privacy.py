"""/privacy: everything that is stored about a reader; as a file; and forgotten, once they are sure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from telegram import Update

from bot.i18n import Say, say_in
from bot.message.callback import action
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.reader.model import Reader
from bot.tg.context import Context, client_language
from bot.tg.menus import set_menu_of
from bot.tg.routes import Handler, button, command
from bot.tg.when import describe

FILE: Final = "article-digest-data.json"

Stored = Mapping[str, Sequence[Mapping[str, Any]]]


async def privacy(update: Update, ctx: Context) -> None:
    """/privacy: what is known, and two buttons."""
    reader = await ctx.reader(update)
    say = say_in(reader.language)
    stored = await ctx.services.privacy.stored(reader.place.chat)
    await ctx.send(update, _overview(reader, stored, say))


async def export(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: all of it as a file."""
    reader = await ctx.reader(update)
    stored = await ctx.services.privacy.stored(reader.place.chat)
    data = json.dumps(stored, ensure_ascii=False, indent=2).encode()
    await ctx.send_file(update, FILE, data, say_in(reader.language)("privacy.exported"))
    return None


async def ask(update: Update, ctx: Context, _: list[str]) -> str | None:
    """A button: forget it all? Asked, since nothing brings it back."""
    say = await ctx.say(update)
    yes = action(say("privacy.button_yes"), "forget", "yes")
    no = action(say("privacy.button_no"), "forget", "no")
    await ctx.show(update, to_message(Rich.plain(say("privacy.sure")), ((yes,), (no,))))
    return None


async def forget(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: yes, or no."""
    reader = await ctx.reader(update)
    say = say_in(reader.language)
    if arguments[0] == "no":
        await ctx.show(update, to_message(Rich.plain(say("privacy.kept"))))
        return None
    if arguments[0] != "yes":
        raise KeyError(arguments[0])
    await ctx.services.privacy.forget(reader.place.chat, ctx.services.clock.now())
    if reader.place.kind == "private" and not await ctx.services.people.is_owner(reader.place.chat):
        await set_menu_of(ctx.bot, reader.place.chat, "reader")
    # Nothing that follows may write them down again.
    await ctx.show(update, to_message(Rich.plain(say_in(client_language(update))("privacy.forgotten"))))
    return None


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
        action(say("privacy.button_export"), "export"),
        action(say("privacy.button_forget"), "forgetme"),
    )
    return to_message(text, (buttons,))


HANDLERS: list[Handler] = [
    command("privacy", privacy, decides=True),
    button("export", export, decides=True),
    button("forgetme", ask, decides=True),
    button("forget", forget, decides=True),
]
