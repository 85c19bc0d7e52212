"""Every feature of the chat, in the order in which they are asked."""

from bot.tg.handlers import (
    adding,
    appointing,
    broadcasting,
    explaining,
    leftovers,
    membership,
    operating,
    privacy,
    quotes,
    reading,
    removing,
    restoring,
    settings,
    starting,
    subscribing,
)
from bot.tg.routes import Handler

HANDLERS: list[Handler] = [
    *reading.HANDLERS,
    *quotes.HANDLERS,
    *starting.HANDLERS,
    *subscribing.HANDLERS,
    *settings.HANDLERS,
    *privacy.HANDLERS,
    *explaining.HANDLERS,
    *adding.HANDLERS,
    *removing.HANDLERS,
    *appointing.HANDLERS,
    *broadcasting.HANDLERS,
    *restoring.HANDLERS,
    *operating.HANDLERS,
    *membership.HANDLERS,
    *leftovers.HANDLERS,  # last: it answers what nobody else understood
]
