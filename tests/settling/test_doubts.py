"""Which messages without an answer are looked into, and which are not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.db import deliveries
from bot.db.outbox import OutboxStore
from bot.db.privacy import PrivacyStore
from bot.delivery.model import DeliveryId
from bot.delivery.reasons import DOUBTFUL, Reason
from bot.demo.server import BotApiServer
from tests.chat import Chat, bot_running, server_running
from tests.clock import NOON, StillClock
from tests.settling.stack import SettlingStack

SUPERGROUP = -1_001_234_567_890


@pytest.fixture
async def server(clock: StillClock) -> AsyncIterator[BotApiServer]:
    async with server_running(clock, [1]) as made:
        yield made


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    return tmp_path / "content"


async def left(stack: SettlingStack, chat: int, reason: Reason, *, after: int | None = 100) -> int:
    """A message that was claimed, left, and got no answer."""
    row = await stack.row(chat, "planned")
    async with stack.database.transaction() as db:
        await db.run("INSERT INTO payloads (delivery, body) VALUES (:id, '{}')", id=row)
        await deliveries.start(db, [row], after)
        await deliveries.finish(db, row, "uncertain", reason, NOON)
    return (await stack.fate(row))[0][1]


@pytest.mark.parametrize("reason", sorted(DOUBTFUL))
@pytest.mark.parametrize("chat", [11, -50])
async def test_network_and_crash_leave_a_doubt(stack: SettlingStack, reason: Reason, chat: int) -> None:
    assert await left(stack, chat, reason) == 1
    assert len(await stack.messages()) == 1, "it may have to be sent again"


async def test_crash_leaves_a_doubt_too(stack: SettlingStack) -> None:
    row = await stack.row(11, "planned")
    async with stack.database.transaction() as db:
        await deliveries.start(db, [row], 100)
        assert await deliveries.recover(db, NOON) == 1
    [doubt] = await stack.store.open()
    assert (doubt.delivery, doubt.chat, doubt.after, doubt.crashed) == (row, 11, 100, True)


@pytest.mark.parametrize(
    ("chat", "reason", "after"),
    [
        pytest.param(SUPERGROUP, "no_answer", 100, id="a sequence of its own"),
        pytest.param(11, "fault", 100, id="our own fault"),
        pytest.param(11, "moved", 100, id="the chat moved"),
        pytest.param(11, "no_answer", None, id="no id was known"),
    ],
)
async def test_of_others_nothing_can_be_found_out(
    stack: SettlingStack, chat: int, reason: Reason, after: int | None
) -> None:
    assert await left(stack, chat, reason, after=after) == 0
    assert await stack.messages() == set()


async def test_switched_off_no_row_keeps_what_it_takes(stack: SettlingStack) -> None:
    for number, settles in enumerate((True, False)):
        outbox = OutboxStore(stack.database, settles=settles)
        outbox._known.ids.passed(1, 70)  # as if somebody had written
        await stack.row(11 + number, "planned", kind="notice", after=None)
        await outbox.claim(NOON, 10)
    rows = await stack.database.all("SELECT after_id FROM deliveries ORDER BY id")
    assert [row["after_id"] for row in rows] == [70, None]


async def test_who_wants_to_be_forgotten_is_not_looked_for(
    stack: SettlingStack, privacy: PrivacyStore
) -> None:
    row = await stack.row(11)
    await stack.database.run("INSERT INTO strays (chat, at) VALUES (11, 0)")
    await stack.store.begin_marker(11, 5)
    await stack.store.note_looked(row, 12)
    await privacy.forget(11, NOON)
    assert await stack.store.open() == []
    assert (await stack.messages(), await stack.store.strays(), await stack.store.markers()) == (
        set(),
        set(),
        [],
    )
    assert (await stack.fate(row))[0][:2] == ("uncertain", 4)
    assert await stack.store.looked() == {}


async def test_what_left_together_is_told_in_the_order_in_which_it_left(stack: SettlingStack) -> None:
    """Not in that in which it was planned: what is sent again left last."""
    again = await stack.row(11, after=0)
    sent = await stack.sent(901)
    await stack.row(12, "failed", reason="refused", id_=sent + 1)
    await stack.row(SUPERGROUP, "sent", id_=sent + 2)
    first, second = await stack.row(13), await stack.row(14)
    await stack.database.run(
        "UPDATE deliveries SET after_id = :after, due_at = due_at + 1 WHERE id IN numbers(:ids)",
        after=stack.top,
        ids=[again, first],
    )
    found = await stack.store.left_with(await stack.store.open())
    assert [each.message_id or each.delivery for each in found] == [sent, second, again, first]


@pytest.mark.parametrize(
    ("id_", "after", "told"),
    [
        (9_000, 800, True), (8_999, 1_000, False), (11_000, 1_000, True), (11_001, 1_000, False),
        (9_999, 799, False),
    ],
)  # fmt: skip
async def test_what_left_long_before_or_after_tells_nothing(
    stack: SettlingStack, *, id_: int, after: int, told: bool
) -> None:
    await stack.row(11, after=1_000)
    await stack.database.run("UPDATE deliveries SET id = 10000")
    await stack.row(12, "sent", after=after, id_=1_001)
    await stack.database.run("UPDATE deliveries SET id = :id WHERE id <> 10000", id=id_)
    found = await stack.store.left_with(await stack.store.open())
    assert ([each.message_id for each in found if each.message_id] == [1_001]) == told


async def test_known_messages_of_a_chat_are_those_that_arrived(stack: SettlingStack) -> None:
    first, last = await stack.sent(11), await stack.sent(11)
    await stack.sent(12)
    await stack.row(11, "failed", reason="refused", occasion="refused", id_=stack.top + 1)
    await stack.row(11, occasion="lost")
    assert await stack.store.last_in(11, 9) == [last, first]
    assert await stack.store.last_in(11, 1) == [last]


async def test_another_bot_and_another_server_count_otherwise(stack: SettlingStack) -> None:
    await stack.history(2)
    row = await stack.row(11)
    await stack.store.begin_marker(1, 5)
    await stack.store.note_control("order")
    assert not await stack.store.belong_to("one"), "until now nobody had asked"
    assert not await stack.store.belong_to("one")
    assert (await stack.fate(row))[0][:2] == ("uncertain", 1)
    assert await stack.store.belong_to("another")
    assert await stack.fate(row) == [("uncertain", 4, "moved")]
    assert await stack.store.history(DeliveryId(99), 10) == []
    assert (await stack.store.known(0, 999), await stack.store.markers()) == ([], [])
    assert await stack.store.failed_control() is None


async def test_token_that_changed_begins_the_ids_anew(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path
) -> None:
    known = []
    for address in (server.address, server.address, server.address.replace("127.0.0.1", "localhost")):
        async with bot_running(address, clock, tmp_path / "data", content) as bot:
            known.append({each for a, b in await bot.stores.doubts.known(0, 999) for each in range(a, b + 1)})
            server.world.person(11, "Ada")
            await Chat(server, 11, 11).send("/help")
    assert known[0] == set()
    assert 1 in known[1]
    assert 1 not in known[2]
