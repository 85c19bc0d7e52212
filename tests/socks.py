"""A SOCKS5 proxy on loopback (RFC 1928, RFC 1929): names lead to where a test says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

_VERSION: Final = 5


@dataclass
class Socks:
    """What it was asked for, and how it behaves; `leads_to` is where every name is taken."""

    leads_to: tuple[str, int]
    user: bytes = b""
    password: bytes = b""
    refuses: bool = False
    hangs: bool = False
    asked: list[tuple[str, int]] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), contextlib.closing(writer):
            if self.hangs:
                await reader.read()
                return
            if await self._lets_in(reader, writer):
                await self._connect(reader, writer)

    async def _lets_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, count = await reader.readexactly(2)
        await reader.readexactly(count)
        writer.write(bytes([_VERSION, 2 if self.user else 0]))
        if not self.user:
            return True
        _, size = await reader.readexactly(2)
        user = await reader.readexactly(size)
        [size] = await reader.readexactly(1)
        password = await reader.readexactly(size)
        is_known = (user, password) == (self.user, self.password)
        writer.write(bytes([1, 0 if is_known else 1]))
        return is_known

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, _, _, kind = await reader.readexactly(4)
        size = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
        host = await reader.readexactly(size)
        port = int.from_bytes(await reader.readexactly(2))
        self.asked.append((host.decode() if kind == 3 else ".".join(map(str, host)), port))  # a name
        writer.write(bytes([_VERSION, 5 if self.refuses else 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        if self.refuses:
            return
        there, answers = await asyncio.open_connection(*self.leads_to)
        with contextlib.closing(answers):
            done, waiting = await asyncio.wait(
                {asyncio.create_task(_carry(reader, answers)), asyncio.create_task(_carry(there, writer))},
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in waiting:
                task.cancel()
            await asyncio.gather(*done, *waiting, return_exceptions=True)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


@contextlib.asynccontextmanager
async def socks_running(proxy: Socks) -> AsyncIterator[Socks]:
    """The proxy, listening on a port of its own."""
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
