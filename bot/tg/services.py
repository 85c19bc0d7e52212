"""What the chat needs of the rest of the product, as small as it needs it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.article.library import Card, Library
from bot.article.model import ArticleId, QuoteId, SectionId
from bot.campaign.desk import Step
from bot.campaign.model import Campaign, CampaignId, Panel, Progress, Segment
from bot.clock import Clock
from bot.delivery.model import Account, State
from bot.editing.model import Draft, Proposal, Published
from bot.i18n import Language
from bot.message.edition import RenderedQuote, SectionHead
from bot.message.model import Copy, Message
from bot.message.rich import Rich
from bot.message.views import Place as SectionPlace
from bot.reader.model import Place, Reader, ReaderId, Schedule
from bot.tg.owning import Acts, Operations, People


class Readers(Protocol):
    """Every chat that was met."""

    async def find(self, place: Place) -> Reader | None:
        """The reader of this place, if it was ever met."""
        ...

    async def meet(self, place: Place, *, language: Language, now: datetime, back: int) -> Reader:
        """Write a new reader down, with a watermark so many articles back."""
        ...

    async def get(self, reader: ReaderId) -> Reader | None:
        """The reader as written now."""
        ...

    async def of_chat(self, chat: int) -> Sequence[Reader]:
        """Every reader in a chat, its topics included."""
        ...

    async def follow_language(self, reader: ReaderId, language: Language) -> None:
        """Speak the language of their client, unless they have chosen one."""
        ...

    async def draw_quote(self, reader: Reader, quote_round: int, quote_place: str) -> None:
        """Remember how far they have come through the quotes."""
        ...

    async def list_shown(self, reader: ReaderId, numbers: Mapping[int, ArticleId]) -> None:
        """Remember what each number means in the list last shown."""
        ...

    async def await_words(self, reader: ReaderId, awaiting: str | None) -> None:
        """Remember what their next words answer; None for nothing."""
        ...

    async def subscribe(self, reader: ReaderId, schedule: Schedule, next_at: datetime) -> None:
        """Send digests from `next_at` on; ends a suspension."""
        ...

    async def set_up(self, reader: ReaderId, by: int, title: str) -> None:
        """Somebody set up this group or channel: they are told when it gets no more."""
        ...

    async def set_up_by(self, user: int) -> Sequence[Reader]:
        """The groups and channels that somebody set up."""
        ...

    async def change(self, reader: Reader, next_at: datetime | None, now: datetime) -> None:
        """Write what a reader chose, subscription apart."""
        ...

    async def unsubscribe(self, reader: ReaderId, now: datetime) -> bool:
        """Send no more, not even what waits; everything else stays. False when they were not subscribed."""
        ...

    async def suspend(self, reader: ReaderId, reason: str, now: datetime) -> None:
        """Send nothing until they come back; wipe nothing."""
        ...

    async def resume(self, reader: ReaderId, next_at: datetime | None) -> None:
        """They are back."""
        ...

    async def move(self, old: int, new: int) -> None:
        """A group has a new chat id."""
        ...


class Privacy(Protocol):
    """What is stored about a chat or person."""

    async def stored(self, chat: int) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        ...

    async def forget(self, chat: int, now: datetime) -> None:
        """Delete it for good; the ledger can still be counted."""
        ...


class Editions(Protocol):
    """Articles as they are read. Every method raises KeyError for what is not there."""

    async def summary(self, article: ArticleId) -> Rich:
        """An article's summary."""
        ...

    async def outline(self, article: ArticleId, page: int) -> tuple[Sequence[SectionHead], int, int]:
        """The sections of a page of the outline, how many there are in all, and the page's number."""
        ...

    async def place(self, article: ArticleId, section: SectionId, page: int) -> SectionPlace:
        """A page of a section."""
        ...

    async def quote(self, article: ArticleId, quote: QuoteId) -> RenderedQuote:
        """One quote."""
        ...

    async def quotes_with(self, words: Sequence[str]) -> Sequence[tuple[ArticleId, RenderedQuote]]:
        """Quotes of live articles in which each word occurs somewhere, in any case."""
        ...

    async def sections_with(self, words: Sequence[str]) -> Sequence[tuple[ArticleId, SectionHead]]:
        """Sections of live articles whose title has each word, in any case; newest articles first."""
        ...


