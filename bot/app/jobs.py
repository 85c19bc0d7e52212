"""List the periodic work, and what is watched to know whether the bot is alive."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.alerts import Alerts
from bot.app.backups import DailyBackups
from bot.app.content import ContentReading, ContentWatch
from bot.app.daily import DailyLine
from bot.app.delivery import Delivery
from bot.app.figures import DailyFigures
from bot.app.intake import Intake
from bot.app.retention import LedgerRetention
from bot.app.troubles import Absence
from bot.clock import Clock
from bot.digest.publisher import Publisher
from bot.editing.appointments import Appointments
from bot.editing.deposits import Deposits
from bot.health import Probe, Symptom, Watchdog
from bot.jobs import Job, Scheduler
from bot.loop_lag import LoopLag
from bot.message.model import Message
from bot.notices import Notices
from bot.reader.model import Reader
from bot.tg.arrivals import Arrivals
from bot.tg.convert import try_to_send
from bot.tg.request import App

MINUTE: Final = timedelta(minutes=1)

MAX_SILENCE: Final = timedelta(minutes=3)
"""After which updates count as no longer coming in: a poll takes 10 s, half a minute without a network."""

MAX_STANDSTILL: Final = timedelta(minutes=2)
"""After which a job or the worker counts as stuck; they come round every few seconds."""


def periodic_work(
    *,
    publisher: Publisher,
    notices: Notices,
    delivery: Delivery,
    content: ContentReading,
    watch: ContentWatch,
    appointments: Appointments,
    deposits: Deposits,
    backups: DailyBackups,
    retention: LedgerRetention,
    alerts: Alerts,
    absence: Absence,
    daily: DailyLine,
    figures: DailyFigures,
    app: App,
    clock: Clock,
) -> Scheduler:
    """Return everything that is done again and again, ready to be started."""

    async def plan_digests() -> None:
        # First, so that what is published at eight is in the digests of eight.
        await appointments.tick()
        if content.lets_digests_go and not delivery.breaker.is_open and delivery.freshness.is_known:
            await publisher.tick()
        delivery.worker.wake()

    async def tell_owner(reader: Reader, message: Message) -> bool:
        return await try_to_send(app.bot, reader.place, message)

    async def look_after_delivery() -> None:
        await delivery.safeguard.check(tell_owner)

    async def look_for_troubles() -> None:
        await alerts.tick(tell_owner)

    async def tell_of_absence() -> None:
        if delivery.freshness.is_known:  # else what was missed is not known either
            await absence.tick()

    digests = Job("digests", plan_digests, clock=clock)
    absences = Job("return", delivery.waking(tell_of_absence), clock=clock, interval=MINUTE)

    async def catch_up() -> None:
        await digests.run()
        await absences.run()

    delivery.freshness.on_known = catch_up
    return Scheduler(
        digests,
        Job("safeguard", look_after_delivery, clock=clock),
        Job("content folder", watch.tick, clock=clock),
        Job("alerts", look_for_troubles, clock=clock, interval=MINUTE),
        absences,
        Job("daily line", delivery.waking(daily.tick), clock=clock, interval=MINUTE),
        Job("figures", figures.tick, clock=clock, interval=MINUTE),
        Job("ledger", retention.tick, clock=clock, interval=MINUTE),
        Job("backups", backups.tick, clock=clock, interval=MINUTE),
        Job("deposits", deposits.tick, clock=clock, interval=timedelta(seconds=1)),
        Job("notices of suspended chats", delivery.waking(notices.suspended), clock=clock),
    )


def watch_over(
    intake: Intake,
    arrivals: Arrivals,
    scheduler: Scheduler,
    delivery: Delivery,
    *,
    record: Path,
    lag: LoopLag,
    clock: Clock,
) -> Watchdog:
    """Return what restarts whatever stands still, and records how the bot is."""
    watched = [
        Probe(name="updates", heartbeat=arrivals.heartbeat, patience=MAX_SILENCE, restart=intake.restart),
        Probe(name="delivery", heartbeat=delivery.worker.heartbeat, patience=MAX_STANDSTILL),
    ]
    watched += [
        Probe(
            name=f"the job {job.name}",
            heartbeat=job.heartbeat,
            patience=job.interval + MAX_STANDSTILL,
            restart=scheduler.restart,
        )
        for job in scheduler.jobs
    ]
    symptoms = (
        Symptom(name="Telegram takes no messages", shows=delivery.outage.lasts),
        Symptom(name="messages that are due do not leave", shows=delivery.is_late),
        Symptom(name="delivery is stopped until an owner decides", shows=delivery.is_stopped),
    )
    return Watchdog(clock, record, watched, lag.take_worst, symptoms)
