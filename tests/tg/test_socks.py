"""SOCKS proxies: messages and pages go through them, names are theirs to resolve, and their errors are ours."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from telegram.error import NetworkError, TimedOut

from bot.demo.server import BotApiServer
from bot.sources.fetch import Fetcher, FetchError
from bot.tg.transport import AiohttpRequest, never_left
from tests.chat import TOKEN
from tests.socks import Socks, socks_running

API = f"http://localhost/bot{TOKEN}"


@pytest.fixture
async def proxy(server: BotApiServer) -> AsyncIterator[Socks]:
    address = urlsplit(server.address)
    assert address.hostname is not None
    assert address.port is not None
    async with socks_running(Socks((address.hostname, address.port))) as made:
        yield made


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_messages_go_through_it_and_it_resolves_names(
    server: BotApiServer, proxy: Socks, scheme: str
) -> None:
    server.world.person(11, "Ada")
    proxy.user, proxy.password = b"bob", b"geh@im:x"
    address = f"{scheme}://bob:geh%40im%3Ax@127.0.0.1:{proxy.port}"
    async with AiohttpRequest(proxy=address) as request:
        assert "is_bot" in str(await request.post(f"{API}/getMe"))
        for _ in range(3):
            status, _ = await request.post_json(f"{API}/sendMessage", b'{"chat_id": 11, "text": "x"}')
            assert status == 200
    assert set(proxy.asked) == {("localhost", 80)}
    assert len(server.world.history(11)) == 3


@pytest.mark.parametrize("fault", ["password", "refuses", "hangs", "gone"])
async def test_what_it_refuses_never_left_and_no_secret_is_told(proxy: Socks, fault: str) -> None:
    proxy.user, proxy.password = b"bob", b"hunter2"
    proxy.refuses, proxy.hangs = fault == "refuses", fault == "hangs"
    password = "hunter3" if fault == "password" else "hunter2"
    port = 1 if fault == "gone" else proxy.port
    async with AiohttpRequest(proxy=f"socks5://bob:{password}@127.0.0.1:{port}", connect=0.3) as request:
        with pytest.raises((NetworkError, TimedOut)) as failed:
            await request.post_json(f"{API}/sendMessage", b"{}")
        assert never_left(failed.value)
        assert "hunter" not in str(failed.value)
        with pytest.raises((NetworkError, TimedOut)) as failed:
            await request.post(f"{API}/getMe")
        assert never_left(failed.value)


async def test_pages_are_fetched_through_it_and_private_names_are_not_asked_for() -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<p>Words</p>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/page", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with socks_running(Socks(runner.addresses[0][:2])) as proxy:
            fetcher = Fetcher(proxy=f"socks5://127.0.0.1:{proxy.port}")
            assert (await fetcher.fetch("http://site.example/page")).data == b"<p>Words</p>"
            with pytest.raises(FetchError) as refused:
                await fetcher.fetch("http://router.lan/page")
            assert refused.value.key == "fetch.private"
            assert proxy.asked == [("site.example", 80)]
            proxy.refuses = True
            with pytest.raises(FetchError) as failed:
                await fetcher.fetch("http://site.example/page")
            assert failed.value.key == "fetch.network"
    finally:
        await runner.cleanup()
