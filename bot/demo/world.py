"""The state of the local server: people, chats, messages, files; what people write and press."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bot.clock import Clock
from bot.demo.latest import Latest
from bot.demo.model import (
    ANONYMOUS,
    FORWARDER,
    PRESENT,
    Chat,
    Json,
    Person,
    Status,
    anonymous_author,
    bad_request,
)
from bot.demo.text import detected
from bot.demo.updates import Updates

_ANSWERABLE: Final = timedelta(seconds=15)
"""How long a press may be answered."""

_MAX_FILES_BYTES: Final = 50_000_000
"""What is kept of files where messages are not kept for ever; more than the largest takes."""

Listener = Callable[[int, str, Json], None]


class World:
    """Everything that the server knows; of messages the last `keep`, or all."""

    def __init__(self, clock: Clock, *, bot_id: int, username: str, keep: int | None = None) -> None:
        self.clock = clock
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": "Article Digest", "username": username}
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.messages: Latest[tuple[int, int], Json] = Latest(keep)
        self.files: Latest[str, tuple[str, bytes]] = Latest(
            _MAX_FILES_BYTES if keep is not None else None, lambda file: len(file[1])
        )
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.updates = Updates(clock)
        self.listeners: list[Listener] = []
        self.own: set[tuple[int, int]] = set()
        """The messages that the bot wrote itself: only these can it change."""
        self.gone: set[tuple[int, int]] = set()
        """The messages that were deleted."""
        self._presses: Latest[str, tuple[datetime, int]] = Latest(keep)
        self._shared_ids = itertools.count(1)
        self._own_ids: dict[int, itertools.count[int]] = {}
        self._numbers = itertools.count(1)

    # Who is there ------------------------------------------------------------------------------------------

    def person(self, id_: int, name: str, *, language: str = "en", started: bool = True) -> Person:
        """Return somebody new, with a private chat, in which they wrote before or did not."""
        person = Person(id=id_, name=name, language=language)
        self.people[id_] = person
        self.chats[id_] = Chat(id=id_, type="private", title=name, members={id_: "member"}, met=started)
        return person

    def group(self, id_: int, title: str, members: Mapping[int, Status], *, basic: bool = False) -> Chat:
        """Return a new supergroup (or basic group) with these people and the bot."""
        chat = Chat(id=id_, type="group" if basic else "supergroup", title=title, members=dict(members))
        self.chats[id_] = chat
        return chat

    def channel(
        self, id_: int, title: str, members: Mapping[int, Status], *, linked: int | None = None
    ) -> Chat:
        """Return a new channel, which the bot is not in yet."""
        chat = Chat(id=id_, type="channel", title=title, members=dict(members), bot="left", linked=linked)
        self.chats[id_] = chat
        return chat

    # What people write and press ---------------------------------------------------------------------------

    def say(
        self,
        chat: int,
        user: int,
        text: str,
        *,
        reply_to: int | None = None,
        topic: int | None = None,
        entities: Sequence[Json] = (),
        **more: Any,
    ) -> Json:
        """Return somebody writes a text, formatted by `entities` or not; in a channel, it is a post."""
        content: Json = {"text": text, **more}
        if found := detected(text, entities):
            content["entities"] = found
        return self.from_person(chat, user, content, reply_to, topic)

    def upload(self, chat: int, user: int, name: str, data: bytes, *, caption: str = "") -> Json:
        """Return somebody sends a file."""
        content: Json = {"document": self.keep_file(name, data)}
        if caption:
            content["caption"] = caption
            if entities := detected(caption, []):
                content["caption_entities"] = entities
        return self.from_person(chat, user, content)

    def sticker(self, chat: int, user: int) -> Json:
        """Return somebody sends a sticker."""
        size = {"width": 512, "height": 512}
        kinds = {"type": "regular", "is_animated": False, "is_video": False}
        return self.from_person(
            chat, user, {"sticker": {**self.keep_file("s.webp", b"webp"), **size, **kinds}}
        )

    def voice(self, chat: int, user: int) -> Json:
        """Return somebody speaks."""
        return self.from_person(chat, user, {"voice": {**self.keep_file("v.oga", b"ogg"), "duration": 1}})

    def picture(
        self, chat: int, user: int, data: bytes = b"\xff\xd8jpeg", *, caption: str = "", **more: Any
    ) -> Json:
        """Return somebody sends a picture."""
        below = {"caption": caption, "caption_entities": detected(caption, [])} if caption else {}
        return self.from_person(chat, user, {"photo": [self.keep_photo("p.jpg", data)], **below, **more})

    def album(self, chat: int, user: int, *captions: str, **more: Any) -> list[Json]:
        """Return somebody sends several pictures at once, each with a caption or none."""
        group = f"album{next(self._numbers)}"
        return [
            self.picture(chat, user, caption=caption, media_group_id=group, **more) for caption in captions
        ]

    def edit(self, chat: int, message_id: int, text: str) -> Json:
        """Return somebody changes what they wrote."""
        message = self.messages[chat, message_id]
        message |= {"text": text, "edit_date": self.now(), "entities": detected(text, [])}
        self.updates.put(
            "edited_channel_post" if self.chats[chat].type == "channel" else "edited_message", message
        )
        self.tell(chat, "edited", message)
        return message

    def press(self, chat: int, user: int, message_id: int, data: str) -> str:
        """Press a button for somebody; return the press's id. A message that is gone has its id alone."""
        if (chat, message_id) not in self.messages and (chat, message_id) not in self.gone:
            raise bad_request("message not found")
        gone = {"chat": self.chats[chat].json(), "message_id": message_id, "date": 0}
        id_ = str(4_000_000_000_000_000_000 + next(self._numbers))
        self._presses[id_] = (self.clock.now(), chat)
        query = {
            "id": id_,
            "from": self.people[user].json(),
            "message": self.messages.get((chat, message_id), gone),
            "chat_instance": str(chat),
            "data": data,
        }
        self.updates.put("callback_query", query, lifetime=timedelta(seconds=150))
        return id_

    def press_inline(self, user: int, data: str) -> str:
        """Press a button of a message sent in inline mode, which no bot can see; the id of the press."""
        id_ = str(4_000_000_000_000_000_000 + next(self._numbers))
        self._presses[id_] = (self.clock.now(), user)
        query = {
            "id": id_,
            "from": self.people[user].json(),
            "inline_message_id": f"i{id_}",
            "chat_instance": "1",
        }
        self.updates.put("callback_query", {**query, "data": data}, lifetime=timedelta(seconds=150))
        return id_

    # What the bot does -------------------------------------------------------------------------------------

    def post(self, chat: Chat, content: Json) -> Json:
        """Return the bot writes."""
        author: Json = {"sender_chat": chat.json()} if chat.type == "channel" else {"from": self.bot}
        message = self.add(chat, content, author)
        self.own.add((chat.id, message["message_id"]))
        self.tell(chat.id, "message", message)
        return message

    def answer(self, id_: str, text: str, *, alert: bool, url: str = "") -> None:
        """Answer a press for the bot; a Refusal when that comes too late."""
        pressed, chat = self._presses.get(id_, (None, 0))
        if pressed is None or self.clock.now() - pressed > _ANSWERABLE:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        del self._presses[id_]
        self.tell(chat, "answer", {"press": id_, "text": text, "alert": alert, "url": url})

    def keep_file(self, name: str, data: bytes) -> Json:
        """Keep a file; how the Bot API shows it."""
        id_ = f"file{next(self._numbers)}"
        self.files[id_] = (name, data)
        return self.file(id_)

    def file(self, id_: str) -> Json:
        """Return a file that is kept, as the Bot API shows it."""
        name, data = self.files[id_]
        return {"file_id": id_, "file_unique_id": f"u{id_}", "file_name": name, "file_size": len(data)}

    def keep_photo(self, name: str, data: bytes) -> Json:
        """Keep a picture; the one size that the Bot API shows of it here."""
        return self.photo(self.keep_file(name, data)["file_id"])

    def photo(self, id_: str) -> Json:
        """Return a picture that is kept, as the Bot API shows it: without a name."""
        shown = {key: value for key, value in self.file(id_).items() if key != "file_name"}
        return {**shown, "width": 90, "height": 90}

    def tell(self, chat: int, event: str, data: Json) -> None:
        """Let everybody who watches a chat know."""
        for listener in tuple(self.listeners):
            listener(chat, event, data)

    def history(self, chat: int) -> list[Json]:
        """Return the messages of a chat, in order."""
        return [message for (where, _), message in self.messages.items() if where == chat]

    def service(
        self, chat: Chat, content: Json, author: Json | None = None, *, topic: int | None = None
    ) -> Json:
        """Say in a chat that something happened there."""
        message = self.add(chat, {**content, **self.thread(chat, topic)}, author or {"from": self.bot})
        self._put(chat, message)
        self.tell(chat.id, "message", message)
        return message

    def thread(self, chat: Chat, topic: int | None) -> Json:
        """Return how a message says which topic it stands in."""
        return (
            {"message_thread_id": topic, "is_topic_message": True} if topic and topic in chat.topics else {}
        )

    def add(self, chat: Chat, content: Json, author: Json) -> Json:
        """Keep a message under the next number of its chat."""
        head = {"message_id": self._message_id(chat), **author, "chat": chat.json(), "date": self.now()}
        message = {**head, **content}
        self.messages[chat.id, message["message_id"]] = message
        return message

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.clock.now().timestamp())

    def from_person(
        self, chat_id: int, user: int, content: Json, reply_to: int | None = None, topic: int | None = None
    ) -> Json:
        """Return somebody sends a message of any kind."""
        chat = self.chats[chat_id]
        if chat.type == "private" and chat.bot == "kicked":
            raise bad_request("the bot is blocked")
        chat.met = True
        if reply_to is not None and (chat_id, reply_to) in self.messages:
            content = {**content, "reply_to_message": self.messages[chat_id, reply_to]}
        message = self.add(chat, {**content, **self.thread(chat, topic)}, self._author(chat, user))
        self._put(chat, message)
        self.tell(chat_id, "message", message)
        if chat.linked is not None:
            self._discuss(chat, message)
        return message

    def _author(self, chat: Chat, user: int) -> Json:
        if chat.type == "channel":
            return {"sender_chat": chat.json()}
        if user == ANONYMOUS or user in chat.anonymous:
            return anonymous_author(chat)
        return {"from": self.people[user].json()}

    def _discuss(self, channel: Chat, post: Json) -> None:
        """Bring a channel's post into the group that discusses it, as Telegram does."""
        telegram = {"id": FORWARDER, "is_bot": False, "first_name": "Telegram"}
        origin = {
            "type": "channel",
            "chat": channel.json(),
            "message_id": post["message_id"],
            "date": post["date"],
        }
        group = self.chats[channel.linked or 0]
        content = {
            key: value for key, value in post.items() if key in {"text", "entities", "photo", "caption"}
        }
        content |= {"is_automatic_forward": True, "forward_origin": origin}
        message = self.add(group, content, {"from": telegram, "sender_chat": channel.json()})
        self._put(group, message)
        self.tell(group.id, "message", message)

    def _put(self, chat: Chat, message: Json) -> None:
        if chat.bot in PRESENT and (chat.type != "channel" or chat.bot_decides):
            self.updates.put("channel_post" if chat.type == "channel" else "message", message)

    def _message_id(self, chat: Chat) -> int:
        """Give a message its number: private chats and basic groups share them, a supergroup has its own."""
        if chat.type in {"supergroup", "channel"}:
            # 1 is the message that says the chat was made, and so General's number among the topics.
            return next(self._own_ids.setdefault(chat.id, itertools.count(2)))
        return next(self._shared_ids)
