"""Every text that people read, one file a language; plurals, dates and times."""

from bot.i18n.catalogue import LANGUAGES, Language, Translator, language_of, translator

__all__ = ["LANGUAGES", "Language", "Translator", "language_of", "translator"]
