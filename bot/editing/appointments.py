"""Publish drafts at the times that editors have set.

A time is a column of its draft, and the draft ends in the transaction that makes its article. So whatever
happens to the process, a draft is published once, and what was due while nothing ran at the next start.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.editing.editor import Editor
from bot.editing.model import Appointment, Draft, Proposal, PublishAs, Published
from bot.editing.stores import DraftStore
from bot.errors import ArticleError, RightLost, StoreError

log = logging.getLogger(__name__)

TellOfAppointment = Callable[[Draft, Appointment, Published | ArticleError | RightLost], Awaitable[None]]
"""Tells the editor who set the time what became of it."""


class Appointments:
    """When drafts are to be published."""

    def __init__(self, *, store: DraftStore, editor: Editor, tell: TellOfAppointment, clock: Clock) -> None:
        self._store = store
        self._editor = editor
        self._tell = tell
        self._clock = clock

    async def make(self, found: Proposal, at: datetime, *, by: int) -> Appointment | None:
        """Have a draft published then, as its first button would do it; None when it is gone."""
        made = Appointment(at, by, publish_as(found))
        return made if await self._store.appoint(found.draft, made) else None

    async def cancel(self, draft: int) -> bool:
        """Let a draft wait for a decision again; False when it is gone."""
        return await self._store.appoint(draft, None)

    async def tick(self) -> None:
        """Publish what is due. What cannot be published waits for a decision, and its editor is told."""
        for draft in await self._store.due(self._clock.now()):
            if draft.appointment is not None:
                await self._publish(draft, draft.appointment)

    async def _publish(self, draft: Draft, appointment: Appointment) -> None:
        outcome: Published | ArticleError | RightLost | None
        try:
            outcome = await self._editor.publish(
                draft.id,
                editor=appointment.by,
                replacing=appointment.publish_as == "replacement",
                quiet=appointment.publish_as == "quiet",
                appointment=appointment,
            )
        except StoreError:
            raise
        except Exception as error:
            # Whatever it is: digests are planned after this, and must not wait for one draft.
            log.exception("The draft %d could not be published at its time.", draft.id)
            await self._store.appoint(draft.id, None)
            outcome = ArticleError("error.fault", file="", name=type(error).__name__)
            if isinstance(error, ArticleError | RightLost):
                outcome = error
        # None: another editor has published or discarded it in this very moment.
        if outcome is not None:
            await self._tell(draft, appointment, outcome)


def publish_as(found: Proposal) -> PublishAs:
    """Return how the first button below a draft publishes it."""
    if found.replaces is not None or found.origin.kind == "folder":
        return "replacement"
    return "quiet" if found.is_old else "news"
