"""Open the database and everything that is kept in it."""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.app.standby import StandingBy
from bot.clock import Clock
from bot.config import Settings
from bot.db.acts import ActStore
from bot.db.alerts import AlertStore
from bot.db.articles import ArticleStore
from bot.db.campaigns import CampaignStore
from bot.db.cooldowns import CooldownStore
from bot.db.database import Database
from bot.db.deposits import DepositStore
from bot.db.digests import DigestStore
from bot.db.doubts import DoubtStore
from bot.db.drafts import DraftStore
from bot.db.editions import EditionStore
from bot.db.feeds import FeedStore
from bot.db.figures import FigureStore
from bot.db.forgotten import NAME as FORGOTTEN
from bot.db.forgotten import ForgottenList
from bot.db.gatherings import GatheringStore
from bot.db.inbox import InboxStore
from bot.db.interests import InterestStore
from bot.db.ledger import LedgerStore
from bot.db.links import LinkStore
from bot.db.message_ids import MessageIdStore
from bot.db.origins import OriginStore
from bot.db.outbox import OutboxStore
from bot.db.people import PeopleStore
from bot.db.privacy import PrivacyStore
from bot.db.readers import ReaderStore
from bot.db.restored import MARK, ClaimCounter, RestoreStore
from bot.db.retention import RetentionStore
from bot.db.series import SeriesStore
from bot.db.stops import StopStore
from bot.errors import StoreError
from bot.health import RECORD
from bot.notices import Notices
from bot.search.index import Index

Meanwhile = Callable[[StandingBy], contextlib.AbstractAsyncContextManager[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Every store of one database."""

    database: Database
    acts: ActStore
    alerts: AlertStore
    articles: ArticleStore
    campaigns: CampaignStore
    cooldowns: CooldownStore
    deposits: DepositStore
    digests: DigestStore
    doubts: DoubtStore
    drafts: DraftStore
    editions: EditionStore
    inbox: InboxStore
    interests: InterestStore
    ledger: LedgerStore
    links: LinkStore
    message_ids: MessageIdStore
    gatherings: GatheringStore
    feeds: FeedStore
    figures: FigureStore
    origins: OriginStore
    outbox: OutboxStore
    people: PeopleStore
    privacy: PrivacyStore
    readers: ReaderStore
    restored: RestoreStore
    retention: RetentionStore
    search: Index
    series: SeriesStore
    stops: StopStore


@contextlib.asynccontextmanager
async def open_stores(
    settings: Settings, *, stands_by: Clock | None = None, meanwhile: Meanwhile | None = None
) -> AsyncIterator[Stores]:
    """Open the database. StoreError when it cannot be used.

    While another process leads, this one stands by, by this clock, and within what `meanwhile` returns;
    without a clock that is an error.
    """
    async with contextlib.AsyncExitStack() as stack:
        await asyncio.to_thread(_make_folder, settings.data_dir)
        mark = ClaimCounter(settings.data_dir / MARK)
        stack.callback(mark.close)
        stand_by = StandingBy(settings.data_dir / RECORD, mark, stands_by) if stands_by else None
        async with meanwhile(stand_by) if meanwhile and stand_by else contextlib.nullcontext():
            database = await Database.open(settings.store, stand_by)
        stack.push_async_callback(database.close)
        editions = EditionStore(database)
        await editions.sweep()
        alerts, known = AlertStore(database), MessageIdStore(database)
        await known.load()
        yield Stores(
            database=database,
            acts=ActStore(database),
            alerts=alerts,
            articles=ArticleStore(database, owners=settings.owner_ids),
            campaigns=CampaignStore(database),
            cooldowns=CooldownStore(database),
            deposits=DepositStore(database),
            digests=DigestStore(database),
            doubts=DoubtStore(database),
            drafts=DraftStore(database),
            editions=editions,
            inbox=InboxStore(database, known),
            interests=InterestStore(database),
            ledger=LedgerStore(database),
            links=LinkStore(database),
            message_ids=known,
            gatherings=GatheringStore(database),
            feeds=FeedStore(database),
            figures=FigureStore(database, alerts),
            origins=OriginStore(database),
            outbox=OutboxStore(database, known=known, settles=settings.settling != "off", mark=mark.write),
            people=PeopleStore(database, owners=settings.owner_ids),
            privacy=PrivacyStore(database, ForgottenList(settings.data_dir / FORGOTTEN)),
            readers=ReaderStore(database),
            restored=RestoreStore(database, mark),
            retention=RetentionStore(database),
            search=database.full_text(),
            series=SeriesStore(database),
            stops=StopStore(database),
        )


def _make_folder(folder: Path) -> None:
    """Make the data folder, which holds files even where a server has the database."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.folder", folder=folder, reason=error.strerror) from error


async def free_bytes(folder: Path) -> int:
    """Return how much room the disk of a folder has."""
    return (await asyncio.to_thread(shutil.disk_usage, folder)).free


async def hold_digests_of_a_backup(stores: Stores, notices: Notices, clock: Clock) -> None:
    """Let no digest leave a database that is older than what was sent from it, until an owner decides."""
    again = await stores.privacy.forget_again(clock.now())
    if again:
        log.warning("Chats that a backup had brought back, and that were forgotten again: %s.", again)
    if await stores.restored.detect(clock.now()):
        log.critical(
            "The database is older than what was sent from it: a backup was put back. No digest leaves "
            "until an owner has decided, by the buttons of a message that they get now; who gets none "
            "sends /start to the bot, and the bot is then started again."
        )
        await notices.restored()
