"""/feeds: which feeds are followed, how, and what came of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from telegram.ext import filters

from bot.actions.awaited import AwaitedFeed, AwaitedFeedWords
from bot.actions.staff import (
    ApproveArticle,
    AskForFeed,
    ChangeFeed,
    DecideEntries,
    DecideEntry,
    Decision,
    OpenFeed,
    OpenFeeds,
    OpenQueue,
)
from bot.editing.feeds_model import FollowedFeed
from bot.message.model import Message
from bot.sources.addresses import web_address
from bot.sources.feeds.model import Feed, FeedLink
from bot.tg.gathering import download_of
from bot.tg.request import Request
from bot.tg.routes import Route, answer, command, message, pressed
from bot.views import feeds as views

MINUTES: Final = (15, 30, 60, 180, 720, 1440)
"""Between two looks, one after another as the button is pressed."""

_BETWEEN_WORDS: Final = re.compile(r"[,，、;；\n#＃]+")
_NOTHING: Final = frozenset({"-", "–", "—", "0"})
_MAX_WORDS: Final = 20
_MAX_WORD_CHARS: Final = 40
_MAX_PER_DAY: Final = 1_000


async def feeds(request: Request) -> None:
    """Handle /feeds [address]: list what is followed, or follow a feed."""
    if request.words:
        await _follow_address(request, request.words)
    else:
        await request.send(await _overview(request, 0))


async def open_feeds(request: Request, action: OpenFeeds) -> str | None:
    """Show a page of the feeds."""
    await request.show(await _overview(request, action.page))
    return None


async def _overview(request: Request, page: int) -> Message:
    store = request.services.feed_store
    _, waiting = await store.queue(0)
    return views.overview(await store.all(), waiting, page, request.tr)


async def open_feed(request: Request, action: OpenFeed) -> str | None:
    """Show a feed."""
    feed = await request.services.feed_store.get(action.feed)
    if feed is None:
        return request.tr("editing.decided")
    await request.show(_screen(request, feed))
    return None


def _screen(request: Request, feed: FollowedFeed) -> Message:
    return views.screen(feed, ZoneInfo(request.reader.subscription.zone or "UTC"), request.tr)


async def ask_for_feed(request: Request, _: AskForFeed) -> str | None:
    """Ask for an address."""
    await request.await_words(AwaitedFeed())
    await request.tell(request.tr("feeds.ask"))
    return None


async def take_address(request: Request, _: AwaitedFeed, words: str) -> bool:
    """Take the address of a feed, or of a page that has one."""
    if web_address(words) is None:
        return False
    await request.await_words(None)
    await _follow_address(request, words)
    return True


async def take_list(request: Request) -> bool:
    """Take a list of feeds (OPML) where one is asked for, or which is named so."""
    sent = request.message
    document = sent.document if sent is not None else None
    if document is None or not (document.file_name or "").lower().endswith(".opml"):
        return False
    if not await request.belongs_to("editor"):
        return False
    await request.await_words(None)
    links = await request.services.feeds.listed(await download_of(request.bot, document))
    await _follow_all(request, links)
    return True


async def _follow_address(request: Request, words: str) -> None:
    follower = request.services.feeds
    found = await follower.look_up(web_address(words) or words)
    if isinstance(found, tuple):
        await _follow(request, *found)
    elif len(found.links) == 1:
        await _follow_address(request, found.links[0].address)
    elif found.is_list:
        await _follow_all(request, found.links)
    elif found.links:
        await request.send(views.several(found.links, request.tr))
    else:
        await request.tell(request.tr("feeds.none_there", host=words))


async def _follow(request: Request, content: Feed, address: str) -> None:
    made = await request.services.feeds.follow(address, content.title)
    if made is None:
        await request.tell(request.tr("feeds.followed_already"))
    else:
        await request.send(_screen(request, made))


async def _follow_all(request: Request, links: Sequence[FeedLink]) -> None:
    made = [await request.services.feeds.follow(link.address, link.title) for link in links]
    new = sum(each is not None for each in made)
    await request.tell(request.tr("feeds.followed_list", count=new, all=len(links)))


async def change(request: Request, action: ChangeFeed) -> str | None:
    """Change something about a feed."""
    feed = await request.services.feed_store.get(action.feed)
    if feed is None:
        return request.tr("editing.decided")
    match action.change:
        case "pause":
            await _keep(request, replace(feed, is_paused=not feed.is_paused))
        case "mode":
            await _keep(request, replace(feed, is_straight=not feed.is_straight))
        case "minutes":
            after = next((each for each in MINUTES if each > feed.minutes), MINUTES[0])
            await _keep(request, replace(feed, minutes=after))
        case "test":
            await _test(request, feed)
        case "remove":
            await request.show(views.removing(feed, request.tr))
        case "gone":
            await request.services.feeds.unfollow(feed.id)
            await request.show(await _overview(request, 0))
        case words:
            await request.await_words(AwaitedFeedWords(feed.id, words))
            await request.tell(request.tr(f"feeds.ask_{words}"))
    return None


async def _keep(request: Request, feed: FollowedFeed) -> None:
    await request.services.feeds.change(feed)
    await request.show(_screen(request, feed))


async def _test(request: Request, feed: FollowedFeed) -> None:
    found = await request.services.feeds.look_up(feed.address)
    if not isinstance(found, tuple):
        await request.tell(request.tr("feeds.none_there", host=feed.address))
        return
    known = await request.services.feed_store.known(feed.id)
    fresh = [entry for entry in found[0].entries if entry.key not in known]
    await request.send(views.tested(feed, found[0], fresh, request.tr))


async def take_words(request: Request, awaited: AwaitedFeedWords, words: str) -> bool:
    """Take tags, words or a number for a feed."""
    feed = await request.services.feed_store.get(awaited.feed)
    await request.await_words(None)
    if feed is None:
        await request.tell(request.tr("editing.decided"))
        return True
    none = words.strip() in _NOTHING
    given = () if none else tuple(_split(words))
    match awaited.change:
        case "tags":
            feed = replace(feed, tags=given)
        case "include":
            feed = replace(feed, include=given)
        case "exclude":
            feed = replace(feed, exclude=given)
        case _:
            if not none and not (words.isdecimal() and 0 < int(words[:6]) <= _MAX_PER_DAY):
                await request.tell(request.tr("feeds.ask_limit"))
                return True
            feed = replace(feed, per_day=None if none else int(words))
    await request.services.feeds.change(feed)
    await request.send(_screen(request, feed))
    return True


def _split(words: str) -> list[str]:
    found = (word.strip()[:_MAX_WORD_CHARS] for word in _BETWEEN_WORDS.split(words))
    return list(dict.fromkeys(filter(None, found)))[:_MAX_WORDS]


async def open_queue(request: Request, _: OpenQueue) -> str | None:
    """Show what waits."""
    await _show_queue(request)
    return None


async def _show_queue(request: Request) -> None:
    entries, count = await request.services.feed_store.queue(views.QUEUE)
    await request.show(views.queue(entries, count, request.tr))


async def decide(request: Request, action: DecideEntry) -> str | None:
    """Publish a draft, or throw it away; the rest is shown."""
    decided = await _decide(request, action.draft, action.decision)
    await _show_queue(request)
    return None if decided else request.tr("editing.decided")


async def decide_all(request: Request, action: DecideEntries) -> str | None:
    """Decide about all drafts that were shown; what came since still waits."""
    waiting, _ = await request.services.feed_store.queue(views.QUEUE)
    chosen = [each.draft for each in waiting if action.first <= each.draft <= action.last]
    for draft in reversed(chosen):
        await _decide(request, draft, action.decision)
    await _show_queue(request)
    return None if chosen else request.tr("editing.decided")


async def _decide(request: Request, draft: int, decision: Decision) -> bool:
    editor = request.services.editor
    if decision == "discard":
        return await editor.discard(draft)
    return await editor.publish(draft, editor=request.user) is not None


async def approve(request: Request, action: ApproveArticle) -> str:
    """Stand for an article that a feed has published by itself."""
    card = request.services.library.get(action.article)
    done = await request.services.feeds.approve(action.article)
    if done and card is not None:
        await request.record("approved", card.slug)
    return request.tr("feeds.approved" if done else "editing.decided")


ROUTES: list[Route] = [
    pressed(ApproveArticle, approve, audience="editor"),
    command("feeds", feeds, audience="editor"),
    answer(AwaitedFeed, take_address, audience="editor"),
    answer(AwaitedFeedWords, take_words, audience="editor"),
    message(filters.Document.ALL, take_list),
    pressed(OpenFeeds, open_feeds, audience="editor"),
    pressed(OpenFeed, open_feed, audience="editor"),
    pressed(AskForFeed, ask_for_feed, audience="editor"),
    pressed(ChangeFeed, change, audience="editor"),
    pressed(OpenQueue, open_queue, audience="editor"),
    pressed(DecideEntry, decide, audience="editor"),
    pressed(DecideEntries, decide_all, audience="editor"),
]
