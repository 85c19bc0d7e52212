"""A copy that is put back on another machine, with all that lay beside it: what was sent since tells."""

import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.lifespan import Runtime
from bot.delivery.rates import Rates
from bot.reader.model import Place
from bot.settling import freshness
from bot.tg import prober
from bot.tg.prober import MARKER
from tests.chat import bot_running
from tests.clock import MovedClock
from tests.settling.telegram import ARTICLE, Telegram
from tests.settling.test_servers import OWNER, READERS, awaited, doubled, until
from tests.subscribers import write_subscribers

pytestmark = pytest.mark.sqlite

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "_HEAR_S", 0.1)
    monkeypatch.setattr(prober, "INTERVAL_S", 0.0)
    monkeypatch.setattr(prober, "WAITS_S", (0.02,))


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


class Machines:
    """A bot with readers whose digests are due, and copies of its folder."""

    def __init__(self, folder: Path, clock: MovedClock) -> None:
        self.telegram = Telegram()
        self.clock = clock
        self.folder = folder / "first"
        self._content = folder / "content"
        self._content.mkdir()
        self.due = (clock.now() + timedelta(minutes=2)).replace(second=0, microsecond=0)

    async def prepare(self, readers: range = READERS) -> None:
        self.folder.mkdir()
        await write_subscribers(
            self.folder / "bot.db", self.clock, map(Place, readers), [self.due], title=ARTICLE
        )

    @contextlib.asynccontextmanager
    async def running(self, folder: Path, **settings: Any) -> AsyncIterator[Runtime]:
        async with bot_running(
            self.telegram.address, self.clock, folder, self._content, rates=Rates(overall=400),
            **{"owner_ids": str(OWNER), **settings},
        ) as bot:  # fmt: skip
            yield bot

    async def get_to_know(self) -> None:
        """The owner and some readers write: ids are known."""
        async with self.running(self.folder):
            for chat in (OWNER, *READERS[:3]):
                self.telegram.say(chat, "/help")
            await until(lambda: awaited(len(self.telegram.accepted) >= 4))

    def copy(self, name: str) -> Path:
        copied = self.folder.parent / name
        shutil.copytree(self.folder, copied)
        return copied

    async def send(self, folder: Path, *, to: int = len(READERS)) -> None:
        """All digests that are due leave."""
        self.clock.move(max(self.due - self.clock.now(), timedelta()))
        async with self.running(folder) as bot:
            await bot.scheduler.run_all()
            await until(lambda: awaited(len(self.telegram.digests()) >= to))
            await until(lambda: self._is_still(bot))

    async def _is_still(self, bot: Runtime) -> bool:
        counts = await bot.stores.outbox.counts()
        return not counts.get("planned", 0) + counts.get("sending", 0)


@pytest.fixture
async def machines(tmp_path: Path, clock: MovedClock) -> AsyncIterator[Machines]:
    made = Machines(tmp_path, clock)
    async with made.telegram.running():
        yield made


async def asked(bot: Runtime, telegram: Telegram) -> bool:
    """Run what is due for a while; whether digests wait for an owner, who was asked."""
    await bot.scheduler.run_all()
    await until(lambda: awaited(not bot.freshness.is_at_work))
    is_held = not (await bot.stores.digests.gate()).is_open
    if is_held:
        await until(
            lambda: awaited(
                any(chat == OWNER and "restored a backup" in text for chat, text in telegram.accepted)
            )
        )
    return is_held


async def test_copy_of_yesterday_sends_nothing_again_until_an_owner_decides(machines: Machines) -> None:
    """All that lay beside the database is in the copy, too."""
    await machines.prepare()
    await machines.get_to_know()
    old = machines.copy("old")
    await machines.send(machines.folder)
    assert len(machines.telegram.digests()) == len(READERS)
    async with machines.running(old) as bot:
        assert await asked(bot, machines.telegram)
        assert doubled(machines.telegram) == []
    assert MARKER not in machines.telegram.messages.values()


