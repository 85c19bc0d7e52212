"""What a digest holds, and what planning it writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.article.library import Card
from bot.article.model import ArticleId
from bot.delivery.model import DeliveryId, Plan
from bot.message.edition import RenderedQuote
from bot.reader.interests import Topic
from bot.reader.model import Reader, ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestContent:
    """What a digest holds: the day in the reader's clock, new articles (newest first), a quote.

    `news` is whether the reader wants new articles, `leads` whether with the first sentences of each,
    `pictures` whether with a picture. `because` says which followed topic brought an article, `left_out` how
    many other new ones the reader's interests kept out. `since` is the watermark that all of them came after,
    `merged` how many digests this one stands for, `managed` whether those who see it can change it. A digest
    that `is_weekly` tells of the whole week, what was told before included.
    """

    day: date
    new: Sequence[Card] = ()
    because: Mapping[ArticleId, Topic] = field(default_factory=dict)
    left_out: int = 0
    since: int = 0
    quote: tuple[Card, RenderedQuote] | None = None
    news: bool = True
    leads: bool = True
    pictures: bool = True
    merged: int = 1
    is_weekly: bool = False
    managed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a reader's due digest comes to: rows for the outbox, and the reader as they will be.

    `reader` is who was seen; if they have changed meanwhile, nothing is written.
    """

    reader: Reader
    plans: tuple[Plan, ...]
    next_at: datetime
    quote_round: int
    quote_place: str
    news_limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningHold:
    """Whether digests may be planned, and until when all due times count as served."""

    is_open: bool = True
    served_until: datetime | None = None
    decided_until: datetime | None = None
    """Until when an owner has said what becomes of what was due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDigest:
    """A digest that Telegram refused for good, and the articles in it."""

    delivery: DeliveryId
    reader: ReaderId
    articles: tuple[ArticleId, ...]
    words: str
