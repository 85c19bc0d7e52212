"""The state of the local server: people, chats, messages, files; what people do and what follows from it."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from bot.clock import Clock
from bot.demo.text import detected
from bot.demo.updates import Updates

Json = dict[str, Any]
Status = Literal["creator", "administrator", "member", "left", "kicked"]

ANONYMOUS: Final = 1087968824
"""The id of @GroupAnonymousBot, in whose name a group's anonymous administrators speak."""

_ANSWERABLE: Final = timedelta(seconds=15)
"""How long a press may be answered."""


class Refusal(Exception):  # an answer, not a mistake of ours
    """An error as the server words it, with its HTTP status."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        self.code = code
        self.description = description
        self.parameters = parameters
        super().__init__(description)


def bad_request(description: str) -> Refusal:
    """400; most errors are of this kind."""
    return Refusal(400, f"Bad Request: {description}")


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    name: str
    language: str = "en"
    deactivated: bool = False

    def json(self) -> Json:
        """As the Bot API shows a user."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat that the bot is in; `bot` is the bot's own standing there."""

    id: int
    type: Literal["private", "group", "supergroup", "channel"]
    title: str
    members: dict[int, Status] = field(default_factory=dict)
    bot: Status = "member"
    moved_to: int | None = None
    topics: set[int] = field(default_factory=set)

    def json(self) -> Json:
        """As the Bot API shows a chat."""
        if self.type == "private":
            return {"id": self.id, "type": "private", "first_name": self.title}
        forum = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "type": self.type, "title": self.title, **forum}


Listener = Callable[[int, str, Json], None]


