"""Posts updates to the bot's address, as the real server does: a chat's in order, again until it answers.

Like a server that was started as `--local`, this one takes http and any address and port.
"""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import aiohttp

from bot.clock import Clock, within

Json = dict[str, Any]

DEFAULT_CONNECTIONS: Final = 40
_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_PATIENCE_S: Final = 60.0
_MAX_WAIT_S: Final = 60.0
_MAX_RETRY_AFTER_S: Final = 3600.0
_TAKEN: Final = range(200, 300)
_KIND_SHIFT: Final = 33
_KINDS_BY_PERSON: Final = {"callback_query": 2, "inline_query": 3, "chosen_inline_result": 4}


class Queue(Protocol):
    """The updates that wait."""

    arrived: asyncio.Event
    """Set when there is something to look at."""

    def waiting(self) -> Sequence[Json]:
        """Return them, the oldest first."""

    def remove(self, update_id: int) -> None:
        """Forget one that was taken."""


@dataclass(slots=True)
class _Chain:
    """Updates that come one after another: how often the first of them failed, and when it is tried again."""

    fails: int = 0
    due: float = 0
    is_busy: bool = False


class Webhook:
    """Where updates are posted to; nowhere while `url` is empty."""

    def __init__(self, queue: Queue, clock: Clock) -> None:
        self._queue = queue
        self._clock = clock
        self.url = ""
        self.has_certificate = False
        self.max_connections = DEFAULT_CONNECTIONS
        self.last_error: tuple[int, str] | None = None
        """When a post last failed, in seconds of Unix, and why."""
        self._secret = ""
        self._session: aiohttp.ClientSession | None = None
        self._chains: dict[int, _Chain] = {}
        self._task: asyncio.Task[None] | None = None
        self._posts: set[asyncio.Task[None]] = set()

    async def set(
        self, url: str, secret: str, certificate: bytes | None = None, connections: int = DEFAULT_CONNECTIONS
    ) -> None:
        """Post to an address from now on. ValueError for a certificate that is none."""
        context = ssl.create_default_context(cadata=certificate.decode()) if certificate else None
        await self.close()
        self.url, self._secret, self.max_connections = url, secret, min(max(connections, 1), 100)
        self.has_certificate, self.last_error = certificate is not None, None
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=context or True),
            timeout=aiohttp.ClientTimeout(total=_PATIENCE_S),
        )
        self._task = asyncio.create_task(self._run(), name="webhook of the local server")

    async def close(self) -> None:
        """Post nothing any more; what was under way counts as not taken."""
        self.url = ""
        tasks = {*self._posts, *([self._task] if self._task else [])}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self._task = None
        self._chains.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _run(self) -> None:
        while True:
            self._queue.arrived.clear()
            await within(self._clock, self._begin(), self._queue.arrived)

    def _begin(self) -> float:
        """Post what may leave now; how many seconds until something else may."""
        now, seen, wait = self._clock.monotonic(), set[int](), _MAX_WAIT_S
        for update in self._queue.waiting():
            key = _chain_of(update)
            if key in seen:
                continue
            seen.add(key)
            chain = self._chains.setdefault(key, _Chain())
            if chain.is_busy:
                continue
            if chain.due > now:
                wait = min(wait, chain.due - now)
            elif len(self._posts) < self.max_connections:
                chain.is_busy = True
                task = asyncio.create_task(self._post(update, chain))
                self._posts.add(task)
                task.add_done_callback(self._ended)
        self._chains = {key: chain for key, chain in self._chains.items() if key in seen or chain.is_busy}
        return wait

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._posts.discard(task)
        self._queue.arrived.set()

    async def _post(self, update: Json, chain: _Chain) -> None:
        if self._session is None:
            raise RuntimeError("nobody posts while no webhook is set")
        wait = None
        try:
            async with self._session.post(
                self.url, json=update, headers={_HEADER: self._secret} if self._secret else None
            ) as answer:
                wait = answer.headers.get("Retry-After")
                if answer.status in _TAKEN:
                    self._queue.remove(update["update_id"])
                    chain.fails = 0
                    return
                why = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, OSError) as error:
            why = str(error) or type(error).__name__
        finally:
            chain.is_busy = False
        self.last_error = int(self._clock.now().timestamp()), why
        # At once, then after 2, 4, 8 … seconds, unless the bot says when.
        backoff = min(2.0**chain.fails, _MAX_WAIT_S) if chain.fails else 0.0
        chain.fails += 1
        if wait is not None and wait.isdecimal():
            backoff = min(float(wait), _MAX_RETRY_AFTER_S)
        chain.due = self._clock.monotonic() + backoff


def _chain_of(update: Json) -> int:
    """Return what keeps an update behind others: its chat, or a person's presses; 0 for one of nonsense."""
    kind = next(key for key in update if key != "update_id")
    by_person = kind in _KINDS_BY_PERSON
    try:
        whose = int(update[kind]["from" if by_person else "chat"]["id"])
    except (LookupError, TypeError, ValueError):
        return 0
    return whose + (_KINDS_BY_PERSON[kind] << _KIND_SHIFT) if by_person else whose