async def test_owner_may_have_all_sent_once_more(machines: Machines) -> None:
    await machines.prepare()
    await machines.get_to_know()
    old = machines.copy("old")
    await machines.send(machines.folder)
    async with machines.running(old) as bot:
        assert await asked(bot, machines.telegram)
        assert await bot.stores.restored.decide(machines.clock.now(), told=False)
        await bot.scheduler.run_all()
        await until(lambda: awaited(len(machines.telegram.digests().keys()) == len(READERS)))
        await until(lambda: awaited(len(doubled(machines.telegram)) == len(READERS)))


async def test_bot_with_one_reader_is_asked_too(machines: Machines) -> None:
    await machines.prepare(READERS[:1])
    await machines.get_to_know()
    old = machines.copy("old")
    await machines.send(machines.folder, to=1)
    async with machines.running(old) as bot:
        assert await asked(bot, machines.telegram)
    assert doubled(machines.telegram) == []


@pytest.mark.parametrize("count", [1, len(READERS)])
async def test_server_that_finds_everything_everywhere_accuses_nobody(machines: Machines, count: int) -> None:
    await machines.prepare(READERS[:count])
    await machines.get_to_know()
    machines.telegram.probe = "always there"
    for _ in range(50):
        machines.telegram.skip_id()
    await machines.send(machines.folder, to=count)
    assert doubled(machines.telegram) == []


def chat_first(machines: Machines) -> None:
    for number in range(30):
        machines.telegram.say(3000 + number, "/help")


def nothing(_: Machines) -> None:
    pass


@pytest.mark.parametrize("meanwhile", [nothing, chat_first])
async def test_others_who_wrote_meanwhile_explain_nothing_of_it(
    machines: Machines, meanwhile: Callable[[Machines], None]
) -> None:
    await machines.prepare()
    await machines.get_to_know()
    old = machines.copy("old")
    async with machines.running(machines.folder):
        meanwhile(machines)
        await until(lambda: awaited(len(machines.telegram.accepted) >= 4))
    await machines.send(machines.folder)
    async with machines.running(old) as bot:
        assert await asked(bot, machines.telegram)
    assert doubled(machines.telegram) == []


@pytest.mark.parametrize(("before", "after"), [(70, 0), (0, 70), (40, 90)])
async def test_what_else_was_sent_before_and_after_hides_nothing(
    machines: Machines, before: int, after: int
) -> None:
    await machines.prepare()
    await machines.get_to_know()
    old = machines.copy("old")
    for _ in range(before):
        machines.telegram.skip_id()
    await machines.send(machines.folder)
    for _ in range(after):
        machines.telegram.skip_id()
    async with machines.running(old) as bot:
        assert await asked(bot, machines.telegram)
    assert doubled(machines.telegram) == []


async def test_database_that_is_up_to_date_asks_nobody(machines: Machines) -> None:
    await machines.prepare()
    await machines.get_to_know()
    await machines.send(machines.folder)
    machines.clock.move(DAY)
    moved = machines.copy("moved")
    async with machines.running(moved) as bot:
        assert not await asked(bot, machines.telegram)


@pytest.mark.parametrize("gap", [3, 200])
async def test_gap_alone_is_no_accusation(machines: Machines, gap: int) -> None:
    """Ids that were given to what the bot never hears of."""
    await machines.prepare()
    await machines.get_to_know()
    await machines.send(machines.folder)
    machines.clock.move(DAY)
    for _ in range(gap):
        machines.telegram.skip_id()
    async with machines.running(machines.folder) as bot:
        assert not await asked(bot, machines.telegram)


async def test_lost_answer_of_one_reader_is_no_accusation(machines: Machines) -> None:
    """As after a crash between an answer and the note of its id."""
    await machines.prepare()
    await machines.get_to_know()
    await machines.send(machines.folder)
    machines.clock.move(DAY)
    telegram = machines.telegram
    telegram.messages[READERS[0], telegram.skip_id()] = "An answer that the database knows nothing of."
    async with machines.running(machines.folder) as bot:
        assert not await asked(bot, telegram)


