"""Every text that people read, one file a language; plurals, dates and times."""

from bot.i18n.catalogue import LANGUAGES, Language, Say, language_of, say_in

__all__ = ["LANGUAGES", "Language", "Say", "language_of", "say_in"]
