"""Run until the system asks the process to end."""

import asyncio
import os
import signal
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Final

MAX_STOP_TIME: Final = timedelta(seconds=20)
"""When a process that was asked to stop ends, whatever holds it; what was being sent is then uncertain."""


async def until_stopped(work: Coroutine[Any, Any, None], *, cut_off: timedelta = MAX_STOP_TIME) -> None:
    """Run until SIGINT or SIGTERM, which also end a start that hangs; an end that hangs is cut off."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def stop() -> None:
        task.cancel()
        loop.call_later(cut_off.total_seconds(), os._exit, 1)

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not task.cancelled():
            raise
