"""Whether the bot is alive: who stands still is started anew, and the record says what is wrong."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from bot.cli import main
from bot.clock import Heartbeat, SystemClock
from bot.errors import HealthError
from bot.health import (
    CHECK_INTERVAL,
    MAX_RECORD_AGE,
    MAX_RESTARTS,
    RECORD,
    Probe,
    Standby,
    Symptom,
    Watchdog,
    check_record,
    standby_in,
    write_record,
)
from bot.loop_lag import LoopLag
from tests.clock import NOON, StillClock


class Machine:
    """Something that is watched, and how often it was started anew."""

    def __init__(self, clock: StillClock, *, patience: int = 3) -> None:
        self.clock = clock
        self.heartbeat = Heartbeat(clock)
        self.starts = 0
        self.watched = Probe(
            name="it", heartbeat=self.heartbeat, patience=CHECK_INTERVAL * patience, restart=self.start
        )

    async def start(self) -> None:
        self.starts += 1
        raise OSError("a restart that fails is one that came to nothing")


async def looks(clock: StillClock, times: int) -> None:
    for _ in range(times):
        await clock.advance(seconds=CHECK_INTERVAL.total_seconds())


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / RECORD


async def test_what_runs_is_left_alone_and_the_record_is_fresh(clock: StillClock, record: Path) -> None:
    machine = Machine(clock)
    task = asyncio.create_task(Watchdog(clock, record, [machine.watched], lambda: 0.0).run())
    for _ in range(20):
        machine.heartbeat.beat()
        await looks(clock, 1)
        check_record(record)
    assert machine.starts == 0
    task.cancel()


async def test_what_stands_still_is_started_anew_and_named(clock: StillClock, record: Path) -> None:
    machine = Machine(clock)
    task = asyncio.create_task(Watchdog(clock, record, [machine.watched], lambda: 0.0).run())
    await looks(clock, 4)
    assert machine.starts == 1
    with pytest.raises(HealthError) as found:
        check_record(record)
    assert (found.value.key, found.value.values) == ("error.unhealthy", {"names": "it"})
    await looks(clock, 3)
    assert machine.starts == 1  # it is given time
    machine.heartbeat.beat()
    await looks(clock, 1)
    check_record(record)
    for number in range(2, MAX_RESTARTS + 1):  # it runs in between: no end is near
        await looks(clock, 4)
        assert machine.starts == number
        machine.heartbeat.beat()
        await looks(clock, 1)
    await looks(clock, 4)
    assert machine.starts == MAX_RESTARTS + 1
    task.cancel()


async def test_what_cannot_be_started_anew_ends_the_process(clock: StillClock, record: Path) -> None:
    machine = Machine(clock)
    task = asyncio.create_task(Watchdog(clock, record, [machine.watched], lambda: 0.0).run())
    await looks(clock, 4 * (MAX_RESTARTS + 1))
    assert machine.starts == MAX_RESTARTS
    with pytest.raises(HealthError) as ended:
        await task
    assert ended.value.key == "error.stale"


async def test_what_runs_but_fails_is_named_and_not_started_anew(clock: StillClock, record: Path) -> None:
    machine = Machine(clock)
    task = asyncio.create_task(Watchdog(clock, record, [machine.watched], lambda: 0.0).run())
    for _ in range(40):
        machine.heartbeat.beat(well=False)
        await looks(clock, 1)
    assert machine.starts == 0
    with pytest.raises(HealthError):
        check_record(record)
    task.cancel()


async def test_record_that_cannot_be_written_stops_nothing(
    clock: StillClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    machine = Machine(clock)
    task = asyncio.create_task(
        Watchdog(clock, tmp_path / "nowhere" / RECORD, [machine.watched], lambda: 0.0).run()
    )
    await looks(clock, 2)
    assert not task.done()
    assert "cannot be written" in caplog.text
    task.cancel()


def test_record_that_is_missing_old_or_no_record_is_not_well(record: Path) -> None:
    with pytest.raises(HealthError, match="no_health"):
        check_record(record)
    record.write_text('{"stale": [], "lag_ms": 7}')
    assert check_record(record) == 7
    for age in (
        -MAX_RECORD_AGE.total_seconds() - 9,
        MAX_RECORD_AGE.total_seconds() + 9,
    ):  # the clock may have been set back
        os.utime(record, times=(SystemClock().now().timestamp() - age,) * 2)
        with pytest.raises(HealthError, match="old_health"):
            check_record(record)
    record.write_text("[]")
    with pytest.raises(HealthError, match="no_health"):
        check_record(record)


def test_command_tells_a_supervisor(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(record.parent)
    monkeypatch.setenv("DATA_DIR", str(record.parent))
    assert main(["health"]) == 1
    record.write_text('{"stale": [], "lag_ms": 7}')
    assert main(["health"]) == 0
    assert capsys.readouterr().out == "healthy; of late, the event loop was 7 ms behind at most\n"


def test_command_says_that_a_process_stands_by(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(record.parent)
    monkeypatch.setenv("DATA_DIR", str(record.parent))
    write_record(record, (), 0, SystemClock().now(), Standby("elsewhere (7)", NOON))
    assert main(["health"]) == 0
    assert (
        capsys.readouterr().out
        == f"healthy; standing by since {NOON:%Y-%m-%d %H:%M} UTC, elsewhere (7) leads\n"
    )
    write_record(record, (), 0, SystemClock().now())
    assert standby_in(record) is None


async def test_event_loop_that_is_late_is_named(clock: StillClock, record: Path) -> None:
    lags = iter([6.0, 0.2])
    task = asyncio.create_task(Watchdog(clock, record, [], lambda: next(lags, 0.0)).run())
    await looks(clock, 1)
    with pytest.raises(HealthError) as found:
        check_record(record)
    assert found.value.values == {"names": "the event loop"}
    await looks(clock, 1)
    assert check_record(record) == 200
    task.cancel()


async def test_lag_is_what_a_blocking_call_took_and_is_told_once() -> None:
    lag, clock = LoopLag(), SystemClock()
    await clock.sleep(0.06)
    lag.take_worst()
    time.sleep(0.2)  # noqa: TID251, ASYNC251  # this is what must not happen
    await clock.sleep(0.01)
    assert lag.take_worst() >= 0.14
    await clock.sleep(0.06)
    assert lag.take_worst() < 0.14
    lag.stop()


async def test_symptom_is_named_whatever_the_parts_say(clock: StillClock, record: Path) -> None:
    shown: list[bool | OSError] = [False, True, OSError("the database is away"), False]

    async def shows() -> bool:
        answer = shown.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    symptom = Symptom(name="nothing leaves", shows=shows)
    task = asyncio.create_task(Watchdog(clock, record, [], lambda: 0.0, [symptom]).run())
    await clock.settle()
    check_record(record)
    for _ in range(2):
        await looks(clock, 1)
        with pytest.raises(HealthError) as found:
            check_record(record)
        assert found.value.values == {"names": "nothing leaves"}
    await looks(clock, 1)
    check_record(record)
    task.cancel()
