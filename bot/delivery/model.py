"""The words of delivery: a row of the outbox, what Telegram made of it, what to do next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NewType

from bot.article.model import ArticleId
from bot.delivery.reasons import Exclusion, Reason, Trouble
from bot.message.model import Content, Message
from bot.reader.model import Place, ReaderId, Suspension

DeliveryId = NewType("DeliveryId", int)

Kind = Literal["digest", "notice", "campaign"]

DeliveryState = Literal["planned", "sending", "sent", "failed", "uncertain", "excluded"]
FinalState = Literal["failed", "uncertain", "excluded"]
STATES: Final[tuple[DeliveryState, ...]] = ("planned", "sending", "sent", "failed", "uncertain", "excluded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One occasion for one reader, before it enters the outbox.

    Unique by (reader, kind, occasion, part). `upto` is the watermark that the reader reaches when every part
    was sent; `articles` and `quote` say what is in it, for the ledger. It is not sent after `expires_at`.
    Without `parts` it is a row that is `excluded` for `reason` from the start.
    """

    reader: ReaderId
    kind: Kind
    occasion: str
    expires_at: datetime
    parts: tuple[Message, ...] = ()
    upto: int = 0
    articles: tuple[ArticleId, ...] = ()
    quote: str | None = None
    reason: Exclusion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the outbox that is being sent: one part for one reader. The first attempt is 1."""

    id: DeliveryId
    reader: ReaderId
    kind: Kind
    place: Place
    content: Content
    attempt: int
    expires_at: datetime


# What Telegram made of one attempt -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too many requests; Telegram names the wait."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Blocked:
    """This chat takes nothing from us any more, in words of Telegram's that we know."""

    reason: Suspension


@dataclass(frozen=True, slots=True)
class Denied:
    """This chat did not take the message, in words that we do not know: nobody is suspended for them."""

    words: str


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """The server does not know the token; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group became a supergroup with this id."""

    chat: int


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The request left and no readable answer came: it may have arrived."""

    reason: Trouble
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The server said no for a reason that will not change."""

    words: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """The request never reached the server; only this is safe to repeat."""


Outcome = Sent | Throttled | Blocked | Denied | Migrated | Uncertain | Refused | Unsent | TokenRefused


# What to do next -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Done:
    """Write `sent`."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Retry:
    """Back to `planned`, not before `at`; `attempted` is whether this counts as an attempt."""

    at: datetime
    reason: Reason
    attempted: bool = True


@dataclass(frozen=True, slots=True)
class Migrate:
    """The chat has a new id: rewrite the reader's place, back to `planned` at once."""

    chat: int


@dataclass(frozen=True, slots=True)
class Suspend:
    """Write `excluded`, suspend the reader, exclude what else waits for them; wipe nothing."""

    reason: Suspension


@dataclass(frozen=True, slots=True)
class Finish:
    """Write a final state other than `sent`; `detail` is what Telegram said in its own words."""

    state: FinalState
    reason: Reason
    detail: str = ""


Next = Done | Retry | Migrate | Suspend | Finish


@dataclass(frozen=True, slots=True)
class Result:
    """A delivery and what to do next with it, ready to be written."""

    delivery: Delivery
    next: Next


# The ledger ------------------------------------------------------------------------------------------------


Settled = Literal["checking", "found", "again", "unknown"]
"""What was found out about a message without an answer.

It is being found out; it had arrived; it had not, and was planned again; it could not be found out.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRecord:
    """What became of one digest: the states of its parts, and what it told of."""

    reader: ReaderId
    occasion: str
    states: tuple[DeliveryState, ...]
    reason: Reason | None
    detail: str
    settled: Settled | None
    articles: tuple[ArticleId, ...]
    quoted: bool
    planned_at: datetime
    finished_at: datetime | None

    @property
    def state(self) -> DeliveryState:
        """Of the whole: the worst of its parts."""
        return min(self.states, key=_BADNESS.index)


_BADNESS: Final[tuple[DeliveryState, ...]] = ("failed", "uncertain", "sending", "planned", "excluded", "sent")


@dataclass(frozen=True, slots=True)
class Count:
    """How many parts ended, or stand, in the same way."""

    kind: Kind
    state: DeliveryState
    reason: Reason | None
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTotals:
    """Parts by what became of them; `given` is how many were ever planned, `kept` how many are written."""

    counts: tuple[Count, ...]
    given: int
    kept: int

    @property
    def is_balanced(self) -> bool:
        """Planned ever = sent + failed + uncertain + excluded + still waiting."""
        return self.given == self.kept
