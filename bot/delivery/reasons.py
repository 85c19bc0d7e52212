"""Why a delivery stands where it stands: closed types, each value with a text in every language."""

from typing import Final, Literal, get_args

from bot.reader.model import SUSPENSIONS, Suspension

Trouble = Literal[
    "unreachable", "no_answer", "connection_lost", "unreadable", "server_error", "token_refused", "stopped",
    "fault",
]  # fmt: skip
"""Why no answer of Telegram's came to a request (`status.reason_…`).

It never left (`unreachable`), none came in time, the connection was lost, what came was none, Telegram met an
error, the token is wrong, this program was stopped meanwhile, or it has a fault.
"""

_Excluded = Literal[
    "late", "merged", "superseded", "nothing_new", "unsubscribed", "suspended", "paused", "restored",
    "slot_used", "cancelled", "forgotten", "denied", "unreachable", "token_refused",
]  # fmt: skip
Exclusion = Suspension | _Excluded
"""Why something was not sent, or surely did not arrive (`why.reason_…`); `denied` is Telegram's own word."""

Delay = Literal["throttled", "postponed", "put_back", "moved", "not_arrived"]
"""Why it waits.

Telegram asked, no turn was free, delivery stopped before its turn, its chat has a new id, or it was found out
that it had not arrived.
"""

Reason = Exclusion | Trouble | Delay | Literal["refused", "keeps_moving", "program_ended"]
"""Also: Telegram refused it for good, its chat kept moving, or the program ended while it was sent."""

DOUBTFUL: Final[frozenset[Reason]] = frozenset(
    {"no_answer", "connection_lost", "unreadable", "server_error", "stopped", "program_ended"}
)
"""Why something is uncertain of which it can be found out whether it arrived; not for faults of our own."""

TROUBLES: Final[tuple[Trouble, ...]] = get_args(Trouble)
EXCLUSIONS: Final[tuple[Exclusion, ...]] = (*SUSPENSIONS, *get_args(_Excluded))
