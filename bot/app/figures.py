"""Gather the figures that /metrics serves, and write down those of each day."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, get_args

from bot import __version__
from bot.app.backups import newest_backup
from bot.app.delivery import Delivery
from bot.app.stores import Stores, free_bytes
from bot.article.library import Library
from bot.clock import Clock
from bot.config import Settings
from bot.delivery.model import Kind as DeliveryKind
from bot.delivery.model import Outcome
from bot.figures import Counts
from bot.health import Health, Watchdog
from bot.metrics import Kind, Metric, Sample, by
from bot.settling.model import Found
from bot.sources.counted import CountedFetch
from bot.tg.dispatcher import Dispatcher
from bot.usage import Usage

EVERY: Final = timedelta(hours=1)
"""Between two looks at how the day stands."""

COUNTED_ANEW_S: Final = 15.0
"""Seconds for which what was counted in the database is served again, however often somebody asks."""

_PREFIX: Final = "digest_bot_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The parts that count and time what they do."""

    clock: Clock
    settings: Settings
    stores: Stores
    library: Library
    delivery: Delivery
    dispatcher: Dispatcher
    fetch: CountedFetch
    usage: Usage
    watch: Watchdog


class Figures:
    """Everything that is measured, as metrics of one name space."""

    def __init__(self, measured: Measured) -> None:
        self._of = measured
        self._counted: tuple[float, list[Metric]] | None = None

    async def gather(self) -> Sequence[Metric]:
        """Return every metric as it stands."""
        return [*self._chat(), *self._sending(), *self._itself(), *await self._stored()]

    def _chat(self) -> list[Metric]:
        of = self._of
        return [
            _metric("update_seconds", "histogram", "from an update's arrival until it was dealt with",
                    by("kind", of.dispatcher.seconds)),
            _gauge("updates_in_hand", "updates in memory", of.dispatcher.in_hand),
            _gauge("inbox_behind", "whether updates wait on the disk", of.dispatcher.is_behind),
            _metric("used", "counter", "what people asked for", by("what", of.usage.totals)),
            _metric("page_fetches", "counter", "pages and feeds that were fetched, by what became of it",
                    by("outcome", {"fetched": 0, "unchanged": 0, **of.fetch.outcomes})),
            _metric("page_fetch_seconds", "histogram", "how long that took", [({}, of.fetch.seconds)]),
            _gauge("articles", "articles that are published", len(of.library.newest())),
        ]  # fmt: skip

    def _sending(self) -> list[Metric]:
        worker, pacer = self._of.delivery.worker, self._of.delivery.pacer
        settler = self._of.delivery.settler
        # Each from zero on: of a series that begins with its first event, that event is no increase.
        sends: list[Sample] = [
            ({"kind": kind, "outcome": outcome}, worker.outcomes[kind, outcome])
            for kind in get_args(DeliveryKind)
            for outcome in (each.__name__.lower() for each in get_args(Outcome))
        ]
        return [
            _metric("sends", "counter", "attempts to send what lay in the outbox, by outcome", sends),
            _metric("send_seconds", "histogram", "how long Telegram took to answer", [({}, worker.seconds)]),
            _metric("settled", "counter", "messages without an answer, by what was found out about them",
                    by("found", {**dict.fromkeys(get_args(Found), 0), **settler.found})),
            _gauge("in_doubt", "messages of which it is being found out whether they arrived", settler.open),
            _metric("settling_questions", "counter", "questions for that",
                    [({}, settler.probes)]),
            _gauge("unwritten_outcomes", "outcomes that wait to be written down", worker.unwritten),
            _metric("pacer_wait_seconds", "histogram", "how long messages waited for their turn",
                    by("lane", pacer.waits)),
            _metric("throttled", "counter", "how often Telegram asked to slow down",
                    by("lane", {**dict.fromkeys(pacer.waits, 0), **pacer.throttled_lanes})),
            _gauge("chats_cooling_down", "chats that are left alone since Telegram asked for it",
                   len(pacer.cooldowns())),
            _gauge("telegram_up", "whether Telegram answers", self._of.delivery.outage.state == "up"),
            _gauge("delivery_stopped", "whether delivery waits for an owner's decision",
                   self._of.delivery.breaker.is_open),
        ]  # fmt: skip

    def _itself(self) -> list[Metric]:
        return [
            *itself(self._of.watch.health(), is_standby=False),
            _metric("database_seconds", "histogram", "reads, searches and transactions, with waits",
                    by("operation", self._of.stores.database.seconds)),
        ]  # fmt: skip

    async def _stored(self) -> list[Metric]:
        now = self._of.clock.monotonic()
        if self._counted is None or now - self._counted[0] > COUNTED_ANEW_S:
            counts = await self._of.stores.figures.counts(self._of.clock.now())
            free = await free_bytes(self._of.settings.data_dir)
            newest = await asyncio.to_thread(newest_backup, self._of.settings.backup_folder)
            self._counted = now, [
                *_counted(counts),
                _gauge("disk_free_bytes", "room on the disk of the data folder", free),
                _metric("backup_timestamp_seconds", "gauge", "when the newest daily copy was made",
                        [({}, newest.timestamp())] if newest else []),
            ]  # fmt: skip
        return self._counted[1]


def itself(health: Health, *, is_standby: bool) -> list[Metric]:
    """Return how the process is, also one that waits to take over."""
    return [
        _metric("info", "gauge", "the program", [({"version": __version__}, 1)]),
        _gauge("standby", "whether this process waits to take over from another", is_standby),
        _gauge("healthy", "whether /healthz would say ok", not health.troubles),
        _gauge("event_loop_lag_seconds", "how late the event loop was at worst", health.lag_ms / 1000),
        _metric("last_success_age_seconds", "gauge", "how long ago each part last ran well",
                by("part", health.ages)),
    ]  # fmt: skip


def _counted(counts: Counts) -> list[Metric]:
    return [
        _gauge("readers", "chats that use the bot", counts.readers),
        _gauge("subscribed", "chats that get digests", counts.subscribed),
        _gauge("database_bytes", "size of the database", counts.bytes),
        _metric(
            "outbox_messages", "gauge", "messages that have not left, by state", by("state", counts.outbox)
        ),
        _metric("feeds", "gauge", "feeds that are followed, by how they are", by("state", counts.feeds)),
        _metric("alerts", "gauge", "what owners are told of just now", by("cause", counts.alerts)),
    ]


def _metric(name: str, kind: Kind, meaning: str, samples: Sequence[Sample]) -> Metric:
    return Metric(f"{_PREFIX}{name}", kind, f"{meaning[0].upper()}{meaning[1:]}.", samples)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return _metric(name, "gauge", meaning, [({}, float(value))])


@dataclass(slots=True, kw_only=True)
class DailyFigures:
    """Writes down what was used, each minute, and how the day stands, each hour."""

    stores: Stores
    usage: Usage
    clock: Clock
    _due_at: float = field(default=float("-inf"))

    async def tick(self) -> None:
        """Do what is due."""
        await self.stores.figures.take_down(self.usage, self.clock.now())
        if self.clock.monotonic() >= self._due_at:
            await self.stores.figures.close_day(self.clock.now())
            self._due_at = self.clock.monotonic() + EVERY.total_seconds()
