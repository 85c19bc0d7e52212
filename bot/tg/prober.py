"""Asks Telegram whether messages are there, seldom and after all replies; sends and deletes markers."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from bot.clock import Clock
from bot.settling.model import Unanswered
from bot.tg.envelope import Accepted, Refusal, is_id
from bot.tg.presence import METHOD, is_there, question

INTERVAL_S: Final = 0.2
"""Seconds between two requests, on average; one may follow another at once, as a deletion its marker."""

WAITS_S: Final = (1.0, 4.0, 15.0)
"""Seconds until it is asked again, where Telegram does not answer or asks to wait for less."""

MAX_WAIT: Final = timedelta(minutes=2)
"""Whoever is asked to wait for longer tries another time."""

_TOO_MANY: Final = 429
_SERVER: Final = 500
_REPLIES_S: Final = 0.2
_MAX_BEHIND_REPLIES_S: Final = 1.0
"""Seconds that a question waits behind replies: some may wait long, each for its own chat."""

MARKER: Final = "…"

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Accepted | Refusal | None]]


class Prober:
    """One request at a time."""

    def __init__(self, ask: Ask, *, replies_wait: Callable[[], bool], clock: Clock) -> None:
        self._ask = ask
        self._replies_wait = replies_wait
        self._clock = clock
        self._next = float("-inf")

    async def is_there(self, chat: int, message_id: int) -> bool | None:
        """Return whether a message is there; None where that chat does not tell. Unanswered."""
        return is_there(await self._answer(METHOD, question(chat, message_id)))

    async def send_marker(self, chat: int) -> int | bool:
        """Send a silent message; its id, False when it was refused, True when it may have arrived."""
        await self._turn()
        values = {"chat_id": chat, "text": MARKER, "disable_notification": True}
        match await self._ask("sendMessage", values):
            case Refusal(code=code) if code < _SERVER:
                return False
            case Accepted(result={"message_id": id_}) if is_id(id_) and id_ > 0:
                return int(id_)
            case _:
                return True

    async def delete_marker(self, chat: int, message_id: int) -> bool:
        """Delete a message; return whether it is gone, or Telegram does not let it go."""
        await self._turn()
        answer = await self._ask("deleteMessage", {"chat_id": chat, "message_id": message_id})
        return isinstance(answer, Accepted) or (
            isinstance(answer, Refusal) and answer.code not in {_TOO_MANY, *range(_SERVER, 600)}
        )

    async def _answer(self, method: str, values: Mapping[str, Any]) -> Accepted | Refusal:
        """Ask until there is an answer. Unanswered when there is none soon."""
        for wait in (*WAITS_S, None):
            await self._turn()
            answer = await self._ask(method, values)
            match answer:
                case Refusal(code=code, wait=told) if code == _TOO_MANY:
                    needed = told.total_seconds()
                case Refusal(code=code) if code >= _SERVER:
                    needed = 0.0
                case None:
                    needed = 0.0
                case _:
                    return answer
            if wait is None or needed > MAX_WAIT.total_seconds():
                break
            await self._clock.sleep(max(wait, needed))
        raise Unanswered

    async def _turn(self) -> None:
        """Wait for the next request's time, and while replies wait for theirs."""
        begun = self._clock.monotonic()
        while self._replies_wait() and self._clock.monotonic() - begun < _MAX_BEHIND_REPLIES_S:
            await self._clock.sleep(_REPLIES_S)
        await self._clock.sleep(self._next - self._clock.monotonic())
        self._next = max(self._next, self._clock.monotonic() - INTERVAL_S) + INTERVAL_S
