"""Puts the digests that are due into the outbox: who is due, and what is in it for them."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.article.library import Card, Library
from bot.article.model import ArticleId, QuoteId
from bot.clock import Clock
from bot.delivery.model import Plan
from bot.delivery.reasons import Exclusion
from bot.digest.choose import Drawn, draw
from bot.digest.interests import Selection, select, wanted_by
from bot.digest.model import DigestContent, Planned, PlanningHold, RefusedDigest
from bot.digest.slots import MAX_LATENESS, due
from bot.digest.stores import PlanStore, QuarantineStore
from bot.errors import StoreError
from bot.i18n import Translator, translator
from bot.message.edition import RenderedQuote
from bot.message.model import Message
from bot.reader.model import Reader, Slot
from bot.reader.schedule import next_slot

log = logging.getLogger(__name__)

KIND: Final = "digest"
DUE_BATCH: Final = 500
READERS_IN_TRANSACTION: Final = 50
"""Readers whose digests are written in one transaction: nobody's answer waits long for it."""

MAX_PLANNED: Final = 10_000
"""Digests that are planned in a tick: others wait for its end, and the next comes in a few seconds."""

MAX_WAITING_ROWS: Final = 10_000
"""Rows in the outbox from which on planning pauses: they would only wait there."""

_WEEK: Final = timedelta(days=7)

POSTPONEMENT: Final = timedelta(hours=1)
"""When a reader is looked at again whose digest could not be made."""


Quotes = Callable[[ArticleId, QuoteId], Awaitable[RenderedQuote]]
Compose = Callable[[DigestContent, Translator], tuple[Message, ...]]
Tell = Callable[[Card, str], Awaitable[None]]


