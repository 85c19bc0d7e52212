"""Two processes, one database on a server: one leads, the other takes over, and nobody gets anything twice."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.db.beside import reading
from bot.health import RECORD, check_record, standby_in
from tests.chat import free_port
from tests.failover import Pair, Way, readers_due
from tests.postgres import running_cluster, server_programs
from tests.proxy import proxy_before
from tests.test_kill import accepted

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]

READERS = 400
RATE = 60


@pytest.fixture
async def pair(store: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """Readers who are due this minute; the first process leads, the second stands by."""
    async with readers_due(store, tmp_path, readers=READERS, rate=RATE) as made:
        yield made


async def check(pair: Pair) -> None:
    assert pair.faults(await pair.outcome()) == []


async def test_standby_takes_over_from_a_leader_that_is_killed(pair: Pair) -> None:
    leader = await pair.start(0)
    await pair.sent(30)
    await pair.start(1)
    await pair.stands_by(1)
    check_record(pair.folders[1] / RECORD)  # it is healthy
    leader.kill()
    await check(pair)
    assert standby_in(pair.folders[1] / RECORD) is None


async def test_leader_that_was_paused_ends_and_sends_nothing_more(pair: Pair) -> None:
    leader = await pair.start(0)
    await pair.sent(30)
    await pair.start(1)
    await pair.stands_by(1)
    leader.send_signal(signal.SIGSTOP)
    paused = accepted(pair.server).total()
    await pair.until(lambda: accepted(pair.server).total() > paused + 100)
    leader.send_signal(signal.SIGCONT)
    assert await asyncio.wait_for(leader.wait(), 10) == os.EX_TEMPFAIL
    await check(pair)


async def test_leader_whose_network_is_cut_sends_nothing_while_another_leads(pair: Pair, store: str) -> None:
    way = Way(int(store.rpartition(":")[2].partition("/")[0]))
    await way.open()
    through = re.sub(r":\d+/", f":{way.port}/", store)
    leader = await pair.start(0, STORE_URL=through)
    await pair.sent(30)
    await pair.start(1)
    await pair.stands_by(1)
    way.cut()
    before = accepted(pair.server).total()
    await pair.until(lambda: accepted(pair.server).total() > before + 150)
    way.mend()
    assert await asyncio.wait_for(leader.wait(), 20) == os.EX_TEMPFAIL
    await check(pair)
    await way.close()


async def test_server_that_crashes_and_comes_back_costs_what_was_on_its_way(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        cluster = await asyncio.to_thread(stack.enter_context, running_cluster(server_programs()))
        async with readers_due(f"{cluster.address}/postgres", tmp_path, readers=READERS, rate=RATE) as pair:
            await pair.start(0)
            await pair.sent(30)
            await pair.start(1)
            await pair.stands_by(1)
            await asyncio.to_thread(cluster.kill)
            await asyncio.sleep(2)  # noqa: TID251  # as above
            await asyncio.to_thread(cluster.start)
            await check(pair)


async def test_leader_that_stops_hands_over_at_once(pair: Pair) -> None:
    leader = await pair.start(0)
    await pair.sent(30)
    await pair.start(1)
    await pair.stands_by(1)
    leader.terminate()
    assert await asyncio.wait_for(leader.wait(), 30) == 0
    await check(pair)
    assert pair.silence() < 8


async def test_standby_answers_a_supervisor_before_and_after_it_takes_over(pair: Pair) -> None:
    port = free_port()
    await pair.start(0)
    await pair.sent(30)
    await pair.start(1, METRICS_PORT=str(port))
    await pair.stands_by(1)

    async def answer(path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/{path}") as got:
            return got.status, await got.text()

    status, text = await answer("healthz")
    assert (status, json.loads(text)["status"]) == (200, "ok")
    assert str(pair.processes[0].pid) in json.loads(text)["standby"]["leader"]
    assert "digest_bot_standby 1.0" in (await answer("metrics"))[1]
    pair.processes[0].kill()
    await check(pair)
    status, text = await answer("healthz")
    assert (status, "standby" in json.loads(text)) == (200, False)
    assert "digest_bot_standby 0.0" in (await answer("metrics"))[1]


async def test_standby_says_so_and_others_are_refused(pair: Pair, tmp_path: Path) -> None:
    await pair.start(0)
    await pair.sent(1)
    await pair.start(1)
    await pair.stands_by(1)
    record = json.loads((pair.folders[1] / RECORD).read_text())
    assert str(pair.processes[0].pid) in record["standby"]["leader"]
    assert (pair.folders[1] / "sent").exists()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "reindex",
        env={**os.environ, "STORE_URL": pair.store, "DATA_DIR": str(tmp_path)},
        stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    _, words = await process.communicate()
    assert process.returncode == 1
    assert b"Another process uses the database" in words


async def test_updates_are_handled_once_by_whoever_leads(pair: Pair) -> None:
    ports = free_port(), free_port()
    people = range(1001, 1121)
    async with proxy_before(*ports) as proxy:
        for person in people:
            pair.server.world.person(person, "Ada")
        starts = [{"WEBHOOK_URL": proxy.url, "WEBHOOK_PORT": str(port)} for port in ports]
        leader = await pair.start(0, **starts[0])
        await pair.sent(1)
        await pair.start(1, **starts[1])
        await pair.stands_by(1)
        for number, person in enumerate(people):
            pair.server.world.say(person, person, f"/subscribe 8:{number % 60:02} London")
            if number == len(people) // 2:
                leader.kill()
            await asyncio.sleep(0.02)  # noqa: TID251  # as above
        await pair.until(lambda: pair.server.world.updates.pending() == 0)
        async with asyncio.timeout(30), reading(pair.store) as connection:
            while await connection.all(  # noqa: ASYNC110  # of another process
                "SELECT 1 FROM inbox WHERE done = 0 AND payload IS NOT NULL"
            ):
                await asyncio.sleep(0.1)  # noqa: TID251  # as above
            rows = await connection.all("SELECT chat FROM readers WHERE chat > 1000 AND next_at IS NOT NULL")
    assert {row["chat"] for row in rows} == set(people)
    answers = accepted(pair.server)
    assert all(1 <= answers[person] <= 2 for person in people)
