"""Editors follow feeds: what is new comes once, waits or is published, and what fails is told once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app.lifespan import Runtime
from bot.demo.model import Json
from bot.demo.server import BotApiServer
from bot.sources.feeds.model import Entry
from bot.sources.fetch import FetchError, Version
from bot.sources.model import Page
from tests.chat import PATIENCE, Chat, bot_running, data_of, labels
from tests.clock import StillClock
from tests.documents import read_page_here
from tests.feeds import FeedReaderHere, Web, item, rss, words_about

FEED = "https://site.example/feed"
FIVE = [item(name) for name in ("fifth", "fourth", "third", "second", "first")]


@pytest.fixture
def web() -> Web:
    return Web({FEED: rss(*FIVE)})


@pytest.fixture
async def bot(
    server: BotApiServer, clock: StillClock, tmp_path: Path, content: Path, web: Web
) -> AsyncIterator[Runtime]:
    async with bot_running(
        server.address,
        clock,
        tmp_path / "data",
        content,
        fetch=web.fetch,
        read_page=read_page_here,
        read_feed=FeedReaderHere(),
    ) as product:
        yield product


NOTICE = "of your feeds wait"


@pytest.fixture
def owner(server: BotApiServer, bot: Runtime) -> Chat:  # noqa: ARG001  # the bot answers
    server.world.person(1, "Olga")
    return Chat(server, 1, 1, ignored=NOTICE)


async def followed(owner: Chat) -> Json:
    """A feed that was just added and read."""
    screen = await owner.send(f"/feeds {FEED}")
    assert screen["text"].startswith("The Mill\n")
    return screen


async def waiting(bot: Runtime) -> list[str]:
    entries, _ = await bot.services.feed_store.queue(100)
    return [entry.title for entry in entries]


async def read_again(bot: Runtime, clock: StillClock, minutes: int = 70) -> None:
    """Let time go on until feeds were read again."""
    before = await bot.services.feed_store.next_at()
    await clock.advance(minutes=minutes)
    async with asyncio.timeout(PATIENCE):
        while await bot.services.feed_store.next_at() == before:
            await clock.advance(seconds=1)
            await asyncio.sleep(0.005)  # noqa: TID251  # what is read is read in real time
    await clock.settle()


async def settled(bot: Runtime, clock: StillClock) -> None:
    """Let what is due be read."""
    async with asyncio.timeout(PATIENCE):
        while await bot.services.feed_store.due(clock.now(), 10):
            await clock.settle()
            await asyncio.sleep(0.005)  # noqa: TID251  # as above
    await clock.settle()


async def test_first_look_takes_the_newest_three(bot: Runtime, owner: Chat, clock: StillClock) -> None:
    await followed(owner)
    await settled(bot, clock)
    assert await waiting(bot) == ["About fifth", "About fourth", "About third"]
    assert (await bot.services.feed_store.queue(1))[1] == 3
    overview = await owner.send("/feeds")
    assert labels(overview) == ["🟢 The Mill · 3 waiting", "📥 3 wait", "➕ Follow a feed"]


async def test_editors_hear_of_entries_once_an_hour(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    await followed(owner)
    await settled(bot, clock)
    other = "https://other.example/feed"
    web.pages[other] = rss(item("other"))
    await bot.services.feeds.follow(other, "Other")
    await settled(bot, clock)
    assert len(await waiting(bot)) == 4
    await clock.advance(minutes=2)
    assert len(await occasions(bot)) == 1
    web.pages[other] = rss(item("another"), item("other"))
    await read_again(bot, clock)
    async with asyncio.timeout(PATIENCE):
        while len(await occasions(bot)) < 2:
            await clock.settle()
    assert len(await occasions(bot)) == 2


async def occasions(bot: Runtime) -> list[str]:
    """The notices of new entries that were written down."""
    rows = await bot.stores.database.all("SELECT occasion FROM deliveries WHERE occasion LIKE 'feeds %'")
    return [row["occasion"] for row in rows]


async def test_editor_approves_from_a_list(bot: Runtime, owner: Chat, ada: Chat, clock: StillClock) -> None:
    await followed(owner)
    await settled(bot, clock)
    queue = await owner.press(await owner.send("/feeds"), "📥")
    assert "1. About fifth\nThe Mill" in queue["text"]
    rest = await owner.press(queue, "✅ 1")
    assert "About fifth" not in rest["text"]
    assert "About fifth" in (await ada.send("/summary fifth"))["text"]
    rest = await owner.press(rest, "🗑 1")
    done = await owner.press(rest, "✅ 1")
    assert done["text"] == "Nothing waits."
    assert "fourth" not in str((await ada.send("/articles"))["text"])
    shown = await ada.send("/summary third")
    assert "The Mill" in shown["text"]
    assert "https://site.example/third" in str(shown)
    assert "Already handled" in await owner.answer_to(queue, data_of(queue, "✅ 1"))


async def test_all_that_are_shown_are_published_by_a_tap(
    bot: Runtime, owner: Chat, clock: StillClock
) -> None:
    await followed(owner)
    await settled(bot, clock)
    queue = await owner.press(await owner.send("/feeds"), "📥")
    assert (await owner.press(queue, "✅ All"))["text"] == "Nothing waits."
    assert {"About third", "About fourth", "About fifth"} <= {
        card.title for card in bot.services.library.newest()
    }


async def test_what_is_new_comes_and_what_was_removed_does_not(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    await followed(owner)
    await settled(bot, clock)
    await owner.press(await owner.press(await owner.send("/feeds"), "📥"), "🗑 All")
    web.pages[FEED] = rss(item("sixth"), *FIVE)
    await read_again(bot, clock)
    assert await waiting(bot) == ["About sixth"]
    # Other guids, an edited title, a lying date: the page is the same.
    web.pages[FEED] = rss(
        item("sixth", guid="other"),
        *(item(name, guid=f"{name}-2", day="1 Jan 2030") for name in ("fifth", "fourth")),
    )
    await read_again(bot, clock)
    assert await waiting(bot) == ["About sixth"]


async def test_story_of_two_feeds_is_one(bot: Runtime, owner: Chat, clock: StillClock, web: Web) -> None:
    await followed(owner)
    await settled(bot, clock)
    other = "https://other.example/feed"
    web.pages[other] = rss(
        item("fifth", guid="a", link="https://m.site.example/fifth?utm_source=b"),
        item("copy", guid="b", link="https://other.example/copy", text=words_about("fourth")),
        item("own", guid="c", link="https://other.example/own"),
        title="The Dam",
    )
    await owner.send(f"/feeds {other}")
    await settled(bot, clock)
    assert await waiting(bot) == ["About own", "About fifth", "About fourth", "About third"]
    queue = await owner.press(await owner.send("/feeds"), "📥")
    assert "About fifth\nThe Mill\nalso in The Dam" in queue["text"]
    assert "About fourth\nThe Mill\nalso in The Dam" in queue["text"]  # the same text at another address
    await owner.press(queue, "✅ All")
    for name in ("fifth", "fourth"):
        assert "\n\nalso in The Dam" in (await owner.send(f"/summary {name}"))["text"]
    assert "also in" not in (await owner.send("/summary own"))["text"]


async def test_feed_that_comes_later_is_named_below_what_it_tells_too(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    await followed(owner)
    await settled(bot, clock)
    await owner.press(await owner.press(await owner.send("/feeds"), "📥"), "✅ All")
    for number in range(5):
        other = f"https://other.example/feed{number}"
        copy = item("copy", link=f"https://other.example/{number}", text=words_about("fifth"))
        web.pages[other] = rss(copy, title=f"Dam {number}")
        await bot.services.feeds.follow(other, f"Dam {number}")
    await settled(bot, clock)
    assert await waiting(bot) == []
    shown = (await owner.send("/summary fifth"))["text"]
    assert "\n\nalso in Dam 0, Dam 1, Dam 2 and 2 more" in shown


async def test_what_one_feed_keeps_out_another_may_bring(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    screen = await followed(owner)
    await settled(bot, clock)
    await owner.press(screen, "Never with")
    await owner.send("sixth")
    web.pages[FEED] = rss(item("sixth"), *FIVE)
    await read_again(bot, clock)
    assert "About sixth" not in await waiting(bot)
    other = "https://other.example/feed"
    web.pages[other] = rss(item("sixth"), item("first"), title="The Dam")
    await owner.send(f"/feeds {other}")
    await settled(bot, clock)
    assert {"About sixth", "About first"} <= set(await waiting(bot))  # the other was too old for The Mill


async def test_what_is_over_the_limit_comes_the_next_day(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    await owner.press(await followed(owner), "A day")
    await owner.send("4")
    await settled(bot, clock)
    web.versions[FEED] = Version(etag='"2"')
    web.pages[FEED] = rss(item("seventh"), item("sixth"), *FIVE)
    await read_again(bot, clock)
    assert "About seventh" not in await waiting(bot)
    await read_again(bot, clock, minutes=27 * 60)
    assert {"About sixth", "About seventh"} <= set(await waiting(bot))


async def test_teaser_waits_a_day_for_a_page_that_cannot_be_had(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    page = f"<html lang='en'><head><title>About tease</title></head><body><article><h1>About tease</h1>{words_about('tease')}</article></body></html>"
    away = FetchError("fetch.status", host="site.example", status=503)
    long = "A teaser that says a lot already. " * 8
    web.versions[FEED] = Version(etag='"1"')
    web.pages |= {
        FEED: rss(item("tease", text="Only a line."), item("gone", text="A line."), item("long", text=long)),
        "https://site.example/tease": away,
        "https://site.example/gone": FetchError("fetch.status", host="site.example", status=404),
        "https://site.example/long": FetchError("fetch.slow", host="site.example", seconds=15),
    }
    web.types["https://site.example/tease"] = "text/html"
    await followed(owner)
    await settled(bot, clock)
    assert await waiting(bot) == []
    web.pages["https://site.example/tease"] = page.encode()
    await read_again(bot, clock)
    assert await waiting(bot) == ["About tease"]
    assert web.asked.count("https://site.example/gone") == 1
    await read_again(bot, clock, minutes=27 * 60)
    assert await waiting(bot) == ["About long", "About tease"]  # all that it said
    asked = len(web.asked)
    await read_again(bot, clock)
    assert web.asked[asked:] == [FEED]


async def test_site_that_is_away_is_asked_for_few_pages(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    await followed(owner)
    await settled(bot, clock)
    names = [f"tease{number}" for number in range(6)]
    web.pages[FEED] = rss(*(item(name, text="Only a line.") for name in names))
    for name in names:
        web.pages[f"https://site.example/{name}"] = FetchError("fetch.network", host="site.example")
    await read_again(bot, clock)
    assert len([each for each in web.asked if "tease" in each]) == 3


async def test_straight_feed_is_published_at_once(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    screen = await followed(owner)
    await settled(bot, clock)
    assert "published at once" in (await owner.press(screen, "Publish at once"))["text"]
    web.pages[FEED] = rss(item("sixth"), *FIVE)
    await read_again(bot, clock)
    assert "About sixth" in {card.title for card in bot.services.library.newest()}
    assert len(await waiting(bot)) == 3


async def test_quotes_of_a_straight_feed_wait_for_approval(
    bot: Runtime, owner: Chat, ada: Chat, clock: StillClock, web: Web
) -> None:
    screen = await followed(owner)
    await settled(bot, clock)
    await owner.press(screen, "Publish at once")
    quoted = (
        words_about("sixth")
        + "<blockquote><p>A mill forgives nobody who hurries it.</p><p>— Ada Roe</p></blockquote>"
    )
    web.pages[FEED] = rss(item("sixth", text=quoted), *FIVE)
    await read_again(bot, clock)
    [card] = [each for each in await bot.stores.articles.cards() if each.title == "About sixth"]
    assert card.quotes
    assert not card.approved
    assert "forgives nobody" not in (await ada.send("/quote forgives"))["text"]
    assert "Approve" not in str(labels(await ada.send("/summary sixth")))
    shown = await owner.send("/summary sixth")
    words, _ = await owner.pressed(shown, data_of(shown, "Approve"))
    assert words == "Approved. Its quotes can come up now."
    assert "forgives nobody" in (await ada.send("/quote forgives"))["text"]
    assert all(each.approved for each in await bot.stores.articles.cards())


async def test_words_tags_and_a_limit(bot: Runtime, owner: Chat, clock: StillClock, web: Web) -> None:
    screen = await followed(owner)
    await settled(bot, clock)
    await owner.press(await owner.press(await owner.send("/feeds"), "📥"), "🗑 All")
    for button, words in (
        ("Tags", "mills, water"),
        ("Only with", "ALPHA, beta"),
        ("Never with", "gamma"),
        ("A day", "2"),
    ):
        await owner.press(screen, button)
        screen = await owner.send(words)
    for line in (
        "Tags: mills and water",
        "Only with: ALPHA and beta",
        "Never with: gamma",
        "At most 2 a day",
    ):
        assert line in screen["text"]
    await read_again(bot, clock, minutes=27 * 60)  # the first three count for a day
    names = ("alpha-1", "alpha-gamma", "delta", "beta-1", "alpha-2")
    web.pages[FEED] = rss(*(item(name, text=words_about(name.replace("-", " "))) for name in names))
    await read_again(bot, clock)
    assert await waiting(bot) == ["About beta-1", "About alpha-2"]  # two a day, the oldest first
    [draft, _], _ = await bot.services.feed_store.queue(5)
    shown = await owner.press(await owner.press(await owner.send("/feeds"), "📥"), "👁 1")
    assert shown["text"].startswith("About beta-1")
    await owner.press(await owner.press(await owner.send("/feeds"), "📥"), "✅ 1")
    assert {card.tags for card in bot.services.library.newest() if card.title == "About beta-1"} == {
        ("mills", "water")
    }
    assert draft.feed == "The Mill"
    await read_again(bot, clock, minutes=27 * 60)
    assert "About alpha-1" in await waiting(bot)


async def test_teaser_is_completed_from_its_page(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    page = f"<html lang='en'><head><title>About tease</title></head><body><article><h1>About tease</h1>{words_about('tease')}</article></body></html>"
    hidden = page.replace("<head>", "<head><meta name='robots' content='NOINDEX, follow'>")
    web.pages |= {
        FEED: rss(*(item(name, text="Only a line.") for name in ("tease", "hidden", "walled"))),
        "https://site.example/tease": page.encode(),
        "https://site.example/hidden": hidden.encode(),
        "https://site.example/walled": page.encode(),
        "https://site.example/robots.txt": b"User-agent: *\nDisallow: /walled",
    }
    web.types |= {f"https://site.example/{name}": "text/html" for name in ("tease", "hidden", "walled")}
    await followed(owner)
    await settled(bot, clock)
    assert await waiting(bot) == ["About tease"]
    assert "https://site.example/walled" not in web.asked
    assert web.asked.count("https://site.example/robots.txt") == 1
    assert set(web.by_people) == {FEED}  # which an editor has named; all else is asked for by a program


async def test_feed_that_has_not_changed_is_not_read(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    web.versions[FEED] = Version(etag='"1"')
    await followed(owner)
    await settled(bot, clock)
    web.pages[FEED] = b"not even a feed"
    await read_again(bot, clock)
    assert "🟢" in str(labels(await owner.send("/feeds")))


async def test_feed_that_fails_is_told_once_and_once_when_it_is_back(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    await followed(owner)
    await settled(bot, clock)
    good, web.pages[FEED] = web.pages[FEED], FetchError("fetch.status", host="site.example", status=503)
    for _ in range(5):
        await read_again(bot, clock, minutes=27 * 60)
    web.pages[FEED] = good
    await read_again(bot, clock, minutes=27 * 60)
    while "can be read again" not in (await owner.later(5))["text"]:
        pass
    said = [
        each["text"]
        for each in owner.server.world.history(owner.id)
        if "feed “The Mill”" in each.get("text", "")
    ]
    assert len(said) == 2
    assert "can’t be read any more: site.example answers with error 503" in said[0]
    assert "can be read again" in said[1]


async def test_feed_that_is_gone_is_paused(bot: Runtime, owner: Chat, clock: StillClock, web: Web) -> None:
    await followed(owner)
    await settled(bot, clock)
    web.pages[FEED] = FetchError("fetch.status", host="site.example", status=410)
    await read_again(bot, clock)
    assert "can’t be read any more: site.example answers with error 410" in (await owner.later(5))["text"]
    assert "⏸ The Mill" in str(labels(await owner.send("/feeds")))
    count = web.asked.count(FEED)
    await clock.advance(hours=30)
    assert web.asked.count(FEED) == count


async def test_feed_that_has_moved_for_good_is_followed_there(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    web.moved[FEED] = "https://new.example/feed"
    await followed(owner)
    await settled(bot, clock)
    [feed] = await bot.services.feed_store.all()
    assert feed.address == "https://new.example/feed"


async def test_site_names_its_feed(bot: Runtime, owner: Chat, web: Web) -> None:
    web.pages["https://site.example/"] = (
        b"<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head><p>x"
    )
    web.types["https://site.example/"] = "text/html"
    await owner.press(await owner.send("/feeds"), "Follow a feed")
    assert (await owner.send("site.example"))["text"].startswith("The Mill")
    assert "followed already" in (await owner.send(f"/feeds {FEED}"))["text"]
    assert len(await bot.services.feed_store.all()) == 1


async def test_page_without_a_feed_and_one_with_several(owner: Chat, web: Web) -> None:
    web.pages |= {
        "https://a.example/": b"<html><p>x",
        "https://b.example/": b"<html><head>"
        + b"".join(
            b"<link rel=alternate type='application/atom+xml' title='%b' href='/%b'>" % (name, name)
            for name in (b"one", b"two")
        ),
    }
    web.types |= {"https://a.example/": "text/html", "https://b.example/": "text/html"}
    assert "no feed at" in (await owner.send("/feeds a.example"))["text"]
    several = (await owner.send("/feeds b.example"))["text"]
    assert "one\nhttps://b.example/one\n\ntwo\nhttps://b.example/two" in several
    assert "error 404" in (await owner.send("/feeds https://c.example/feed"))["text"]


async def test_list_of_feeds(bot: Runtime, owner: Chat) -> None:
    opml = f"<opml><body><outline text='A & b' xmlURL='{FEED}'/><outline text='B' xmlUrl='https://b.example/feed'/></body>"
    assert "followed now: 2 of 2" in (await owner.hand_in(opml, "feeds.opml"))["text"]
    assert "followed now: 0 of 2" in (await owner.hand_in(opml, "feeds.opml"))["text"]
    assert {feed.address for feed in await bot.services.feed_store.all()} == {FEED, "https://b.example/feed"}


async def test_feed_is_paused_tested_and_removed(
    bot: Runtime, owner: Chat, clock: StillClock, web: Web
) -> None:
    screen = await followed(owner)
    await settled(bot, clock)
    web.pages[FEED] = rss(item("sixth"), *FIVE)
    assert (
        "1 of 6 entries would come:\n• About sixth" in (await owner.press(screen, "What would come"))["text"]
    )
    screen = await owner.press(screen, "Pause")
    assert "▶️ Resume" in labels(screen)
    assert "⏱ Every 3 hours" in labels(await owner.press(screen, "Every 1 hour"))
    asked = await owner.press(screen, "Remove")
    assert "The Mill" not in str(labels(await owner.press(asked, "Yes")))
    assert "Already handled" in await owner.answer_to(screen, data_of(screen, "Resume"))


async def test_nobody_else_sees_feeds(owner: Chat, ada: Chat) -> None:
    assert "don’t know that command" in (await ada.send("/feeds"))["text"]
    screen = await owner.send("/feeds")
    mine = await ada.send("/help")
    assert "expired" in await ada.answer_to(mine, data_of(screen, "Follow"))


async def test_articles_of_feeds_expire(bot: Runtime, owner: Chat, clock: StillClock, web: Web) -> None:
    screen = await followed(owner)
    await settled(bot, clock)
    await owner.press(screen, "Publish at once")
    web.pages[FEED] = rss(item("sixth"), item("edited"), *FIVE)
    await read_again(bot, clock)
    edited = next(card for card in bot.services.library.newest() if card.title == "About edited")
    draft = await owner.send(f"/addarticle # About edited\n\n{'Edited by hand. ' * 20}")
    await owner.press(draft, "Replace")
    await bot.services.feeds.unfollow(1)
    others = {card.title for card in bot.services.library.newest()} - {"About sixth"}
    await clock.advance(days=89)
    await clock.settle()
    assert "About sixth" in {card.title for card in bot.services.library.newest()}
    async with asyncio.timeout(PATIENCE):
        while "About sixth" in {card.title for card in bot.services.library.newest()}:
            await clock.advance(hours=12)
            await asyncio.sleep(0.005)  # noqa: TID251  # the database takes real time
    assert {card.title for card in bot.services.library.newest()} == others
    assert bot.services.library.get(edited.id) is not None


async def test_feed_that_hangs_holds_up_no_other(bot: Runtime, clock: StillClock, web: Web) -> None:
    gate = asyncio.Event()
    web.held[FEED] = gate
    await bot.services.feeds.follow(FEED, "Hangs")
    for number in range(9):
        address = f"https://site.example/feed-{number}"
        web.pages[address] = rss(item(f"of-{number}"))
        await bot.services.feeds.follow(address, f"Feed {number}")
    async with asyncio.timeout(PATIENCE):
        while len(await waiting(bot)) < 9:
            await clock.settle()
            await asyncio.sleep(0.005)  # noqa: TID251  # as above
    assert "About fifth" not in await waiting(bot)
    gate.set()
    await settled(bot, clock)
    assert "About fifth" in await waiting(bot)


async def test_entry_that_a_fault_stops_stops_no_other(
    bot: Runtime, owner: Chat, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = FeedReaderHere.document_of_entry

    async def faulty(self: FeedReaderHere, entry: Entry, **given: Any) -> Page:
        if entry.title == "About fourth":
            raise ZeroDivisionError
        return await read(self, entry, **given)

    monkeypatch.setattr(FeedReaderHere, "document_of_entry", faulty)
    await followed(owner)
    await settled(bot, clock)
    assert await waiting(bot) == ["About fifth", "About third"]
