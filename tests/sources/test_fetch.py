"""Pages are fetched within bounds, and nothing of our own network is ever asked."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.sources.fetch import MAX_BYTES, USER_AGENT, Fetcher, FetchError
from bot.sources.guard import guarded_socket, why_refused

PAGE = b"<title>A page</title><p>Words.</p>" * 20


@dataclass(slots=True)
class Site:
    """A server on loopback under any name, and what it was asked."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    busy: int = 0
    most_busy: int = 0
    connections: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.host, request.path_qs))
        self.headers.append(dict(request.headers))
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            return await self._answer(request)
        finally:
            self.busy -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if make := STREAMED.get(request.path):
            return await make(request)
        if request.path == "/to":
            return web.Response(status=302, headers={"Location": request.query["where"]})
        if make_whole := WHOLE.get(request.path):
            return make_whole()
        return web.Response(status=404)


def _packed(body: bytes, encoding: str) -> web.Response:
    return web.Response(body=body, content_type="text/html", headers={"Content-Encoding": encoding})


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(bytes(100_000))


async def _slowly(request: web.Request) -> web.StreamResponse:
    del request
    await asyncio.sleep(0.02)  # noqa: TID251  # a slow server, not slow code
    return WHOLE["/page"]()


async def _declared(request: web.Request) -> web.StreamResponse:
    """Say that much comes, and send none of it."""
    response = web.StreamResponse(headers={"Content-Length": str(MAX_BYTES + 1)})
    await response.prepare(request)
    await asyncio.sleep(60)  # noqa: TID251  # a slow server, not slow code
    return response


async def _trickle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(b".")
        await asyncio.sleep(0.05)  # noqa: TID251  # a slow server, not slow code
    return response


BOMB = gzip.compress(bytes(200_000_000), 1)
WHOLE: dict[str, Callable[[], web.Response]] = {
    "/page": lambda: web.Response(body=PAGE, content_type="text/html", charset="gb2312"),
    "/gzip": lambda: _packed(gzip.compress(PAGE), "gzip"),
    "/deflate": lambda: _packed(zlib.compress(PAGE), "deflate"),
    "/raw": lambda: _packed(zlib.compress(PAGE)[2:-4], "deflate"),
    "/bomb": lambda: _packed(BOMB, "gzip"),
    "/broken": lambda: _packed(b"no gzip at all", "gzip"),
    "/unpackable": lambda: _packed(b"neither of both", "deflate"),
    "/brotli": lambda: _packed(b"words", "br"),
    "/large": lambda: web.Response(body=bytes(MAX_BYTES + 1)),
    "/cookie": lambda: web.Response(status=302, headers={"Location": "/page", "Set-Cookie": "known=1"}),
    "/loop": lambda: web.Response(status=307, headers={"Location": "/loop"}),
    "/nowhere": lambda: web.Response(status=302),
}
STREAMED = {"/endless": _endless, "/trickle": _trickle, "/slowly": _slowly, "/declared": _declared}


class Names(AbstractResolver):
    """Resolves names to the addresses that a test gives them, in turn."""

    def __init__(self, known: dict[str, list[str]]) -> None:
        self.known = known

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = self.known.get(host)
        if found is None:
            raise OSError("no such name")
        number = found.pop(0) if len(found) > 1 else found[0]
        return [{"hostname": host, "host": number, "port": port, "family": family, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


def unguarded(info: tuple[Any, ...]) -> socket.socket:
    return socket.socket(*info[:3])


def fetcher(
    known: dict[str, list[str]] | None = None,
    *,
    make_socket: Callable[[tuple[Any, ...]], Any] = unguarded,
    max_seconds: float = 5.0,
) -> Fetcher:
    """Return a fetcher for the site on loopback; its ports are no usual ones."""
    names = Names(known or {"example.org": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    return Fetcher(resolver=names, make_socket=make_socket, max_seconds=max_seconds, may_ask=lambda _: None)


async def refusal(work: Any) -> tuple[str, dict[str, object]]:
    with pytest.raises(FetchError) as raised:
        await work
    return raised.value.key, raised.value.values


@pytest.mark.parametrize("path", ["page", "gzip", "deflate", "raw"])
async def test_page_comes_without_compression(site: Site, path: str) -> None:
    found = await fetcher().fetch(f"http://example.org:{site.port}/{path}")
    assert (found.data, found.media_type) == (PAGE, "text/html")
    assert found.charset == ("gb2312" if path == "page" else None)


async def test_request_says_who_asks_and_nothing_of_anybody(site: Site) -> None:
    await fetcher().fetch(f"http://reader:secret@example.org:{site.port}/cookie")
    assert [path for _, path in site.asked] == ["/cookie", "/page"]
    for headers in site.headers:
        assert headers["User-Agent"] == USER_AGENT
        assert not {"Cookie", "Authorization", "Referer"} & headers.keys()


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("bomb", "fetch.size"),
        ("large", "fetch.size"),
        ("declared", "fetch.size"),
        ("endless", "fetch.size"),
        ("broken", "fetch.encoding"),
        ("unpackable", "fetch.encoding"),
        ("brotli", "fetch.encoding"),
        ("gone", "fetch.status"),
        ("nowhere", "fetch.status"),
        ("loop", "fetch.redirects"),
    ],
)
async def test_answer_that_is_refused_says_why(site: Site, path: str, key: str) -> None:
    assert (await refusal(fetcher().fetch(f"http://example.org:{site.port}/{path}")))[0] == key


async def test_server_that_is_slow_is_given_up(site: Site) -> None:
    async with asyncio.timeout(3):
        key, _ = await refusal(fetcher(max_seconds=0.3).fetch(f"http://example.org:{site.port}/trickle"))
    assert key == "fetch.slow"


async def test_redirects_are_followed_five_times(site: Site) -> None:
    page = where = f"http://example.org:{site.port}/page"
    for _ in range(5):
        where = f"http://other.example:{site.port}/to?where={quote(where, safe='')}"
    found = await fetcher().fetch(where)
    assert (found.address, len(site.asked)) == (page, 6)
    again = f"http://other.example:{site.port}/to?where={quote(where, safe='')}"
    assert (await refusal(fetcher().fetch(again)))[0] == "fetch.redirects"


@pytest.mark.parametrize("where", ["file:///etc/passwd", "javascript:1", "ftp://example.org/", "//[::1"])
async def test_redirect_to_what_is_no_page_is_refused(site: Site, where: str) -> None:
    key, _ = await refusal(fetcher().fetch(f"http://example.org:{site.port}/to?where={where}"))
    assert key == "fetch.scheme"


async def test_host_is_asked_one_thing_at_a_time(site: Site) -> None:
    fetch = fetcher().fetch
    pages = [f"http://example.org:{site.port}/slowly?{number}" for number in range(5)]
    await asyncio.gather(*map(fetch, pages))
    assert (site.most_busy, len(site.asked)) == (1, 5)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "64:ff9b::7f00:1"]
)
async def test_name_of_an_address_that_is_not_public_is_not_connected_to(site: Site, address: str) -> None:
    guarded = fetcher({"example.org": [address]}, make_socket=guarded_socket)
    assert (await refusal(guarded.fetch(f"http://example.org:{site.port}/page")))[0] == "fetch.private"
    assert site.asked == []


