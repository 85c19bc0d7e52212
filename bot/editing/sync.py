"""The content folder and the library: what changed on disk since it was last read."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from bot.article.encoding import decode
from bot.article.library import Library
from bot.article.model import ArticleId
from bot.clock import Clock
from bot.editing.editor import Editor
from bot.editing.folder import articles_in, name_of, read_file
from bot.editing.model import FileRow, text_hash
from bot.editing.prepared import Prepare, Prepared
from bot.editing.stores import DraftStore
from bot.errors import ArticleError, StoreError
from bot.sources.model import FROM_FOLDER

log = logging.getLogger(__name__)

PROGRESS_S: Final = 10.0
"""Seconds between two lines in the log while many files are read."""

SyncStep = Literal["publish", "replace", "draft", "remove", "forget"]


class FileStore(DraftStore, Protocol):
    """What remembers files, and keeps drafts."""

    async def files(self) -> Mapping[str, FileRow]:
        """Return what the content folder held when it was last read, by path."""

    async def note_file(self, path: str, text: str, article: ArticleId | None) -> None:
        """Remember that a file was read as it is now."""

    async def forget_file(self, path: str) -> None:
        """Forget a file that is gone from the folder."""


def plan(found: Mapping[str, str], known: Mapping[str, FileRow]) -> dict[str, SyncStep]:
    """Return what to do with each path; `found` maps those on disk to the hashes of their texts.

    A file is published when it is new, and replaces its article when it has changed; if that was edited or
    removed in the chat since, it becomes a draft: the chat has the last word until an editor decides. A file
    that disappears takes its article along, unless that was edited in the chat.
    """
    steps: dict[str, SyncStep] = {}
    for path, hash_ in found.items():
        row = known.get(path)
        if row is None or row.article is None:
            steps[path] = "publish"
        elif row.hash != hash_:
            steps[path] = "draft" if row.removed or _edited(row) else "replace"
    # Files that were there at the last start and are gone.
    for path, row in known.items():
        if path not in found:
            steps[path] = "forget" if row.article is None or row.removed or _edited(row) else "remove"
    return steps


def _edited(row: FileRow) -> bool:
    """Return whether somebody changed the article since its file was read."""
    return row.article is not None and not row.removed and row.live != row.hash


def _read(path: Path, name: str) -> str:
    return decode(read_file(path), file=name)


_Document: TypeAlias = tuple[str, Prepared | None]
"""The text of a file, and what is to be published of it."""


async def _one_ahead(
    works: Iterable[Coroutine[object, object, _Document]],
) -> AsyncGenerator[asyncio.Task[_Document], None]:
    """Run one after another, each while the caller deals with the one before; stop when that is closed."""
    tasks: list[asyncio.Task[_Document]] = []
    try:
        for work in works:
            # One document is read in its process while the one before it is written to the database.
            tasks.append(asyncio.create_task(work))
            if len(tasks) > 1:
                yield tasks.pop(0)
        while tasks:
            yield tasks.pop(0)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Bring articles in line with the content folder; a bad file is reported and does not stop the others."""

    editor: Editor
    files: FileStore
    library: Library
    prepare: Prepare
    clock: Clock

    async def run(self, folder: Path) -> list[ArticleError]:
        """Read the folder; what could not be read, by file."""
        errors: list[ArticleError] = []
        paths: dict[str, Path] = {}
        found: dict[str, str] = {}
        for path in await asyncio.to_thread(articles_in, folder):
            try:
                name = name_of(path, folder)
                paths[name] = path
                found[name] = text_hash(await asyncio.to_thread(_read, path, name))
            except ArticleError as error:
                errors.append(error)
        known = await self.files.files()
        unread = paths.keys() - found.keys()  # they are there, but cannot be read just now: articles stay
        steps = {name: step for name, step in plan(found, known).items() if name not in unread}
        # Nobody has read anything yet of a library that is empty: all of it is new.
        begins = not self.library.newest()
        told = self.clock.monotonic()
        reading = (self._document(step, name, paths.get(name)) for name, step in steps.items())
        async with contextlib.aclosing(_one_ahead(reading)) as documents:
            for number, (name, step) in enumerate(steps.items()):
                # Thousands of files take minutes: say so now and then.
                if self.clock.monotonic() - told >= PROGRESS_S:
                    told = self.clock.monotonic()
                    log.info("Reading the content folder: %d of %d files.", number, len(steps))
                document = await anext(documents)
                if refused := await self._carried_out(step, name, document, known.get(name), begins=begins):
                    errors.append(refused)
        return errors

    async def _document(self, step: SyncStep, name: str, path: Path | None) -> _Document:
        """Read a file for its step."""
        text = await asyncio.to_thread(_read, path, name) if path else ""
        return text, await self.prepare(text.encode(), name) if step in ("publish", "replace") else None

    async def _carried_out(
        self, step: SyncStep, name: str, document: Awaitable[_Document], row: FileRow | None, *, begins: bool
    ) -> ArticleError | None:
        """Carry out a step; return why it could not be, which is this file's affair alone."""
        try:
            await self._carry_out(step, name, await document, row, begins=begins)
        # Without a store, the next file would fail alike.
        except StoreError:
            raise
        except ArticleError as error:
            return error
        except Exception as error:
            log.exception("%s met a fault of this program.", name)
            return ArticleError("error.fault", file=name, name=type(error).__name__)
        return None

    async def _carry_out(
        self, step: SyncStep, name: str, document: _Document, row: FileRow | None, *, begins: bool
    ) -> None:
        article = row.article if row else None
        text, prepared = document
        match step:
            case "remove" | "forget":
                if step == "remove" and article is not None:
                    await self.editor.remove(article, editor=None)
                await self.files.forget_file(name)
                return
            case "draft":
                await self.files.save(
                    editor=None,
                    name=name,
                    title=prepared.card.title if prepared else "",
                    text=text,
                    origin=FROM_FOLDER,
                    replaces=article,
                    now=self.clock.now(),
                )
                log.warning("%s changed, but so did its article in the chat: it waits as a draft.", name)
            case "publish" | "replace":
                if prepared is None:
                    raise RuntimeError("a document to publish was not prepared")
                # No row knows this file, and an article of its name exists: from where?
                same = self.library.by_slug(prepared.card.slug)
                if step == "replace" or same is None:
                    quiet = not begins and self.editor.is_old(prepared.card)
                    published = await self.editor.write(
                        prepared, editor=None, origin=FROM_FOLDER, replaces=article, quiet=quiet
                    )
                    article = published.card.id if published else article
                elif await self.editor.text(same.id) == text:
                    article = same.id  # the last start ended before it could write this down
                else:
                    raise ArticleError("error.same_name", file=name, slug=same.slug, title=same.title)
        # Last of all: after a crash before this, the next start does the same step again.
        await self.files.note_file(name, text, article)
