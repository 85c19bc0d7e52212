"""A real database with deliveries, a world of messages that can be asked, and what settles between the two."""

from collections import Counter
from dataclasses import dataclass, field

from bot.db.database import Database
from bot.db.deliveries import next_numbers
from bot.db.doubts import DoubtStore
from bot.db.message_ids import write_ids
from bot.db.readers import ReaderStore
from bot.db.times import to_ms
from bot.delivery.message_ids import MessageIds
from bot.delivery.model import DeliveryId, Sent
from bot.i18n import Language
from bot.message.model import Message
from bot.reader.model import Place
from bot.settling.ceiling import Ceiling
from bot.settling.model import Mode, Unanswered
from bot.settling.settlement import Settlement
from bot.settling.settler import WAIT_S, Settler
from tests.clock import NOON, StillClock

OWNER = 1


@dataclass
class SettlingStack:
    """Messages have the ids of one sequence; `top` is the last that was given."""

    database: Database
    clock: StillClock
    mode: Mode = "on"
    top: int = 100
    there: set[tuple[int, int]] = field(default_factory=set)
    silent: bool = False
    answers: int | None = None
    """How many questions are answered before it falls silent; None: all."""
    closed: set[int] = field(default_factory=set)
    asked: Counter[tuple[int, int]] = field(default_factory=Counter)
    owners: list[int] = field(default_factory=lambda: [OWNER])
    staff: list[int] = field(default_factory=lambda: [OWNER])
    refuses: set[int] = field(default_factory=set)
    loses: set[int] = field(default_factory=set)
    """Chats of which no answer comes when a marker is sent."""
    keeps_markers: bool = False
    """Whether none can be deleted just now."""
    markers_tried: int = 0
    woken: int = 0

    def __post_init__(self) -> None:
        self.ids, self.store = MessageIds(), DoubtStore(self.database)
        self.ceiling = Ceiling(
            store=self.store, post=self, ids=self.ids, owners=self.find_owners, clock=self.clock
        )
        self.reachable = True
        self.settler = self.started()

    def started(self) -> Settler:
        """As after a start."""
        return Settler(
            mode=self.mode,
            store=self.store,
            ceiling=self.ceiling,
            begin=lambda: Settlement(
                store=self.store, is_there=self.is_there, ceiling=self.ceiling, ids=self.ids,
                staff=self.find_staff, clock=self.clock,
            ),
            ids=self.ids,
            on_settled=self.wake,
            is_reachable=lambda: self.reachable,
            clock=self.clock,
        )  # fmt: skip

    def wake(self) -> None:
        self.woken += 1

    async def find_owners(self) -> list[int]:
        return self.owners

    async def find_staff(self) -> list[int]:
        return self.staff

    # The world -----------------------------------------------------------------------------------------------

    def put(self, chat: int) -> int:
        """A message comes to be; its id."""
        self.top += 1
        self.there.add((chat, self.top))
        return self.top

    async def is_there(self, chat: int, message_id: int) -> bool | None:
        if self.silent or (self.answers is not None and self.asked.total() >= self.answers):
            raise Unanswered
        self.asked[chat, message_id] += 1
        return None if chat in self.closed else (chat, message_id) in self.there

    async def send_marker(self, chat: int) -> int | bool:
        self.markers_tried += 1
        if chat in self.loses:
            self.put(chat)
            return True
        return False if chat in self.refuses else self.put(chat)

    async def delete_marker(self, chat: int, message_id: int) -> bool:
        if self.keeps_markers:
            return False
        self.there.discard((chat, message_id))
        return True

    # The ledger ----------------------------------------------------------------------------------------------

    async def reader(self, chat: int) -> int:
        kind = "private" if chat > 0 else "group"
        place = Place(chat, kind=kind)  # type: ignore[arg-type]  # one of two
        met = await ReaderStore(self.database).meet(place, language=Language("en"), now=NOON, back=3)
        return met.id

    async def row(  # a row has that many columns
        self, chat: int, state: str = "uncertain", *, after: int | None = None, id_: int | None = None,
        reason: str | None = None, kind: str = "digest", occasion: str = "o", campaign: int | None = None,
        doubt: int | None = None,
    ) -> DeliveryId:  # fmt: skip
        """A row as delivery leaves it; `after` is the last id that was given, unless told."""
        if reason is None and state == "uncertain":
            reason = "no_answer"
        reader = await self.reader(chat)
        async with self.database.transaction() as db:
            number = await next_numbers(db, 1)
            await db.run(
                """INSERT INTO deliveries (id, reader, kind, occasion, part, parts, state, reason, due_at,
                    expires_at, upto, planned_at, finished_at, message_id, after_id, doubt, campaign)
                VALUES (:id, :reader, :kind, :occasion, 1, 1, :state, :reason, :now, :later, 9, :now,
                    :now, :message, :after, :doubt, :campaign)""",
                id=number, reader=reader, kind=kind, occasion=occasion, state=state, reason=reason,
                now=to_ms(NOON), later=to_ms(NOON) + 86_400_000, message=id_,
                after=self.top if after is None else after,
                doubt=int(state == "uncertain") if doubt is None else doubt, campaign=campaign,
            )  # fmt: skip
            if state == "uncertain":
                await db.run("INSERT INTO payloads (delivery, body) VALUES (:id, '{}')", id=number)
        return DeliveryId(number)

    async def sent(self, chat: int) -> int:
        """A message that was sent, accepted and written down; its id."""
        after = self.top
        id_ = self.put(chat)
        await self.row(chat, "sent", after=after, id_=id_, occasion=f"sent {id_}")
        await self.know(chat, id_)
        return id_

    async def history(self, count: int = 3) -> None:
        """So many messages that certainly arrived, in chats from 901 on."""
        for number in range(count):
            await self.sent(901 + number)

    async def know(self, chat: int, *ids: int) -> None:
        """These ids are accounted for."""
        async with self.database.transaction() as db:
            await write_ids(db, ids)
        for id_ in ids:
            self.ids.passed(chat, id_)

    async def send_something(self, chat: int = 950) -> int:
        """A digest leaves, and is accepted."""
        id_ = self.put(chat)

        async def send(_: Place, __: object) -> Sent:
            return Sent(id_)

        await self.ceiling.watched(send)(Place(chat), Message(text="x"))
        await self.know(chat, id_)
        return id_

    # Time ----------------------------------------------------------------------------------------------------

    async def look(self, seconds: float = 0) -> None:
        """Let time pass, and look."""
        await self.clock.advance(seconds=seconds)
        await self.settler.look()

    async def settle(self) -> None:
        """Look twice, with the wait between."""
        await self.look()
        await self.look(WAIT_S)

    async def fate(self, *rows: DeliveryId) -> list[tuple[str, int, str | None]]:
        """State, doubt and what was noted beside it, of rows."""
        found = {
            row["id"]: (row["state"], row["doubt"], row["detail"])
            for row in await self.database.all("SELECT id, state, doubt, detail FROM deliveries")
        }
        return [found[row] for row in rows]

    async def messages(self) -> set[int]:
        """The rows that still have their message."""
        return {row["delivery"] for row in await self.database.all("SELECT delivery FROM payloads")}
