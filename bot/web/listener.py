"""Open a port for HTTP; people who fill it up keep only each other waiting."""

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncIterator
from typing import Final

from aiohttp import web

from bot.errors import StartError

MAX_CONNECTIONS: Final = 100
"""Connections at a time; more are closed at once, so that the bot itself always has descriptors left."""

_KEEP_ALIVE_S: Final = 60.0
_GRACE_S: Final = 2.0
"""Seconds that answers under way may take at the end."""


class _Closing(asyncio.Protocol):
    """Ends a connection that is one too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


@contextlib.asynccontextmanager
async def listening(
    app: web.Application, host: str, port: int, *, names: tuple[str, str], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve an application meanwhile; the port. StartError when it cannot be opened; any free one for 0.

    `names` are the settings by which others can be chosen.
    """
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=_KEEP_ALIVE_S, shutdown_timeout=_GRACE_S, handle_signals=False
    )
    await runner.setup()
    handler = runner.server
    if handler is None:
        raise RuntimeError("the application was set up, so it has a server")

    def connection() -> asyncio.Protocol:
        return handler() if len(handler.connections) < MAX_CONNECTIONS else _Closing()

    try:
        server = await asyncio.get_running_loop().create_server(connection, host, port, ssl=tls)
    except OSError as error:
        await runner.cleanup()
        # asyncio's own words repeat the address; a name that is unknown has no number.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        settings = " / ".join(names)
        raise StartError("error.listen", host=host, port=port, reason=reason, settings=settings) from error
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await runner.cleanup()
