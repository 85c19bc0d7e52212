"""A proxy between Telegram and the bot: under a path of its own, before one bot or two."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from aiohttp import web

from bot.web.listener import listening

PATH = "/bots/digest"
_BAD_GATEWAY = 502
_UNAVAILABLE = 503


class Proxy:
    """Takes its own part of the path off; who is not there, or says so, is followed by the next."""

    def __init__(self, *ports: int) -> None:
        self._ports = ports
        self.is_broken = False
        self.url = ""

    @property
    def settings(self) -> dict[str, Any]:
        """Those of the first bot."""
        return {"webhook_url": self.url, "webhook_port": self._ports[0]}

    async def answer(self, request: web.Request) -> web.Response:
        body, path, status = await request.read(), request.path.removeprefix("/bots"), _BAD_GATEWAY
        for port in () if self.is_broken else self._ports:
            with contextlib.suppress(aiohttp.ClientError):
                async with (
                    aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
                    session.post(path, data=body, headers=request.headers) as answer,
                ):
                    status = answer.status
                if status != _UNAVAILABLE:
                    break
        return web.Response(status=status, headers={"Retry-After": "1"})


@contextlib.asynccontextmanager
async def proxy_before(*ports: int) -> AsyncIterator[Proxy]:
    """A proxy before bots that listen at these ports of this machine."""
    made, app = Proxy(*ports), web.Application()
    app.router.add_post("/bots/{rest:.*}", made.answer)
    async with listening(app, "127.0.0.1", 0, names=("A", "B")) as own:
        made.url = f"http://127.0.0.1:{own}{PATH}"
        yield made
