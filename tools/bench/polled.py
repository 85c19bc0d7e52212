"""A Bot API server that takes everything: prints its address, and `polled` once when somebody asks for updates."""

import asyncio
import contextlib
import itertools
import sys

from aiohttp import web

_ME = {"id": 10000, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


async def main() -> None:
    """Until it is terminated."""
    numbers = itertools.count(1)
    told = False

    async def answer(request: web.Request) -> web.Response:
        nonlocal told
        method = request.match_info["method"].lower()
        if method == "getupdates":
            if not told:
                told = True
                print("polled", flush=True)
            await asyncio.sleep(10)  # noqa: TID251  # nobody writes
            return web.json_response({"ok": True, "result": []})
        if method == "getme":
            return web.json_response({"ok": True, "result": _ME})
        if method.startswith("send"):
            chat = {"id": 11, "type": "private"}
            return web.json_response(
                {"ok": True, "result": {"message_id": next(numbers), "date": 0, "chat": chat, "text": "x"}}
            )
        return web.json_response({"ok": True, "result": True})

    app = web.Application()
    app.router.add_route("*", "/{token}/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(main())
    sys.exit(0)
