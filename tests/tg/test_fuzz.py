"""Updates of every kind, with anything in the place of anything: everybody else is answered all the same."""

import gc
import itertools
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app.lifespan import Runtime
from bot.demo.server import BotApiServer
from tests.chat import Chat
from tests.clock import StillClock
from tests.hostile import TEXTS, VALUES, examples

_PERSON: Final = {"id": 66, "is_bot": False, "first_name": "Eve", "language_code": "en"}
_PRIVATE: Final = {"id": 66, "type": "private", "first_name": "Eve"}
_GROUP: Final = {"id": -1000, "type": "supergroup", "title": "Readers", "is_forum": True}
_MESSAGE: Final = {"message_id": 5, "date": 1764244800, "chat": _PRIVATE, "from": _PERSON, "text": "/summary 1",
                   "entities": [{"type": "bot_command", "offset": 0, "length": 8}]}  # fmt: skip
_FILE: Final = {
    "file_id": "x",
    "file_unique_id": "y",
    "file_size": 10,
    "file_name": "a.md",
    "mime_type": "text/plain",
}
_MEMBER: Final = {"user": _PERSON, "status": "member"}
_CHANGE: Final = {"chat": _GROUP, "from": _PERSON, "date": 1764244800, "old_chat_member": _MEMBER,
                  "new_chat_member": {**_MEMBER, "status": "left"}}  # fmt: skip

UPDATES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("message", _MESSAGE),
    ("message", {**_MESSAGE, "chat": _GROUP, "message_thread_id": 7, "is_topic_message": True}),
    ("message", {**_MESSAGE, "reply_to_message": {**_MESSAGE, "message_id": 4}}),
    ("message", {**_MESSAGE, "text": "x", "forward_origin": {"type": "user", "date": 1, "sender_user": _PERSON}}),
    ("message", {**_MESSAGE, "text": None, "document": _FILE, "caption": "/addarticle"}),
    ("message", {**_MESSAGE, "text": None, "photo": [{**_FILE, "width": 1, "height": 1}], "media_group_id": "1"}),
    ("message", {**_MESSAGE, "text": None, "chat": _GROUP, "migrate_to_chat_id": -1001}),
    ("message", {**_MESSAGE, "text": None, "chat": _GROUP, "new_chat_members": [_PERSON]}),
    ("message", {**_MESSAGE, "text": None, "location": {"latitude": 51.5, "longitude": 0.1}}),
    ("message", {**_MESSAGE, "chat": _GROUP, "sender_chat": _GROUP, "from": {**_PERSON, "id": 1087968824}}),
    ("edited_message", {**_MESSAGE, "edit_date": 1764244801}),
    ("channel_post", {**_MESSAGE, "chat": {"id": -2000, "type": "channel", "title": "News"}}),
    ("edited_channel_post", {**_MESSAGE, "chat": {"id": -2000, "type": "channel", "title": "News"}}),
    ("callback_query", {"id": "9", "from": _PERSON, "chat_instance": "1", "data": "art:1", "message": _MESSAGE}),
    ("callback_query", {"id": "9", "from": _PERSON, "chat_instance": "1", "data": "+acts", "inline_message_id": "8"}),
    ("my_chat_member", _CHANGE),
    ("my_chat_member", {**_CHANGE, "chat": _PRIVATE, "new_chat_member": {**_MEMBER, "status": "kicked", "until_date": 0}}),
    ("chat_member", _CHANGE),
    ("inline_query", {"id": "1", "from": _PERSON, "query": "a", "offset": ""}),
    ("poll", {"id": "1", "question": "a", "options": [], "total_voter_count": 0, "is_closed": False}),
    ("no_such_kind", {"a": 1}),
)  # fmt: skip


NEWCOMERS: Final = itertools.count(100)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the parts of a value are, its whole included."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, inner in items for path in paths(inner, (*at, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a copy with something else in one place."""
    if not path:
        return new
    first, *rest = path
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[first] = put(value[first], tuple(rest), new)
    return changed


@st.composite
def updates(draw: st.DrawFn) -> tuple[str, Any]:
    """Something that Telegram would never send, and that differs in a few places from what it does."""
    kind, content = draw(st.sampled_from(UPDATES))
    made: Any = content
    for _ in range(draw(st.integers(0, 2))):
        path = draw(st.sampled_from(paths(made)))
        made = put(made, path, draw(st.sampled_from((*VALUES, *TEXTS))))
    return kind, made


@pytest.mark.timeout(300)
@settings(examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(updates(), min_size=20, max_size=20))
async def test_everybody_else_is_answered_whatever_comes(
    bot: Runtime,  # noqa: ARG001  # it answers
    server: BotApiServer,
    clock: StillClock,
    caplog: pytest.LogCaptureFixture,
    made: list[tuple[str, Any]],
) -> None:
    reader = next(NEWCOMERS)
    server.world.person(reader, "Ada")
    for kind, content in made:
        server.world.updates.put(kind, content)
    await clock.advance(seconds=60)  # nobody is held back for what the last example asked
    assert "First things" in (await Chat(server, reader, reader).send("/articles"))["text"]
    gc.collect()
    assert "never retrieved" not in caplog.text, "a task ended without anybody noticing"
    caplog.clear()
