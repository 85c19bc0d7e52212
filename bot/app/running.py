"""Build everything, start it in order, and stop it in the opposite order."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot.app.content import ContentReading, reading_content
from bot.app.delivery import Delivery, build_delivery, sender_of
from bot.article.library import Library
from bot.campaign.campaigner import Campaigner
from bot.campaign.desk import Desk
from bot.clock import Clock, Pulse, token
from bot.config import Settings
from bot.db.acts import ActStore
from bot.db.articles import ArticleStore
from bot.db.campaigns import SqliteCampaignStore
from bot.db.database import Database
from bot.db.digests import SqliteDigestStore
from bot.db.drafts import DraftStore
from bot.db.editions import EditionStore
from bot.db.inbox import InboxStore
from bot.db.ledger import LedgerStore
from bot.db.outbox import SqliteOutbox
from bot.db.people import PeopleStore
from bot.db.privacy import PrivacyStore
from bot.db.readers import ReaderStore
from bot.db.restored import MARK, HighWaterMark, RestoreStore
from bot.delivery.pacer import Rates
from bot.delivery.worker import Worker
from bot.digest.publisher import Publisher
from bot.editing.editor import Editor
from bot.editing.parser_pool import ParserPool
from bot.editing.prepare import Prepare
from bot.editing.sync import Sync
from bot.errors import ConfigError
from bot.health import RECORD, Symptom, Watch, Watched
from bot.loop_lag import LoopLag
from bot.message.model import Message
from bot.notices import Notices
from bot.reader.activity import Activity
from bot.reader.model import Reader
from bot.tg.application import chat_application, taking_in
from bot.tg.convert import try_to_send
from bot.tg.menus import set_menus
from bot.tg.panel import update_panel
from bot.tg.request import App, Audience
from bot.tg.services import Services
from bot.tg.transport import READ
from bot.timer import Timer

log = logging.getLogger(__name__)

DATABASE: Final = "bot.db"

SILENCE: Final = timedelta(minutes=3)
"""After which polling counts as ended: a poll takes ten seconds, and half a minute when the network fails."""

STANDSTILL: Final = timedelta(minutes=2)
"""After which the timer or the worker counts as stuck; they come round every few seconds."""

_CHECKOUT: Final = Path(__file__).parents[2] / "content"
_INSTALLED: Final = Path(__file__).parents[1] / "content"
CONTENT: Final = _CHECKOUT if _CHECKOUT.is_dir() else _INSTALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The running product, for whoever started it."""

    services: Services
    app: App
    people: PeopleStore
    content: ContentReading
    timer: Timer
    worker: Worker
    outbox: SqliteOutbox
    watch: Watch
    lag: LoopLag


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What differs between Telegram, the local server and tests."""

    clock: Clock
    content: Path = CONTENT
    rates: Rates | None = None
    """How fast messages may leave; as the settings say when None."""
    prepare: Prepare | None = None
    """Reads documents; in processes of their own when None."""
    patience: float = READ
    """Seconds to wait for the answer to a message."""


@contextlib.asynccontextmanager
async def running(settings: Settings, setup: Setup) -> AsyncIterator[Product]:
    """Start everything, in order; stop it in the opposite order, each step whatever became of the others."""
    if settings.bot_token is None:
        raise ConfigError("error.no_token")
    async with contextlib.AsyncExitStack() as stack:
        lag = LoopLag()
        stack.callback(lag.stop)
        database = await Database.open(settings.data_dir / DATABASE)
        stack.push_async_callback(database.close)
        articles, editions, drafts = (
            ArticleStore(database, owners=settings.owner_ids),
            EditionStore(database),
            DraftStore(database),
        )
        people = PeopleStore(database, owners=settings.owner_ids)
        readers = ReaderStore(database)
        library, parsers = Library(await articles.cards()), ParserPool()
        stack.push_async_callback(parsers.close)
        prepare = setup.prepare or parsers.prepare
        editor = Editor(
            articles=articles,
            editions=editions,
            drafts=drafts,
            library=library,
            clock=setup.clock,
            prepare=prepare,
        )
        await editions.sweep()
        sync = Sync(editor=editor, files=drafts, library=library, prepare=prepare, clock=setup.clock)
        mark = HighWaterMark(settings.data_dir / MARK)
        stack.callback(mark.close)
        restored = RestoreStore(database, mark)
        digests, outbox = SqliteDigestStore(database), SqliteOutbox(database, mark=mark.write)
        notices = Notices(people=people, readers=readers, digests=digests, clock=setup.clock)
        content = await stack.enter_async_context(
            reading_content(sync, setup.content, drafts=drafts, notices=notices, clock=setup.clock)
        )
        if await restored.recognise(setup.clock.now()):
            log.critical(
                "The database is older than what was sent from it: a backup was put back. No digest leaves "
                "until an owner has decided, by the buttons of a message that they get now; who gets none "
                "sends /start to the bot, and the bot is then started again."
            )
            await notices.restored()
        publisher = Publisher(
            library=library,
            store=digests,
            articles=articles,
            quotes=editions.quote,
            tell=notices.quarantined,
            clock=setup.clock,
        )
        begun, activity = asyncio.Event(), Activity(readers, setup.clock)
        delivery = await build_delivery(
            database=database,
            outbox=outbox,
            sender=await stack.enter_async_context(sender_of(settings, setup.patience)),
            rates=setup.rates or Rates(overall=settings.sends_per_second),
            people=people,
            readers=readers,
            library=library,
            clock=setup.clock,
        )
        pacer, worker, polled = delivery.pacer, delivery.worker, Pulse(setup.clock)
        campaigns = SqliteCampaignStore(database)
        services = Services(
            clock=setup.clock,
            library=library,
            editions=editions,
            readers=readers,
            people=people,
            editor=editor,
            privacy=PrivacyStore(database),
            ledger=LedgerStore(database),
            acts=ActStore(database),
            restored=restored,
            campaigns=campaigns,
            desk=Desk(store=campaigns, editors=people.editors, clock=setup.clock, begun=begun),
            operations=delivery.operations,
            is_ending=lambda: pacer.lets_replies_go,
            notify=delivery.waking(notices.told),
            touch=activity.note,
            preview=publisher.preview,
        )
        app = await stack.enter_async_context(
            chat_application(
                pacer=pacer,
                token=settings.bot_token.get_secret_value(),
                address=settings.api,
                proxy=settings.proxy,
                services=services,
                commands=settings.commands_per_minute,
                is_owner=people.was_owner,
            )
        )
        await stack.enter_async_context(delivery.running())
        campaigner = Campaigner(
            store=campaigns,
            clock=setup.clock,
            rate=pacer.rate,
            tolerated=settings.broadcast_errors / 100,
            begun=begun,
            wake=worker.wake,
            show=partial(update_panel, app.bot, services),
        )
        stack.enter_context(_background(campaigner.run()))
        timer = Timer(
            setup.clock,
            tick=_tick(
                notices=notices,
                publisher=publisher,
                activity=activity,
                delivery=delivery,
                content=content,
                app=app,
            ),
        )
        timer.start()
        stack.push_async_callback(timer.stop)
        await content.wait_a_moment()
        poller = await stack.enter_async_context(
            taking_in(app, InboxStore(database), setup.clock, polled, is_owner=people.was_owner)
        )
        stack.callback(pacer.let_replies_go)
        stack.callback(worker.claim_no_more)
        stack.enter_context(_background(set_menus(app.bot, await _audiences(people))))
        await timer.wake()
        watched = (
            Watched(name="polling", pulse=polled, patience=SILENCE, restart=poller.restart),
            Watched(name="the timer", pulse=timer.pulse, patience=STANDSTILL, restart=timer.restart),
            Watched(name="delivery", pulse=worker.pulse, patience=STANDSTILL),
        )
        symptoms = (
            Symptom(name="Telegram takes no messages", shows=delivery.outage.lasts),
            Symptom(name="messages that are due do not leave", shows=delivery.is_late),
            Symptom(name="delivery is stopped until an owner decides", shows=delivery.is_stopped),
        )
        yield Product(
            services=services,
            app=app,
            people=people,
            content=content,
            timer=timer,
            worker=worker,
            outbox=outbox,
            lag=lag,
            watch=Watch(setup.clock, settings.data_dir / RECORD, watched, lag.take_worst, symptoms),
        )


async def claim_word(people: PeopleStore) -> str | None:
    """Return a new word by which the first owner claims the bot, while there is none."""
    if await people.owners():
        return None
    word = token()
    await people.offer(word)
    return word


def _tick(
    *,
    notices: Notices,
    publisher: Publisher,
    activity: Activity,
    delivery: Delivery,
    content: ContentReading,
    app: App,
) -> Callable[[], Awaitable[None]]:
    async def tell(reader: Reader, message: Message) -> bool:
        return await try_to_send(app.bot, reader.place, message)

    async def tick() -> None:
        if content.lets_digests_go and not delivery.breaker.is_open:
            await publisher.tick()
        await delivery.safeguard.look(tell)
        await notices.suspended()
        await activity.write()
        delivery.worker.wake()

    return tick


async def _audiences(people: PeopleStore) -> dict[int, Audience]:
    editors: dict[int, Audience] = dict.fromkeys(await people.appointed(), "editor")
    owners: dict[int, Audience] = dict.fromkeys(await people.owners(), "owner")
    return {**editors, **owners}


@contextlib.contextmanager
def _background(work: Coroutine[Any, Any, None]) -> Iterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
