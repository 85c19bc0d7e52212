"""How much one person may ask in a minute."""

from collections.abc import Iterator

from bot.tg.rate_limit import RateLimiter
from tests.clock import StillClock

ADA = (1, 1)


async def test_no_minute_holds_more_than_is_allowed(clock: StillClock) -> None:
    limiter = RateLimiter(clock, 3)
    verdicts = []
    for _ in range(8):
        verdicts.append(limiter.judge(ADA))
        await clock.advance(seconds=10)
    assert verdicts == ["go", "go", "go", "tell", "silence", "silence", "go", "go"]
    assert limiter.judge((2, 2)) == "go"


async def test_who_is_quiet_is_forgotten(clock: StillClock) -> None:
    limiter = RateLimiter(clock, 1)
    for who in range(1_000):
        limiter.judge((who, who))
    await clock.advance(seconds=61)
    for who in range(1_000, 2_000):
        limiter.judge((who, who))
    assert len(limiter) == 1_000


async def test_who_is_still_counted_is_not_forgotten(clock: StillClock) -> None:
    limiter = RateLimiter(clock, 1)
    for who in range(100):
        limiter.judge((who, who))
    assert limiter.judge((0, 0)) == "tell"
    assert limiter.judge((0, 0)) == "silence"


async def test_stand_in_of_many_groups_is_counted_in_each(clock: StillClock) -> None:
    limiter = RateLimiter(clock, 1)
    assert [limiter.judge((chat, 1087968824)) for chat in (-1, -1, -2)] == ["go", "tell", "go"]


class Looked(dict[object, object]):
    """A table that counts how many entries are looked at one after another."""

    looks = 0

    def items(self) -> Iterator[tuple[object, object]]:  # type: ignore[override]  # only iterated over
        for item in super().items():
            Looked.looks += 1
            yield item


def test_many_people_in_a_minute_cost_no_more_each(clock: StillClock) -> None:
    limiter = RateLimiter(clock, 1)
    limiter._asked = Looked()  # type: ignore[assignment]  # it counts
    Looked.looks = 0
    for who in range(20_000):
        limiter.judge((who, who))
    assert Looked.looks <= 2 * 20_000
