"""One lock for every door of the local server: no other site may press buttons here, nor read along.

A page on the Internet can make its visitor's browser ask this machine, under a name of its own if it likes. A
browser says where a request comes from, and under which name it asked; programs such as the bot say neither.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_OWN: Final = frozenset({"same-origin", "none"})
"""What a browser says of requests by this page, and by whoever types the address."""


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse what another site asks, whatever it asks for."""
    if not _is_from_here(request):
        raise web.HTTPForbidden(text="Only this machine's own page may ask.")
    return await handler(request)


def _is_from_here(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    try:
        local = urlsplit(f"//{request.host}").hostname in _LOCAL
        same = origin is None or urlsplit(origin).netloc == request.host
    except ValueError:
        return False
    return local and same and request.headers.get("Sec-Fetch-Site", "none") in _OWN
