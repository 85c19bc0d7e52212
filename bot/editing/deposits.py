"""Files and links that were handed in from the command line, while the bot runs or not.

A deposit is a row until its outcome was read. It is tied to its draft in the transaction that saves that, and
the draft ends in the one that makes its article: so nothing is published twice, wherever a process ends.
"""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.editing.editor import Editor
from bot.editing.files import document_in
from bot.editing.links import Fetch, ReadPage, document_of_page
from bot.editing.model import Draft, PendingDeposit
from bot.editing.stores import DraftStore
from bot.errors import ArticleError, BotError, NotFound, StoreError
from bot.sources.addresses import readable
from bot.sources.model import Origin

log = logging.getLogger(__name__)

DepositState = Literal["published", "replaced", "known", "waits", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A file, or a link (then `data` is empty); `draft` is what it has become."""

    id: int
    name: str
    address: str
    data: bytes
    is_quiet: bool
    replaces: bool
    draft: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositOutcome:
    """What became of a deposit: of which article, or why it was refused, in English."""

    state: DepositState
    title: str = ""
    slug: str = ""
    reason: str = ""


class DepositStore(Protocol):
    """Where deposits wait."""

    async def waiting(self) -> Sequence[Deposit]:
        """Return those that nothing has become of yet, in the order in which they came."""

    async def settle(self, deposit: int, outcome: DepositOutcome) -> None:
        """Write down what became of one."""


Word = Callable[[BotError], str]
"""Says an error in words."""


class Deposits:
    """Publishes what is handed in from the command line."""

    def __init__(
        self,
        *,
        store: DepositStore,
        drafts: DraftStore,
        editor: Editor,
        fetch: Fetch,
        read_page: ReadPage,
        word: Word,
    ) -> None:
        self._store = store
        self._drafts = drafts
        self._editor = editor
        self._fetch = fetch
        self._read_page = read_page
        self._word = word

    async def tick(self) -> None:
        """Deal with the first one that waits."""
        for deposit in (await self._store.waiting())[:1]:
            with contextlib.suppress(NotFound):  # it was withdrawn meanwhile
                await self._store.settle(deposit.id, await self._outcome(deposit))

    async def _outcome(self, deposit: Deposit) -> DepositOutcome:
        try:
            draft = deposit.draft if deposit.draft is not None else await self._propose(deposit)
            kept = await self._drafts.get(draft)
            # Gone, or opened by an editor meanwhile: then it is theirs to decide.
            if kept is None or kept.opened is not None:
                return DepositOutcome(state="waits", title=deposit.name)
            return await self._publish(deposit, kept)
        except (StoreError, NotFound):
            raise
        except BotError as error:
            return DepositOutcome(state="refused", title=deposit.name, reason=self._word(error))
        except Exception as error:
            log.exception("A fault of this program kept something from being published.")
            reason = self._word(ArticleError("error.fault", file=deposit.name, name=type(error).__name__))
            return DepositOutcome(state="refused", title=deposit.name, reason=reason)

    async def _publish(self, deposit: Deposit, draft: Draft) -> DepositOutcome:
        before = self._editor.live(draft.replaces) if draft.replaces is not None else None
        if before is not None and (not deposit.replaces or await self._editor.text(before.id) == draft.text):
            await self._editor.discard(draft.id)
            return DepositOutcome(state="known", title=before.title, slug=before.slug)
        made = await self._editor.publish(
            draft.id, editor=None, replacing=before is not None, quiet=deposit.is_quiet
        )
        if made is None:
            return DepositOutcome(state="waits", title=draft.title)
        state: DepositState = "published" if before is None else "replaced"
        return DepositOutcome(state=state, title=made.card.title, slug=made.card.slug)

    async def _propose(self, deposit: Deposit) -> int:
        """Read it, and keep it as a draft of nobody's."""
        if deposit.address:
            fetched = await self._fetch(readable(deposit.address))
            data, origin = await document_of_page(fetched, self._read_page, owner=None)
        else:
            data = await document_in(deposit.data, deposit.name, read=self._read_page, owner=None)
            origin = Origin(kind="file", name=deposit.name)
        made = await self._editor.propose(
            data, name=deposit.name, editor=None, origin=origin, pending=PendingDeposit(deposit.id)
        )
        return made.draft
