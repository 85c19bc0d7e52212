"""Whom owners' daily figures were sent to already."""

from datetime import timedelta

from bot.db.alerts import AlertStore
from bot.db.database import Database
from bot.db.planning import write_plans
from bot.db.readers import ReaderStore
from bot.delivery.model import Kind, Plan
from bot.i18n import Language
from bot.message.model import Message
from bot.reader.model import Place, ReaderId
from tests.clock import NOON


async def test_notice_of_an_occasion_is_told_to_its_reader_only(database: Database) -> None:
    readers, store = ReaderStore(database), AlertStore(database)
    ada, lin = [
        (await readers.meet(Place(chat), language=Language("en"), now=NOON, back=0)).id for chat in (11, 12)
    ]

    async def plan(reader: ReaderId, kind: Kind, occasion: str) -> None:
        expires = NOON + timedelta(days=1)
        made = Plan(
            reader=reader, kind=kind, occasion=occasion, expires_at=expires, parts=(Message(text="x"),)
        )
        async with database.transaction() as connection:
            await write_plans(connection, [made], NOON)

    assert not await store.was_told(ada, "line 1")
    await plan(ada, "notice", "line 1")
    await plan(lin, "digest", "line 1")
    told = [(reader, name) for reader in (ada, lin) for name in ("line 1", "line 2")]
    assert [await store.was_told(*each) for each in told] == [True, False, False, False]
