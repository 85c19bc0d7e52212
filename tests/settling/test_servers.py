"""The whole bot at servers that are as we believe, and otherwise: nobody is sent a digest twice."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.lifespan import Runtime
from bot.clock import SystemClock
from bot.delivery.rates import Rates
from bot.i18n import Language, translator
from bot.reader.model import Place
from bot.settling import settlement, settler
from bot.settling.model import Control
from bot.tg import prober
from bot.tg.presence import METHOD
from bot.views.alerts import daily_line
from tests.chat import bot_running
from tests.clock import MovedClock
from tests.settling.telegram import ARTICLE, Fate, Ids, Probe, Telegram
from tests.subscribers import store_in, write_subscribers

OWNER = 1
READERS = range(1001, 1061)
BEFORE, AFTER = range(1011, 1061, 8), range(1014, 1061, 8)
"""Readers whose connection is cut, before and after their digest is accepted; not in a row, so all goes on."""

PATIENCE = 15.0
WAIT_S = 0.6


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes become tenths of seconds."""
    for module, name, value in (
        (settler, "WAIT_S", WAIT_S), (settler, "MAX_WAIT_S", 4.0), (settler, "LOOK_S", 0.05),
        (settler, "_AGAIN_S", 0.1), (settler, "GIVE_UP_S", 2.0), (settlement, "_UNDER_WAY_S", 1.0),
        (prober, "INTERVAL_S", 0.0), (prober, "WAITS_S", (0.02, 0.02)),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


@dataclass
class Cuts:
    """Cuts the connection of each reader's digest, once."""

    before: set[int]
    after: set[int]

    def __call__(self, method: str, chat: int, _: str) -> Fate | None:
        if method not in {"sendmessage", "copymessage"}:
            return None
        for chats, fate in ((self.before, "cut before"), (self.after, "cut after")):
            if chat in chats:
                chats.remove(chat)
                return fate  # type: ignore[return-value]  # one of them
        return None


@pytest.fixture
def telegram() -> Telegram:
    return Telegram(fate=Cuts(set(BEFORE), set(AFTER)))


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@contextlib.asynccontextmanager
async def sending(
    telegram: Telegram, folder: Path, clock: MovedClock, **settings: Any
) -> AsyncIterator[Runtime]:
    """The bot, once its readers' digests are due."""
    due = (clock.now() + timedelta(minutes=2)).replace(second=0, microsecond=0)
    await write_subscribers(store_in(folder), clock, map(Place, READERS), [due], title=ARTICLE)
    (folder / "content").mkdir()
    async with (
        telegram.running(),
        bot_running(
            telegram.address, clock, folder, folder / "content", rates=Rates(overall=400), patience=1.0,
            **{"owner_ids": str(OWNER), **settings},
        ) as bot,
    ):  # fmt: skip
        cuts, telegram.cuts = telegram.cuts, 0.0
        telegram.say(5, "/help")
        await until(lambda: awaited(bool(telegram.accepted)))
        await SystemClock().sleep(0.1)
        telegram.cuts = cuts
        clock.move(due - clock.now())
        await bot.scheduler.run_all()
        yield bot


async def awaited(value: bool) -> bool:  # noqa: FBT001  # a value made awaitable
    return value


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    clock = SystemClock()
    end = clock.monotonic() + PATIENCE
    while not await holds():
        assert clock.monotonic() < end, "it takes too long"
        await clock.sleep(0.05)


async def over(bot: Runtime, telegram: Telegram) -> None:
    """Wait until nothing waits, and nothing is in doubt."""

    async def is_over() -> bool:
        [row] = await bot.stores.database.all(
            "SELECT count(*) AS open FROM deliveries WHERE state IN ('planned', 'sending') OR doubt = 1"
        )
        return bool(telegram.digests()) and not row["open"]

    await until(is_over)


async def uncertain(bot: Runtime) -> int:
    return (await bot.stores.outbox.counts()).get("uncertain", 0)


def doubled(telegram: Telegram) -> list[int]:
    return [chat for chat, count in telegram.digests().items() if count > 1]


def without(telegram: Telegram) -> set[int]:
    return set(READERS) - set(telegram.digests())


async def test_each_reader_gets_one_digest_though_connections_are_cut(
    telegram: Telegram, tmp_path: Path, clock: MovedClock
) -> None:
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
        rows = await bot.stores.database.all(
            """SELECT r.chat, r.watermark, d.state, d.doubt, d.message_id FROM deliveries AS d
            JOIN readers AS r ON r.id = d.reader"""
        )
    assert (doubled(telegram), without(telegram)) == ([], set())
    assert {row["chat"]: row["doubt"] for row in rows if row["doubt"]} == {
        **dict.fromkeys(AFTER, 2),
        **dict.fromkeys(BEFORE, 3),
    }
    assert all(row["state"] == "sent" and row["watermark"] > 0 for row in rows)
    assert all(ARTICLE in telegram.messages[row["chat"], row["message_id"]] for row in rows)
    assert "…" not in telegram.messages.values(), "no marker is left"


@pytest.mark.parametrize("share", [0.1, 0.3])
async def test_connections_are_cut_again_and_again(
    telegram: Telegram, tmp_path: Path, clock: MovedClock, share: float
) -> None:
    """Also those of replies, questions and markers."""
    telegram.cuts, telegram.seed = share, 7
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
        assert doubled(telegram) == []
        assert len(without(telegram)) <= await uncertain(bot)
        if share == 0.1:
            assert without(telegram) == set()


@pytest.mark.parametrize(
    ("ids", "probe", "failed"),
    [
        ("per chat", "as told", "order"),
        ("fall", "as told", "order"),
        ("common", "always there", "not_there"),
        ("common", "never there", "there"),
        ("common", "other 400", "there"),
        ("common", "429", None),
        ("common", "500", None),
        ("common", "hangs", None),
    ],
)
async def test_server_that_is_otherwise_leaves_all_as_it_was(  # fixtures
    telegram: Telegram, tmp_path: Path, clock: MovedClock, ids: Ids, probe: Probe, failed: Control | None
) -> None:
    telegram.ids, telegram.probe = ids, probe
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
        assert (doubled(telegram), without(telegram)) == ([], set(BEFORE))
        assert await uncertain(bot) == len(BEFORE) + len(AFTER)
        assert await bot.stores.doubts.failed_control() == failed


@pytest.mark.parametrize(("ids", "probe"), [("gaps", "as told"), ("common", "every second 429")])
async def test_server_that_is_only_odd_is_settled_as_far_as_possible(  # fixtures
    telegram: Telegram, tmp_path: Path, clock: MovedClock, ids: Ids, probe: Probe
) -> None:
    telegram.ids, telegram.probe = ids, probe
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
        assert doubled(telegram) == []
        assert len(without(telegram)) <= await uncertain(bot) <= len(BEFORE)
        assert await bot.stores.doubts.failed_control() is None


async def test_message_that_is_accepted_late_is_found(
    telegram: Telegram, tmp_path: Path, clock: MovedClock
) -> None:
    telegram.late = WAIT_S / 2
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
        await SystemClock().sleep(WAIT_S)
    assert (doubled(telegram), without(telegram)) == ([], set())


async def test_strangers_and_the_same_readers_chat_meanwhile(
    telegram: Telegram, tmp_path: Path, clock: MovedClock
) -> None:
    telegram.cuts, telegram.seed = 0.05, 3
    async with sending(telegram, tmp_path, clock) as bot:
        for number, chat in enumerate((*BEFORE, *AFTER, *range(2001, 2021))):
            telegram.say(chat, "/help")
            if number % 7 == 0:
                telegram.skip_id()
            await SystemClock().sleep(0.02)
        await over(bot, telegram)
        assert doubled(telegram) == []
        assert len(without(telegram)) <= await uncertain(bot)


async def test_nothing_is_judged_where_no_owner_takes_a_marker(
    telegram: Telegram, tmp_path: Path, clock: MovedClock
) -> None:
    """Where nothing else is sent, nobody knows; where something is, that will do."""
    telegram.blocked.add(OWNER)
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
        assert (doubled(telegram), without(telegram)) == ([], set(BEFORE))
        assert await uncertain(bot) == len(BEFORE) + len(AFTER)
        assert await bot.stores.doubts.failed_control() is None


async def test_reader_who_presses_a_button_of_it_has_it(
    telegram: Telegram, tmp_path: Path, clock: MovedClock
) -> None:
    """That its id is known then proves nothing against it."""
    async with sending(telegram, tmp_path, clock) as bot:

        def there() -> list[int]:
            return [
                id_ for (chat, id_), text in telegram.messages.items() if chat == AFTER[0] and ARTICLE in text
            ]

        await until(lambda: awaited(bool(there())))
        telegram.press(AFTER[0], there()[0])
        await over(bot, telegram)
        assert doubled(telegram) == []
        [row] = await bot.stores.database.all(
            """SELECT d.state, d.message_id FROM deliveries AS d JOIN readers AS r ON r.id = d.reader
            WHERE r.chat = :chat""",
            chat=AFTER[0],
        )
        assert (row["state"], row["message_id"]) == ("sent", there()[0])


@pytest.mark.parametrize("word", ["/unsubscribe", "blocked"])
async def test_who_wants_no_more_gets_no_more(
    telegram: Telegram, tmp_path: Path, clock: MovedClock, word: str
) -> None:
    chat = BEFORE[0]
    async with sending(telegram, tmp_path, clock) as bot:
        await until(lambda: awaited(len(telegram.digests()) >= len(READERS) - len(BEFORE)))
        if word == "blocked":
            telegram.blocked.add(chat)
        else:
            telegram.say(chat, word)
        await over(bot, telegram)
    assert without(telegram) == {chat}


async def test_doubts_are_settled_while_nothing_can_be_sent(tmp_path: Path, clock: MovedClock) -> None:
    """After three failures in a row Telegram is on trial, and only an answer to a delivery ends that."""
    last = set(READERS[-6:])
    telegram = Telegram(fate=Cuts(set(last), set()), latency=0.1)
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
    assert (doubled(telegram), without(telegram)) == ([], set())


@pytest.mark.parametrize(
    ("chat", "words"),
    [
        (AFTER[0], "I found out that it had arrived"),
        (BEFORE[0], "It had not arrived at first, and was sent again"),
    ],
)
async def test_readers_hear_what_was_found_out(
    telegram: Telegram, tmp_path: Path, clock: MovedClock, chat: int, words: str
) -> None:
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
        telegram.say(chat, "/why")
        await until(lambda: awaited(telegram.accepted[-1][0] == chat and words in telegram.accepted[-1][1]))


async def test_owners_hear_of_a_server_that_is_otherwise(
    telegram: Telegram, tmp_path: Path, clock: MovedClock
) -> None:
    telegram.probe = "never there"
    async with sending(telegram, tmp_path, clock) as bot:
        telegram.say(OWNER, "/help")
        await over(bot, telegram)
        await bot.scheduler.run_all()
        assert bot.settler.found == {
            "unclear": len(BEFORE) + len(AFTER),
            "arrived": 0,
            "again": 0,
            "left_out": 0,
        }
        [told] = [text for chat, text in telegram.accepted if chat == OWNER and "control “there”" in text]
        assert "none is sent twice" in told


async def test_daily_line_counts_what_was_found_out(
    telegram: Telegram, tmp_path: Path, clock: MovedClock
) -> None:
    async with sending(telegram, tmp_path, clock) as bot:
        await over(bot, telegram)
        fared = await bot.stores.alerts.fared(0)
        assert (fared.sent, fared.uncertain, fared.waiting) == (len(READERS), 0, 0)
        assert (fared.found, fared.again) == (len(AFTER), len(BEFORE))
    line = daily_line(fared, 60, translator(Language("en"))).text
    assert line.endswith(
        "Of those that had no answer at first, 6 had arrived, 7 had not and were sent again."
    )


async def test_switched_off_all_stays_uncertain(
    telegram: Telegram, tmp_path: Path, clock: MovedClock
) -> None:
    async with sending(telegram, tmp_path, clock, settling="off") as bot:
        await over(bot, telegram)
        assert (doubled(telegram), without(telegram)) == ([], set(BEFORE))
        assert await uncertain(bot) == len(BEFORE) + len(AFTER)
        assert not telegram.asked[METHOD.lower()]
