"""What is PostgreSQL's own: connections that are lost, errors of a server, one writer among all."""

import asyncio
import contextlib
import os
import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from bot.config import Settings
from bot.db.beside import reading, writing_beside
from bot.db.database import Database
from bot.db.postgres import connection as connections
from bot.db.postgres import engine as engines
from bot.db.postgres import lease as leases
from bot.db.postgres.connection import ANSWER_S, PostgresConnection, ReadingConnection
from bot.db.postgres.engine import PostgresEngine
from bot.db.postgres.lease import BEGIN, PostgresLease
from bot.db.postgres.migrate import migrate
from bot.errors import BotError, SearchStopped, StoreBusy, StoreDamaged, StoreError, StoreFull, StoreNewer
from bot.i18n import LANGUAGES, translator
from tests.failover import Way
from tests.postgres import PASSWORD, running_server, server_programs

pytestmark = pytest.mark.postgres

_PUT = "INSERT INTO facts (name, value) VALUES (:name, 'x')"


@pytest.fixture
async def other(store: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else's connection to the same database."""
    connection = await asyncpg.connect(store)
    yield connection
    await connection.close()


async def facts(database: Database) -> list[str]:
    return [row["name"] for row in await database.all("SELECT name FROM facts ORDER BY name")]


async def end_others(other: asyncpg.Connection) -> None:
    """As a server that is started anew does, or a proxy on the way."""
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )


async def test_transaction_that_loses_its_connection_leaves_nothing(
    database: Database, other: asyncpg.Connection
) -> None:
    async def lose() -> None:
        async with database.transaction() as db:
            await db.run(_PUT, name="before")
            await end_others(other)
            with contextlib.suppress(StoreError):
                await db.run(_PUT, name="in between")
            await db.run(_PUT, name="after")

    with pytest.raises(StoreError) as lost:
        await lose()
    assert lost.value.key == "error.server_away"
    assert await facts(database) == []
    await database.run(_PUT, name="later")
    assert await facts(database) == ["later"]


async def test_read_and_search_come_back_after_a_lost_connection(
    database: Database, other: asyncpg.Connection
) -> None:
    await end_others(other)
    for ask in (database.all, database.search):
        assert [tuple(row) for row in await ask("SELECT 1")] == [(1,)]
    await database.note(_PUT, name="noted")
    assert await facts(database) == ["noted"]


