"""What editors do: propose a document, publish it, take an article away and bring it back."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.actions.staff import DraftFieldName
from bot.article.encoding import decode
from bot.article.library import Card, Library
from bot.article.model import ArticleId
from bot.article.sketch import Sketch
from bot.clock import Clock
from bot.editing.correcting import EditionWriter
from bot.editing.fields import bytes_with
from bot.editing.known import KnownArticles
from bot.editing.model import Draft, Match, Pending, PendingEntry, Proposal, Published
from bot.editing.prepared import Prepare, Prepared
from bot.editing.stores import ArticleStore, DraftStore, EditionStore, OriginStore, SeriesStore
from bot.errors import NotFound
from bot.sources.model import FROM_CHAT, Origin

_MAX_KEPT: Final = 8
_MAX_KEPT_CHARS: Final = 200_000
"""What was read of so many drafts is kept, unless they are longer: a few megabytes in all."""

NEWS_FOR: Final = timedelta(days=30)
"""How old an article may be and still be announced without a question."""


class Editor:
    """Propose, publish, correct and remove articles: in the database first, then in the library in memory."""

    def __init__(
        self,
        *,
        articles: ArticleStore,
        editions: EditionStore,
        drafts: DraftStore,
        series: SeriesStore,
        origins: OriginStore,
        library: Library,
        clock: Clock,
        prepare: Prepare,
    ) -> None:
        self._articles = articles
        self._drafts = drafts
        self._series = series
        self._editions = EditionWriter(
            articles=articles, editions=editions, series=series, library=library, prepare=prepare
        )
        self._known = KnownArticles(origins, library)
        self._library = library
        self._clock = clock
        self._prepare = prepare
        self._kept: OrderedDict[int, Prepared] = OrderedDict()

    async def propose(
        self,
        data: bytes,
        *,
        name: str,
        editor: int | None,
        origin: Origin = FROM_CHAT,
        pending: Pending | None = None,
        draft: int | None = None,
    ) -> Proposal:
        """Read a document and keep it as a draft. ArticleError when it cannot be published.

        `draft` was made of an earlier text of the same messages; what was changed in its metadata stays.

        What waited for it ends with this; NotFound when that was cancelled or changed meanwhile.
        """
        # Read first, saved after: what cannot be published leaves no draft behind.
        before, text = await self._drafts.get(draft) if draft is not None else None, None
        if before is not None:
            text = decode(data, file=name)
            data = await bytes_with(text, before.fields)
        prepared = await self._prepare(data, name, owner=editor)
        same, match = await self._known.of(prepared, origin)
        saved = await self._drafts.save(
            editor=editor,
            name=name,
            text=text or prepared.text,
            origin=origin,
            replaces=same.id if same else None,
            pending=pending,
            now=self._clock.now(),
        )
        self._keep(saved, prepared)
        return self._proposal(saved, prepared, match)

    async def propose_new(
        self,
        data: bytes,
        *,
        origin: Origin,
        pending: PendingEntry,
        is_known: Callable[[Sketch], Awaitable[bool]],
    ) -> Proposal | None:
        """Keep an entry of a feed as a draft of nobody's; None when it is here already. As `propose` else."""
        prepared = await self._prepare(data, "", owner=("feed", pending.feed), in_background=True)
        _, match = await self._known.of(prepared, origin)
        if match in {"address", "text"} or await is_known(prepared.sketch):
            return None
        draft = await self._drafts.save(
            editor=None,
            name="",
            text=prepared.text,
            origin=origin,
            replaces=None,
            pending=replace(pending, sketch=prepared.sketch),
            now=self._clock.now(),
        )
        return self._proposal(draft, prepared, None)

    async def change(
        self, draft: int, field: DraftFieldName, value: str | list[str], *, editor: int
    ) -> Proposal | None:
        """Change what a draft says of itself; None when it is gone. ArticleError as in `propose`."""
        kept = await self._draft_of(draft, editor)
        if kept is None:
            return None
        changed = replace(kept, fields={**kept.fields, field: value})
        prepared = await self._prepare(
            await bytes_with(changed.text, changed.fields), kept.name, owner=editor
        )
        same, match = await self._known.of(prepared, kept.origin)
        changed = replace(changed, replaces=same.id if same else None)
        await self._drafts.change(changed)
        self._keep(changed, prepared)
        return self._proposal(changed, prepared, match)

    async def known_page(self, address: str) -> Card | None:
        """Return the live article of a page; None when there is none."""
        return await self._known.at_page(address)

    async def drafts(self, editor: int) -> Sequence[Draft]:
        """Return what waits for this editor's decision, the newest first."""
        return await self._drafts.waiting(editor)

    async def reopen(self, draft: int, *, editor: int) -> Proposal | None:
        """Return a draft once more; None when it is gone or another's. ArticleError as in `propose`."""
        kept = await self._draft_of(draft, editor)
        if kept is None:
            return None
        prepared = await self._prepared(kept, editor)
        self._keep(kept, prepared)
        same, match = await self._known.of(prepared, kept.origin)
        return self._proposal(kept, prepared, match if same and same.id == kept.replaces else None)

    async def publish(
        self, draft: int, *, editor: int | None, replacing: bool = False, quiet: bool = False
    ) -> Published | None:
        """Make a draft live, as news, quietly, or as a new version of the article whose name it has.

        Without an `editor` nobody has approved it.

        None when the draft is gone (a second tap), not this editor's, or has nothing to replace.
        """
        kept = await self._draft_of(draft, editor)
        if kept is None or (replacing and kept.replaces is None):
            return None
        replaces = kept.replaces if replacing else None
        prepared = await self._prepared(kept, editor)
        prepared = replace(prepared, card=replace(prepared.card, approved=editor is not None))
        return await self.write(
            prepared, editor=editor, origin=kept.origin, replaces=replaces, draft=draft, quiet=quiet
        )

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

    async def discard(self, draft: int, *, editor: int | None) -> bool:
        """Throw a draft away; False when it is gone or not this editor's."""
        self._kept.pop(draft, None)
        return await self._draft_of(draft, editor) is not None and await self._drafts.drop(draft)

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

    async def text(self, article: ArticleId) -> str:
        """Return the document of a live article. NotFound when there is none."""
        return await self._articles.text(article)

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

    def _proposal(self, draft: Draft, prepared: Prepared, match: Match | None) -> Proposal:
        return Proposal(
            draft=draft.id,
            card=prepared.card,
            summary=prepared.summary,
            sections=prepared.first_sections,
            quotes=prepared.first_quotes,
            diagnostics=prepared.diagnostics,
            replaces=self._library.get(draft.replaces) if draft.replaces is not None else None,
            match=match,
            origin=draft.origin,
            is_old=self.is_old(prepared.card),
        )

    async def _prepared(self, draft: Draft, editor: int | None) -> Prepared:
        """Return what was read when the draft was proposed, unless a series has become known since."""
        kept, document = self._kept.pop(draft.id, None), await bytes_with(draft.text, draft.fields)
        if kept is not None and kept.text.encode("utf-8", "surrogatepass") == document:
            recurring = await self._series.recurring(kept.paragraphs)
            if recurring.keys().isdisjoint(kept.used):
                return kept
        return await self._prepare(document, draft.name, owner=editor)

    def _keep(self, draft: Draft, prepared: Prepared) -> None:
        """Keep what was read for when it is published, which is mostly a moment later."""
        if len(prepared.text) <= _MAX_KEPT_CHARS:
            self._kept[draft.id] = prepared
            while len(self._kept) > _MAX_KEPT:
                self._kept.popitem(last=False)

    async def _draft_of(self, draft: int, editor: int | None) -> Draft | None:
        kept = await self._drafts.get(draft)
        # A draft of nobody’s came from the content folder or a feed: any editor may decide.
        return kept if kept is not None and kept.editor in {editor, None} else None
