"""How connections are made where a proxy stands in between: HTTP by aiohttp, SOCKS by aiohttp-socks."""

from typing import Any, Final
from urllib.parse import unquote, urlsplit

import aiohttp

from bot.sources.guard import SOCKS

_PORT: Final = 1080


def connector_for(proxy: str | None, **options: Any) -> aiohttp.BaseConnector:
    """Return what makes connections, with aiohttp's options for it."""
    if not _is_socks(proxy):
        return aiohttp.TCPConnector(**options)
    # Few use one, and everybody would load it.
    from bot.sources.socks import SocksConnector  # noqa: PLC0415

    parts = urlsplit(proxy or "")
    options.pop("resolver", None)  # the proxy resolves names
    return SocksConnector(
        parts.hostname or "",
        parts.port or _PORT,
        is_version_4=parts.scheme == "socks4",
        user=unquote(parts.username or "") or None,
        password=unquote(parts.password or "") or None,
        **options,
    )


def named_in_requests(proxy: str | None) -> str | None:
    """Return the proxy that each request has to name: an HTTP one."""
    return None if _is_socks(proxy) else proxy


def _is_socks(proxy: str | None) -> bool:
    return proxy is not None and urlsplit(proxy).scheme in SOCKS
