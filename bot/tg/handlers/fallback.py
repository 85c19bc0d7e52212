"""What no feature understood: plain words, unknown commands, pictures."""

from telegram.ext import filters

from bot.tg.request import Request
from bot.tg.routes import ORIGINAL, MessageRoute, Route, message


async def unknown_command(request: Request) -> bool:
    """Answer a command that nobody registered."""
    await request.puzzled("chat.unknown_command")
    return True


async def anything_else(request: Request) -> bool:
    """Answer what cannot be read or found; an owner may have meant it for the readers."""
    sent = request.message
    if sent is not None and sent.media_group_id is not None and request.chat_data is not None:
        # An album arrives as one message a picture: one answer is enough.
        if request.chat_data.get("album") == sent.media_group_id:
            return True
        request.chat_data["album"] = sent.media_group_id
    if await request.belongs_to("owner"):
        await request.tell(request.tr("campaign.hint"))
    else:
        await request.puzzled("chat.unknown_thing" if sent is not None and sent.text else "chat.only_text")
    return True


COMMANDS: list[Route] = [MessageRoute(ORIGINAL & filters.COMMAND, unknown_command, loads=False)]

ROUTES: list[Route] = [message(~filters.StatusUpdate.ALL, anything_else)]
