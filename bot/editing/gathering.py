"""What an editor sends within a few seconds becomes one draft: forwards, albums, files, texts cut in two.

Each message is written down as it comes. The draft is saved in the transaction that ends the wait, so a crash
loses no message and never makes two drafts of one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.article.encoding import decode
from bot.clock import Clock, within
from bot.editing.editor import Editor
from bot.editing.files import document_in
from bot.editing.links import ReadPage
from bot.editing.model import Gathering, PendingGathering, Proposal
from bot.editing.pieces import File, Piece, gathered
from bot.editing.stores import GatheringStore
from bot.errors import ArticleError, BotError, NotFound, StoreError
from bot.sources.files.kinds import MAX_FILE_BYTES

log = logging.getLogger(__name__)

QUIET: Final = timedelta(seconds=3)
"""After the last message, when a draft is made of what came."""

PATIENCE: Final = timedelta(minutes=30)
"""The same, after an editor has said that more is to come."""

MAX_PIECES: Final = 100
"""Messages of one draft: an album has ten, and the longest article forty."""

_IDLE_S: Final = 3600.0
"""Seconds until the next look where nothing waits; what comes wakes it up."""

_RETRY_S: Final = 15.0
"""Seconds before the database is asked again after it could not be used."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, and why some files are not in it."""

    proposal: Proposal
    errors: tuple[BotError, ...]


GatheringState = Drafted | BotError
"""What became of a gathering: a draft, or why it is none."""

Show = Callable[[Gathering, GatheringState], Awaitable[None]]
Download = Callable[[File], Awaitable[bytes]]
"""Fetches a file from Telegram; ArticleError when that fails."""


