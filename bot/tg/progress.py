"""Messages in which an editor sees what becomes of something that takes a while."""

from collections.abc import Callable

from bot.i18n import Translator, language_of, translator
from bot.message.model import Message
from bot.reader.model import Place
from bot.tg import convert
from bot.tg.bot import TolerantBot
from bot.tg.services import Services


async def update(
    bot: TolerantBot,
    services: Services,
    *,
    chat: int,
    message: int,
    view: Callable[[Translator], Message],
    is_final: bool = True,
) -> None:
    """Bring a message up to date; at the end, send a new one where that is gone."""
    readers = await services.readers.of_chat(chat)
    tr = translator(readers[0].language if readers else language_of(None))
    shown, place = view(tr), Place(chat, None, "private")
    if not is_final:
        await convert.type_in(bot, place)
    edited = await convert.edit(bot, chat, message, shown)
    if edited == "gone" and is_final:
        await convert.send(bot, place, shown)
