"""Everything that handlers may use, in one value."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.alerts import Alerts
from bot.article.library import Library
from bot.campaign.service import CampaignService
from bot.clock import Clock
from bot.db.acts import ActStore
from bot.db.campaigns import CampaignStore
from bot.db.editions import EditionStore
from bot.db.feeds import FeedStore
from bot.db.figures import FigureStore
from bot.db.interests import InterestStore
from bot.db.ledger import LedgerStore
from bot.db.people import PeopleStore
from bot.db.privacy import PrivacyStore
from bot.db.readers import ReaderStore
from bot.db.restored import RestoreStore
from bot.editing.appointments import Appointments
from bot.editing.editor import Editor
from bot.editing.feeds import FeedFollower
from bot.editing.gathering import Gatherer
from bot.editing.links import LinkReader
from bot.editing.quotes import DraftQuotes
from bot.message.model import Message
from bot.operations import Operations
from bot.pictures.painting import Painter
from bot.reader.model import Reader, ReaderId
from bot.search.finder import Finder
from bot.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The stores and services of the chat."""

    clock: Clock
    library: Library
    editions: EditionStore
    finder: Finder
    readers: ReaderStore
    interests: InterestStore
    people: PeopleStore
    editor: Editor
    quotes: DraftQuotes
    appointments: Appointments
    links: LinkReader
    gatherer: Gatherer
    feeds: FeedFollower
    feed_store: FeedStore
    privacy: PrivacyStore
    ledger: LedgerStore
    restored: RestoreStore
    campaigns: CampaignStore
    broadcasts: CampaignService
    operations: Operations
    acts: ActStore
    alerts: Alerts
    usage: Usage
    figures: FigureStore
    painter: Painter
    free_bytes: Callable[[], Awaitable[int]]
    """How much room the disk of the database has."""
    notify: Callable[[ReaderId, str, tuple[Message, ...]], Awaitable[None]]
    """Send messages to a reader by the outbox; the words and the time are the occasion."""
    is_ending: Callable[[], bool]
    preview: Callable[[Reader], Awaitable[tuple[Message, ...]]]
    """Compose the next digest as it would be now."""
