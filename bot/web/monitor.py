"""/healthz tells a supervisor how the bot is, /metrics gives Prometheus its figures."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import web

from bot import __version__
from bot.health import Health
from bot.metrics import Metric
from bot.web.exposition import exposition

log = logging.getLogger(__name__)

_FRESH: Final = {"Cache-Control": "no-store"}
_PATIENCE_S: Final = 5.0
"""Seconds that the database may take: a supervisor that gets no answer believes the worst."""

Ping = Callable[[], Awaitable[object]]


def monitor(
    health: Callable[[], Health], metrics: Callable[[], Awaitable[Sequence[Metric]]], *, ping: Ping
) -> web.Application:
    """Return what answers both; `ping` asks the database something, and raises when it cannot."""

    async def healthz(_: web.Request) -> web.Response:
        now = health()
        troubles = [*now.troubles, *await _database(ping)]
        body: dict[str, object] = {
            "status": "unwell" if troubles else "ok",
            "troubles": troubles,
            "lag_ms": now.lag_ms,
            "seconds_since": {part: round(age, 1) for part, age in now.ages.items()},
            "version": __version__,
        }
        if now.standby is not None:
            body["standby"] = {"leader": now.standby.leader, "since": now.standby.since.isoformat()}
        return web.json_response(body, status=503 if troubles else 200, headers=_FRESH)

    async def figures(request: web.Request) -> web.Response:
        try:
            measured = await asyncio.wait_for(metrics(), _PATIENCE_S)
        except Exception as error:
            log.exception("The figures could not be gathered.")
            raise web.HTTPServiceUnavailable(text="The figures could not be gathered.\n") from error
        body, media_type = exposition(measured, request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": media_type, **_FRESH})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", figures)
    return app


async def _database(ping: Ping) -> list[str]:
    try:
        await asyncio.wait_for(ping(), _PATIENCE_S)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what was asked for
        log.warning("The database does not answer: %s", error)
        return ["the database does not answer"]
    return []
