"""Messages that people pass on."""

from typing import Final

from bot.demo.model import Json, bad_request
from bot.demo.world import World

_PASSED_ON: Final = frozenset(
    {
        "text",
        "entities",
        "photo",
        "document",
        "caption",
        "caption_entities",
        "media_group_id",
        "link_preview_options",
    }
)


def forward(world: World, chat: int, message_id: int, *, to: int, user: int) -> list[Json]:
    """Pass a message on, with all pictures of its album; what arrived. A Refusal when it is gone."""
    chosen = world.messages.get((chat, message_id))
    if chosen is None:
        raise bad_request("message to forward not found")
    album = chosen.get("media_group_id")
    together = [each for each in world.history(chat) if album and each.get("media_group_id") == album]
    return [world.from_person(to, user, passed_on(each)) for each in together or [chosen]]


def passed_on(message: Json) -> Json:
    """Return what arrives of a message elsewhere, with where it is from."""
    content = {key: value for key, value in message.items() if key in _PASSED_ON}
    origin: Json = {"type": "user", "sender_user": message.get("from")}
    if message["chat"]["type"] == "channel":
        origin = {"type": "channel", "chat": message["chat"], "message_id": message["message_id"]}
    return {**content, "forward_origin": {**origin, "date": message["date"]}}