async def test_server_that_falls_silent_counts_as_away_and_is_reached_anew(
    database: Database, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Way(int(store.rpartition(":")[2].partition("/")[0]))
    await way.open()
    through = re.sub(r":\d+/", f":{way.port}/", store)
    monkeypatch.setattr(connections, "_CONNECT_S", 0.2)
    reader, writer = ReadingConnection(through), PostgresConnection(through)
    for each in (reader, writer):
        await each.connect()
        each.patience = 0.2
    way.cut()
    async with asyncio.timeout(20):
        for silent in (reader.all("SELECT 1"), reader.within(5, "SELECT 1"), writer.begin(BEGIN)):
            with pytest.raises(StoreError) as away:
                await silent
            assert away.value.key == "error.server_away"
        way.mend()
        assert len(await reader.all("SELECT 1")) == 1
        await writer.begin(BEGIN)
        await writer.run(_PUT, name="heard")
        await writer.execute("COMMIT")
    assert await facts(database) == ["heard"]
    await reader.close()
    await writer.close()
    await way.close()


async def test_answers_are_awaited_for_so_long_but_not_where_work_is_long(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float | None] = []

    async def noted(connection: PostgresConnection) -> None:
        seen.append(connection.patience)
        await migrate(connection)

    monkeypatch.setattr(engines, "migrate", noted)
    engine = await PostgresEngine.open(store)
    seen += [engine.writer.patience, engine.reader.patience]
    engine.whole()
    assert [*seen, engine.writer.patience] == [None, ANSWER_S, ANSWER_S, None]
    await engine.close()


async def test_commit_whose_end_is_unknown_is_an_error(database: Database, other: asyncpg.Connection) -> None:
    async def lose() -> None:
        async with database.transaction() as db:
            await db.run(_PUT, name="a")
            await end_others(other)

    with pytest.raises(StoreError):
        await lose()
    await database.run(_PUT, name="b")
    assert await facts(database) == ["b"]


async def test_who_stops_within_a_transaction_holds_up_nobody_for_long(
    database: Database, store: str
) -> None:
    begin = BEGIN.replace("'5s'", "'200ms'")
    stopped, other = PostgresConnection(store), PostgresConnection(store)
    await stopped.begin(begin)
    await stopped.run(_PUT, name="stopped")
    async with asyncio.timeout(20):
        await other.begin(BEGIN)
        await other.run(_PUT, name="other")
        await other.execute("COMMIT")
    with pytest.raises(StoreError):
        await stopped.execute("COMMIT")
    assert await facts(database) == ["other"]
    await stopped.close()
    await other.close()


async def test_writers_of_two_processes_take_turns(store: str, database: Database) -> None:
    others = [PostgresConnection(store) for _ in range(4)]

    async def count_up(connection: PostgresConnection) -> None:
        for _ in range(10):
            await connection.begin(BEGIN)
            row = await connection.one("SELECT coalesce(max(id), 0) + 1 AS next FROM editions")
            assert row is not None
            await connection.run("INSERT INTO editions (id) VALUES (:id)", id=row["next"])
            await connection.execute("COMMIT")

    await asyncio.gather(*map(count_up, others))
    [row] = await database.all("SELECT count(*) AS n, max(id) AS last FROM editions")
    assert tuple(row) == (40, 40)
    for connection in others:
        await connection.close()


@pytest.mark.parametrize(
    ("code", "kind", "key"),
    [
        ("53100", StoreFull, "error.server_full"),
        ("53200", StoreFull, "error.server_full"),
        ("25006", StoreBusy, "error.server_refuses"),
        ("42501", StoreBusy, "error.server_refuses"),
        ("XX001", StoreDamaged, "error.server_damaged"),
        ("XX002", StoreDamaged, "error.server_damaged"),
        ("57P01", StoreError, "error.server_away"),
        ("57P03", StoreError, "error.server_away"),
        ("08006", StoreError, "error.server_away"),
        ("53300", StoreError, "error.server"),
        ("55P03", StoreError, "error.server"),
        ("26000", StoreError, "error.server_pooler"),
        ("42P05", StoreError, "error.server_pooler"),
        ("57014", SearchStopped, "error.search_stopped"),
    ],
)
async def test_errors_of_a_server_are_told_in_our_words(
    database: Database, code: str, kind: type[BotError], key: str
) -> None:
    with pytest.raises(kind) as raised:
        async with database.transaction() as db:
            await db.run(f"DO $$ BEGIN RAISE EXCEPTION 'as it says' USING ERRCODE = '{code}'; END $$")
    assert (type(raised.value), raised.value.key) == (kind, key)
    for language in LANGUAGES:
        assert translator(language)(raised.value.key, **raised.value.values)


@pytest.mark.parametrize(
    ("sql", "values", "kind"),
    [
        ("SELEC 1", {}, asyncpg.PostgresSyntaxError),
        ("SELECT * FROM nowhere", {}, asyncpg.UndefinedTableError),
        ("SELECT CAST(:x AS BIGINT)", {"x": "words"}, asyncpg.DataError),
        ("SELECT 1 / CAST(:x AS BIGINT)", {"x": 0}, asyncpg.DivisionByZeroError),
        ("SELECT CAST(:x AS BIGINT)", {"x": 2**63}, OverflowError),
        ("SELECT :x", {}, KeyError),
    ],
)
async def test_mistakes_of_the_program_stay_as_they_are(
    database: Database, sql: str, values: dict[str, Any], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        await database.all(sql, **values)


async def test_search_that_takes_too_long_is_stopped(database: Database) -> None:
    with pytest.raises(SearchStopped):
        await database.search("SELECT pg_sleep(30)")
    assert len(await database.search("SELECT 1")) == 1


async def test_character_that_no_server_stores_becomes_another(database: Database) -> None:
    await database.run(_PUT, name="a\0b")
    await database.many(_PUT, [{"name": "\0"}])
    assert await facts(database) == ["a\ufffdb", "\ufffd"]


async def test_texts_are_ordered_as_in_sqlite(database: Database) -> None:
    rows = await database.all(
        """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"""
    )
    assert [tuple(row) for row in rows] == []


@pytest.mark.usefixtures("database")
async def test_second_process_is_refused_and_may_look_and_hand_in(store: str) -> None:
    with pytest.raises(StoreBusy) as refused:
        await Database.open(store)
    assert refused.value.key == "error.server_busy"
    async with reading(store) as connection, writing_beside(store) as writer:
        await writer.run(_PUT, name="beside")
        assert await connection.one("SELECT 1 FROM facts WHERE name = 'beside'") is not None


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ((PASSWORD, "another"), "error.server_login"),
        (("bot:", "nobody:"), "error.server_login"),
        (("/test_", "/there_is_no_"), "error.server_login"),
        (("127.0.0.1:", "127.0.0.1:1"), "error.server_away"),
        (("/test_", "?sslmode=never&x=/test_"), "error.server_login"),
    ],
)
async def test_address_that_leads_nowhere_is_told_without_its_password(
    store: str, change: tuple[str, str], key: str
) -> None:
    if key == "error.server_away":  # a port that nobody has
        before, _, database = store.rpartition(":")
        store = f"{before}:1/{database.partition('/')[2]}"
    else:
        store = store.replace(*change)
    with pytest.raises(StoreError) as refused:
        await Database.open(store)
    assert refused.value.key == key
    assert PASSWORD not in str(refused.value)


