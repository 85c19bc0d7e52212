"""What the bot tells its owners and editors of its own accord; it goes out as every delivery does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.article.library import Card
from bot.article.model import ArticleId
from bot.clock import Clock
from bot.db.digests import DigestStore
from bot.db.people import PeopleStore
from bot.db.readers import ReaderStore
from bot.delivery.model import Plan
from bot.delivery.status import Fared
from bot.editing.feeds_model import FollowedFeed
from bot.editing.model import Appointment, Draft, Published
from bot.errors import ArticleError, RightLost
from bot.i18n import Translator, translator
from bot.message.model import Message
from bot.reader.model import Reader, ReaderId
from bot.views import notices as views
from bot.views.alerts import daily_line, was_down
from bot.views.drafts import not_published
from bot.views.editing import changed_file, published, quiet_files
from bot.views.feeds import failing_feed, feed_is_back, queued_entries

LIFETIME: Final = timedelta(days=7)
"""How long a notice is worth sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Write notices to owners and editors into the outbox."""

    people: PeopleStore
    readers: ReaderStore
    digests: DigestStore
    clock: Clock

    async def quarantined(self, card: Card, reason: str) -> None:
        """Tell the owners of an article that Telegram refuses."""
        view = partial(views.quarantined_article, card, reason)
        await self._tell_each(await self.people.owners(), f"quarantine {card.id} {card.version}", view)

    async def changed_files(self, drafts: Sequence[Draft]) -> None:
        """Tell all editors of files that changed although their articles were edited in the chat."""
        editors = await self.people.editors()
        for draft in drafts:
            await self._tell_each(editors, f"draft {draft.id}", partial(changed_file, draft))

    async def quiet_files(self, articles: Sequence[ArticleId]) -> None:
        """Ask editors once for all old articles of the content folder whether digests shall tell of them."""
        view = partial(quiet_files, articles)
        await self._tell_each(await self.people.editors(), f"quiet {articles[0]} {articles[-1]}", view)

    async def appointed(
        self, draft: Draft, appointment: Appointment, outcome: Published | ArticleError | RightLost
    ) -> None:
        """Tell whoever set the time of a draft what became of it; owners, where they edit no more."""
        view = (
            partial(published, outcome)
            if isinstance(outcome, Published)
            else partial(not_published, draft, outcome)
        )
        to = await self.people.owners() if isinstance(outcome, RightLost) else [appointment.by]
        await self._tell_each(to, f"draft {draft.id} at {appointment.at:%Y-%m-%dT%H:%M}", view)

    async def queued_entries(self, count: int) -> None:
        """Tell editors how many entries of feeds wait."""
        view = partial(queued_entries, count)
        await self._tell_each(await self.people.editors(), f"feeds {self._stamp()}", view)

    async def failing_feed(self, feed: FollowedFeed) -> None:
        """Tell editors of a feed that fails."""
        since = feed.failing_since or self.clock.now()
        occasion = f"feed {feed.id} fails {since:%Y-%m-%dT%H:%M:%S}"
        await self._tell_each(await self.people.editors(), occasion, partial(failing_feed, feed))

    async def feed_is_back(self, feed: FollowedFeed) -> None:
        """Tell editors of a feed that had failed and can be read again."""
        occasion = f"feed {feed.id} is back {self._stamp()}"
        await self._tell_each(await self.people.editors(), occasion, partial(feed_is_back, feed))

    async def restored(self) -> None:
        """Ask the owners what to do now that the database is older than what was sent."""
        await self._tell_each(await self.people.owners(), f"restored {self._stamp()}", views.restored_backup)

    async def was_down(self, since: datetime, until: datetime, *, left_out: int, merged: int) -> None:
        """Tell owners that the bot did not run, once for each time."""
        plans = [
            self._plan(
                to.id,
                f"down {since:%Y-%m-%dT%H:%M:%S}",
                was_down(since, until, to, _translator(to), left_out=left_out, merged=merged),
            )
            for to in await self._readers_of(await self.people.owners())
        ]
        await self.digests.notify(plans, self.clock.now())

    async def daily_line(self, to: Reader, occasion: str, fared: Fared, chats: int) -> None:
        """Tell an owner how the last day went."""
        plan = self._plan(to.id, occasion, daily_line(fared, chats, _translator(to)))
        await self.digests.notify([plan], self.clock.now())

    async def suspended(self) -> None:
        """Tell whoever set up a group or channel that it gets no more digests, and why."""
        now = self._stamp()
        told = {
            reader.id: [
                self._plan(
                    to.id, f"suspended {reader.id} {now}", views.suspended_chat(reader, _translator(to))
                )
                for to in await self._readers_of([reader.set_up_by or 0])
            ]
            for reader in await self.readers.untold()
        }
        if told:
            await self.digests.notify_of_suspension(told, self.clock.now())

    async def told(self, to: ReaderId, about: str, messages: tuple[Message, ...]) -> None:
        """Tell somebody something that they brought about elsewhere."""
        plan = self._plan(to, f"{about} {self._stamp()}", *messages)
        await self.digests.notify([plan], self.clock.now())

    async def _tell_each(
        self, users: Iterable[int], occasion: str, view: Callable[[Translator], Message]
    ) -> None:
        plans = [self._plan(to.id, occasion, view(_translator(to))) for to in await self._readers_of(users)]
        await self.digests.notify(plans, self.clock.now())

    async def _readers_of(self, users: Iterable[int]) -> list[Reader]:
        """Return the readers of people's private chats, which have the number of the person."""
        return [reader for user in users for reader in await self.readers.of_chat(user)]

    def _plan(self, to: ReaderId, occasion: str, *messages: Message) -> Plan:
        expires = self.clock.now() + LIFETIME
        return Plan(reader=to, kind="notice", occasion=occasion, expires_at=expires, parts=messages)

    def _stamp(self) -> str:
        return f"{self.clock.now():%Y-%m-%dT%H:%M:%S}"


def _translator(reader: Reader) -> Translator:
    return translator(reader.language)
