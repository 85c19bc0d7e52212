"""Serve /healthz and /metrics while the bot runs, if a port is set."""

import contextlib
import logging
from collections.abc import AsyncIterator

from bot.app.figures import Figures, Measured

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def serving_figures(measured: Measured) -> AsyncIterator[None]:
    """Answer meanwhile. StartError when the port cannot be opened."""
    settings = measured.settings
    if settings.metrics_port is None:
        yield
        return
    # Only then: most bots run without, and start sooner for it.
    from bot.web.listener import listening  # noqa: PLC0415
    from bot.web.monitor import monitor  # noqa: PLC0415

    async def ping() -> None:
        await measured.stores.database.one("SELECT 1")

    app = monitor(measured.watch.health, Figures(measured).gather, ping=ping)
    async with listening(
        app, settings.metrics_host, settings.metrics_port, names=("METRICS_HOST", "METRICS_PORT")
    ) as port:
        log.info("Figures: http://%s:%d/metrics, /healthz", settings.metrics_host, port)
        yield
