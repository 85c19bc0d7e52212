"""Run Prometheus beside the bot, once: do the rules hold, and has each query of the dashboard data?

`python -m tools.prometheus`; without Prometheus on this machine nothing is checked, which is said.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import yaml

from bot.clock import SystemClock
from bot.demo.server import BotApiServer

ROOT: Final = Path(__file__).parents[1]
RULES: Final = ROOT / "deploy" / "prometheus" / "alerts.yml"
RULE_TESTS: Final = ROOT / "tests" / "deploy" / "alerts_test.yml"
DASHBOARD: Final = ROOT / "deploy" / "grafana" / "dashboard.json"

_TOKEN: Final = "10000:prometheus-check-prometheus-check"  # of a server of our own
_SCRAPES: Final = 8
_MOMENT_S: Final = 0.25


def queries() -> Iterator[tuple[str, str]]:
    """Return each query of the dashboard, with its panel's title, as Grafana would send it."""
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        for target in panel["targets"]:
            query = target["expr"].replace("$job", "digest-bot").replace("$__rate_interval", "5s")
            # Minutes and hours, for a Prometheus that runs for seconds.
            yield panel["title"], re.sub(r"\[\d+[mh]\]", "[5s]", query)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextlib.asynccontextmanager
async def _running(*words: str, **environment: str) -> AsyncIterator[None]:
    started = await asyncio.create_subprocess_exec(
        *words,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.terminate()
        await started.wait()


async def _asked(session: aiohttp.ClientSession, path: str, **values: str) -> Any:
    async with session.get(path, params=values) as response:
        return (await response.json())["data"]


async def _until_scraped(session: aiohttp.ClientSession) -> None:
    for _ in range(200):
        await asyncio.sleep(_MOMENT_S)  # noqa: TID251  # real processes take real time
        with contextlib.suppress(aiohttp.ClientError):
            found = await _asked(session, "/api/v1/query", query="count_over_time(digest_bot_healthy[1m])")
            if found["result"] and int(found["result"][0]["value"][1]) >= _SCRAPES:
                return
    raise TimeoutError("Prometheus got no figures")


async def _check(folder: Path) -> list[str]:
    """Return what is wrong."""
    metrics, port = _free_port(), _free_port()
    config = {
        "global": {"scrape_interval": "500ms", "evaluation_interval": "500ms"},
        "rule_files": [str(RULES)],
        "scrape_configs": [
            {"job_name": "digest-bot", "static_configs": [{"targets": [f"127.0.0.1:{metrics}"]}]}
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), "utf-8")
    server = BotApiServer(token=_TOKEN, clock=SystemClock())
    await server.start()
    server.world.person(11, "Ada")
    environment = {
        "BOT_TOKEN": _TOKEN,
        "BOT_API_URL": server.address,
        "DATA_DIR": str(folder / "data"),
        "METRICS_PORT": str(metrics),
    }
    prometheus = ("prometheus", f"--config.file={folder / 'prometheus.yml'}")
    options = (f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}")
    try:
        async with (
            _running(sys.executable, "-m", "bot", "run", **environment),
            _running(*prometheus, *options, "--log.level=error"),
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        ):
            for words in ("/summary", "/quote", "/search qqqq", "/subscribe 8 London"):
                server.world.say(11, 11, words)
            await _until_scraped(session)
            faults = []
            for title, query in queries():
                if not (await _asked(session, "/api/v1/query", query=query))["result"]:
                    faults.append(f"{title}: no data for {query}")
            groups = (await _asked(session, "/api/v1/rules"))["groups"]
            rules = [rule for group in groups for rule in group["rules"]]
            faults += [f"{rule['name']}: {rule['lastError']}" for rule in rules if rule["health"] != "ok"]
            return faults
    finally:
        await server.stop()


def main() -> int:
    """Check everything; 0 when all is well, or nothing can be checked."""
    if not (shutil.which("prometheus") and shutil.which("promtool")):
        print("Prometheus: not checked, since it is not installed.")
        return 0
    subprocess.run(("promtool", "check", "rules", str(RULES)), check=True)  # noqa: S603, S607  # ours
    subprocess.run(("promtool", "test", "rules", str(RULE_TESTS)), check=True)  # noqa: S603, S607  # ours
    with tempfile.TemporaryDirectory() as folder:
        faults = asyncio.run(_check(Path(folder)))
    print("\n".join(faults) or f"Prometheus: {len(list(queries()))} queries of the dashboard have data.")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
