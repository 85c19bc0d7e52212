"""Connections through a SOCKS proxy, with aiohttp's own errors."""

from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError, ProxyType


class SocksConnector(ProxyConnector):
    """Makes connections by a proxy that resolves names itself."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        is_version_4: bool,
        user: str | None,
        password: str | None,
        **options: Any,
    ) -> None:
        super().__init__(
            host,
            port,
            proxy_type=ProxyType.SOCKS4 if is_version_4 else ProxyType.SOCKS5,
            username=user,
            password=password,
            rdns=True,
            **options,
        )

    async def _wrap_create_connection(
        self, *args: Any, req: aiohttp.ClientRequest, **kwargs: Any
    ) -> tuple[Any, ResponseHandler]:
        """Connect. The proxy's refusals are errors of connecting: nothing of a request has left before."""
        try:
            return await super()._wrap_create_connection(*args, req=req, **kwargs)
        except ProxyTimeoutError as error:
            raise aiohttp.ConnectionTimeoutError("the proxy gave no connection in time") from error
        except (ProxyConnectionError, ProxyError) as error:
            # Their words name the proxy.
            reason = "is not there" if isinstance(error, ProxyConnectionError) else "refuses"
            raise aiohttp.ClientProxyConnectionError(
                req.connection_key, OSError(0, f"the SOCKS proxy {reason}")
            ) from error
