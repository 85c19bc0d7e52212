"""What /editors shows owners: who edits, and how many invitations are open."""

from collections.abc import Mapping
from typing import Final

from bot.actions.staff import DismissEditor, InviteEditor, RevokeInvitations
from bot.i18n import Translator
from bot.message.callback import button
from bot.message.formatted_text import plain_message
from bot.message.labels import named
from bot.message.model import Button, ButtonRow, Message

_MAX_LISTED: Final = 50
"""Editors in a list: a keyboard has room for a hundred buttons."""


def listed(appointed: Mapping[int, str], invitations: int, tr: Translator) -> Message:
    """List editors by user id and name, each with a button that dismisses them."""
    shown = list(appointed.items())[:_MAX_LISTED]
    lines = [tr("editors.list", count=len(appointed)) if appointed else tr("editors.none")]
    lines += [f"· {named(name, user)}" for user, name in shown]
    rows: list[ButtonRow] = [(_dismiss(name, user, tr),) for user, name in shown]
    rows.append((button(tr("editors.button_invite"), InviteEditor(), in_new_message=True),))
    if invitations:
        lines += ["", tr("editors.links", count=invitations)]
        rows.append((button(tr("editors.button_revoke"), RevokeInvitations()),))
    return plain_message("\n".join(lines), *rows)


def appointed(name: str, user: int, tr: Translator) -> Message:
    """Tell an owner of a new editor: whoever has the link becomes one, wanted or not."""
    text = tr("editors.appointed", name=named(name, user))
    return plain_message(text, (_dismiss(name, user, tr),))


def _dismiss(name: str, user: int, tr: Translator) -> Button:
    return button(tr("editors.button_dismiss", name=named(name, user)), DismissEditor(user))
