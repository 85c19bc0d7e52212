"""A simulator of trouble: everything that Telegram's server and the way to it can do to a bot, by one seed.

It is put on the local server's hook for faults: `server.fault = TelegramSimulator(server, clock, seed=7, …)`.
"""

import random  # noqa: TID251  # a seed makes it repeatable
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from bot.clock import Clock
from bot.demo import membership
from bot.demo.arguments import Arguments
from bot.demo.server import BotApiServer, Drop, Phase

Fault = Literal[
    "429", "500", "502 before", "reset before", "half before", "hang before",
    "502 after", "reset after", "half after", "hang after", "garbage", "slow",
]  # fmt: skip
"""What can happen to a request; the first two and all that are called `before`, before it is carried out."""

Fate = Literal["blocked", "deactivated", "kicked", "migrated"]

FAULTS: Final[tuple[Fault, ...]] = Fault.__args__  # type: ignore[attr-defined]
HANG: Final = 60.0
"""Seconds, beyond anybody's patience."""

HELD: Final = 8.0
"""Seconds for which Telegram holds what is too much, silently, before it refuses instead."""

_SENDS: Final = ("send", "copy", "forward")
_EDITS: Final = ("edit",)
_NO_MESSAGE: Final = frozenset({"sendchataction"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What the server takes: messages a second in all and in a private chat, a minute in a group."""

    overall: float
    private: float = 1
    burst: int = 3
    group: float = 20
    grows: bool = False
    """Whether whoever does not wait as long as asked is made to wait twice as long."""
    moods: float = 0
    """The share of requests that are held without any cause."""


PUBLISHED: Final = Model(overall=30)
HARSH: Final = Model(overall=28, group=18, grows=True, moods=0.01)


class Half(web.Response):
    """An answer that breaks off in its middle."""

    def __init__(self) -> None:
        super().__init__(body=b'{"ok":', headers={"Content-Length": "99"}, content_type="application/json")

    async def write_eof(self, data: bytes = b"") -> None:
        """Break off instead of ending."""
        writer: AbstractStreamWriter | None = self._payload_writer
        await super().write_eof(data)
        if writer is not None and writer.transport is not None:
            writer.transport.close()


@dataclass
class Bucket:
    """Tokens that come back with time; what is owed is a wait."""

    rate: float
    most: float
    tokens: float = field(init=False)
    at: float = 0

    def __post_init__(self) -> None:
        self.tokens = self.most

    def owed(self, now: float) -> float:
        """Take one; seconds until it would have been there."""
        self.tokens = min(self.most, self.tokens + (now - self.at) * self.rate) - 1
        self.at = now
        return max(-self.tokens / self.rate, 0)

    def give_back(self) -> None:
        """It was refused, so it used up nothing."""
        self.tokens += 1


class TelegramSimulator:
    """A hook for faults that keeps a record of what it did to whom."""

    def __init__(
        self,
        server: BotApiServer,
        clock: Clock,
        *,
        seed: int = 0,
        model: Model | None = None,
        faults: Mapping[Fault, float] | None = None,
        held: float = HELD,
        spared: Collection[int] = (),
    ) -> None:
        """`faults` are shares of the messages that meet them; a `model` of None lets everything through.

        Nothing is done to chats that are `spared`, though they count.
        """
        self._server, self._clock, self._model, self._held = server, clock, model, held
        self._dice = random.Random(seed)  # noqa: S311
        self._faults = dict(faults or {})
        self._buckets: dict[int, Bucket] = {}
        self._banned: dict[int, tuple[float, float]] = {}
        self._fates: dict[tuple[int, int], Callable[[int], None]] = {}
        self._spared = frozenset(spared)
        self._once: deque[int] = deque()
        self._twice = 0.0
        self._sends: Counter[int] = Counter()
        self.done: defaultdict[str, list[int]] = defaultdict(list)
        """What was done, to which chats, in order."""
        self.moved: dict[int, int] = {}
        """Groups that were upgraded, and their new ids."""

    def at_send(self, number: int, fate: Fate, *, chat: int = 0) -> None:
        """A fate just before a message, the first being 1, of all or of those to one chat: it meets who gets it."""
        self._fates[chat, number] = {
            "blocked": self._block, "deactivated": self._deactivate, "kicked": self._kick, "migrated": self._migrate,
        }[fate]  # fmt: skip

    def once(self, status: Literal[401, 404]) -> None:
        """The next request meets this, though nothing is wrong."""
        self._once.append(status)

    def repeat_updates(self, share: float) -> None:
        """So many answers to `getUpdates` hold again what the last one held."""
        self._twice = share

    async def __call__(self, method: str, given: Arguments, phase: Phase) -> web.Response | None:
        """The hook."""
        if phase == "before" and self._once:
            return _refusal(self._once.popleft(), "Unauthorized")
        if method == "getupdates" and phase == "before":
            return self._old_updates()
        if method in _NO_MESSAGE or not method.startswith(_SENDS + _EDITS):
            return None
        chat = given.whole("chat_id")
        if phase == "before":
            self._sends.update((0, chat))
            for whose in (0, chat):
                if fate := self._fates.pop((whose, self._sends[whose]), None):
                    fate(chat)
            if refused := await self._limited(chat):
                return refused
        return None if chat in self._spared else await self._struck(self._drawn(phase), chat)

    def _drawn(self, phase: Phase) -> Fault | None:
        for fault, share in self._faults.items():
            early = fault.endswith("before") or fault in {"429", "500"}
            if early == (phase == "before") and self._dice.random() < share:
                return fault
        return None

    async def _struck(self, fault: Fault | None, chat: int) -> web.Response | None:  # noqa: PLR0911  # a table
        if fault is None:
            return None
        self.done[fault].append(chat)
        match fault.split()[0]:
            case "429":
                return _refusal(429, "Too Many Requests: retry after 1", retry_after=1)
            case "500":
                return _refusal(500, "Internal Server Error: restart")
            case "502":
                return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
            case "reset":
                raise Drop
            case "half":
                return Half()
            case "hang":
                await self._clock.sleep(HANG)
                raise Drop
            case "garbage":
                return web.Response(text="<!doctype html>")
            case _:  # slow
                await self._clock.sleep(self._held)
                return None

    # The rate -----------------------------------------------------------------------------------------------

    async def _limited(self, chat: int) -> web.Response | None:
        if self._model is None:
            return None
        now = self._clock.monotonic()
        until, long = self._banned.get(chat, (0.0, 0.0))
        if now < until:
            long = long * 2 if self._model.grows else until - now
            self._banned[chat] = (now + long, long)
            return self._throttle(chat, long)
        buckets = (self._bucket(0, chat), self._bucket(chat, chat))
        wait = max(bucket.owed(now) for bucket in buckets)
        if self._dice.random() < self._model.moods:
            wait += self._dice.uniform(0, self._held)
        if chat in self._spared:
            return None
        if wait > self._held:
            for bucket in buckets:
                bucket.give_back()
            self._banned[chat] = (now + wait, wait)
            return self._throttle(chat, wait)
        if wait:
            self.done["held"].append(chat)
            await self._clock.sleep(wait)
        return None

    def _throttle(self, chat: int, wait: float) -> web.Response:
        self.done["throttled"].append(chat)
        seconds = int(wait) + 1
        return _refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _bucket(self, key: int, chat: int) -> Bucket:
        model = self._model
        assert model is not None
        if key == 0:
            made = Bucket(model.overall, model.overall)
        elif chat > 0:
            made = Bucket(model.private, model.burst)
        else:
            made = Bucket(model.group / 60, model.group)
        return self._buckets.setdefault(key, made)

    # Fates --------------------------------------------------------------------------------------------------

    def _block(self, chat: int) -> None:
        membership.block(self._server.world, chat, blocked=True)
        self.done["blocked"].append(chat)

    def _deactivate(self, chat: int) -> None:
        self._server.world.people[chat].deactivated = True
        self.done["deactivated"].append(chat)

    def _kick(self, chat: int) -> None:
        group = self._server.world.chats[chat]
        membership.become(self._server.world, chat, next(iter(group.members)), "kicked")
        self.done["kicked"].append(chat)

    def _migrate(self, chat: int) -> None:
        self.moved[chat] = -1_000_000_000_000 + chat
        membership.upgrade(self._server.world, chat, self.moved[chat])
        self.done["migrated"].append(chat)

    def _old_updates(self) -> web.Response | None:
        if self._dice.random() >= self._twice:
            return None
        before = next(
            (e for e in reversed(self._server.ledger) if e.method == "getupdates" and e.accepted), None
        )
        if before is None:
            return None
        self.done["updates"].append(len(before.accepted))
        return web.json_response({"ok": True, "result": before.accepted})


def _refusal(status: int, description: str, **parameters: int) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)
