"""Who and what is in the local chat: a reader, an editor (the owner), an outsider, a group, a channel."""

from dataclasses import dataclass
from typing import Final

from bot.demo.model import Chat, Status
from bot.demo.world import World

READER_ID: Final = 101
OUTSIDER_ID: Final = 102
EDITOR_ID: Final = 103
GROUP_ID: Final = -1001000000104
CHANNEL_ID: Final = -1001000000105
BOT_USERNAME: Final = "article_digest_demo_bot"


@dataclass(frozen=True, slots=True)
class View:
    """A chat as the page shows it, and who can speak there; the first does unless another is chosen."""

    chat: int
    speakers: tuple[int, ...]


VIEWS: Final = {
    "reader": View(READER_ID, (READER_ID,)),
    "editor": View(EDITOR_ID, (EDITOR_ID,)),
    "outsider": View(OUTSIDER_ID, (OUTSIDER_ID,)),
    "group": View(GROUP_ID, (READER_ID, OUTSIDER_ID)),
    "channel": View(CHANNEL_ID, (READER_ID, OUTSIDER_ID)),
}


def settle(world: World) -> None:
    """Let everybody move in. The bot is in neither group nor channel before somebody adds it.

    It may write to each of them: the server forgets its chats when it ends, the product no subscriber.
    """
    world.person(READER_ID, "Robin")
    world.person(OUTSIDER_ID, "Sam")
    world.person(EDITOR_ID, "Kim")
    world.group(GROUP_ID, "Reading club", {READER_ID: "creator", OUTSIDER_ID: "member"}).bot = "left"
    world.channel(CHANNEL_ID, "Good reads", {READER_ID: "creator", OUTSIDER_ID: "member"})


def let_in(chat: Chat) -> Status:
    """Return the standing that makes the bot useful in a chat."""
    return "administrator" if chat.type == "channel" else "member"
