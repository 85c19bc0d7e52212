"""The log: a line an event, for people or programs, with the update that it belongs to."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.commands.logs import JsonFormatter, TextFormatter
from bot.inbox import Handling, handling, repeatable


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What a logger of its own writes, as JSON."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter({'pass"word'}))
    log = logging.getLogger("bot.formats.test")
    log.addHandler(handler)
    yield written
    log.removeHandler(handler)


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def update(number: int) -> Handling:
    return Handling(number, SystemClock().now())


def test_event_is_one_line_of_json_whatever_it_says(stream: io.StringIO) -> None:
    log = logging.getLogger("bot.formats.test")
    log.warning('first\nsecond "third" %s', 'pass"word')
    log.error("It failed.", exc_info=ValueError('a\nb pass"word'))
    first, second = events(stream)
    assert first.keys() == {"time", "level", "logger", "message"}
    assert (first["level"], first["message"]) == ("warning", 'first\nsecond "third" <secret>')
    assert first["time"].endswith("+00:00")
    assert "ValueError: a\nb <secret>" in second["exception"]
    assert 'pass\\"word' not in stream.getvalue()


def test_long_event_is_cut_and_keeps_the_end_of_its_traceback(stream: io.StringIO) -> None:
    logging.getLogger("bot.formats.test").error("%s", "x" * 30_000, exc_info=ValueError("y" * 30_000 + "end"))
    [event] = events(stream)
    assert len(event["message"]) == 10_000
    assert event["exception"].endswith("end")
    assert len(event["exception"]) == 10_000


async def test_update_is_named_in_all_that_is_done_for_it(stream: io.StringIO) -> None:
    log = logging.getLogger("bot.formats.test")

    async def elsewhere() -> None:
        log.warning("in a task")

    with handling(update(7)):
        log.warning("directly")
        with repeatable():
            log.warning("where nothing is marked")
        await asyncio.create_task(elsewhere())
    log.warning("outside")
    assert [event.get("update") for event in events(stream)] == [7, 7, 7, None]


def test_people_read_the_update_beside_the_part() -> None:
    record = logging.LogRecord("bot.tg", logging.INFO, "", 0, "Words.", None, None)
    with handling(update(12)):
        assert TextFormatter().format(record).endswith(" INFO    bot.tg [update 12]: Words.")
    assert TextFormatter().format(record).endswith(" INFO    bot.tg: Words.")
