"""Which ids are given now: the id of a message of ours whose request began after a moment.

If nothing is sent of its own accord, a silent message goes to an owner and is deleted at once. It is written
down before it leaves, so that none stays behind whenever the program ends.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from bot.clock import Clock
from bot.delivery.message_ids import MessageIds, Range, is_counted
from bot.delivery.model import Outcome, Sent
from bot.message.model import Content
from bot.reader.model import Place
from bot.settling.model import IsThere, Marker, Unanswered, unexplained

Send = Callable[[Place, Content], Awaitable[Outcome]]

_MAX_LOOKED_FOR: Final = 64
"""Ids among which a marker is looked for whose answer never came."""


class Post(Protocol):
    """Sends and deletes markers."""

    async def send_marker(self, chat: int) -> int | bool:
        """Send one; its id, False when it was refused, True when it may have arrived."""

    async def delete_marker(self, chat: int, message_id: int) -> bool:
        """Delete one; return whether it is gone for sure."""


class Markers(Protocol):
    """Where they are written down, and what ids are known."""

    async def begin_marker(self, chat: int, after: int) -> int:
        """Write one down before it leaves; its number."""

    async def name_marker(self, number: int, message_id: int) -> None:
        """Write down which id it has; it is a known one from now on."""

    async def drop_marker(self, number: int) -> None:
        """Forget one that is gone."""

    async def markers(self) -> Sequence[Marker]:
        """Return those that may still be there."""

    async def known(self, after: int, before: int) -> Sequence[Range]:
        """Return which ids between two are known, in order."""


class Ceiling:
    """Watches what is sent, and sends a marker where nothing is."""

    def __init__(
        self,
        *,
        store: Markers,
        post: Post,
        ids: MessageIds,
        owners: Callable[[], Awaitable[Iterable[int]]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._post = post
        self._ids = ids
        self._owners = owners
        self._clock = clock
        self._newest = (float("-inf"), 0)
        """When the request of the newest message began, and its id."""

    def watched(self, send: Send) -> Send:
        """Return the same `send`, of which it is noted when each request began."""

        async def noted(place: Place, content: Content) -> Outcome:
            began = self._clock.monotonic()
            outcome = await send(place, content)
            if isinstance(outcome, Sent) and is_counted(place.chat):
                self._newest = max(self._newest, (began, outcome.message_id))
            return outcome

        return noted

    async def since(self, moment: float) -> int | None:
        """Return the id of a message whose request began after a moment; None when no owner takes one.

        Unanswered by Telegram.
        """
        began, message_id = self._newest
        if began > moment:
            return message_id
        unanswered = False
        for owner in await self._owners():
            try:
                if (id_ := await self._mark(owner)) is not None:
                    return id_
            except Unanswered:
                unanswered = True
        if unanswered:
            raise Unanswered
        return None

    async def _mark(self, owner: int) -> int | None:
        after = self._ids.highest
        number = await self._store.begin_marker(owner, after)
        sent = await self._post.send_marker(owner)
        if sent is True:
            raise Unanswered  # it may be there: `find_left` looks for it
        if sent is False:
            await self._store.drop_marker(number)
            return None
        await self._store.name_marker(number, sent)
        self._ids.passed(owner, sent)
        await self._delete(Marker(number, owner, after, sent))
        return sent

    async def delete_left(self) -> bool:
        """Delete the markers that were left behind; return whether there are some whose ids are not known."""
        markers = await self._store.markers()
        for marker in markers:
            await self._delete(marker)
        return any(marker.message_id is None for marker in markers)

    async def leave(self, chats: Collection[int]) -> None:
        """Look no more for those in some chats: what is found there could be something else of ours."""
        for marker in await self._store.markers():
            if marker.message_id is None and marker.chat in chats:
                await self._store.drop_marker(marker.number)

    async def find_left(self, ceiling: int, is_there: IsThere, *, spare: Collection[int]) -> None:
        """Find and delete those whose ids are not known; all are below the ceiling.

        In chats to `spare` none is looked for just now: what is there may be something else of ours.
        """
        for marker in await self._store.markers():
            if marker.message_id is None and marker.chat not in spare:
                await self._find(marker, ceiling, is_there)

    async def _find(self, marker: Marker, ceiling: int, is_there: IsThere) -> None:
        known = await self._store.known(marker.after, ceiling)
        for id_ in unexplained(known, marker.after, ceiling, _MAX_LOOKED_FOR):
            if await is_there(marker.chat, id_):
                await self._store.name_marker(marker.number, id_)
                await self._delete(replace(marker, message_id=id_))
                return
        await self._store.drop_marker(marker.number)

    async def _delete(self, marker: Marker) -> None:
        if marker.message_id is not None and await self._post.delete_marker(marker.chat, marker.message_id):
            await self._store.drop_marker(marker.number)