async def test_name_that_changes_its_address_is_judged_each_time(site: Site) -> None:
    made: list[str] = []

    def make_socket(info: tuple[Any, ...]) -> socket.socket:
        made.append(info[4][0])
        # The first address is let through to the site, as a public server would be.
        return unguarded(info) if len(made) == 1 else guarded_socket(info)

    rebinding = fetcher({"example.org": ["127.0.0.1", "127.0.0.1"]}, make_socket=make_socket)
    first = f"http://example.org:{site.port}/to?where=http://example.org:{site.port}/page"
    assert (await refusal(rebinding.fetch(first)))[0] == "fetch.private"
    assert [path.split("?")[0] for _, path in site.asked] == ["/to"]
    assert len(made) == 2


async def test_address_of_our_own_network_is_not_connected_to(site: Site) -> None:
    by_number = Fetcher(may_ask=lambda _: None)
    assert (await refusal(by_number.fetch(f"http://127.0.0.1:{site.port}/page")))[0] == "fetch.private"
    assert (await refusal(Fetcher().fetch(f"http://127.0.0.1:{site.port}/page")))[0] == "fetch.port"
    assert (await refusal(Fetcher().fetch("http://127.0.0.1/page")))[0] == "fetch.private"
    assert site.asked == []


async def test_redirect_is_judged_as_the_address_before_it_was(site: Site) -> None:
    def may_ask(address: str) -> str | None:
        return None if str(site.port) in address else why_refused(address)

    names = Names({"example.org": ["127.0.0.1"]})
    for where, key in (
        ("http://127.0.0.1/page", "fetch.private"),
        ("http://[::1]/page", "fetch.private"),
        ("http://localhost/page", "fetch.scheme"),
        ("http://printer.local/page", "fetch.private"),
        ("//2130706433/page", "fetch.scheme"),
        ("http://example.org:25/", "fetch.port"),
    ):
        careful = Fetcher(resolver=names, make_socket=unguarded, may_ask=may_ask)
        found = await refusal(careful.fetch(f"http://example.org:{site.port}/to?where={quote(where)}"))
        assert found[0] == key, where


async def test_unknown_name_and_silent_port_are_told_apart() -> None:
    key, values = await refusal(fetcher().fetch("http://unknown.example/page"))
    assert (key, values["host"]) == ("fetch.unknown", "unknown.example")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        key, values = await refusal(fetcher().fetch(f"http://example.org:{free.getsockname()[1]}/page"))
    assert (key, values["host"]) == ("fetch.network", "example.org")


async def test_server_without_a_certificate_is_named(site: Site) -> None:
    assert (await refusal(fetcher().fetch(f"https://example.org:{site.port}/page")))[0] == "fetch.certificate"


async def test_text_that_is_no_address_is_refused() -> None:
    assert (await refusal(Fetcher().fetch("two words")))[0] == "fetch.scheme"


async def test_proxy_is_asked_and_names_are_judged_before(site: Site) -> None:
    through = Fetcher(proxy=f"http://127.0.0.1:{site.port}")
    assert (await through.fetch("http://public.example/page")).data == PAGE
    assert site.asked[0][0] == "public.example"
    for address in ("http://10.0.0.1/page", "http://[::1]/page", "http://router.lan/page"):
        assert (await refusal(through.fetch(address)))[0] == "fetch.private"
    assert len(site.asked) == 1
