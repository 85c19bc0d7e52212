"""Start everything in order, and stop it in the opposite order."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bot.app.backups import DailyBackups
from bot.app.chat import open_chat, showing_menus
from bot.app.content import ContentReading, ContentWatch, open_editing, reading_content, renewing_index
from bot.app.daily import DailyLine
from bot.app.delivery import build_delivery, sender_of
from bot.app.figures import DailyFigures, Measured
from bot.app.intake import dispatcher_of, taking_updates_in, webhooks_door
from bot.app.jobs import periodic_work, watch_over
from bot.app.monitoring import serving_figures, serving_standby
from bot.app.retention import LedgerRetention
from bot.app.settling import forget_ids_of_others
from bot.app.stores import Stores, hold_digests_of_a_backup, open_stores
from bot.app.troubles import absence_of, alerts_of
from bot.clock import Clock
from bot.config import Settings
from bot.delivery.rates import Rates
from bot.delivery.worker import Worker
from bot.digest.publisher import Publisher
from bot.editing.appointments import Appointments
from bot.editing.entries import ReadFeed
from bot.editing.links import ReadPage
from bot.editing.prepared import Prepare
from bot.errors import ConfigError
from bot.health import RECORD, Watchdog
from bot.invocation import command_name
from bot.jobs import Scheduler
from bot.loop_lag import LoopLag
from bot.notices import Notices
from bot.settling.freshness import Freshness
from bot.settling.settler import Settler
from bot.sources.counted import CountedFetch
from bot.sources.fetch import Fetcher
from bot.sources.robots import FetchSince
from bot.tg.arrivals import Arrivals
from bot.tg.request import App
from bot.tg.services import Services
from bot.tg.transport import READ_TIMEOUT_S
from bot.usage import Usage
from bot.views.digest import compose

_CHECKOUT: Final = Path(__file__).parents[2] / "content"
_INSTALLED: Final = Path(__file__).parents[1] / "content"
CONTENT: Final = _CHECKOUT if _CHECKOUT.is_dir() else _INSTALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What differs between Telegram, the local server and tests."""

    clock: Clock
    content: Path = CONTENT
    rates: Rates | None = None
    """How fast messages may leave; as the settings say when None."""
    prepare: Prepare | None = None
    """Reads documents; in processes of their own when None."""
    fetch: FetchSince | None = None
    """Fetches pages; from the Internet when None."""
    read_page: ReadPage | None = None
    read_feed: ReadFeed | None = None
    """Reads pages; in processes of their own when None."""
    patience: float = READ_TIMEOUT_S
    """Seconds to wait for the answer to a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The running bot, for whoever started it."""

    services: Services
    app: App
    stores: Stores
    content: ContentReading
    watcher: ContentWatch
    scheduler: Scheduler
    worker: Worker
    settler: Settler
    freshness: Freshness
    watch: Watchdog
    arrivals: Arrivals
    lag: LoopLag


