"""The one place that builds everything and hands the rooms to each other."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.article.library import Library
from bot.clock import Clock, token
from bot.config import Settings
from bot.db.articles import ArticleStore
from bot.db.database import Database
from bot.db.drafts import DraftStore
from bot.db.editions import EditionStore
from bot.db.people import PeopleStore
from bot.db.readers import ReaderStore
from bot.editing.editor import Editor
from bot.editing.preparer import Preparer
from bot.editing.sync import Sync
from bot.errors import ConfigError, StoreError
from bot.i18n import Language, say_in
from bot.tg.application import chat_application, polling
from bot.tg.context import App
from bot.tg.menus import set_menus
from bot.tg.routes import Audience
from bot.tg.services import Services

log = logging.getLogger(__name__)

DATABASE: Final = "bot.db"

_CHECKOUT: Final = Path(__file__).parent.parent / "content"
_INSTALLED: Final = Path(__file__).parent / "content"
CONTENT: Final = _CHECKOUT if _CHECKOUT.is_dir() else _INSTALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The running product, for whoever started it."""

    services: Services
    app: App
    people: PeopleStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What differs between Telegram, the local server and tests."""

    clock: Clock
    database: str = DATABASE
    content: Path = CONTENT


@contextlib.asynccontextmanager
async def running(settings: Settings, setup: Setup) -> AsyncIterator[Product]:
    """Start everything, in order; stop it in the opposite order, each step whatever became of the others."""
    if settings.bot_token is None:
        raise ConfigError("error.no_token")
    async with contextlib.AsyncExitStack() as stack:
        database = await _database(settings.data_dir / setup.database)
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
        await _read_content(sync, setup.content)
        services = Services(
            clock=setup.clock, library=library, editions=editions, readers=readers, people=people
        )
        app = await stack.enter_async_context(
            chat_application(
                token=settings.bot_token.get_secret_value(),
                address=settings.bot_api_url,
                proxy=settings.telegram_proxy,
                services=services,
            )
        )
        await stack.enter_async_context(polling(app))
        stack.enter_context(_background(set_menus(app.bot, await _audiences(people))))
        yield Product(services=services, app=app, people=people)


async def until_stopped() -> None:
    """Wait for SIGINT or SIGTERM."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()


async def claim_word(people: PeopleStore) -> str | None:
    """A new word by which the first owner claims the bot, while there is none."""
    if await people.owners():
        return None
    word = token()
    await people.offer(word)
    return word


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
