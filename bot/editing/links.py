"""Pages that editors send links to: fetched, read, and proposed as drafts, one after another for each editor.

A link is written down when it is asked for and ends in the transaction that saves its draft: a crash in
between has it fetched once more, and never makes two drafts.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, Protocol

from bot.article.library import Card
from bot.clock import Clock
from bot.editing.editor import Editor
from bot.editing.model import PendingLink, Proposal
from bot.errors import ArticleError, BotError, NotFound, StoreError
from bot.sources.addresses import host_of, readable, without_tracking
from bot.sources.fetch import Fetched
from bot.sources.model import Origin, Page, Shell

log = logging.getLogger(__name__)

_RETRY_S = 15.0
"""Seconds before the database is asked again after it could not be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A page that an editor asked for; `message` is ours, in which the answer appears."""

    id: int
    editor: int
    chat: int
    message: int
    address: str
    again: bool
    """Whether it is read although an article of this page is here already."""


LinkStep = Literal["fetching", "reading"]
LinkState = LinkStep | Proposal | Card | BotError
"""How far a link is; at its end a draft, the article that has its page already, or why it is none."""

Fetch = Callable[[str], Awaitable[Fetched]]
Show = Callable[[PageLink, LinkState], Awaitable[None]]


class LinkStore(Protocol):
    """Where links wait."""

    async def add(self, *, editor: int, chat: int, message: int, address: str, now: datetime) -> PageLink:
        """Write a link down."""

    async def waiting(self) -> Sequence[PageLink]:
        """Return the links that wait to be read, in the order in which they were asked for."""

    async def hold(self, link: int) -> None:
        """Let a link wait until its editor decides."""

    async def repeat(self, link: int, *, editor: int) -> bool:
        """Have a link read although its page is here; False when it is gone or another's."""

    async def drop(self, link: int) -> None:
        """Forget a link."""

    async def drop_all(self, editor: int) -> int:
        """Forget the links of an editor that wait; return how many there were."""


class ReadPage(Protocol):
    """Reads a page somewhere; the worker pool."""

    async def __call__(
        self, fetched: Fetched, *, owner: Hashable, name: str = "", in_background: bool = False
    ) -> Page | Shell:
        """Return the article of a page or file, or what the page is instead. ArticleError.

        `name` is what errors call it; its host without one. People wait for nothing `in_background`.
        """


class LinkReader:
    """Reads the pages that editors ask for, one at a time for each."""

    def __init__(
        self, *, store: LinkStore, editor: Editor, fetch: Fetch, read_page: ReadPage, clock: Clock
    ) -> None:
        self._store = store
        self._editor = editor
        self._fetch = fetch
        self._read_page = read_page
        self._clock = clock
        self._wakeup = asyncio.Event()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def ask(self, address: str, *, editor: int, chat: int, message: int) -> None:
        """Read a page when its turn comes."""
        await self._store.add(
            editor=editor, chat=chat, message=message, address=address, now=self._clock.now()
        )
        self._wakeup.set()

    async def ask_again(self, link: int, *, editor: int) -> bool:
        """Read a page that is here already; False when that was decided, or is another's."""
        repeated = await self._store.repeat(link, editor=editor)
        self._wakeup.set()
        return repeated

    async def cancel(self, editor: int) -> int:
        """Stop reading what an editor asked for; return how many pages that were."""
        count = await self._store.drop_all(editor)
        if task := self._tasks.pop(editor, None):
            task.cancel()
            await asyncio.wait((task,))
        return count

    async def run(self, show: Show) -> None:
        """Read what waits, and what is asked for from now on; `show` tells editors how far it is."""
        try:
            while True:
                self._wakeup.clear()
                await self._begin(show)
                await self._wakeup.wait()
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _begin(self, show: Show) -> None:
        """Begin with the first link of each editor who has none under way."""
        try:
            waiting = await self._store.waiting()
        except StoreError:
            log.exception("The links that wait could not be read.")
            await self._clock.sleep(_RETRY_S)
            self._wakeup.set()
            return
        for link in waiting:
            if link.editor not in self._tasks:
                task = asyncio.create_task(self._serve(link, show), name="link")
                self._tasks[link.editor] = task

    async def _serve(self, link: PageLink, show: Show) -> None:
        try:
            state = await self._state_of(link, partial(_show, show, link))
            if not isinstance(state, Proposal):
                await (self._store.hold(link.id) if isinstance(state, Card) else self._store.drop(link.id))
            await _show(show, link, state)
        except NotFound:
            log.info("A link was cancelled while it was being read.")
        except StoreError:
            # It stays written down; the database is not asked again at once.
            log.exception("What came of a link could not be written down.")
            await self._clock.sleep(_RETRY_S)
        finally:
            if self._tasks.get(link.editor) is asyncio.current_task():
                del self._tasks[link.editor]
            self._wakeup.set()

    async def _state_of(self, link: PageLink, show: Callable[[LinkStep], Awaitable[None]]) -> LinkState:
        """Return what a link came to. NotFound when it was cancelled meanwhile; StoreError."""
        try:
            known = await self._editor.known_page(link.address)
            if known is not None and not link.again:
                return known
            await show("fetching")
            fetched = await self._fetch(readable(link.address))
            await show("reading")
            document, origin = await document_of_page(fetched, self._read_page, owner=link.editor)
            return await self._editor.propose(
                document, name="", editor=link.editor, origin=origin, pending=PendingLink(link.id)
            )
        except (NotFound, StoreError):
            raise
        except BotError as error:
            return error
        except Exception as error:
            log.exception("A fault of this program kept a page from being read.")
            return ArticleError("error.fault", file="", name=type(error).__name__)


async def document_of_page(
    fetched: Fetched, read_page: ReadPage, *, owner: int | None
) -> tuple[bytes, Origin]:
    """Return the document in a page, and where it came from. ArticleError for what is no article."""
    page = await read_page(fetched, owner=owner)
    if isinstance(page, str):
        raise ArticleError(f"page.{page}", file="", host=host_of(fetched.address))
    origin = Origin(kind="link", address=without_tracking(page.address), name=host_of(page.address))
    return page.document.encode("utf-8", "surrogatepass"), origin


async def _show(show: Show, link: PageLink, state: LinkState) -> None:
    """Tell the editor; a message that cannot be sent ends nothing, since drafts can be opened later."""
    try:
        await show(link, state)
    except Exception:
        log.exception("An editor was not told how far a page is.")
