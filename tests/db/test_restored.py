"""A database that was found to be older than what was sent from it."""

from pathlib import Path

from bot.db.database import Database
from bot.db.facts import note_facts
from bot.db.readers import ReaderStore
from bot.db.restored import MARK, ClaimCounter, RestoreStore, gate
from bot.i18n import Language
from bot.reader.model import Place
from tests.clock import NOON


async def test_what_an_owner_decided_holds_at_the_next_start(database: Database, tmp_path: Path) -> None:
    """It was put on hold by its ids, though the number beside it is its own."""
    await ReaderStore(database).meet(Place(5), language=Language("en"), now=NOON, back=3)
    async with database.transaction() as db:
        await note_facts(db, {"claims": 5})
    mark = ClaimCounter(tmp_path / MARK)
    mark.write(5)
    store = RestoreStore(database, mark)
    await store.hold(NOON)
    assert not (await gate(database)).is_open
    assert await store.decide(NOON, told=True)
    assert not await store.detect(NOON)
    mark.close()


async def test_database_without_its_mark_is_asked_about_once(database: Database, tmp_path: Path) -> None:
    await ReaderStore(database).meet(Place(5), language=Language("en"), now=NOON, back=3)
    async with database.transaction() as db:
        await note_facts(db, {"claims": 5})
    mark = ClaimCounter(tmp_path / MARK)
    store = RestoreStore(database, mark)
    assert await store.detect(NOON)
    assert await store.decide(NOON, told=True)
    assert not await store.detect(NOON)
    assert mark.read() == 5
    mark.close()
