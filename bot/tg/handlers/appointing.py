"""/editors: owners appoint editors by a link, and dismiss them."""

from datetime import timedelta
from typing import Final

from telegram import User
from telegram.helpers import create_deep_linked_url

from bot.actions import deep_links
from bot.actions.staff import DismissEditor, InviteEditor, RevokeInvitations
from bot.clock import new_token
from bot.i18n import translator
from bot.message.formatted_text import plain_message
from bot.message.model import Message
from bot.text import as_name
from bot.tg.menus import set_menu_of
from bot.tg.request import Request
from bot.tg.routes import Route, command, deep_link, pressed
from bot.views import editors as views

INVITATION_LIFE: Final = timedelta(days=7)
"""How long a link can be used."""


async def editors(request: Request) -> None:
    """Handle /editors: list who edits, and how many links are open."""
    await request.send(await _listed(request))


async def invite(request: Request, _: InviteEditor) -> None:
    """Make a link for one more editor."""
    word, now = new_token(), request.now
    await request.services.people.invite(word, now + INVITATION_LIFE, by=request.user, now=now)
    link = create_deep_linked_url(request.bot.username, deep_links.EDITOR + word)
    text = request.tr("editors.invite", days=INVITATION_LIFE.days)
    await request.show(plain_message(f"{text}\n{link}"))


async def dismiss(request: Request, action: DismissEditor) -> str:
    """Make an editor a reader again."""
    if not await request.services.people.dismiss(action.user, by=request.user, now=request.now):
        return request.tr("editors.dismissed_already")
    await request.show(await _listed(request))
    await set_menu_of(request.bot, action.user, "reader")
    return request.tr("editors.dismissed")


async def revoke(request: Request, _: RevokeInvitations) -> str:
    """Void the links that nobody has used."""
    revoked = await request.services.people.revoke(by=request.user, now=request.now)
    await request.show(await _listed(request))
    return request.tr("editors.revoked", count=revoked)


async def accept(request: Request) -> None:
    """Make whoever opened a link an editor."""
    user, people, tr = request.incoming.effective_user, request.services.people, request.tr
    word = request.words.removeprefix(deep_links.EDITOR)
    if user and await people.is_editor(user.id):
        await request.tell(tr("editors.already"))
    elif user and await people.accept(user.id, as_name(user.full_name), word, request.now):
        await request.tell(tr("editors.welcome"))
        await set_menu_of(request.bot, user.id, "editor")
        await _tell_owners(request, user)
    else:
        await request.tell(tr("editors.refused"))


async def _tell_owners(request: Request, user: User) -> None:
    """Let the owners hear of it: whoever has the link becomes an editor, wanted or not."""
    for owner in await request.services.people.owners():
        for reader in await request.services.readers.of_chat(owner):
            message = views.appointed(user.full_name, user.id, translator(reader.language))
            await request.services.notify(reader.id, f"appointed {user.id}", (message,))


async def _listed(request: Request) -> Message:
    people = request.services.people
    invitations = await people.invitations(request.now)
    return views.listed(await people.appointed(), invitations, request.tr)


ROUTES: list[Route] = [
    deep_link(deep_links.EDITOR, accept),
    command("editors", editors, audience="owner"),
    pressed(InviteEditor, invite, audience="owner"),
    pressed(DismissEditor, dismiss, audience="owner"),
    pressed(RevokeInvitations, revoke, audience="owner"),
]
