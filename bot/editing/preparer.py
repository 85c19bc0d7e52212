"""Prepares documents without keeping anybody waiting: large ones in a process of their own."""

import asyncio
import contextlib
import os
import pickle
import sys
from pathlib import Path
from typing import Final

from bot.editing.prepare import Prepared, prepare
from bot.errors import ArticleError

SMALL: Final = 12_000
"""Bytes of a document that is prepared at once, in about 30 ms; starting a process takes longer than that."""

_IMPORTABLE: Final = Path(__file__).parents[2]
"""The folder from which this package can be imported, wherever the program was started."""

PATIENCE: Final = 30.0
"""Seconds after which a document is given up. 2 MB of prose take two; what takes longer was made to."""


class Preparer:
    """One large document at a time; its process ends with it."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def prepare(self, data: bytes, file: str) -> Prepared:
        """Read, render and check a document. ArticleError when it cannot be published."""
        if len(data) <= SMALL:
            return prepare(data, file)
        async with self._turn:
            return await _elsewhere(data, file)


async def _elsewhere(data: bytes, file: str) -> Prepared:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.editing.preparer",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=_IMPORTABLE,
    )  # fmt: skip
    try:
        packed, _ = await asyncio.wait_for(process.communicate(pickle.dumps((data, file))), PATIENCE)
    except TimeoutError:
        raise ArticleError("error.too_slow", file=file) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if not packed:
        raise ArticleError("error.too_slow", file=file)  # killed from outside: it took too much memory
    result = pickle.loads(packed)  # noqa: S301  # packed by ourselves, below
    if isinstance(result, Prepared):
        return result
    key, line, values = result
    raise ArticleError(key, file=file, line=line, **values)


def main() -> None:
    """What runs in the process: a pickled document in, what became of it out."""
    os.nice(10)  # readers come first
    data, file = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  # packed by ourselves, above
    try:
        result: object = prepare(data, file)
    except ArticleError as error:
        result = (error.key, error.line, error.values)
    sys.stdout.buffer.write(pickle.dumps(result))


if __name__ == "__main__":
    main()
