"""Whether the server is as we believe, before a verdict counts; when one control fails, nothing is judged.

Telegram's manual promises none of it: that all private chats share one sequence of ids, that each new id is
higher, that a probe tells what is there from what is not. So it is looked at anew each time, on messages that
are known:

1. *order*: each of the last messages has a higher id than was known when it left, and no two have the same.
2. *there*: a known message is found in its chat.
3. *not there*: it is not found in other chats, nor is anything else that was found for somebody.
4. *rising*: what is sent now has a higher id than all that was known.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from bot.settling.model import Accepted, ControlFailed, IsThere, Mode

HISTORY: Final = 500
"""Messages whose order is looked at."""

MIN_HISTORY: Final[dict[Mode, int]] = {"auto": 20, "on": 3}
"""How many there must be at least."""

_MIN_CHATS: Final = 2
_WITNESSES: Final = 3
"""Messages, and other chats, that are asked at most."""


def is_long_enough(history: Sequence[Accepted], mode: Mode) -> bool:
    """Return whether there is enough of a history to trust it: messages, and chats."""
    return len(history) >= MIN_HISTORY[mode] and len({each.chat for each in history}) >= _MIN_CHATS


def check_order(history: Sequence[Accepted]) -> None:
    """Check that each message has an id of its own, higher than was known when it left. ControlFailed."""
    ids = {each.message_id for each in history}
    if len(ids) < len(history) or any(each.message_id <= each.after for each in history):
        raise ControlFailed("order")


async def check_probe(history: Sequence[Accepted], is_there: IsThere) -> None:
    """Check, by the newest messages first, that what is there is found, and elsewhere is not. ControlFailed.

    A reader may have deleted a message, so one of three that is found will do.
    """
    for each in history[:_WITNESSES]:
        if await is_there(each.chat, each.message_id):
            break
    else:
        raise ControlFailed("there")
    others = dict.fromkeys(other.chat for other in history if other.chat != each.chat)
    told = False
    for chat in list(others)[:_WITNESSES]:
        there = await is_there(chat, each.message_id)
        if there:
            raise ControlFailed("not_there")
        told |= there is False
    if not told:
        raise ControlFailed("not_there")


async def check_absence(chats: Iterable[int], message_id: int, is_there: IsThere) -> None:
    """Check that a message is not found in the first of other chats that tells. ControlFailed."""
    for chat in islice(chats, _WITNESSES):
        there = await is_there(chat, message_id)
        if there is False:
            return
        if there:
            break
    raise ControlFailed("not_there")


def check_rising(ceiling: int, highest: int) -> None:
    """Check that what was sent now has a higher id than all that was known. ControlFailed."""
    if ceiling <= highest:
        raise ControlFailed("rising")