class World:
    """Everything that the server knows."""

    def __init__(self, clock: Clock, *, bot_id: int, username: str) -> None:
        self.clock = clock
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": "Article Digest", "username": username}
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.updates = Updates(clock)
        self.listeners: list[Listener] = []
        self._presses: dict[str, tuple[datetime, int]] = {}
        self._shared_ids = itertools.count(1)
        self._own_ids: dict[int, itertools.count[int]] = {}
        self._numbers = itertools.count(1)

    # Who is there ------------------------------------------------------------------------------------------

    def person(self, id_: int, name: str, *, language: str = "en") -> Person:
        """Somebody new, with a private chat."""
        person = Person(id=id_, name=name, language=language)
        self.people[id_] = person
        self.chats[id_] = Chat(id=id_, type="private", title=name, members={id_: "member"})
        return person

    def group(self, id_: int, title: str, members: Mapping[int, Status], *, basic: bool = False) -> Chat:
        """A new supergroup (or basic group) with these people and the bot."""
        chat = Chat(id=id_, type="group" if basic else "supergroup", title=title, members=dict(members))
        self.chats[id_] = chat
        return chat

    def upgrade(self, old: int, new: int) -> None:
        """A basic group becomes a supergroup."""
        group = self.chats[old]
        group.moved_to = new
        self.group(new, group.title, group.members)
        self._service(old, {"migrate_to_chat_id": new})
        self._service(new, {"migrate_from_chat_id": old})

    # What people do ----------------------------------------------------------------------------------------

    def say(self, chat: int, user: int, text: str, *, reply_to: int | None = None, **more: Any) -> Json:
        """Somebody writes a text."""
        content: Json = {"text": text, **more}
        if entities := detected(text, []):
            content["entities"] = entities
        return self._from_person(chat, user, content, reply_to)

    def upload(self, chat: int, user: int, name: str, data: bytes, *, caption: str = "") -> Json:
        """Somebody sends a file."""
        content: Json = {"document": self.keep_file(name, data)}
        if caption:
            content["caption"] = caption
            if entities := detected(caption, []):
                content["caption_entities"] = entities
        return self._from_person(chat, user, content, None)

    def sticker(self, chat: int, user: int) -> Json:
        """Somebody sends a sticker."""
        size = {"width": 512, "height": 512}
        sticker = {
            **self.keep_file("s.webp", b"webp"),
            **size,
            "type": "regular",
            "is_animated": False,
            "is_video": False,
        }
        return self._from_person(chat, user, {"sticker": sticker}, None)

    def album(self, chat: int, user: int, count: int) -> list[Json]:
        """Somebody sends several pictures at once."""
        group = f"album{next(self._numbers)}"
        photo = [{**self.keep_file("p.jpg", b"jpeg"), "width": 90, "height": 90}]
        return [
            self._from_person(chat, user, {"photo": photo, "media_group_id": group}, None)
            for _ in range(count)
        ]

    def edit(self, chat: int, message_id: int, text: str) -> Json:
        """Somebody changes what they wrote."""
        message = self.messages[chat, message_id]
        message |= {"text": text, "edit_date": self._now(), "entities": detected(text, [])}
        self.updates.put("edited_message", message)
        self.tell(chat, "edited", message)
        return message

    def press(self, chat: int, user: int, message_id: int, data: str) -> str:
        """Somebody presses a button; the id of the press."""
        message = self.messages.get((chat, message_id))
        if message is None:
            raise bad_request("message not found")
        id_ = str(4_000_000_000_000_000_000 + next(self._numbers))
        self._presses[id_] = (self.clock.now(), chat)
        query = {
            "id": id_,
            "from": self.people[user].json(),
            "message": message,
            "chat_instance": str(chat),
            "data": data,
        }
        self.updates.put("callback_query", query, lifetime=timedelta(seconds=150))
        return id_

    def block(self, user: int, *, blocked: bool) -> None:
        """Somebody blocks the bot, or lets it in again."""
        self._bot_becomes(user, user, "kicked" if blocked else "member")
        self.tell(user, "blocked", {"blocked": blocked})

    def expel(self, chat: int, by: int, *, out: bool = True) -> None:
        """Somebody throws the bot out of a group, or lets it in again."""
        self._bot_becomes(chat, by, "kicked" if out else "member")

    # What the bot does -------------------------------------------------------------------------------------

    def post(self, chat: Chat, content: Json) -> Json:
        """The bot writes."""
        message = self._message(chat, content, {"from": self.bot})
        self.tell(chat.id, "message", message)
        return message

    def answer(self, id_: str, text: str, *, alert: bool) -> None:
        """The bot answers a press; a Refusal when that comes too late."""
        pressed, chat = self._presses.get(id_, (None, 0))
        if pressed is None or self.clock.now() - pressed > _ANSWERABLE:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        del self._presses[id_]
        self.tell(chat, "answer", {"press": id_, "text": text, "alert": alert})

    def keep_file(self, name: str, data: bytes) -> Json:
        """Keep a file; how the Bot API shows it."""
        id_ = f"file{next(self._numbers)}"
        self.files[id_] = (name, data)
        return {"file_id": id_, "file_unique_id": f"u{id_}", "file_name": name, "file_size": len(data)}

    def tell(self, chat: int, event: str, data: Json) -> None:
        """Let everybody who watches a chat know."""
        for listener in tuple(self.listeners):
            listener(chat, event, data)

    def history(self, chat: int) -> list[Json]:
        """The messages of a chat, in order."""
        return [message for (where, _), message in self.messages.items() if where == chat]

    def _from_person(self, chat_id: int, user: int, content: Json, reply_to: int | None) -> Json:
        chat = self.chats[chat_id]
        if user == ANONYMOUS:
            group_bot = {
                "id": ANONYMOUS,
                "is_bot": True,
                "first_name": "Group",
                "username": "GroupAnonymousBot",
            }
            author: Json = {"from": group_bot, "sender_chat": chat.json()}
        else:
            author = {"from": self.people[user].json()}
        if chat.type == "private" and chat.bot == "kicked":
            raise bad_request("the bot is blocked")
        if reply_to is not None and (chat_id, reply_to) in self.messages:
            content = {**content, "reply_to_message": self.messages[chat_id, reply_to]}
        message = self._message(chat, content, author)
        if chat.bot in {"member", "administrator"}:
            self.updates.put("message", message)
        self.tell(chat_id, "message", message)
        return message

    def _message(self, chat: Chat, content: Json, author: Json) -> Json:
        message = {
            "message_id": self._message_id(chat),
            **author,
            "chat": chat.json(),
            "date": self._now(),
            **content,
        }
        self.messages[chat.id, message["message_id"]] = message
        return message

    def _service(self, chat: int, content: Json) -> None:
        message = self._message(self.chats[chat], content, {"from": self.bot})
        self.updates.put("message", message)

    def _message_id(self, chat: Chat) -> int:
        """Private chats and basic groups share one row of numbers; each supergroup has its own."""
        if chat.type in {"supergroup", "channel"}:
            return next(self._own_ids.setdefault(chat.id, itertools.count(1)))
        return next(self._shared_ids)

    def _bot_becomes(self, chat_id: int, by: int, status: Status) -> None:
        chat = self.chats[chat_id]
        old, chat.bot = chat.bot, status
        self.updates.put(
            "my_chat_member",
            {
                "chat": chat.json(),
                "from": self.people[by].json(),
                "date": self._now(),
                "old_chat_member": self._member(old),
                "new_chat_member": self._member(status),
            },
        )

    def _member(self, status: Status) -> Json:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self.bot, "status": status, **until}

    def _now(self) -> int:
        return int(self.clock.now().timestamp())
