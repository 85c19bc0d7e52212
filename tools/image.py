"""Build the image of the Dockerfile and run it, by a builder that needs no daemon: `python -m tools.image`.

The base image comes from where Dockerfiles get theirs; where that cannot be reached, one of the same name is made of
Debian's own packages. Without buildah, or without the rights that it needs, nothing is checked, which is said.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from bot.demo.server import BotApiServer

ROOT: Final = Path(__file__).parents[1]
BASE: Final = "docker.io/library/python:3.13-slim"
NAME: Final = "localhost/article-digest-bot:check"
SUITE: Final = "trixie"
"""The release of Debian that has the base image's Python."""

_TOKEN: Final = "10000:image-check-image-check-image"  # of a server of our own
_CERTIFICATES: Final = Path("/etc/ssl/certs")
_UID: Final = 10001


def run(*words: str, seconds: float = 600) -> str:
    """Run a command and return what it prints; its own words are shown when it fails."""
    done = subprocess.run(  # noqa: S603  # ours
        words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds
    )
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(words[:4])} …: {done.returncode}\n{done.stdout[-2_000:]}{done.stderr[-4_000:]}"
        )
    return done.stdout.strip()


def missing() -> str:
    """Return why nothing can be checked; nothing when all is there."""
    if os.geteuid():
        return "it needs root"
    if not shutil.which("buildah"):
        return "buildah is not installed"
    return ""


def provide_base() -> str:
    """Have the base image; return where it came from."""
    try:
        run("buildah", "pull", "--quiet", BASE, seconds=120)
    except (RuntimeError, subprocess.TimeoutExpired):
        if not shutil.which("debootstrap"):
            raise RuntimeError(f"{BASE} cannot be fetched, and debootstrap is not installed") from None
    else:
        return "fetched"
    with tempfile.TemporaryDirectory() as folder:
        system = Path(folder) / "system"
        packages = "python3,python3-venv,python3-pip,ca-certificates"
        run("debootstrap", "--variant=minbase", f"--include={packages}", SUITE, str(system))
        (system / "usr/local/bin/python").symlink_to("/usr/bin/python3")
        container = run("buildah", "from", "scratch")
        run("buildah", "add", "--quiet", container, str(system), "/")
        run("buildah", "config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", container)
        run("buildah", "commit", "--quiet", container, BASE)
        run("buildah", "rm", container)
    return f"made of Debian {SUITE}"


def build() -> None:
    """Build the image as its Dockerfile says, trusting the certificates that this machine trusts."""
    certificates = ["--volume", f"{_CERTIFICATES}:{_CERTIFICATES}:ro"] if _CERTIFICATES.is_dir() else []
    run("buildah", "bud", "--pull-never", "--isolation=chroot", *certificates, "--tag", NAME, ".")


async def start_and_stop(container: str) -> None:
    """Run the bot of the image against a server of our own: ready, healthy, and stopped by a signal."""
    server = BotApiServer(token=_TOKEN, clock=SystemClock())
    await server.start("127.0.0.1", 0)
    command = [
        "buildah", "run", "--isolation=chroot", "--user", str(_UID),
        "--env", f"BOT_TOKEN={_TOKEN}", "--env", f"BOT_API_URL={server.address}",
        container, "--",
    ]  # fmt: skip
    bot = await asyncio.create_subprocess_exec(
        *command, "python", "-m", "bot", "run", stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        if bot.stdout is None:
            raise RuntimeError("the bot has no pipe")
        line = await asyncio.wait_for(bot.stdout.readline(), 60)
        if b"is ready" not in line:
            raise RuntimeError(f"the bot is not ready: {line!r}")
        health = await asyncio.create_subprocess_exec(*command, "python", "-m", "bot", "health")
        if await asyncio.wait_for(health.wait(), 30):
            raise RuntimeError("the bot is not healthy")
        for process in _bots():
            os.kill(process, 15)
        if code := await asyncio.wait_for(bot.wait(), 30):
            raise RuntimeError(f"the bot ended with {code}")
    finally:
        for process in _bots():
            os.kill(process, 9)
        if bot.returncode is None:
            bot.kill()
        await server.stop()


def _bots() -> list[int]:
    """Return the processes that are the bot in a container."""
    found = [(folder, folder / "cmdline") for folder in Path("/proc").iterdir() if folder.name.isdecimal()]
    return [
        int(folder.name)
        for folder, command in found
        if folder.stat().st_uid == _UID
        and command.read_bytes().endswith(b"bin/python\0-m\0bot\0run\0")
        and not command.read_bytes().startswith(b"buildah")
    ]


def main() -> int:
    """Say what was checked, or why nothing was."""
    if reason := missing():
        print(f"The image was not checked: {reason}.")
        return 0
    print(f"Base image: {provide_base()}.", flush=True)
    build()
    container = run("buildah", "from", "--pull-never", NAME)
    try:
        version = run(
            "buildah", "run", "--isolation=chroot", container, "--", "python", "-m", "bot", "--version"
        )
        mode = run("buildah", "run", "--isolation=chroot", container, "--", "stat", "--format=%a", "/data")
        if mode != "700":
            raise RuntimeError(f"others can look into /data: {mode}")
        asyncio.run(start_and_stop(container))
    finally:
        run("buildah", "rm", container)
    machine = os.uname().machine
    print(
        f"The image of {version} was built, became ready and healthy, and ended when it was asked to ({machine})."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
