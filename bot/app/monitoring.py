"""Serve /healthz and /metrics while the bot runs, if a port is set."""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from bot.app.figures import Figures, Measured, itself
from bot.app.standby import StandingBy
from bot.config import Settings
from bot.health import Health
from bot.metrics import Metric

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def serving_figures(measured: Measured) -> AsyncIterator[None]:
    """Answer meanwhile. StartError when the port cannot be opened."""

    async def ping() -> None:
        await measured.stores.database.one("SELECT 1")

    figures = Figures(measured)
    async with _serving(measured.settings, measured.watch.health, figures.gather, ping) as port:
        if port is not None:
            log.info("Figures: http://%s:%d/metrics, /healthz", measured.settings.metrics_host, port)
        yield


@contextlib.asynccontextmanager
async def serving_standby(settings: Settings, standby: StandingBy) -> AsyncIterator[None]:
    """Answer while this process may have to stand by. StartError when the port cannot be opened."""

    async def gather() -> Sequence[Metric]:
        health = standby.health()
        return itself(health, is_standby=health.standby is not None)

    async def ping() -> None:
        pass  # whether the lease is asked for says as much

    async with _serving(settings, standby.health, gather, ping):
        yield


@contextlib.asynccontextmanager
async def _serving(
    settings: Settings,
    health: Callable[[], Health],
    gather: Callable[[], Awaitable[Sequence[Metric]]],
    ping: Callable[[], Awaitable[object]],
) -> AsyncIterator[int | None]:
    """Serve both; the port, None when none is set."""
    if settings.metrics_port is None:
        yield None
        return
    # Only then: most bots run without, and start sooner for it.
    from bot.web.listener import listening  # noqa: PLC0415
    from bot.web.monitor import monitor  # noqa: PLC0415

    names = ("METRICS_HOST", "METRICS_PORT")
    app = monitor(health, gather, ping=ping)
    async with listening(app, settings.metrics_host, settings.metrics_port, names=names) as port:
        yield port
