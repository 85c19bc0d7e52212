"""The words of the local server: refusals, people, chats, topics, and how the Bot API shows them."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

Json = dict[str, Any]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ANONYMOUS: Final = 1087968824
"""The id of @GroupAnonymousBot, in whose name a group's anonymous administrators speak."""

FORWARDER: Final = 777000
"""The id of Telegram's own account, which brings a channel's posts into the linked group."""

GENERAL: Final = 1
"""The topic that every forum has; it is addressed by naming none."""

PRESENT: Final[frozenset[Status]] = frozenset({"creator", "administrator", "member", "restricted"})
"""The standings of those who are in a chat."""

_RIGHTS: Final = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
    "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
    "can_edit_stories can_delete_stories"
).split()
_RESTRICTED: Final = (
    "is_member can_change_info can_invite_users can_pin_messages can_manage_topics can_send_messages "
    "can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes "
    "can_send_voice_notes can_send_polls can_send_other_messages can_add_web_page_previews can_edit_tag "
    "can_react_to_messages"
).split()


class Refusal(Exception):  # an answer, not a mistake of ours
    """An error as the server words it, with its HTTP status."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        self.code = code
        self.description = description
        self.parameters = parameters
        super().__init__(description)


def bad_request(description: str) -> Refusal:
    """Return a 400; most errors are of this kind."""
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
    """A chat that the bot knows; `bot` is the bot's own standing there.

    Nobody can be written to who never wrote: `met` says whether that was. `anonymous` are the administrators
    who speak in the group's name, `topics` those of a forum by their ids,
    `closed` the topics in which only administrators may write, `linked` the group that discusses a channel.
    """

    id: int
    type: Literal["private", "group", "supergroup", "channel"]
    title: str
    username: str = ""
    members: dict[int, Status] = field(default_factory=dict)
    bot: Status = "member"
    met: bool = True
    moved_to: int | None = None
    anonymous: set[int] = field(default_factory=set)
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    linked: int | None = None

    @property
    def bot_decides(self) -> bool:
        """Whether the bot is an administrator here."""
        return self.bot in {"creator", "administrator"}

    def json(self) -> Json:
        """As the Bot API shows a chat."""
        if self.type == "private":
            return {"id": self.id, "type": "private", "first_name": self.title}
        forum = {"is_forum": True} if self.topics else {}
        name = {"username": self.username} if self.username else {}
        return {"id": self.id, "type": self.type, "title": self.title, **name, **forum}


def member(user: Json, status: Status, *, anonymous: bool = False) -> Json:
    """Return somebody's standing in a chat, as the Bot API shows it."""
    shown: Json = {"user": user, "status": status}
    if status == "creator":
        shown["is_anonymous"] = anonymous
    elif status == "administrator":
        shown |= {**dict.fromkeys(_RIGHTS, False), "can_manage_chat": True, "is_anonymous": anonymous}
    elif status == "restricted":
        shown |= {**dict.fromkeys(_RESTRICTED, False), "is_member": True, "until_date": 0}
    elif status == "kicked":
        shown["until_date"] = 0
    return shown


def anonymous_author(chat: Chat) -> Json:
    """Return who a message of an anonymous administrator is from."""
    group_bot = {"id": ANONYMOUS, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    return {"from": group_bot, "sender_chat": chat.json()}
