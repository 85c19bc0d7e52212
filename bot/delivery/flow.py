"""How much is claimed, and how many senders run: as little as keeps the rate. Pure.

What is claimed and has not left is unclear after a crash, and its readers get nothing that day.
"""

import math
from typing import Final

AHEAD_S: Final = 0.05
"""Seconds ahead of its turn that a row is claimed, where claiming itself takes no time."""

CLAIMS_AHEAD: Final = 4
"""How many claims' time is added: half of what is held lasts for two, so that outcomes get their turn."""

MAX_AHEAD_S: Final = 1.0
"""The same on a disk that is slow."""

MAX_CLAIMED: Final = 128
"""Rows that are claimed at a time."""

MAX_SENDING: Final = 256
"""Rows that may be claimed and not yet written down: so many are unclear after a crash at most."""

MIN_SENDERS: Final = 64
"""Messages on their way at least; more when the rate and the server's latency ask for it."""

_CLAIMS: Final = 8
_ANSWERS: Final = 64
"""Over so many values durations are averaged, so that one slow answer changes little."""


class Flow:
    """Knows how long claims and answers take of late, for a rate of so many messages a second."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._claim_s = 0.0
        self._answer_s = 0.0
        self._batch = self._claimable()

    def claimed(self, seconds: float) -> None:
        """Note how long a claim took."""
        # A slow one is believed at once, since too late a claim costs the rate, and forgotten after some.
        self._claim_s = max(seconds, self._claim_s + (seconds - self._claim_s) / _CLAIMS)
        self._batch = self._claimable()

    def answered(self, seconds: float) -> None:
        """Note how long the server took for an answer."""
        self._answer_s += (seconds - self._answer_s) / _ANSWERS

    def _claimable(self) -> int:
        ahead = min(AHEAD_S + CLAIMS_AHEAD * self._claim_s, MAX_AHEAD_S)
        return max(1, min(MAX_CLAIMED, int(self._rate * ahead)))

    def room(self, waiting: int, sending: int) -> int:
        """Return how many rows to claim now: `waiting` have not left, `sending` are not written down.

        None until half of what was claimed has left, so that claims, each a transaction, are few.
        """
        if waiting > self._batch // 2:
            return 0
        return min(self._batch - waiting, MAX_SENDING - sending)

    def senders(self, sending: int) -> int:
        """Return how many senders the rate and the latency ask for, and there is work for."""
        # Little's law: messages in flight = rate x latency; twice that, so that none is idle by chance.
        useful = math.ceil(self._rate * self._answer_s * 2)
        return min(sending, max(MIN_SENDERS, min(useful, MAX_SENDING)))
