"""Links that editors send: a message that is one or some, and the buttons of what is being read."""

from bot.actions.staff import CancelLinks, ReadLinkAgain
from bot.message.formatted_text import plain_message
from bot.tg.links import links_in, read_links
from bot.tg.request import Request
from bot.tg.routes import TEXT, Route, message, pressed


async def take_links(request: Request) -> bool:
    """Take a message that is one or some links from somebody who edits."""
    sent = request.message
    addresses = links_in(sent) if sent is not None else ()
    if not addresses or not await request.belongs_to("editor"):
        return False
    await request.await_words(None)
    await read_links(request, addresses)
    return True


async def read_again(request: Request, action: ReadLinkAgain) -> str | None:
    """Read a page that is here already."""
    if not await request.services.links.ask_again(action.link, editor=request.user):
        return request.tr("editing.decided")
    return None


async def cancel_links(request: Request, _: CancelLinks) -> str | None:
    """Stop reading pages."""
    if not await request.services.links.cancel(request.user):
        return request.tr("editing.decided")
    await request.show(plain_message(request.tr("links.cancelled")))
    return None


ROUTES: list[Route] = [
    pressed(ReadLinkAgain, read_again, audience="editor"),
    pressed(CancelLinks, cancel_links, audience="editor"),
    message(TEXT, take_links),
]
