"""What the bot tells its owners and editors of its own accord; it goes out as every delivery does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.actions.staff import CountAsTold, TellAgain
from bot.article.library import Card
from bot.clock import Clock
from bot.db.digests import SqliteDigestStore
from bot.db.people import PeopleStore
from bot.db.readers import ReaderStore
from bot.delivery.model import Plan
from bot.editing.model import Draft
from bot.editing.views import changed_file
from bot.i18n import Say, say_in
from bot.message.callback import button
from bot.message.edition import PATH_TITLE
from bot.message.header import short
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.reader.model import SUSPENSIONS, Reader, ReaderId

LASTING: Final = timedelta(days=7)
"""How long a notice is worth sending."""

_REASON: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The doer."""

    people: PeopleStore
    readers: ReaderStore
    digests: SqliteDigestStore
    clock: Clock

    async def quarantined(self, card: Card, reason: str) -> None:
        """Tell the owners of an article that Telegram refuses."""
        occasion = f"quarantine {card.id} {card.version}"
        owners = await self._readers_of(await self.people.owners())
        await self._notify(self._plan(to, occasion, _quarantined(card, reason, _say(to))) for to in owners)

    async def changed_files(self, drafts: Sequence[Draft]) -> None:
        """Tell whoever edits of files that changed although their articles did so in the chat."""
        editors = await self._readers_of(await self.people.editors())
        await self._notify(
            self._plan(to, f"draft {draft.id}", changed_file(draft, _say(to)))
            for draft in drafts
            for to in editors
        )

    async def restored(self) -> None:
        """Ask the owners what to do now that the database is older than what was sent."""
        occasion = f"restored {self.clock.now():%Y-%m-%dT%H:%M:%S}"
        owners = await self._readers_of(await self.people.owners())
        await self._notify(self._plan(to, occasion, _restored(_say(to))) for to in owners)

    async def suspended(self) -> None:
        """Tell whoever set up a group or channel that it gets no more digests, and why."""
        untold = await self.readers.untold()
        now = self.clock.now()
        plans = [
            self._plan(to, f"suspended {reader.id} {now:%Y-%m-%dT%H:%M:%S}", _suspended(reader, _say(to)))
            for reader in untold
            for to in await self._readers_of([reader.set_up_by or 0])
        ]
        if untold:
            await self.digests.notify(plans, now, told_of=[reader.id for reader in untold])

    async def told(self, to: ReaderId, about: str, messages: tuple[Message, ...]) -> None:
        """Tell somebody something that they brought about elsewhere."""
        now = self.clock.now()
        occasion = f"{about} {now:%Y-%m-%dT%H:%M:%S}"
        plan = Plan(reader=to, kind="notice", occasion=occasion, expires_at=now + LASTING, parts=messages)
        await self.digests.notify([plan], now)

    async def _readers_of(self, users: Iterable[int]) -> list[Reader]:
        """Return a person's private chat has the person's number."""
        return [reader for user in users for reader in await self.readers.of_chat(user)]

    def _plan(self, to: Reader, occasion: str, message: Message) -> Plan:
        expires = self.clock.now() + LASTING
        return Plan(reader=to.id, kind="notice", occasion=occasion, expires_at=expires, parts=(message,))

    async def _notify(self, plans: Iterable[Plan]) -> None:
        await self.digests.notify(list(plans), self.clock.now())


def _say(reader: Reader) -> Say:
    return say_in(reader.language)


def _suspended(reader: Reader, say: Say) -> Message:
    """Return why, as far as it is known by a name; Telegram's own words otherwise."""
    reason = reader.suspended or ""
    known = say(f"chat.suspended_{reason}") if reason in SUSPENSIONS else short(reason, _REASON)
    title = short(reader.title, PATH_TITLE) or str(reader.place.chat)
    return to_message(Rich.plain(say("chat.suspended", title=title, reason=known)))


def _restored(say: Say) -> Message:
    told = button(say("restored.button_told"), CountAsTold())
    again = button(say("restored.button_again"), TellAgain())
    return to_message(Rich.plain(say("restored.ask")), ((told,), (again,)))


def _quarantined(card: Card, reason: str, say: Say) -> Message:
    title = short(card.title, PATH_TITLE)
    return to_message(Rich.plain(say("chat.quarantined", title=title, reason=short(reason, _REASON))))
