"""Which chat a call names, and whether the bot may read and write there, in the server's words."""

from typing import Any

from bot.demo.arguments import Arguments
from bot.demo.model import PRESENT, Chat, Refusal, bad_request
from bot.demo.world import World


def chat_of(world: World, given: Arguments, *, to_write: bool = True) -> Chat:
    """Return the chat that a call names. Refusal where the bot may not write (any more)."""
    name = given.text("chat_id")
    if not name:
        raise bad_request("chat_id is empty")
    chat = _named(world, name) if name.startswith("@") else world.chats.get(given.whole("chat_id"))
    if chat is None or not chat.met:
        raise bad_request("chat not found")
    if chat.moved_to is not None:
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refusal(400, description, migrate_to_chat_id=chat.moved_to)
    if chat.type != "private":
        _shared(chat, to_write=to_write)
    elif to_write:
        if world.people[chat.id].deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if chat.bot == "kicked":
            raise Refusal(403, "Forbidden: bot was blocked by the user")
    return chat


def parsed(given: Arguments, name: str) -> Any:
    """Return a structured value; a Refusal when it cannot be read."""
    try:
        return given.json(name)
    except ValueError:
        raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


def _named(world: World, name: str) -> Chat | None:
    """Return a public group or channel; people are not found by their names."""
    wanted = name.removeprefix("@").lower()
    public = (chat for chat in world.chats.values() if chat.username)
    return next((chat for chat in public if chat.username.lower() == wanted), None)


def _shared(chat: Chat, *, to_write: bool) -> None:
    kind = f"{chat.type} chat"
    if chat.bot == "kicked":
        raise Refusal(403, f"Forbidden: bot was kicked from the {kind}")
    if chat.bot not in PRESENT:
        raise Refusal(403, f"Forbidden: bot is not a member of the {kind}")
    if to_write and chat.type == "channel" and not chat.bot_decides:
        raise bad_request("need administrator rights in the channel chat")
    if to_write and chat.bot == "restricted":
        raise bad_request("not enough rights to send text messages to the chat")
