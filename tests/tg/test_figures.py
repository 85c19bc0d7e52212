"""/stats: what editors see of the last days, as a picture and as words."""

from datetime import timedelta

import pytest

from bot.app.figures import DailyFigures
from bot.app.lifespan import Runtime
from bot.demo.server import BotApiServer
from bot.errors import StoreError
from bot.pictures.painting import Painter
from bot.usage import Usage
from tests.chat import Chat
from tests.clock import StillClock


@pytest.fixture
def no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(*_: object) -> bool:
        return False

    monkeypatch.setattr(Painter, "can_write", none)


async def test_stats_are_a_picture_with_the_figures_below(
    owner: Chat, ada: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fonts(*_: object) -> bool:
        return True

    monkeypatch.setattr(Painter, "can_write", fonts)
    await ada.send("/summary first things")
    await ada.send("/search qqqqzzzz")
    shown = await owner.send("/stats")
    assert shown["photo"]
    assert "In 30 days: opened 1, quotes 0, searches 1 (found nothing: 1)." in shown["caption"]
    assert "· First things (1)" in shown["caption"]


@pytest.mark.usefixtures("no_font")
async def test_without_a_font_the_figures_are_words(owner: Chat, ada: Chat) -> None:
    await ada.send("/subscribe 8 London")
    shown = await owner.send("/stats")
    assert shown["text"].startswith("👥 Chats: 2; of these get digests: 1.\n")
    assert "Opened most" not in shown["text"]
    assert "; how fast it grows can be said after 7 days." in shown["text"]


@pytest.mark.usefixtures("no_font")
async def test_stats_follow_the_days(owner: Chat, ada: Chat, bot: Runtime, clock: StillClock) -> None:
    await ada.send("/subscribe 13 London")
    await bot.scheduler.run_all()
    await clock.advance(hours=2)
    await bot.scheduler.run_all()
    await ada.reply()
    while not bot.worker.idle:
        await clock.advance(seconds=1)
    await clock.advance(days=1)
    await bot.scheduler.run_all()
    shown = await owner.send("/stats")
    assert " +0 in 2 days." in shown["text"]
    assert "Messages of yesterday’s digests: arrived 1, refused 0, uncertain 0, too late 0." in shown["text"]
    [first, second] = await bot.stores.figures.days(clock.now() - timedelta(days=5))
    assert (first.subscribed, first.sent, second.day - first.day) == (1, 1, timedelta(days=1))
    assert first.bytes > 100_000


async def test_stats_are_not_for_readers(ada: Chat) -> None:
    shown = await ada.send("/stats")
    assert "photo" not in shown
    assert "👥" not in shown["text"]


async def test_what_was_used_is_kept_until_it_can_be_written(
    bot: Runtime, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage, figures = Usage(), bot.stores.figures
    daily, write = DailyFigures(stores=bot.stores, usage=usage, clock=clock), figures._use
    usage.count("quote")

    async def full(*_: object) -> None:
        raise StoreError("error.store_full")

    monkeypatch.setattr(figures, "_use", full)
    with pytest.raises(StoreError):
        await daily.tick()
    monkeypatch.setattr(figures, "_use", write)
    usage.count("quote")
    await daily.tick()
    await daily.tick()
    [used] = (await figures.used(clock.now())).values()
    assert used == {"quote": 2}


async def test_day_is_looked_at_each_hour(bot: Runtime, ada: Chat, clock: StillClock) -> None:
    daily = DailyFigures(stores=bot.stores, usage=Usage(), clock=clock)
    await daily.tick()
    await ada.send("/quote")
    await clock.advance(minutes=59)
    await daily.tick()
    before = (await bot.stores.figures.days(clock.now()))[-1].readers
    await clock.advance(minutes=2)
    await daily.tick()
    assert (await bot.stores.figures.days(clock.now()))[-1].readers == before + 1


async def test_old_figures_go(bot: Runtime, server: BotApiServer, clock: StillClock) -> None:
    del server
    figures = bot.stores.figures
    await figures._use({("quote", 0): 3, ("summary", 1): 2, ("summary", 2): 5}, clock.now())
    await figures._use({("quote", 0): 3}, clock.now())
    await figures.close_day(clock.now())
    assert (await figures.used(clock.now()))[clock.now().date()] == {"quote": 6, "summary": 7}
    assert await figures.most_used(clock.now(), 2) == [(2, 5), (1, 2)]
    assert await figures.used(clock.now() + timedelta(days=1)) == {}
    begun = clock.now()
    await figures.close_day(clock.now() + timedelta(days=400))
    assert begun.date() in [each.day for each in await figures.days(begun)]
    await figures.close_day(clock.now() + timedelta(days=401))
    assert begun.date() not in [each.day for each in await figures.days(begun)]
    assert await figures.used(begun) == {}
