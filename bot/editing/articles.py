"""Live articles: written, corrected, taken away and brought back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.article.library import Card, Library
from bot.article.model import ArticleId
from bot.clock import Clock
from bot.editing.correcting import EditionWriter
from bot.editing.model import Published, Version
from bot.editing.prepared import Prepare, Prepared
from bot.editing.stores import ArticleStore, EditionStore, SeriesStore
from bot.errors import NotFound
from bot.sources.model import FROM_CHAT, Origin

NEWS_FOR: Final = timedelta(days=30)
"""How old an article may be and still be announced without a question."""


class LiveArticles:
    """Change live articles: in the database first, then in the library in memory."""

    def __init__(
        self,
        *,
        articles: ArticleStore,
        editions: EditionStore,
        series: SeriesStore,
        library: Library,
        clock: Clock,
        prepare: Prepare,
    ) -> None:
        self._articles = articles
        self._series = series
        self._editions = EditionWriter(
            articles=articles, editions=editions, series=series, library=library, prepare=prepare
        )
        self._library = library
        self._clock = clock
        self._prepare = prepare

    async def announce(self, first: ArticleId, last: ArticleId, *, editor: int) -> int:
        """Let digests tell of the articles that came in quietly, between two numbers; return how many."""
        chosen = sorted(card.id for card in self._library.newest() if first <= card.id <= last)
        cards = await self._articles.announce(chosen, editor=editor, now=self._clock.now())
        for card in cards:
            self._library.put(card)
        return len(cards)

    def is_old(self, card: Card) -> bool:
        """Return whether an article was written so long ago that it is hardly news."""
        return card.published is not None and card.published < (self._clock.now() - NEWS_FOR).date()

    async def revert(
        self, article: ArticleId, version: int, *, standing: int, editor: int
    ) -> Published | None:
        """Make an earlier version the newest one; None when there is none, or `standing` no longer stands."""
        card = self._library.get(article)
        # Somebody has published since: undoing would take back their work, not this editor’s.
        if card is None or card.version != standing:
            return None
        try:
            text = await self._articles.text(article, version)
        except NotFound:
            return None
        # Read anew: the pages of an earlier version were dropped when it was replaced.
        prepared = await self._prepare(text.encode("utf-8", "surrogatepass"), "", owner=editor)
        return await self.write(prepared, editor=editor, replaces=article)

    async def remove(self, article: ArticleId, *, editor: int | None) -> bool:
        """Take an article away; it can be restored. False when it was not there. RightLost as in `write`."""
        # The database first: after a crash between the two, the library is loaded from it.
        removed = await self._articles.remove(article, self._clock.now(), editor=editor)
        self._library.remove(article)
        return removed

    async def restore(self, article: ArticleId, *, editor: int | None) -> Card | None:
        """Bring a removed article back as news; None when it is not removed. RightLost as in `write`."""
        card = await self._articles.restore(article, self._clock.now(), editor=editor)
        if card is not None:
            self._library.put(card)
        return card

    def live(self, article: ArticleId) -> Card | None:
        """Return the card of a live article."""
        return self._library.get(article)

    async def text(self, article: ArticleId, version: int | None = None) -> str:
        """Return the document of an article, as it stands or of a version. NotFound when there is none."""
        return await self._articles.text(article, version)

    async def versions(self, article: ArticleId) -> Sequence[Version]:
        """Return all versions of an article, the newest first."""
        return await self._articles.versions(article)

    async def write(
        self,
        prepared: Prepared,
        *,
        editor: int | None,
        replaces: ArticleId | None,
        origin: Origin | None = None,
        draft: int | None = None,
        quiet: bool = False,
    ) -> Published | None:
        """Write a prepared document piece by piece, then make it live in one step, in which its draft ends.

        Without an `origin` it comes from where the version before it did, else from the chat. None when its
        draft is gone. RightLost for an editor who was dismissed meanwhile.
        """
        edition = await self._editions.write(prepared)
        before = self._library.get(replaces) if replaces is not None else None
        now = self._clock.now()
        if replaces is None:
            card = await self._articles.add(
                prepared,
                edition=edition,
                editor=editor,
                origin=origin or FROM_CHAT,
                now=now,
                draft=draft,
                quiet=quiet,
            )
        else:
            card = await self._articles.replace(
                replaces, prepared, edition=edition, editor=editor, origin=origin, now=now, draft=draft
            )
        if card is None:
            # The draft was gone: a second tap, or another editor was quicker.
            await self._editions.drop(edition)
            return None
        self._library.put(card)
        # A correction keeps its place in the sequence, so no digest announces it.
        is_news = card.news > 0 and (before is None or before.news != card.news)
        await self._editions.correct_series(card)
        return Published(card=card, is_news=is_news, earlier=before.version if before else None)
