"""Have pictures painted by a process of their own, so that nobody waits and no memory stays in use."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

_PATIENCE_S: Final = 20.0
_MODULE: Final = "bot.pictures"
_IMPORTABLE: Final = Path(__file__).parents[2]


class Painter:
    """Paints one picture at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def paint(self, svg: str) -> bytes | None:
        """Return a PNG; None when it cannot be painted, which is logged."""
        code, picture, errors = await self._run(svg.encode())
        if code or not picture:
            log.warning("A picture was not painted (%s): %s", code, errors.decode(errors="replace")[-300:])
            return None
        return picture

    async def can_write(self, text: str) -> bool:
        """Return whether fonts of this machine have every character of a text."""
        code, _, _ = await self._run(b"", "--can", text)
        return code == 0

    async def _run(self, given: bytes, *words: str) -> tuple[int | None, bytes, bytes]:
        async with self._turn:
            # Without the environment, in which secrets may stand.
            started = await asyncio.create_subprocess_exec(
                sys.executable, "-m", _MODULE, *words, cwd=_IMPORTABLE, env={},
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            try:
                picture, errors = await asyncio.wait_for(started.communicate(given), _PATIENCE_S)
            except TimeoutError:
                return None, b"", b"it took too long"
            finally:
                if started.returncode is None:
                    started.kill()
                    await started.wait()
        return started.returncode, picture, errors
