"""What editing asks of the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.article.library import Card
from bot.article.model import ArticleId, Fingerprint
from bot.article.recurring import Recurring
from bot.article.sketch import Sketch
from bot.editing.model import Appointment, Draft, Edited, Gathering, Pending, Version
from bot.editing.pieces import Piece
from bot.editing.prepared import Prepared
from bot.message.edition import RenderedQuote, RenderedSection
from bot.sources.model import Origin


class ArticleStore(Protocol):
    """Where articles are kept."""

    async def add(
        self,
        prepared: Prepared,
        *,
        edition: int,
        editor: int | None,
        origin: Origin,
        now: datetime,
        draft: int | None = None,
        quiet: bool = False,
    ) -> Card | None:
        """Insert a new article; the draft that it comes from ends with it. None when that is gone."""

    async def replace(
        self,
        article: ArticleId,
        prepared: Prepared,
        *,
        edition: int,
        editor: int | None,
        origin: Origin | None,
        now: datetime,
        draft: int | None = None,
    ) -> Card | None:
        """Write a new version, of another origin or (None) the same; its draft ends with it.

        None when that is gone. NotFound when there is no such article.
        """

    async def remove(self, article: ArticleId, now: datetime, *, editor: int | None) -> bool:
        """Leave a tombstone; False when the article was not live."""

    async def restore(self, article: ArticleId, now: datetime, *, editor: int | None) -> Card | None:
        """Bring a removed article back, as news; None when it is not removed."""

    async def announce(self, articles: Sequence[ArticleId], *, editor: int, now: datetime) -> list[Card]:
        """Make articles news that came in quietly; return those that became some."""

    async def refresh(self, card: Card, prepared: Prepared, *, edition: int) -> bool:
        """Show the same text as it is read now; False when it is gone, or another version stands by then."""

    async def text(self, article: ArticleId, version: int | None = None) -> str:
        """Return an article's document, of its present version or another. NotFound when there is none."""

    async def versions(self, article: ArticleId) -> Sequence[Version]:
        """Return all versions of an article, the newest first."""


class EditionStore(Protocol):
    """Where their pages are kept."""

    async def begin(self) -> int:
        """Begin a new, empty edition; return its id."""

    async def write_sections(self, edition: int, sections: Sequence[RenderedSection]) -> None:
        """Add a piece to an edition that nobody reads yet."""

    async def write_quotes(self, edition: int, quotes: Sequence[RenderedQuote]) -> None:
        """Add a piece to an edition that nobody reads yet."""

    async def drop(self, edition: int) -> None:
        """Forget an edition to which no article points."""


class SeriesStore(Protocol):
    """What knows which paragraphs articles share."""

    async def recurring(self, paragraphs: Sequence[Fingerprint]) -> Recurring:
        """Return those of these paragraphs that two live articles have or more."""

    async def outdated(self, article: ArticleId) -> Sequence[ArticleId]:
        """Return other articles that show what this one and a third have as well."""


class OriginStore(Protocol):
    """What knows articles by their pages and texts."""

    async def of(self, article: ArticleId) -> Origin | None:
        """Return where an article came from, if that is known."""

    async def at_address(self, address: str) -> ArticleId | None:
        """Return the live article of a page, whichever of its addresses is given."""

    async def most_alike(self, sketch: Sketch) -> tuple[ArticleId, float] | None:
        """Return the live article nearest to a text, and which share of their runs both have in common."""


class DraftStore(Protocol):
    """Where documents wait."""

    async def save(
        self,
        *,
        editor: int | None,
        name: str,
        title: str,
        text: str,
        origin: Origin,
        replaces: ArticleId | None,
        now: datetime,
        pending: Pending | None = None,
        edited: Edited | None = None,
    ) -> Draft:
        """Keep a document until its editor decides; what waited for it ends with this.

        NotFound when that is gone or has changed.
        """

    async def get(self, number: int) -> Draft | None:
        """Return a draft that waits for its editor."""

    async def change(self, draft: Draft) -> None:
        """Keep what an editor has changed in a draft's metadata, and what it could replace since."""

    async def drop(self, number: int) -> bool:
        """Forget a draft; False when it was gone."""

    async def waiting(self) -> Sequence[Draft]:
        """Return all drafts but those of feeds, the newest first."""

    async def of_article(self, article: ArticleId) -> Draft | None:
        """Return the draft that was made of an article, to change it."""

    async def open(self, number: int, editor: int, now: datetime) -> Draft | None:
        """Note who has a draft on their screen; return it as it was before, None when it is gone."""

    async def appoint(self, number: int, appointment: Appointment | None) -> bool:
        """Set when a draft is to be published, or that it is not; False when it is gone."""

    async def due(self, now: datetime) -> Sequence[Draft]:
        """Return the drafts that are to be published by now, the longest due first."""


class GatheringStore(Protocol):
    """Where messages wait to become drafts."""

    async def of_message(self, editor: int, message: int) -> Gathering | None:
        """Return the gathering that an editor's message belongs to, while its draft is undecided."""

    async def open_of(self, editor: int) -> Gathering | None:
        """Return the gathering to which an editor's next message belongs."""

    async def begin(self, piece: Piece, *, editor: int, chat: int, message: int, due_at: datetime) -> None:
        """Write down the first piece of a gathering."""

    async def put(self, gathering: int, piece: Piece, *, due_at: datetime) -> bool:
        """Add a piece, or put it where its message stood before; False when that said the same."""

    async def pieces(self, gathering: int) -> Sequence[Piece]:
        """Return the pieces in the order in which they were sent."""

    async def due(self) -> Sequence[Gathering]:
        """Return the gatherings of which drafts are to be made, the earliest first."""

    async def of_draft(self, draft: int, *, editor: int) -> Gathering | None:
        """Return the gathering of which an editor's draft was made."""

    async def wait(
        self, gathering: int, *, is_open: bool, due_at: datetime, message: int | None = None
    ) -> bool:
        """Change until when it waits, and our message in which its draft appears; False when it is gone."""

    async def postpone(self, until: datetime) -> None:
        """Let whatever is due wait so long: what belongs to it may have come while nobody was listening."""

    async def settle(self, gathering: int) -> None:
        """Note that nothing is to be made of it now."""

    async def drop(self, gathering: int) -> None:
        """Forget a gathering that is no draft yet."""

    async def tags_of(self, channel: int) -> Sequence[str]:
        """Return the tags that every post of a channel gets."""

    async def keep_tags(self, channel: int, tags: Sequence[str]) -> None:
        """Give every post of a channel these tags from now on."""

    async def drop_all(self, editor: int) -> int:
        """Forget those of an editor that are no drafts yet; return how many there were."""
