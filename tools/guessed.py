"""How many questions a settlement asks: `python -m tools.guessed`, in seconds, without a bot or a server.

5,000 messages leave at 1,000 a second. A tenth is cut off, half of it before Telegram has it, which then comes late or
never; twenty kills leave what was claimed, of which most never left. Whoever changes `bot/settling/guesses.py` sees here
what it costs; `tools.settled` is the judge, and takes an hour.
"""

import asyncio
import contextlib
import random  # noqa: TID251  # a seed makes it repeatable
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.clock import SystemClock
from bot.delivery.model import DeliveryId
from bot.settling.guesses import by_leaving
from bot.settling.matching import Matching
from bot.settling.model import Doubt, Left, unexplained
from bot.settling.settlement import MAX_PROBES, TooMuchAsked

_MESSAGES: Final = 5_000
_RATE: Final = 1_000
_CLAIMED: Final = 100
"""Messages that are claimed at once."""

_TOGETHER: Final = 25
"""Messages that overtake others together."""

_FIRST_ID: Final = 1_000
_DOWN_S: Final = 3.0
"""Seconds from a kill until it sends again."""

_SEEDS: Final = range(1, 6)


@dataclass(frozen=True)
class Case:
    """What befalls the messages; `late` is None where what was cut off before never comes."""

    name: str
    kills: int = 0
    cut: float = 0
    late: float | None = None
    never: float = 0
    """Of those that come late, the share that never comes."""

    overtaking: float = 0
    """By how many seconds at most some messages together, on their connections, are faster than others."""

    strangers: int = 0
    """Ids that were given to what the bot never hears of."""


CASES: Final = (
    Case("kills", kills=20),
    Case("kills, overtaking by 60 ms", kills=20, overtaking=0.06),
    Case("a tenth cut", cut=0.1),
    Case("a tenth cut, 30 s late", cut=0.1, late=30),
    Case("both", kills=20, cut=0.1),
    Case("both, 5 s late", kills=20, cut=0.1, late=5),
    Case("both, 30 s late", kills=20, cut=0.1, late=30),
    Case("both, 30 s late or never", kills=20, cut=0.1, late=30, never=0.5),
    Case("both, 30 s late, 25 ids of strangers", kills=20, cut=0.1, late=30, strangers=25),
)


@dataclass
class SimulatedMessage:
    """A message: when it was claimed, accepted and answered, in seconds; None where it was not."""

    number: int
    claimed: float
    accepted: float | None = None
    answered: float | None = None
    crashed: bool = False
    id_: int = 0
    after: int = _FIRST_ID
    """The highest id that was known when it was claimed."""


def sent(case: Case, seed: int) -> list[SimulatedMessage]:
    """Send them all; those of strangers have the number 0."""
    draw = random.Random(seed)  # noqa: S311
    kills = set(draw.sample(range(200, _MESSAGES), case.kills))
    messages: list[SimulatedMessage] = []
    now = delay = 0.0
    for first in range(0, _MESSAGES, _CLAIMED):
        batch = [SimulatedMessage(number + 1, now) for number in range(first, first + _CLAIMED)]
        messages += batch
        killed = next((number for number in range(first, first + _CLAIMED) if number in kills), None)
        for place, message in enumerate(batch):
            if place % _TOGETHER == 0:
                delay = draw.uniform(0, case.overtaking)
            message.crashed = killed is not None and message.number > killed
            if not message.crashed:
                _leave(message, now + place / _RATE + delay, case, draw)
        if killed is None:
            now += _CLAIMED / _RATE
        else:
            now += (killed - first) / _RATE
            _lose_answers(messages[-2 * _CLAIMED :], now)
            now += _DOWN_S
    messages += [SimulatedMessage(0, 0, accepted=draw.uniform(0, now)) for _ in range(case.strangers)]
    _number(messages)
    return messages


def _leave(message: SimulatedMessage, at: float, case: Case, draw: random.Random) -> None:
    fate = draw.random()
    if fate < case.cut / 2:
        if case.late is not None and draw.random() >= case.never:
            message.accepted = at + case.late
        return
    message.accepted = at + draw.uniform(0.004, 0.012)
    if fate >= case.cut:
        message.answered = message.accepted + draw.uniform(0.004, 0.012)