class Publisher:
    """Plan the digests that are due."""

    def __init__(
        self,
        *,
        library: Library,
        store: PlanStore,
        articles: QuarantineStore,
        quotes: Quotes,
        compose: Compose,
        tell: Tell,
        clock: Clock,
    ) -> None:
        """`compose` words a digest; `tell` tells owners of an article that Telegram refuses, and why."""
        self._library = library
        self._store = store
        self._articles = articles
        self._quotes = quotes
        self._fetched: dict[tuple[ArticleId, QuoteId], RenderedQuote] = {}
        self._weeks: dict[datetime, Sequence[Card]] = {}
        self._compose = compose
        self._tell = tell
        self._clock = clock

    async def tick(self) -> None:
        """Plan everything that is due now."""
        # Quotes may have changed since the last run.
        self._fetched.clear()
        self._weeks.clear()
        gate = await self._store.gate()
        if not gate.is_open:
            return
        for refused in await self._store.refused():
            await self._settle(refused)
        for _ in range(MAX_PLANNED // DUE_BATCH):
            # Rows that cannot leave yet would only grow old in the outbox.
            if await self._store.waiting() >= MAX_WAITING_ROWS:
                return
            now = self._clock.now()
            readers = await self._store.due(now, DUE_BATCH)
            await self._plan(readers, now, gate)
            # Fewer than were asked for: nobody else is due.
            if len(readers) < DUE_BATCH:
                return

    async def preview(self, reader: Reader) -> tuple[Message, ...]:
        """Return the next digest as it would be now; moves nothing. Empty when there is nothing to tell."""
        now = self._clock.now()
        schedule = reader.subscription.schedule
        slot = replace(next_slot(schedule, now), at=now) if schedule else Slot(now, "")
        news = self._news_of_week(reader, now) if slot.is_weekly else self._news(reader)
        content, _ = await self._content(reader, slot, news, limit=None, merged=1)
        return self._compose(content, translator(reader.language)) if content.new or content.quote else ()

    async def _plan(self, readers: Sequence[Reader], now: datetime, gate: PlanningHold) -> None:
        """Isolate failures per reader; a StoreError aborts the batch."""
        planned = []
        for reader in readers:
            try:
                planned.append(await self.planned_for(reader, now, gate))
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001  # it is told
                await self._postpone(reader, error, now)
            # Five hundred digests take longer than people should wait for an answer.
            await self._clock.sleep(0)
        for first in range(0, len(planned), READERS_IN_TRANSACTION):
            group = planned[first : first + READERS_IN_TRANSACTION]
            try:
                await self._store.plan(group, now)
            except StoreError:
                raise
            except Exception:
                log.exception("Digests could not be planned together; each is tried by itself.")
                for one in group:
                    await self._plan_alone(one, now)

    async def _plan_alone(self, planned: Planned, now: datetime) -> None:
        try:
            await self._store.plan((planned,), now)
        except Exception as error:  # noqa: BLE001  # it is told
            await self._postpone(planned.reader, error, now)

    async def _postpone(self, reader: Reader, error: Exception, now: datetime) -> None:
        log.error("The digest of reader %d could not be planned.", reader.id, exc_info=error)
        await self._store.postpone(reader.id, now + POSTPONEMENT)

    async def planned_for(self, reader: Reader, now: datetime, gate: PlanningHold) -> Planned:
        """Return what a reader's due times come to; writes nothing."""
        schedule, since, cursors = reader.subscription.schedule, reader.subscription.next_at, reader.cursors
        if schedule is None or since is None:
            raise ValueError("a reader without a zone cannot be due")
        times = due(schedule, since=since, now=now, served_until=gate.served_until)
        merged, slot = times.merged, times.slot
        # The search for an article that is refused is over when there is none left that it could be.
        news = self._news(reader)
        limit = cursors.news_limit if news.cards else None
        # While a refused article is looked for, the digest is due at once, under a name of its own.
        if limit is not None:
            merged = (*merged, slot) if slot else merged
            local = now.astimezone(ZoneInfo(schedule.zone))
            name = f"{local:%Y-%m-%dT%H:%M:%S} {limit} of {len(news.cards)} after {cursors.watermark}"
            slot = Slot(now, name)
        plans = [_excluded(reader, one, "restored") for one in times.told]
        plans += [_excluded(reader, one, "late") for one in times.late]
        plans += [_excluded(reader, one, "merged") for one in merged]
        drawn: Drawn | None = None
        if slot is not None:
            stands_for = 1 if limit is not None else 1 + len(merged)
            if slot.is_weekly and limit is None:
                news = self._news_of_week(reader, slot.at)
            content, drawn = await self._content(reader, slot, news, limit=limit, merged=stands_for)
            told = content.new if limit is not None else (*news.cards, *news.left_out)
            plans.append(self._digest_plan(reader, slot, content, drawn, told))
        return Planned(
            reader=reader,
            plans=tuple(plans),
            next_at=times.next_at,
            quote_round=drawn.round if drawn else cursors.quote_round,
            quote_place=drawn.place if drawn else cursors.quote_place,
            news_limit=limit,
        )

    def _digest_plan(
        self, reader: Reader, slot: Slot, content: DigestContent, drawn: Drawn | None, told: Sequence[Card]
    ) -> Plan:
        """Return what the outbox is given: the digest, or that there is nothing new.

        With the digest, all that it `told` counts as told, what the reader's interests left out included.
        """
        if not content.new and content.quote is None:
            return _excluded(reader, slot, "nothing_new")
        return Plan(
            reader=reader.id,
            kind=KIND,
            occasion=slot.name,
            expires_at=slot.at + MAX_LATENESS,
            parts=self._compose(content, translator(reader.language)),
            # Without articles the watermark stays: whoever changes their mind gets what was left out.
            upto=max((card.news for card in told if content.new), default=reader.cursors.watermark),
            articles=tuple(card.id for card in content.new),
            quote=drawn.quote if drawn else None,
        )

    async def _content(
        self, reader: Reader, slot: Slot, news: Selection, *, limit: int | None, merged: int
    ) -> tuple[DigestContent, Drawn | None]:
        """Return what a digest holds; the oldest news alone while a refused article is looked for."""
        new, wanted = news.cards, reader.subscription
        whole = (*news.cards, *news.left_out)
        drawn: Drawn | None = None
        if limit is None and "quote" in wanted.parts and (new or not wanted.only_new):
            is_wanted = wanted_by(reader.interests, self._library)
            drawn = draw(self._library.quote_pool(reader.language), reader, is_wanted=is_wanted)
        card = self._library.get(drawn.article) if drawn else None
        quote = (card, await self._quote(card.id, drawn.quote)) if drawn and card else None
        zone = ZoneInfo(wanted.zone) if wanted.zone else None
        content = DigestContent(
            day=slot.at.astimezone(zone).date(),
            # The oldest first: what is found innocent moves the watermark.
            new=new if limit is None else new[-limit:],
            because=news.because,
            left_out=len(news.left_out),
            since=min((card.news - 1 for card in whole), default=reader.cursors.watermark),
            quote=quote,
            news="news" in wanted.parts,
            leads="leads" in wanted.parts,
            pictures="pictures" in wanted.parts,
            merged=merged,
            is_weekly=slot.is_weekly,
            managed=reader.place.kind != "channel",
        )
        return content, drawn

    def _news(self, reader: Reader) -> Selection:
        """Return what they have not been told of, if they want to be, and what of it is for them."""
        if "news" not in reader.subscription.parts:
            return Selection(())
        return select(self._library.after(reader.cursors.watermark), reader.interests)

    def _news_of_week(self, reader: Reader, at: datetime) -> Selection:
        """Return what came in the week before and what they have not been told of, and what is for them."""
        if "news" not in reader.subscription.parts:
            return Selection(())
        if at not in self._weeks:
            self._weeks[at] = self._library.added_since(at - _WEEK)
        cards = {card.id: card for card in (*self._weeks[at], *self._library.after(reader.cursors.watermark))}
        return select(sorted(cards.values(), key=lambda card: -card.news), reader.interests)

    async def _quote(self, article: ArticleId, quote: QuoteId) -> RenderedQuote:
        """Fetch a quote once a run: many readers get the same one."""
        key = article, quote
        if key not in self._fetched:
            self._fetched[key] = await self._quotes(article, quote)
        return self._fetched[key]

    async def _settle(self, refused: RefusedDigest) -> None:
        """Halve the digest until the article that is refused stands alone; then announce it no more."""
        count = len(refused.articles)
        if count > 1:
            await self._store.limit_next(refused, count // 2, self._clock.now())
            return
        for article in refused.articles:
            card = await self._articles.quarantine(article, refused.words, self._clock.now())
            if card is not None:
                self._library.put(card)
                log.error("Telegram refuses the article %s: %s", card.slug, refused.words)
                await self._tell(card, refused.words)
        await self._store.limit_next(refused, 1 if refused.articles else None, self._clock.now())


def _excluded(reader: Reader, slot: Slot, reason: Exclusion) -> Plan:
    return Plan(
        reader=reader.id, kind=KIND, occasion=slot.name, expires_at=slot.at + MAX_LATENESS, reason=reason
    )
