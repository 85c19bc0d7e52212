"""After a backup was put back: an owner decides whether readers have had what it does not know of."""

from telegram import Update

from bot.message.rich import Rich, to_message
from bot.tg.context import Context
from bot.tg.routes import Handler, button


async def decide(update: Update, ctx: Context, arguments: list[str]) -> str | None:
    """A button: count everything until now as told, or tell it (again)."""
    say = await ctx.say(update)
    told = {"told": True, "again": False}[arguments[0]]
    if not await ctx.services.restored(ctx.services.clock.now(), told=told):
        return say("restored.decided_already")
    await ctx.did(update, "decided")
    await ctx.show(update, to_message(Rich.plain(say("restored.told" if told else "restored.again"))))
    return None


HANDLERS: list[Handler] = [button("restored", decide, audience="owner")]
