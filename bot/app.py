"""The one place that builds everything and hands the rooms to each other."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.article.library import Card, Library
from bot.clock import Clock, token
from bot.config import Settings
from bot.db.articles import ArticleStore
from bot.db.database import Database
from bot.db.digests import SqliteDigestStore
from bot.db.drafts import DraftStore
from bot.db.editions import EditionStore
from bot.db.outbox import SqliteOutbox
from bot.db.people import PeopleStore
from bot.db.readers import ReaderStore
from bot.delivery.model import Plan
from bot.delivery.pacer import Pacer
from bot.delivery.worker import Worker
from bot.digest.publisher import Publisher
from bot.editing.editor import Editor
from bot.editing.model import Draft
from bot.editing.preparer import Preparer
from bot.editing.sync import Sync
from bot.editing.views import changed_file
from bot.errors import ConfigError, StoreError
from bot.i18n import Language, say_in
from bot.message.edition import PATH_TITLE
from bot.message.header import short
from bot.message.model import Message
from bot.message.rich import Rich, to_message
from bot.tg.application import chat_application, polling
from bot.tg.context import App
from bot.tg.menus import set_menus
from bot.tg.routes import Audience
from bot.tg.sender import Sender
from bot.tg.services import Services
from bot.timer import Timer

log = logging.getLogger(__name__)

DATABASE: Final = "bot.db"

GRACE: Final = timedelta(seconds=10)
"""How long what is in flight may take when the process is asked to stop."""

CUT_OFF: Final = timedelta(seconds=18)
"""When a process that was asked to stop ends, whatever holds it; what was being sent is then uncertain."""

NOTICE: Final = timedelta(days=7)
"""How long a notice to the owners is worth sending."""

_CHECKOUT: Final = Path(__file__).parent.parent / "content"
_INSTALLED: Final = Path(__file__).parent / "content"
CONTENT: Final = _CHECKOUT if _CHECKOUT.is_dir() else _INSTALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The running product, for whoever started it."""

    services: Services
    app: App
    people: PeopleStore
    timer: Timer
    worker: Worker
    outbox: SqliteOutbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What differs between Telegram, the local server and tests."""

    clock: Clock
    content: Path = CONTENT


@contextlib.asynccontextmanager
async def running(settings: Settings, setup: Setup) -> AsyncIterator[Product]:
    """Start everything, in order; stop it in the opposite order, each step whatever became of the others."""
    if settings.bot_token is None:
        raise ConfigError("error.no_token")
    async with contextlib.AsyncExitStack() as stack:
        database = await _database(settings.data_dir / DATABASE)
        stack.push_async_callback(database.close)
        articles, editions, drafts = ArticleStore(database), EditionStore(database), DraftStore(database)
        people = PeopleStore(database, owners=settings.owner_ids)
        readers = ReaderStore(database)
        library, preparer = Library(await articles.cards()), Preparer()
        editor = Editor(
            articles=articles,
            editions=editions,
            drafts=drafts,
            library=library,
            clock=setup.clock,
            preparer=preparer,
        )
        await editions.sweep()
        sync = Sync(editor=editor, files=drafts, library=library, preparer=preparer, clock=setup.clock)
        known = await drafts.waiting(None)
        await _read_content(sync, setup.content)
        digests, outbox = SqliteDigestStore(database), SqliteOutbox(database)
        changed = [draft for draft in await drafts.waiting(None) if draft not in known]
        await _offer_drafts(changed, people, readers, digests, setup.clock.now())
        publisher = Publisher(
            library=library,
            store=digests,
            articles=articles,
            quotes=editions.quote,
            tell=_teller(people, readers, digests, setup.clock),
            clock=setup.clock,
        )
        services = Services(
            clock=setup.clock,
            library=library,
            editions=editions,
            readers=readers,
            people=people,
            editor=editor,
            preview=publisher.preview,
        )
        app = await stack.enter_async_context(
            chat_application(
                token=settings.bot_token.get_secret_value(),
                address=settings.bot_api_url,
                proxy=settings.telegram_proxy,
                services=services,
            )
        )
        worker = Worker(
            outbox=outbox,
            send=Sender(app.bot).send,
            pacer=Pacer(setup.clock, rate=settings.sends_per_second),
            clock=setup.clock,
        )
        await stack.enter_async_context(_delivering(worker))
        timer = Timer(setup.clock, tick=_tick(publisher, worker))
        timer.start()
        stack.push_async_callback(timer.stop)
        await stack.enter_async_context(polling(app))
        stack.enter_context(_background(set_menus(app.bot, await _audiences(people))))
        await timer.wake()
        yield Product(services=services, app=app, people=people, timer=timer, worker=worker, outbox=outbox)


async def until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until SIGINT or SIGTERM, which also end a start that hangs; an end that hangs is cut off."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def stop() -> None:
        task.cancel()
        loop.call_later(CUT_OFF.total_seconds(), os._exit, 1)

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not task.cancelled():
            raise


async def claim_word(people: PeopleStore) -> str | None:
    """A new word by which the first owner claims the bot, while there is none."""
    if await people.owners():
        return None
    word = token()
    await people.offer(word)
    return word


async def _offer_drafts(
    drafts: Iterable[Draft],
    people: PeopleStore,
    readers: ReaderStore,
    digests: SqliteDigestStore,
    now: datetime,
) -> None:
    """Tell everybody who edits of files that changed although their articles did so in the chat."""
    editors = [reader for user in await people.editors() for reader in await readers.of_chat(user)]
    await digests.notify(
        [
            Plan(
                reader=editor.id,
                kind="notice",
                occasion=f"draft {draft.id}",
                expires_at=now + NOTICE,
                parts=(changed_file(draft, say_in(editor.language)),),
            )
            for draft in drafts
            for editor in editors
        ],
        now,
    )


def _tick(publisher: Publisher, worker: Worker) -> Callable[[], Awaitable[None]]:
    async def tick() -> None:
        await publisher.tick()
        worker.wake()

    return tick


@contextlib.asynccontextmanager
async def _delivering(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run(), name="delivery")
    try:
        yield
    finally:
        await worker.stop(GRACE)
        await task


def _teller(
    people: PeopleStore, readers: ReaderStore, digests: SqliteDigestStore, clock: Clock
) -> Callable[[Card, str], Awaitable[None]]:
    """Tells the owners, by the outbox too, of an article that Telegram refuses."""

    async def tell(card: Card, reason: str) -> None:
        now = clock.now()
        owners = [reader for owner in await people.owners() for reader in await readers.of_chat(owner)]
        notices = [
            Plan(
                reader=owner.id,
                kind="notice",
                occasion=f"quarantine {card.id} {card.version}",
                expires_at=now + NOTICE,
                parts=(_notice(card, reason, owner.language),),
            )
            for owner in owners
        ]
        await digests.notify(notices, now)

    return tell


def _notice(card: Card, reason: str, language: Language) -> Message:
    say, title = say_in(language), short(card.title, PATH_TITLE)
    text = say("chat.quarantined", title=title, reason=short(reason, 200))
    return to_message(Rich.plain(text))


async def _database(path: Path) -> Database:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.folder", folder=path.parent, reason=error.strerror) from error
    return await Database.open(path)


async def _read_content(sync: Sync, folder: Path) -> None:
    say = say_in(Language("en"))
    for error in await sync.run(folder):
        log.error("%s was not loaded: %s", error.file, say(error.key, **error.values))


async def _audiences(people: PeopleStore) -> dict[int, Audience]:
    editors: dict[int, Audience] = dict.fromkeys(await people.appointed(), "editor")
    owners: dict[int, Audience] = dict.fromkeys(await people.owners(), "owner")
    return {**editors, **owners}


@contextlib.contextmanager
def _background(work: Coroutine[Any, Any, None]) -> Iterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
