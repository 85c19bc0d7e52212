"""Telegram's own word in an answer: JSON with `ok`, and nothing else, is one.

A proxy's error page, an empty or a cut body say nothing about what became of a request. Numbers are taken
only within bounds, since they come from outside. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeGuard

MAX_ID: Final = 2**63 - 1
MAX_DESCRIPTION_CHARS: Final = 200
MAX_WAIT: Final = timedelta(hours=1)
"""The longest wait that is believed; the next attempt asks again."""

DEFAULT_WAIT: Final = timedelta(seconds=5)
"""The wait after a 429 that names none, or none that is one."""

_CODES: Final = range(400, 600)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The request was carried out; `result` is what it returned."""

    result: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """The request was not carried out, and why: the code, Telegram's words, what it says beside them."""

    code: int
    description: str
    wait: timedelta = DEFAULT_WAIT
    new_chat: int | None = None


def read_envelope(body: bytes) -> Accepted | Refusal | None:
    """Return what Telegram says in a body; None when it is not Telegram's."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    if data.get("ok") is True and "result" in data:
        return Accepted(data["result"])
    code = data.get("error_code")
    # `True` is an int in Python, so types are compared, not tested.
    if data.get("ok") is not False or type(code) is not int or code not in _CODES:
        return None
    parameters = data.get("parameters")
    return _refusal(code, data.get("description"), parameters if isinstance(parameters, dict) else {})


def is_id(value: object) -> TypeGuard[int]:
    """Return whether a value is a chat's or a message's id: a whole number that a database can hold."""
    return type(value) is int and -MAX_ID <= value <= MAX_ID and value != 0


def _refusal(code: int, description: object, parameters: Mapping[str, object]) -> Refusal:
    words = description if isinstance(description, str) else ""
    chat = parameters.get("migrate_to_chat_id")
    return Refusal(
        code=code,
        description=words[:MAX_DESCRIPTION_CHARS],
        wait=_wait(parameters.get("retry_after")),
        new_chat=chat if is_id(chat) else None,
    )


def _wait(seconds: object) -> timedelta:
    # A wait that cannot be read is short: the next answer will say it again.
    if type(seconds) is not int or seconds < 0:
        return DEFAULT_WAIT
    return timedelta(seconds=min(seconds, int(MAX_WAIT.total_seconds())))
