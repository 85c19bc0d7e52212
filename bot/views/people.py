"""Editors and owners by name, as others of them see it."""

from collections.abc import Mapping

from bot.i18n import Translator
from bot.message.labels import named

People = Mapping[int, str]
"""The names of editors and owners, by user id."""


def who(user: int | None, people: People, viewer: int, tr: Translator) -> str:
    """Return who somebody is: you, a name with its number, a number, or somebody who was forgotten."""
    if user == viewer:
        return tr("status.you")
    if user and (name := people.get(user)):
        return named(name, user)
    return str(user) if user else tr("status.somebody")
