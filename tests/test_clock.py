"""The clock runs forward, and dice stay in their range."""

from datetime import UTC

from bot.clock import SystemClock, new_token, randbelow


async def test_system_clock_is_aware_and_waits() -> None:
    clock = SystemClock()
    start, before = clock.monotonic(), clock.now()
    await clock.sleep(0.01)
    await clock.sleep(-1)
    assert clock.monotonic() - start >= 0.009
    assert clock.now() >= before
    assert before.tzinfo is UTC


def test_tokens_differ_and_dice_stay_below_their_limit() -> None:
    assert new_token() != new_token()
    assert {randbelow(3) for _ in range(200)} == {0, 1, 2}
