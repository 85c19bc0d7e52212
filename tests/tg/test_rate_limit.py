"""How much one person may ask in a minute."""

from bot.tg import rate_limit
from bot.tg.rate_limit import RateLimiter
from tests.clock import StillClock


async def test_no_minute_holds_more_than_is_allowed(clock: StillClock) -> None:
    limiter = RateLimiter(clock, 3)
    verdicts = []
    for _ in range(8):
        verdicts.append(limiter.judge(1))
        await clock.advance(seconds=10)
    assert verdicts == ["go", "go", "go", "tell", "silence", "silence", "go", "go"]
    assert limiter.judge(2) == "go"


async def test_who_is_quiet_is_forgotten(clock: StillClock) -> None:
    limiter = RateLimiter(clock, 1)
    for who in range(rate_limit._REMEMBERED + 1):
        limiter.judge(who)
    await clock.advance(seconds=61)
    limiter.judge(-1)
    assert len(limiter._asked) == 1