class Editor(Protocol):
    """What editors do; ArticleError says why a document cannot be published."""

    async def propose(self, data: bytes, *, name: str, editor: int | None) -> Proposal:
        """Read a document and keep it as a draft."""
        ...

    async def drafts(self, editor: int) -> Sequence[Draft]:
        """What waits for this editor's decision, the newest first."""
        ...

    async def look(self, draft: int, *, editor: int) -> Proposal | None:
        """A draft once more; None when it is gone or not this editor's."""
        ...

    async def publish(self, draft: int, *, editor: int, replacing: bool = False) -> Published | None:
        """Make a draft live; None when it is gone, not this editor's, or has nothing to replace."""
        ...

    async def discard(self, draft: int, *, editor: int | None) -> bool:
        """Throw a draft away; False when it is gone or not this editor's."""
        ...

    async def revert(
        self, article: ArticleId, version: int, *, standing: int, editor: int
    ) -> Published | None:
        """Make an earlier version the newest one; None when there is none, or `standing` no longer stands."""
        ...

    async def remove(self, article: ArticleId, *, editor: int | None) -> bool:
        """Take an article away; it can be restored. False when it was not there."""
        ...

    async def restore(self, article: ArticleId, *, editor: int | None) -> Card | None:
        """Bring a removed article back as news; None when it is not removed."""
        ...


class Restored(Protocol):
    """What an owner decides after a backup was put back."""

    async def __call__(self, now: datetime, *, told: bool) -> bool:
        """Digests go on; when `told`, as if everything until now had been sent. False: decided already."""
        ...


class Ledger(Protocol):
    """What became of each digest."""

    async def of_reader(self, reader: ReaderId, limit: int) -> Sequence[Account]:
        """Their last digests, the newest first."""
        ...

    async def of_article(self, article: ArticleId) -> Mapping[State, int]:
        """Of the parts of digests that told of an article, how many are in each state."""
        ...

    async def unsent_of_article(self, article: ArticleId, limit: int) -> Sequence[Account]:
        """The last digests with an article that are not known to have arrived, the newest first."""
        ...


class Campaigns(Protocol):
    """What owners do with a message to many."""

    async def open(self) -> Campaign | None:
        """The campaign that is not over."""
        ...

    async def get(self, campaign: CampaignId) -> Campaign | None:
        """A campaign as written now."""
        ...

    async def draft(self, owner: int, source: Copy, segment: Segment) -> Campaign | None:
        """A new one; None while another is open."""
        ...

    async def set_segment(self, campaign: CampaignId, segment: Segment) -> None:
        """Choose another segment, before it is started."""
        ...

    async def set_panel(self, campaign: CampaignId, panel: Panel) -> None:
        """Remember which message shows it."""
        ...

    async def audience(self, campaign: Campaign) -> int:
        """How many readers it is for, without those who have it."""
        ...

    async def testers(self, campaign: Campaign) -> int:
        """How many editors, its owner apart, can see it before all others do."""
        ...

    async def progress(self, campaign: Campaign) -> Progress:
        """How far it has come."""
        ...

    async def take(self, campaign: CampaignId, step: Step) -> Campaign | None:
        """One step; None when it cannot be taken (any more)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that handlers may use."""

    clock: Clock
    library: Library
    editions: Editions
    readers: Readers
    people: People
    editor: Editor
    privacy: Privacy
    ledger: Ledger
    restored: Restored
    campaigns: Campaigns
    operations: Operations
    acts: Acts
    notify: Callable[[ReaderId, str, tuple[Message, ...]], Awaitable[None]]
    """Send messages to a reader by the outbox; what they are about, with the time, is their occasion."""
    is_ending: Callable[[], bool]
    was_here: Callable[[int], None]
    """Somebody wrote or pressed something in a chat."""
    preview: Callable[[Reader], Awaitable[tuple[Message, ...]]]
    """The next digest as it would be now."""
