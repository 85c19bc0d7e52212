"""PostgreSQL's errors in our words."""

from typing import Final

import asyncpg

from bot.errors import BotError, SearchStopped, StoreBusy, StoreDamaged, StoreError, StoreFull

AWAY: Final = "error.server_away"
"""What is said of a server that cannot be reached, or has ended the connection."""

_MISTAKES: Final = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.DataError,
    ValueError,  # what the driver raises of a value that a statement does not take
)

_NO_MISTAKES: Final = (asyncpg.InsufficientPrivilegeError, asyncpg.DuplicatePreparedStatementError)
"""Of these, what is the server's doing."""

_OURS: Final[tuple[tuple[type[Exception], type[BotError], str], ...]] = (
    (asyncpg.InvalidSQLStatementNameError, StoreError, "error.server_pooler"),
    (asyncpg.DuplicatePreparedStatementError, StoreError, "error.server_pooler"),
    (asyncpg.QueryCanceledError, SearchStopped, "error.search_stopped"),
    (asyncpg.InvalidAuthorizationSpecificationError, StoreError, "error.server_login"),
    (asyncpg.InvalidCatalogNameError, StoreError, "error.server_login"),
    (asyncpg.PostgresConnectionError, StoreError, AWAY),
    (asyncpg.OperatorInterventionError, StoreError, AWAY),
    (asyncpg.DiskFullError, StoreFull, "error.server_full"),
    (asyncpg.OutOfMemoryError, StoreFull, "error.server_full"),
    (asyncpg.ReadOnlySQLTransactionError, StoreBusy, "error.server_refuses"),
    (asyncpg.InsufficientPrivilegeError, StoreBusy, "error.server_refuses"),
    (asyncpg.DataCorruptedError, StoreDamaged, "error.server_damaged"),
    (asyncpg.IndexCorruptedError, StoreDamaged, "error.server_damaged"),
    (asyncpg.PostgresError, StoreError, "error.server"),
    (asyncpg.InterfaceError, StoreError, AWAY),  # of a connection that is closed
    (asyncpg.InternalClientError, StoreError, AWAY),  # of one that is just being closed by the server
    (OSError, StoreError, AWAY),  # a TimeoutError, too
)
"""Each kind of error, the more special ones first."""


ERRORS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver raises."""


def translated(error: Exception, server: str) -> Exception:
    """Return one of ERRORS as one of ours; `server` names the server, without a password.

    A broken constraint, and what the server cannot read, are mistakes of the program: they stay as they are.
    """
    if isinstance(error, _MISTAKES) and not isinstance(error, _NO_MISTAKES):
        return error
    ours, key = next((ours, key) for kind, ours, key in _OURS if isinstance(error, kind))
    return ours(key, server=server, reason=str(error).partition("\n")[0] or "no answer")
