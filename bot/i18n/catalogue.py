"""Texts by language and key: `digest.new` stands in `zh.yaml` under `digest`; a file is a language."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Final, NewType

import yaml
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list

Language = NewType("Language", str)
"""The name of a catalogue: an IETF language, such as zh."""

LANGUAGES: Final = tuple(
    sorted(
        Language(file.name.removesuffix(".yaml"))
        for file in files("bot.i18n").iterdir()
        if file.name.endswith(".yaml")
    )
)
ENGLISH: Final = Language("en")

Text = str | dict[str, str]
"""A text, or its plural forms by their CLDR names."""


class Say:
    """One language's voice. `say("digest.new", count=7)` fills the placeholders of that text."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = load(language)
        self._locale = Locale.parse(str(self._texts["language.locale"]))

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`; a text with plural forms chooses by `count`. KeyError for an unknown key."""
        text = self._texts[key]
        if isinstance(text, dict):
            count = values["count"]
            if not isinstance(count, int):
                raise TypeError(f"{key} chooses its form by a whole number")
            text = text.get(self._locale.plural_form(count), text["other"])
        return text.format(**values) if values else text

    def day(self, moment: date | datetime) -> str:
        """The day as a headline: 11月24日 星期二, Tuesday, 24 November."""
        return str(format_date(moment, self("language.day"), locale=self._locale))

    def short_day(self, moment: date | datetime) -> str:
        """The day within a line: 11月24日（周二）, Tue 24 Nov."""
        return str(format_date(moment, self("language.short_day"), locale=self._locale))

    def clock(self, moment: time | datetime) -> str:
        """Hours and minutes, 24 hours."""
        return f"{moment.hour:02}:{moment.minute:02}"

    def list(self, words: Iterable[str]) -> str:
        """Words in a row, as the language joins them: 甲、乙和丙; a, b and c."""
        return str(format_list(list(words), locale=self._locale))


@cache
def say_in(language: Language) -> Say:
    """The voice of a language."""
    return Say(language)


def language_of(code: str | None) -> Language:
    """The language to speak to a client that names `code` (IETF); English for what we do not speak."""
    spoken = Language((code or "").lower().replace("_", "-").split("-")[0])
    return spoken if spoken in LANGUAGES else ENGLISH


@cache
def load(language: Language) -> dict[str, Text]:
    """Every text of a language under its full key, `group.key`."""
    groups = yaml.safe_load((files("bot.i18n") / f"{language}.yaml").read_text("utf-8"))
    return {
        f"{group}.{key}": text if isinstance(text, dict) else str(text)
        for group, texts in groups.items()
        for key, text in texts.items()
    }