def _lose_answers(messages: Sequence[SimulatedMessage], killed_at: float) -> None:
    """Nobody is there any more for an answer that comes after a kill."""
    for message in messages:
        if message.answered is not None and message.answered > killed_at:
            message.answered, message.crashed = None, True


def _number(messages: Sequence[SimulatedMessage]) -> None:
    """Give ids in the order in which they were accepted."""
    accepted = sorted(
        (each.accepted, place) for place, each in enumerate(messages) if each.accepted is not None
    )
    for id_, (_, place) in enumerate(accepted, _FIRST_ID + 1):
        messages[place].id_ = id_
    answers = sorted((each.answered, each.id_) for each in messages if each.answered is not None)
    highest, next_ = _FIRST_ID, 0
    for message in messages:
        while next_ < len(answers) and answers[next_][0] <= message.claimed:
            highest = max(highest, answers[next_][1])
            next_ += 1
        message.after = highest


@dataclass(frozen=True)
class Settled:
    """Questions asked, messages in doubt, and those of them whose fate was not found out."""

    questions: int
    doubts: int
    unclear: int


async def settled(messages: Sequence[SimulatedMessage]) -> Settled:
    """Look for those without an answer. RuntimeError when one is found where it is not."""
    ours = [each for each in messages if each.number]
    doubts = [
        Doubt(delivery=DeliveryId(each.number), chat=each.number, after=each.after, crashed=each.crashed)
        for each in ours
        if each.answered is None
    ]
    left = [
        Left(
            delivery=DeliveryId(each.number),
            after=each.after,
            message_id=None if each.answered is None else each.id_,
        )
        for each in sorted(ours, key=lambda each: (each.after, each.number))
    ]
    where = {each.id_: each.number for each in messages if each.accepted is not None}
    known = {each.id_ for each in ours if each.answered is not None}
    looked = defaultdict[DeliveryId, set[int]](set)
    asked, number = 0, len(doubts)

    async def is_there(chat: int, message_id: int) -> bool:
        nonlocal asked
        asked += 1
        if asked % MAX_PROBES == 0:
            raise TooMuchAsked
        await SystemClock().sleep(0)  # as others run while Telegram is asked
        return where.get(message_id) == chat

    async def note(delivery: DeliveryId, message_id: int) -> None:
        looked[delivery].add(message_id)

    while True:
        matching = Matching(
            doubts,
            unexplained(
                [(id_, id_) for id_ in sorted(known)],
                min(each.after for each in doubts),
                max(where) + 1,
                len(where),
            ),
            guesses=by_leaving(left),
            is_there=is_there,
            elsewhere=lambda _: (-1,),
            looked=looked,
            note=note,
            make_known=lambda *_: None,
        )
        with contextlib.suppress(TooMuchAsked):
            await matching.find()
            break
        doubts = matching.open  # the next settlement goes on from here
        known |= set(matching.arrived.values())
        _check(matching, where)
    _check(matching, where)
    unclear = sum(matching.absent(each) is None for each in matching.open)
    return Settled(asked, number, unclear)


def _check(matching: Matching, where: Mapping[int, int]) -> None:
    if any(where[id_] != delivery for delivery, id_ in matching.arrived.items()):
        raise RuntimeError("a message was found where it is not")


def lines() -> Iterator[str]:
    """Yield a line for each case: medians of some worlds."""
    yield f"{'':38}{'in doubt':>10}{'questions each':>16}{'unclear':>9}"
    for case in CASES:
        runs = [asyncio.run(settled(sent(case, seed))) for seed in _SEEDS]
        doubts = statistics.median(each.doubts for each in runs)
        each_ = statistics.median(each.questions / each.doubts for each in runs)
        unclear = statistics.median(each.unclear for each in runs)
        yield f"{case.name:38}{doubts:>10.0f}{each_:>16.1f}{unclear:>9.0f}"


if __name__ == "__main__":
    for line in lines():
        print(line)
