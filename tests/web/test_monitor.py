"""/healthz and /metrics of the running bot, over HTTP."""

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app.lifespan import Runtime
from bot.demo.server import BotApiServer
from bot.errors import StartError
from bot.health import MAX_RECORD_AGE
from bot.metrics import Metric
from bot.web import listener
from bot.web.exposition import exposition
from tests.chat import Chat, bot_running, free_port, server_running
from tests.clock import StillClock

ROOT = Path(__file__).parents[2]


@pytest.fixture
def port() -> int:
    return free_port()


@dataclass
class Watched:
    """The bot, the server that it talks to, and what it answers over HTTP."""

    bot: Runtime
    server: BotApiServer
    http: aiohttp.ClientSession

    async def health(self) -> tuple[int, dict[str, Any]]:
        async with self.http.get("/healthz") as response:
            return response.status, await response.json()

    async def looked_at(self) -> asyncio.Task[None]:
        """Have somebody look, once by now."""
        watch = asyncio.create_task(self.bot.watch.run())
        for _ in range(400):
            if not self.bot.watch.health().troubles:
                break
            await asyncio.sleep(0.01)  # noqa: TID251  # the database answers in real time
        return watch

    async def value(self, name: str, **labels: str) -> float | None:
        """The value of a sample; None when there is none."""
        async with self.http.get("/metrics") as response:
            assert response.status == 200
            text = await response.text()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == f"digest_bot_{name}" and sample.labels == labels:
                    return float(sample.value)
        return None


@pytest.fixture
async def watched(clock: StillClock, tmp_path: Path, port: int) -> AsyncIterator[Watched]:
    content = tmp_path / "content"
    content.mkdir()
    (content / "one.md").write_text("# One thing\n\nThe lead of it is long enough.\n\n## A part\n\n> Words that are quoted here.\n", "utf-8")  # fmt: skip
    async with (
        server_running(clock, [1, 11]) as server,
        bot_running(server.address, clock, tmp_path / "data", content, metrics_port=port) as bot,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        yield Watched(bot, server, http)


async def test_health_is_unwell_until_somebody_has_looked(watched: Watched, clock: StillClock) -> None:
    assert (await watched.health())[0] == 503
    watch = await watched.looked_at()
    status, body = await watched.health()
    assert (status, body["status"], body["troubles"]) == (200, "ok", [])
    assert {"updates", "delivery", "the job digests"} <= set(body["seconds_since"])
    assert await watched.value("healthy") == 1
    watch.cancel()
    await clock.advance(seconds=MAX_RECORD_AGE.total_seconds() + 1)
    status, body = await watched.health()
    assert status == 503
    assert "nobody looks" in body["troubles"]
    assert await watched.value("healthy") == 0


async def test_health_names_the_database_when_it_is_gone(watched: Watched) -> None:
    watch = await watched.looked_at()
    await watched.bot.stores.database.engine.close()
    status, body = await watched.health()
    assert (status, body["troubles"]) == (503, ["the database does not answer"])
    async with watched.http.get("/metrics") as response:
        assert response.status == 503
    watch.cancel()


async def test_metrics_count_what_people_do(watched: Watched, clock: StillClock) -> None:
    ada = Chat(watched.server, 11, 11)
    await ada.send("/summary")
    await ada.send("/quote")
    await ada.send("/search zzzzqqqq")
    await ada.send("/subscribe 8 London")
    await ada.taken_in()
    assert await watched.value("update_seconds_count", kind="message") == 4
    assert await watched.value("used_total", what="summary") == 1
    assert await watched.value("used_total", what="quote") == 1
    assert await watched.value("used_total", what="search") == 1
    assert await watched.value("used_total", what="nothing") == 1
    assert await watched.value("sends_total", kind="digest", outcome="sent") == 0
    assert await watched.value("articles") == 1
    await clock.advance(seconds=16)
    assert await watched.value("subscribed") == 1
    assert (await watched.value("database_seconds_count", operation="write") or 0) > 0


async def test_digest_that_left_is_counted_with_its_outcome(watched: Watched, clock: StillClock) -> None:
    ada = Chat(watched.server, 11, 11)
    await ada.send("/subscribe 13 London")
    await clock.advance(hours=1, minutes=1)
    await watched.bot.scheduler.run_all()
    await ada.reply()
    for _ in range(200):
        if await watched.value("sends_total", kind="digest", outcome="sent") == 1:
            break
        await asyncio.sleep(0.01)  # noqa: TID251  # the outcome is written in real time
    assert await watched.value("sends_total", kind="digest", outcome="sent") == 1
    assert await watched.value("send_seconds_count") == 1
    assert await watched.value("outbox_messages", state="sending") == 0


async def test_database_is_counted_once_in_a_while_only(watched: Watched, clock: StillClock) -> None:
    assert await watched.value("readers") == 0
    await Chat(watched.server, 11, 11).send("/quote")
    assert await watched.value("readers") == 0
    await clock.advance(seconds=16)
    assert await watched.value("readers") == 1


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/metrics"), ("GET", "/"), ("GET", "/healthz/.."), ("PUT", "/healthz")]
)
async def test_nothing_else_is_answered(watched: Watched, method: str, path: str) -> None:
    async with watched.http.request(
        method, path, data=b"x" * 10_000 if method != "GET" else None
    ) as response:
        assert response.status in {404, 405, 413}


async def test_port_that_is_taken_ends_the_start_in_words(clock: StillClock, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with server_running(clock, [1]) as server:
            starting = bot_running(
                server.address,
                clock,
                tmp_path / "data",
                tmp_path / "content",
                metrics_port=taken.getsockname()[1],
            )
            with pytest.raises(StartError, match=r"error.listen.*in use"):
                async with starting:
                    pass


async def test_who_fills_the_port_keeps_the_bot_its_descriptors(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MAX_CONNECTIONS", 3)
    at = watched.http._base_url
    assert at is not None
    opened = [await asyncio.open_connection("127.0.0.1", at.port) for _ in range(6)]
    ends = [await asyncio.wait_for(reader.read(1), 5) for reader, _ in opened[3:]]
    assert ends == [b""] * 3
    for reader, _ in opened[:3]:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.05)
    for _, writer in opened:
        writer.close()
    with contextlib.suppress(aiohttp.ClientError):
        await watched.health()


async def test_dashboard_and_rules_name_what_is_measured(watched: Watched) -> None:
    async with watched.http.get("/metrics") as response:
        text = await response.text()
    measured = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    measured |= set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    dashboard = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text("utf-8"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = (ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8")
    used = set(re.findall(r"\bdigest_bot_\w+", " ".join([*queries, rules])))
    assert len(used) > 20
    assert used <= measured


def test_histogram_among_counters_is_a_fault() -> None:
    with pytest.raises(TypeError, match="a_name"):
        exposition([Metric("a_name", "histogram", "It means something.", [({}, 1.0)])], "")