class Gatherer:
    """Makes drafts of what editors send, when no more is to come."""

    def __init__(self, *, store: GatheringStore, editor: Editor, read_page: ReadPage, clock: Clock) -> None:
        self._store = store
        self._editor = editor
        self._read_page = read_page
        self._clock = clock
        self._wakeup = asyncio.Event()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def open_of(self, editor: int) -> Gathering | None:
        """Return the gathering to which an editor's next message belongs."""
        return await self._store.open_of(editor)

    async def begin(
        self, piece: Piece, *, editor: int, chat: int, message: int, is_all: bool = False
    ) -> None:
        """Begin to gather; `message` is ours, in which the draft will appear.

        `is_all` if nothing follows: a text that was not cut, behind a command.
        """
        due_at = self._clock.now() + (timedelta(0) if is_all else QUIET)
        await self._store.begin(piece, editor=editor, chat=chat, message=message, due_at=due_at)
        self._wakeup.set()

    async def add(self, gathering: Gathering, piece: Piece) -> None:
        """Add what an editor sent. ArticleError when it is too much."""
        if len(await self._store.pieces(gathering.id)) >= MAX_PIECES:
            raise ArticleError("gathering.too_many", file="", count=MAX_PIECES)
        wait = PATIENCE if gathering.is_open else QUIET
        await self._store.put(gathering.id, piece, due_at=self._clock.now() + wait)
        self._wakeup.set()

    async def correct(self, piece: Piece, *, editor: int) -> bool:
        """Take in what an editor has changed in a message; False when no draft waits that it belongs to."""
        known = await self._store.of_message(editor, piece.message)
        if known is None:
            return False
        if await self._store.put(known.id, piece, due_at=self._clock.now() + QUIET):
            self._wakeup.set()
        return True

    async def hold(self, editor: int) -> bool:
        """Wait for more until the editor says that this is all; False when that is decided."""
        found = await self._store.open_of(editor)
        return found is not None and await self._wait(found.id, is_open=True)

    async def reopen(self, draft: int, *, editor: int, message: int) -> bool:
        """Wait for more of a draft, to be shown in this message of ours; False when it is decided."""
        found = await self._store.of_draft(draft, editor=editor)
        return found is not None and await self._wait(found.id, is_open=True, message=message)

    async def finish(self, editor: int) -> bool:
        """Make the draft now; False when that is decided."""
        found = await self._store.open_of(editor)
        return found is not None and await self._wait(found.id, is_open=False)

    async def _wait(self, gathering: int, *, is_open: bool, message: int | None = None) -> bool:
        due_at = self._clock.now() + (PATIENCE if is_open else timedelta(0))
        waits = await self._store.wait(gathering, is_open=is_open, due_at=due_at, message=message)
        self._wakeup.set()
        return waits

    async def draft_of(self, message: int, *, editor: int) -> int | None:
        """Return the draft that an editor's message belongs to."""
        found = await self._store.of_message(editor, message)
        return found.draft if found is not None else None

    async def cancel(self, editor: int) -> int:
        """Forget all that an editor sent and that is no draft yet; return how many drafts it would be."""
        return await self._store.drop_all(editor)

    async def run(self, show: Show, download: Download) -> None:
        """Make drafts of what is due; `show` tells editors what became of it."""
        try:
            await self._postpone()
            while True:
                self._wakeup.clear()
                await within(self._clock, await self._begin_due(show, download), self._wakeup)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _postpone(self) -> None:
        """After a start, wait for what Telegram has kept: an album must not be torn apart."""
        try:
            await self._store.postpone(self._clock.now() + QUIET)
        except StoreError:
            log.exception("What editors sent before the start may become two drafts.")

    async def _begin_due(self, show: Show, download: Download) -> float:
        """Begin with what is due, one of each editor at a time; return the seconds until the next is."""
        try:
            waiting = await self._store.due()
        except StoreError:
            log.exception("What editors sent could not be read.")
            return _RETRY_S
        now, seconds = self._clock.now(), _IDLE_S
        for each in waiting:
            if each.due_at is None or each.editor in self._tasks:
                continue
            if each.due_at > now:
                seconds = min(seconds, (each.due_at - now).total_seconds())
            else:
                task = asyncio.create_task(self._serve(each, show, download), name="gathering")
                self._tasks[each.editor] = task
        return seconds

    async def _serve(self, gathering: Gathering, show: Show, download: Download) -> None:
        try:
            state = await self._state_of(gathering, download)
            if isinstance(state, BotError):
                await self._refuse(gathering)
            await _show(show, gathering, state)
        except NotFound:
            log.info("What an editor sent has changed while it was being read.")
        except StoreError:
            # It stays written down; the database is not asked again at once.
            log.exception("A draft of what an editor sent could not be saved.")
            await self._clock.sleep(_RETRY_S)
        finally:
            if self._tasks.get(gathering.editor) is asyncio.current_task():
                del self._tasks[gathering.editor]
            self._wakeup.set()

    async def _refuse(self, gathering: Gathering) -> None:
        """End a gathering of which nothing can be made; a draft made before stays as it is."""
        if gathering.draft is None:
            await self._store.drop(gathering.id)
        else:
            await self._store.settle(gathering.id)

    async def _state_of(self, gathering: Gathering, download: Download) -> GatheringState:
        """Return what becomes of it. NotFound when it was changed or dropped meanwhile; StoreError."""
        try:
            pieces = await self._store.pieces(gathering.id)
            texts, errors = await self._texts_of(pieces, gathering.editor, download)
            # Front matter may take a second to read; others are served meanwhile.
            found = await asyncio.to_thread(gathered, pieces, texts, tags=await self._tags_of(pieces))
            if errors and not found.document.strip():
                return errors[0]
            proposal = await self._editor.propose(
                found.document.strip().encode("utf-8", "surrogatepass"),
                name=found.name,
                editor=gathering.editor,
                origin=found.origin,
                pending=PendingGathering(gathering.id, gathering.revision),
                draft=gathering.draft,
            )
            return Drafted(proposal, tuple(errors))
        except (NotFound, StoreError):
            raise
        except BotError as error:
            return error
        except Exception as error:
            log.exception("A fault of this program kept messages from becoming a draft.")
            return ArticleError("error.fault", file="", name=type(error).__name__)

    async def _tags_of(self, pieces: Sequence[Piece]) -> Sequence[str]:
        channels = {piece.post.channel for piece in pieces if piece.post and piece.post.channel}
        return await self._store.tags_of(channels.pop()) if len(channels) == 1 else ()

    async def keep_tags(self, channel: int, tags: Sequence[str]) -> None:
        """Give every post that is forwarded from a channel these tags from now on."""
        await self._store.keep_tags(channel, tags)

    async def _texts_of(
        self, pieces: Sequence[Piece], editor: int, download: Download
    ) -> tuple[list[str], list[BotError]]:
        """Return the text of each piece, and why some files have none."""
        texts, errors = list[str](), list[BotError]()
        for piece in pieces:
            text = piece.text
            try:
                if piece.file is not None:
                    read = await self._text_of(piece.file, editor, download)
                    text = f"{read.strip()}\n\n{text}" if text else read
            except BotError as error:
                errors.append(error)
            texts.append(text)
        return texts, errors

    async def _text_of(self, file: File, editor: int, download: Download) -> str:
        # Telegram tells the size, so that nothing is fetched in vain.
        if file.size > MAX_FILE_BYTES:
            raise ArticleError("file.size", file=file.name, size=f"{file.size / 1_000_000:.1f}")
        data = await download(file)
        document = await document_in(data, file.name, read=self._read_page, owner=editor)
        return decode(document, file=file.name)


async def _show(show: Show, gathering: Gathering, state: GatheringState) -> None:
    """Tell the editor; a message that cannot be sent ends nothing, since drafts can be opened later."""
    try:
        await show(gathering, state)
    except Exception:
        log.exception("An editor was not told what became of some messages.")
