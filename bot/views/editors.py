"""What /editors shows owners: who edits, and how many invitations are open."""

from collections.abc import Mapping
from typing import Final

from bot.actions.staff import DismissEditor, InviteEditor, RevokeInvitations
from bot.i18n import Say
from bot.message.callback import button
from bot.message.labels import named
from bot.message.model import Button, Message, Row
from bot.message.rich import plain_message

_MAX_LISTED: Final = 50
"""Editors in a list: a keyboard has room for a hundred buttons."""


def listed(appointed: Mapping[int, str], invitations: int, say: Say) -> Message:
    """List editors by user id and name, each with a button that dismisses them."""
    shown = list(appointed.items())[:_MAX_LISTED]
    lines = [say("editors.list", count=len(appointed))]
    lines += [f"· {named(name, user)}" for user, name in shown]
    rows: list[Row] = [(_dismiss(name, user, say),) for user, name in shown]
    rows.append((button(say("editors.button_invite"), InviteEditor(), in_new_message=True),))
    if invitations:
        lines += ["", say("editors.links", count=invitations)]
        rows.append((button(say("editors.button_revoke"), RevokeInvitations()),))
    return plain_message("\n".join(lines), *rows)


def appointed(name: str, user: int, say: Say) -> Message:
    """Tell an owner of a new editor: whoever has the link becomes one, wanted or not."""
    text = say("editors.appointed", name=named(name, user))
    return plain_message(text, (_dismiss(name, user, say),))


def _dismiss(name: str, user: int, say: Say) -> Button:
    return button(say("editors.button_dismiss", name=named(name, user)), DismissEditor(user))
