"""Who is where: the bot blocked, added, promoted, thrown out; groups upgraded; topics opened and closed."""

from bot.demo.model import PRESENT, Chat, Json, Status, member
from bot.demo.world import World


def block(world: World, user: int, *, blocked: bool) -> None:
    """Block the bot for somebody, or let it in again."""
    become(world, user, user, "kicked" if blocked else "member")
    world.tell(user, "blocked", {"blocked": blocked})


def become(world: World, chat_id: int, by: int, status: Status) -> None:
    """Change the bot's standing in a chat: add, promote, restrict or remove it."""
    chat = world.chats[chat_id]
    old, chat.bot = chat.bot, status
    update = {
        "chat": chat.json(),
        "from": world.people[by].json(),
        "date": world.now(),
        "old_chat_member": member(world.bot, old),
        "new_chat_member": member(world.bot, status),
    }
    world.updates.put("my_chat_member", update)
    if chat.type in {"group", "supergroup"}:
        _say_so(world, chat, by, old, status)


def _say_so(world: World, chat: Chat, by: int, old: Status, new: Status) -> None:
    """Show in a group who came and went. Who is gone does not hear of it."""
    author: Json = {"from": world.people[by].json()}
    if old not in PRESENT and new in PRESENT:
        world.service(chat, {"new_chat_members": [world.bot]}, author)
    elif old in PRESENT and new not in PRESENT:
        world.service(chat, {"left_chat_member": world.bot}, author)


def upgrade(world: World, old: int, new: int) -> None:
    """Make a basic group a supergroup."""
    group = world.chats[old]
    group.moved_to = new
    world.service(group, {"migrate_to_chat_id": new})
    upgraded = world.group(new, group.title, group.members)
    upgraded.bot, upgraded.anonymous = group.bot, group.anonymous
    world.service(upgraded, {"migrate_from_chat_id": old})


def open_topic(world: World, chat_id: int, by: int, name: str) -> int:
    """Return a new topic of a forum; its id, which is that of the message that tells of it."""
    chat, author = world.chats[chat_id], {"from": world.people[by].json()}
    chat.topics.setdefault(1, "General")
    made = world.service(chat, {"forum_topic_created": {"name": name, "icon_color": 7322096}}, author)
    chat.topics[made["message_id"]] = name
    made |= world.thread(chat, made["message_id"])
    return int(made["message_id"])


def close_topic(world: World, chat_id: int, by: int, topic: int, *, closed: bool = True) -> None:
    """Close a topic: only administrators may write in it then."""
    chat, author = world.chats[chat_id], {"from": world.people[by].json()}
    (chat.closed.add if closed else chat.closed.discard)(topic)
    event = "forum_topic_closed" if closed else "forum_topic_reopened"
    world.service(chat, {event: {}}, author, topic=topic)