@contextlib.asynccontextmanager
async def lifespan(settings: Settings, environment: Environment) -> AsyncIterator[Runtime]:
    """Start everything, in order; stop it in the opposite order, each step whatever became of the others."""
    if settings.bot_token is None:
        raise ConfigError("error.no_token", bot=command_name())
    clock = environment.clock
    async with contextlib.AsyncExitStack() as stack:
        lag = LoopLag()
        stack.callback(lag.stop)
        # Where this process may have to stand by, the door opens first: it asks Telegram to come again.
        # Elsewhere it opens later: a second process then hears that the database is taken, not the port.
        early = webhooks_door(settings, clock) if settings.store_url else None
        door = await stack.enter_async_context(early) if early else None
        # Where this process may stand by, its health is served meanwhile: a supervisor would end it else.
        meanwhile = partial(serving_standby, settings) if settings.store_url else None
        stores = await stack.enter_async_context(open_stores(settings, stands_by=clock, meanwhile=meanwhile))
        await forget_ids_of_others(stores, settings)
        door = door or await stack.enter_async_context(webhooks_door(settings, clock))
        fetch = CountedFetch(environment.fetch or Fetcher(proxy=settings.page_proxy).fetch)
        editing = await stack.enter_async_context(
            open_editing(
                stores,
                clock=clock,
                prepare=environment.prepare,
                fetch=fetch,
                read_page=environment.read_page,
                read_feed=environment.read_feed,
                feed_days=settings.feed_days,
            )
        )
        notices = Notices(people=stores.people, readers=stores.readers, digests=stores.digests, clock=clock)
        content = await stack.enter_async_context(
            reading_content(
                editing.sync, environment.content, drafts=stores.drafts, notices=notices, clock=clock
            )
        )
        watch = ContentWatch(
            editing.sync, environment.content, drafts=stores.drafts, notices=notices, first=content.task
        )
        stack.push_async_callback(watch.close)
        await stack.enter_async_context(renewing_index(stores.database, clock))
        await hold_digests_of_a_backup(stores, notices, clock)
        record = settings.data_dir / RECORD
        absence = await absence_of(stores, notices, record, clock)
        publisher = Publisher(
            library=editing.library,
            store=stores.digests,
            articles=stores.articles,
            quotes=stores.editions.quote,
            compose=compose,
            tell=notices.quarantined,
            clock=clock,
        )
        appointments = Appointments(
            store=stores.drafts, editor=editing.editor, tell=notices.appointed, clock=clock
        )
        sender = await stack.enter_async_context(
            sender_of(settings, environment.patience, stores.database.engine.lease)
        )
        rates = environment.rates or Rates(overall=settings.sends_per_second)
        delivery = await build_delivery(
            stores,
            editing.library,
            sender=sender,
            rates=rates,
            settling=settings.settling,
            notices=notices,
            clock=clock,
        )
        arrivals = Arrivals(clock)
        alerts = alerts_of(stores, delivery, arrivals, settings, clock)
        usage = Usage()
        chat = open_chat(
            settings,
            stores,
            editing,
            publisher=publisher,
            appointments=appointments,
            notices=notices,
            delivery=delivery,
            alerts=alerts,
            usage=usage,
            clock=clock,
        )
        app = await stack.enter_async_context(chat)
        backups = DailyBackups(
            settings.data_dir, settings.backup_folder, keep=settings.kept_backups, clock=clock
        )
        scheduler = periodic_work(
            publisher=publisher,
            notices=notices,
            delivery=delivery,
            content=content,
            watch=watch,
            appointments=appointments,
            deposits=editing.deposits,
            backups=backups,
            alerts=alerts,
            absence=absence,
            daily=DailyLine(
                store=stores.alerts,
                people=stores.people,
                readers=stores.readers,
                notices=notices,
                clock=clock,
            ),
            figures=DailyFigures(stores=stores, usage=usage, clock=clock),
            retention=LedgerRetention(stores.retention, days=settings.ledger_days, clock=clock),
            app=app,
            clock=clock,
        )
        scheduler.start()
        stack.push_async_callback(scheduler.stop)
        await content.wait_a_moment()
        dispatcher = dispatcher_of(app, stores, clock)
        intake = await stack.enter_async_context(
            taking_updates_in(
                app, dispatcher, stores, settings=settings, door=door, arrivals=arrivals, clock=clock
            )
        )
        # At the end, nothing more is claimed, and replies no longer wait for their turn.
        stack.callback(delivery.pacer.let_replies_go)
        stack.callback(delivery.worker.claim_no_more)
        await stack.enter_async_context(showing_menus(app, stores.people))
        await scheduler.run_all()
        watchdog = watch_over(intake, arrivals, scheduler, delivery, record=record, lag=lag, clock=clock)
        measured = Measured(
            clock=clock,
            settings=settings,
            stores=stores,
            library=editing.library,
            delivery=delivery,
            dispatcher=dispatcher,
            fetch=fetch,
            usage=usage,
            watch=watchdog,
        )
        await stack.enter_async_context(serving_figures(measured))
        yield Runtime(
            services=app.bot_data["services"],
            app=app,
            stores=stores,
            content=content,
            watcher=watch,
            scheduler=scheduler,
            worker=delivery.worker,
            settler=delivery.settler,
            freshness=delivery.freshness,
            watch=watchdog,
            arrivals=arrivals,
            lag=lag,
        )
