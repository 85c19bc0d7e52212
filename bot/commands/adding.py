"""`add`: publish files and links, while the bot runs or not."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bot.app.content import open_editing
from bot.app.stores import open_stores
from bot.clock import Clock
from bot.config import Settings
from bot.db.deposits import DepositStore, deposits_beside
from bot.editing.deposits import DepositOutcome
from bot.editing.folder import read_file
from bot.errors import ArticleError, StoreBusy
from bot.i18n import Language, translator
from bot.sources.addresses import web_address
from bot.sources.fetch import Fetcher
from bot.sources.files.kinds import MAX_FILE_BYTES
from bot.text import printable
from bot.views.errors import worded

_PATIENCE_S: Final = 120.0
"""Seconds that a running bot is given for one file or page."""
_LOOK_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where things are handed in, and what makes the bot look at them."""

    store: DepositStore
    work: Callable[[], Awaitable[None]]


async def add(settings: Settings, items: Sequence[str], *, replace: bool, quiet: bool, clock: Clock) -> int:
    """Publish each file or link, and say what became of it; 1 if any was not published."""
    refused = 0
    async with _desk(settings, clock) as desk:
        for item in items:
            outcome = await _hand_in(desk, item, replace=replace, quiet=quiet, clock=clock)
            print(
                _line(item, outcome),
                file=sys.stderr if outcome.state == "refused" else sys.stdout,
                flush=True,
            )
            refused += outcome.state not in {"published", "replaced"}
    return int(bool(refused))


@asynccontextmanager
async def _desk(settings: Settings, clock: Clock) -> AsyncIterator[_Desk]:
    async with AsyncExitStack() as stack:
        try:
            stores = await stack.enter_async_context(open_stores(settings))
        except StoreBusy:
            store = await stack.enter_async_context(deposits_beside(settings.store))
            yield _Desk(store, partial(clock.sleep, _LOOK_S))
            return
        fetch = Fetcher(proxy=settings.page_proxy).fetch
        editing = await stack.enter_async_context(
            open_editing(stores, clock=clock, prepare=None, fetch=fetch, read_page=None)
        )
        yield _Desk(stores.deposits, editing.deposits.tick)


async def _hand_in(desk: _Desk, item: str, *, replace: bool, quiet: bool, clock: Clock) -> DepositOutcome:
    address = web_address(item) if "://" in item else None
    data = b""
    if address is None:
        try:
            data = read_file(Path(item))
        except ArticleError as error:
            return DepositOutcome(state="refused", reason=worded(error, translator(Language("en"))))
        if len(data) > MAX_FILE_BYTES:
            return DepositOutcome(
                state="refused", reason=f"It has more than {MAX_FILE_BYTES // 1_000_000} MB."
            )
    number = await desk.store.add(
        name="" if address else Path(item).name,
        address=address or "",
        data=data,
        is_quiet=quiet,
        replaces=replace,
        now=clock.now(),
    )
    ends = clock.monotonic() + _PATIENCE_S
    while (outcome := await desk.store.outcome(number)) is None:
        if clock.monotonic() > ends:
            await desk.store.withdraw(number)
            return DepositOutcome(
                state="refused", reason="The bot did not answer in two minutes. Is it alive?"
            )
        await desk.work()
    return outcome


def _line(item: str, outcome: DepositOutcome) -> str:
    title, name = printable(outcome.title), printable(item)
    match outcome.state:
        case "published":
            return f"published  {outcome.slug}  {title}"
        case "replaced":
            return f"replaced   {outcome.slug}  {title}"
        case "known":
            return f"known      {outcome.slug}  {title} (--replace lets a changed text replace it)"
        case "waits":
            return f"waits      {name}: an editor has it, see /drafts"
        case "refused":
            return f"refused    {name}: {printable(outcome.reason)}"