async def test_who_wrote_before_the_start_may_have_been_answered(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash amid answers: what they wrote comes again."""
    monkeypatch.setattr(freshness, "_HEAR_S", 0.8)
    await machines.prepare()
    await machines.get_to_know()
    await machines.send(machines.folder)
    machines.clock.move(DAY)
    telegram = machines.telegram
    for chat in (*READERS[:2], *READERS[-2:]):
        telegram.say(chat, "/help")
        telegram.messages[chat, telegram.skip_id()] = "An answer that the database knows nothing of."
    telegram.poll_latency = 0.4
    async with machines.running(machines.folder) as bot:
        assert not await asked(bot, telegram)


async def test_doubts_alone_are_no_accusation(machines: Machines) -> None:
    """Whatever has no answer yet explains as many ids, and its readers cannot tell."""
    await machines.prepare()
    await machines.get_to_know()
    telegram = machines.telegram
    telegram.fate = lambda _, chat, __: "cut after" if chat in READERS[-4:] else None
    await machines.send(machines.folder)
    machines.clock.move(DAY)
    telegram.fate = lambda *_: None
    async with machines.running(machines.folder) as bot:
        assert not await asked(bot, telegram)
    assert not telegram.asked["setmessagereaction"]


async def test_update_that_waited_in_the_copy_hides_nothing(machines: Machines) -> None:
    """It came before the digests, and is dealt with after the start."""
    await machines.prepare()
    await machines.get_to_know()
    old = machines.copy("old")
    id_ = machines.telegram.say(READERS[0], "/help")
    await machines.send(machines.folder)
    machines.telegram.repeat_updates()
    async with machines.running(old) as bot:
        await until(lambda: awaited(bot.stores.message_ids.ids.highest >= id_))
        assert await asked(bot, machines.telegram)
    assert doubled(machines.telegram) == []


async def test_what_was_planned_already_waits_too(machines: Machines) -> None:
    """As a digest that Telegram did not take at once."""
    await machines.prepare(READERS[:5])
    await machines.get_to_know()
    machines.clock.move(machines.due - machines.clock.now())
    telegram = machines.telegram
    telegram.fate = lambda _, chat, __: "busy" if chat in READERS else None
    async with machines.running(machines.folder) as bot:
        await bot.scheduler.run_all()
        await until(lambda: is_planned(bot, 5))
    old = machines.copy("old")
    telegram.fate = lambda *_: None
    await machines.send(machines.folder, to=5)
    async with machines.running(old) as bot:
        assert await asked(bot, telegram)
    assert doubled(telegram) == []


async def is_planned(bot: Runtime, count: int) -> bool:
    return (await bot.stores.outbox.counts()).get("planned", 0) == count


async def test_owner_who_takes_no_marker_is_not_waited_for(machines: Machines) -> None:
    await machines.prepare()
    await machines.get_to_know()
    machines.telegram.blocked.add(OWNER)
    await machines.send(machines.folder)
    assert len(machines.telegram.digests()) == len(READERS)


async def test_outage_at_the_start_is_waited_for(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "_WAIT_S", 0.05)
    await machines.prepare()
    await machines.get_to_know()
    old = machines.copy("old")
    await machines.send(machines.folder)
    machines.telegram.fate = lambda method, *_: "cut before" if method == "sendmessage" else None
    async with machines.running(old) as bot:
        await bot.scheduler.run_all()
        assert not bot.freshness.is_known
        machines.telegram.fate = lambda *_: None
        assert await asked(bot, machines.telegram)
    assert doubled(machines.telegram) == []


async def test_switched_off_nothing_is_asked_of_anybody(machines: Machines) -> None:
    await machines.prepare()
    await machines.get_to_know()
    async with machines.running(machines.folder, settling="off") as bot:
        assert bot.freshness.is_known
    assert MARKER not in [text for _, text in machines.telegram.accepted]