async def test_database_of_nobody_or_of_a_newer_program_is_named(store: str, database: Database) -> None:
    empty = store.rpartition("/")[0] + "/postgres"
    with pytest.raises(StoreError) as refused:
        async with reading(empty):
            pass
    assert refused.value.key == "error.server_empty"
    for version, key in ((1, "error.server_older"), (999, "error.server_newer")):
        await database.run("UPDATE schema_version SET version = :version", version=version)
        with pytest.raises(StoreError) as refused:
            async with reading(store):
                pass
        assert refused.value.key == key
    await database.close()
    with pytest.raises(StoreNewer):
        await Database.open(store)


async def test_second_start_finds_what_the_first_left(store: str, database: Database) -> None:
    await database.run(_PUT, name="kept")
    await database.close()
    again = await Database.open(store)
    assert await facts(again) == ["kept"]
    await again.close()


async def test_who_lost_the_lease_writes_nothing_and_ends(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_S", 0.2)
    first, second = await PostgresEngine.open(store), PostgresLease(store)
    ended: list[int] = []
    first.lease._end = ended.append
    await first.writer.begin("BEGIN")  # as if this process had slept until its lease was over
    await first.writer.execute("UPDATE lease SET until = '-infinity'")
    await first.writer.execute("COMMIT")
    await second.acquire(None)
    with pytest.raises(StoreError):
        await Database(first).run(_PUT, name="late")
    assert not first.lease.is_held()
    async with asyncio.timeout(20):
        while len(ended) < 2:  # noqa: ASYNC110  # by the write, and by the renewal
            await asyncio.sleep(0.05)  # noqa: TID251  # a lease goes by real time
    assert set(ended) == {75}
    assert await first.reader.all("SELECT 1 FROM facts WHERE name = 'late'") == []
    await first.close()
    assert second.is_held()
    await second.close()


async def test_who_does_not_hear_of_the_server_may_not_act(
    store: str, other: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in {"TTL_S": 0.8, "MARGIN_S": 0.2, "RENEW_S": 0.2}.items():
        monkeypatch.setattr(leases, name, seconds)
    lease = PostgresLease(store)
    await lease.acquire(None)
    assert lease.is_held()
    await other.execute("BEGIN; LOCK TABLE lease")
    async with asyncio.timeout(20):
        while lease.is_held():  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.05)  # noqa: TID251  # a lease goes by real time
        waits = asyncio.create_task(lease.held())
        await asyncio.sleep(0.5)  # noqa: TID251  # as above
        assert not waits.done()
        await other.execute("COMMIT")
        await waits
    assert lease.is_held()
    await lease.close()


async def test_who_stands_by_takes_over_and_knows_how_much_was_claimed(
    store: str, database: Database
) -> None:
    told: list[tuple[str, int]] = []

    class Waiting:
        async def stands_by(self, leader: str, claims: int) -> None:
            told.append((leader, claims))

    await database.run("INSERT INTO facts (name, value) VALUES ('claims', '17')")
    waiting = asyncio.create_task(Database.open(store, Waiting()))
    async with asyncio.timeout(30):
        while not told:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.05)  # noqa: TID251  # a lease goes by real time
        assert told[0][1] == 17
        assert str(os.getpid()) in told[0][0]
        await database.close()
        await (await waiting).close()


async def test_standby_is_missing_once_it_is_not_seen_for_minutes(
    database: Database, other: asyncpg.Connection
) -> None:
    lease = database.engine.lease
    assert await lease.standby_missing_since() is None
    for ago, is_missing in (("1 minute", False), ("3 minutes", True), ("25 hours", False)):
        await other.execute(
            """INSERT INTO standbys VALUES ('a', now() - CAST(CAST($1 AS TEXT) AS INTERVAL))
            ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at""",
            ago,
        )
        assert (await lease.standby_missing_since() is not None) == is_missing, ago
    await other.execute("INSERT INTO standbys VALUES ('b', now()), ('c', now() - interval '1 hour')")
    assert await lease.standby_missing_since() is None


async def test_server_that_is_away_is_told() -> None:
    server = contextlib.ExitStack()
    address = await asyncio.to_thread(server.enter_context, running_server(server_programs()))
    database = Database(await PostgresEngine.open(f"{address}/postgres"))
    await asyncio.to_thread(server.close)
    for ask in (database.run(_PUT, name="a"), database.all("SELECT 1"), database.search("SELECT 1")):
        with pytest.raises(StoreError) as away:
            await ask
        assert away.value.key == "error.server_away"
    await database.close()


def test_password_is_a_secret_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE_URL", "postgresql://bot:a%20b%21@db/x?password=other-one")
    secrets = Settings().secrets()
    assert {"a%20b%21", "a b!", "other-one"} <= secrets
