"""What editors do with drafts: propose a document, change it, publish it or throw it away."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from bot.article.encoding import decode
from bot.article.library import Card, Library
from bot.article.model import ArticleId
from bot.article.sketch import Sketch
from bot.clock import Clock
from bot.editing.articles import LiveArticles
from bot.editing.feeds_model import SameStory
from bot.editing.fields import bytes_with
from bot.editing.known import KnownArticles
from bot.editing.model import (
    Appointment,
    Draft,
    Edited,
    Fields,
    Match,
    Pending,
    PendingEntry,
    Proposal,
    Published,
)
from bot.editing.prepared import Prepare, Prepared
from bot.editing.stores import ArticleStore, DraftStore, EditionStore, OriginStore, SeriesStore
from bot.sources.model import FROM_CHAT, Origin

_MAX_KEPT: Final = 8
_MAX_KEPT_CHARS: Final = 200_000
"""What was read of so many drafts is kept, unless they are longer: a few megabytes in all."""


class Editor(LiveArticles):
    """Propose, change and publish drafts, beside all that can be done to live articles."""

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
        super().__init__(
            articles=articles, editions=editions, series=series, library=library, clock=clock, prepare=prepare
        )
        self._drafts = drafts
        self._origins = origins
        self._known = KnownArticles(origins, library)
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
        edited: Edited | None = None,
    ) -> Proposal:
        """Read a document and keep it as a draft. ArticleError when it cannot be published.

        `draft` was made of an earlier text of the same messages; what was changed in its metadata stays.
        `edited` is the article that it is a new text of.

        What waited for it ends with this; NotFound when that was cancelled or changed meanwhile.
        """
        # Read first, saved after: what cannot be published leaves no draft behind.
        before, text = await self._drafts.get(draft) if draft is not None else None, None
        if before is not None:
            text = decode(data, file=name)
            data = await bytes_with(text, before.fields)
        prepared = await self._prepare(data, name, owner=editor)
        same, match = await self._same(prepared, origin, edited)
        saved = await self._drafts.save(
            editor=editor,
            name=name,
            title=prepared.card.title,
            text=text or prepared.text,
            origin=origin,
            replaces=same.id if same else None,
            pending=pending,
            edited=edited,
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
        waiting: Callable[[Sketch], Awaitable[int | None]],
    ) -> Proposal | SameStory:
        """Keep an entry of a feed as a draft of nobody's, unless it is here already. As `propose` else.

        `waiting` finds a draft of nearly the same text.
        """
        prepared = await self._prepare(data, "", owner=("feed", pending.feed), in_background=True)
        card, match = await self._known.of(prepared, origin)
        if card is not None and match in {"address", "text"}:
            return SameStory(article=card.id)
        if (twin := await waiting(prepared.sketch)) is not None:
            return SameStory(draft=twin)
        draft = await self._drafts.save(
            editor=None,
            name="",
            title=prepared.card.title,
            text=prepared.text,
            origin=origin,
            replaces=None,
            pending=replace(pending, sketch=prepared.sketch),
            now=self._clock.now(),
        )
        return self._proposal(draft, prepared, None)

    async def change(self, draft: int, fields: Fields, *, editor: int) -> Proposal | None:
        """Change what a draft says of itself; None when it is gone. ArticleError as in `propose`."""
        kept = await self._drafts.get(draft)
        if kept is None:
            return None
        changed = replace(kept, fields={**kept.fields, **fields})
        prepared = await self._prepare(
            await bytes_with(changed.text, changed.fields), kept.name, owner=editor
        )
        same, match = await self._same(prepared, kept.origin, kept.edited)
        changed = replace(changed, title=prepared.card.title, replaces=same.id if same else None)
        await self._drafts.change(changed)
        self._keep(changed, prepared)
        return self._proposal(changed, prepared, match)

    async def known_page(self, address: str) -> Card | None:
        """Return the live article of a page; None when there is none."""
        return await self._known.at_page(address)

    async def drafts(self) -> Sequence[Draft]:
        """Return what waits for a decision, drafts of feeds apart, the newest first."""
        return await self._drafts.waiting()

    async def edit(self, article: ArticleId, *, editor: int) -> Proposal | None:
        """Return a draft of an article's present text; the one that somebody has made of it already."""
        waiting, card = await self._drafts.of_article(article), self._library.get(article)
        if waiting is not None:
            return await self.reopen(waiting.id, editor=editor)
        if card is None:
            return None
        text, origin = await self._articles.text(article), await self._origins.of(article)
        # What is changed here is the chat's from now on, not the content folder's.
        origin = origin if origin is not None and origin.kind != "folder" else FROM_CHAT
        data, edited = text.encode("utf-8", "surrogatepass"), Edited(article, card.version)
        return await self.propose(data, name="", editor=editor, origin=origin, edited=edited)

    async def reopen(self, draft: int, *, editor: int) -> Proposal | None:
        """Return a draft once more, and who had it open; None when it is gone. Errors as in `propose`."""
        found = await self.prepared(draft, editor=editor)
        return found[0] if found is not None else None

    async def prepared(self, draft: int, *, editor: int) -> tuple[Proposal, Prepared] | None:
        """Return the same, and all that was read."""
        kept = await self._drafts.open(draft, editor, self._clock.now())
        if kept is None:
            return None
        prepared = await self._prepared(kept, editor)
        self._keep(kept, prepared)
        same, match = await self._same(prepared, kept.origin, kept.edited)
        is_same = same is not None and same.id == kept.replaces
        return self._proposal(kept, prepared, match if is_same else None), prepared

    async def publish(
        self,
        draft: int,
        *,
        editor: int | None,
        replacing: bool = False,
        quiet: bool = False,
        appointment: Appointment | None = None,
    ) -> Published | None:
        """Make a draft live, as news, quietly, or as a new version of the article whose name it has.

        What a feed publishes without an `editor`, nobody has approved. With an `appointment`, only if that
        still stands.

        None when the draft is gone (a second tap) or has nothing to replace.
        """
        kept = await self._drafts.get(draft)
        if kept is None or (replacing and kept.replaces is None):
            return None
        if appointment is not None and kept.appointment != appointment:
            return None
        replaces = kept.replaces if replacing else None
        prepared = await self._prepared(kept, editor)
        # What a feed publishes by itself, nobody has read; whoever has the machine stands for what they add.
        approved = editor is not None or kept.origin.kind != "feed"
        prepared = replace(prepared, card=replace(prepared.card, approved=approved))
        return await self.write(
            prepared, editor=editor, origin=kept.origin, replaces=replaces, draft=draft, quiet=quiet
        )

    async def discard(self, draft: int) -> bool:
        """Throw a draft away; False when it is gone."""
        self._kept.pop(draft, None)
        return await self._drafts.drop(draft)

    async def _same(
        self, prepared: Prepared, origin: Origin, edited: Edited | None
    ) -> tuple[Card | None, Match | None]:
        """Return the live article whose new version a document can be, and by what it was found."""
        card = self._library.get(edited.article) if edited is not None else None
        return (card, "edited") if card is not None else await self._known.of(prepared, origin)

    def _proposal(self, draft: Draft, prepared: Prepared, match: Match | None) -> Proposal:
        return Proposal(
            draft=draft.id,
            card=prepared.card,
            summary=prepared.summary,
            sections=prepared.first_sections,
            quotes=prepared.first_quotes,
            diagnostics=prepared.diagnostics,
            chosen=prepared.chosen,
            replaces=self._library.get(draft.replaces) if draft.replaces is not None else None,
            match=match,
            origin=draft.origin,
            is_old=self.is_old(prepared.card),
            is_outdated=self._is_outdated(draft.edited),
            opened=draft.opened,
            appointment=draft.appointment,
        )

    def _is_outdated(self, edited: Edited | None) -> bool:
        card = self._library.get(edited.article) if edited is not None else None
        return edited is not None and card is not None and card.version != edited.version

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
