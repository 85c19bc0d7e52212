"""What sites ask programs to leave alone."""

import pytest

from bot.sources.fetch import FetchError
from bot.sources.robots import Robots
from tests.clock import StillClock
from tests.feeds import Web

RULES = "https://site.example/robots.txt"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (b"User-agent: *\nDisallow: /private", {"/a": True, "/private/a": False}),
        (b"User-agent: article-digest-bot\nDisallow: /\nUser-agent: *\nAllow: /", {"/a": False}),
        (b"User-agent: other\nDisallow: /", {"/a": True}),
        (b"\xff\xfe nonsense", {"/a": True}),
        (FetchError("fetch.status", status=404), {"/a": True}),
        (FetchError("fetch.status", status=503), {"/a": False}),
        (FetchError("fetch.network"), {"/a": False}),
    ],
)
async def test_rules(clock: StillClock, rules: bytes | FetchError, expected: dict[str, bool]) -> None:
    robots = Robots(Web({RULES: rules}).fetch, clock)
    assert {path: await robots.allows(f"https://site.example{path}") for path in expected} == expected


async def test_rules_are_asked_for_once_a_day(clock: StillClock) -> None:
    web = Web({RULES: b""})
    robots = Robots(web.fetch, clock)
    for _ in range(3):
        assert await robots.allows("https://site.example/a")
    assert web.asked == [RULES]
    await clock.advance(hours=25)
    await robots.allows("https://site.example/a")
    assert web.asked == [RULES] * 2
