"""What several features do with drafts: show one as whoever looks at it should see it."""

from bot.editing.model import Proposal
from bot.message.model import Message
from bot.tg.request import Request
from bot.views import drafts as views


async def desk_of(request: Request) -> views.Desk:
    """Return through whose eyes drafts are seen."""
    return views.Desk(
        viewer=request.user,
        zone=request.reader.subscription.zone or "UTC",
        now=request.now,
        people=await request.services.people.names(),
    )


async def draft_message(request: Request, found: Proposal) -> Message:
    """Return a draft, with who else has it open, and when it is published."""
    return views.opened(found, await desk_of(request), request.tr)
