"""Texts by language and key: `digest.new` stands in `zh.yaml` under `digest`; a file is a language."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NewType

import yaml
from babel import Locale
from babel.core import get_global
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


@lru_cache(maxsize=1024)  # every digest names the days of the same few articles
def _date(day: date, pattern: str, locale: str) -> str:
    return str(format_date(day, pattern, locale=locale))


class Translator:
    """The texts of one language. `tr("digest.new", count=7)` fills the placeholders of that text."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = load(language)
        self._locale = Locale.parse(str(self._texts["language.locale"]))

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key`, in the plural form of `count`. KeyError for an unknown key."""
        text = self._texts[key]
        if isinstance(text, dict):
            count = values["count"]
            if not isinstance(count, int):
                raise TypeError(f"{key} chooses its form by a whole number")
            text = text.get(self._locale.plural_form(count), text["other"])
        return text.format(**values) if values else text

    def day(self, moment: date | datetime) -> str:
        """Return the day as a headline: 11月24日 星期二, Tuesday, 24 November."""
        return str(format_date(moment, self("language.day"), locale=self._locale))

    def short_day(self, moment: date | datetime) -> str:
        """Return the day within a line: 11月24日 周二, Tue 24 Nov."""
        return str(format_date(moment, self("language.short_day"), locale=self._locale))

    def full_day(self, day: date) -> str:
        """Return a day of any year: 2026年11月24日, 24 Nov 2026; on a phone, it stays on one line."""
        return _date(day, self("language.full_day"), str(self._locale)).replace(" ", "\u00a0")

    def clock(self, moment: time | datetime) -> str:
        """Return hours and minutes, 24 hours."""
        return f"{moment.hour:02}:{moment.minute:02}"

    @property
    def time_zones(self) -> dict[str, dict[str, str]]:
        """What this language calls the world's time zones (CLDR)."""
        return dict(self._locale.time_zones)

    def city(self, zone: str) -> str:
        """Return the city that a zone is named for: 上海, London."""
        named = self.time_zones.get(zone, {}).get("city")
        return named or zone.rpartition("/")[2].replace("_", " ")

    def weekday(self, number: int) -> str:
        """Return the short name of an ISO weekday (1 is Monday)."""
        return str(self._locale.days["format"]["abbreviated"][number - 1])

    def language_name(self, code: str) -> str:
        """Return the name of a language (ISO 639); its code where CLDR has none."""
        return str(self._locale.languages.get(code, code))

    def list(self, words: Iterable[str]) -> str:
        """Return words in a row, as the language joins them: 甲、乙和丙; a, b and c."""
        return str(format_list(list(words), locale=self._locale))


@cache
def translator(language: Language) -> Translator:
    """Return the texts of a language."""
    return Translator(language)


def language_of(code: str | None) -> Language:
    """Return the language to speak to a client that names `code` (IETF); English for what we do not speak."""
    spoken = Language((code or "").lower().replace("_", "-").split("-")[0])
    return spoken if spoken in LANGUAGES else ENGLISH


@cache
def cities() -> dict[str, str]:
    """Return IANA zones by the names of their cities, in every language of the catalogue."""
    return {
        str(zone["city"]): name
        for language in LANGUAGES
        for name, zone in translator(language).time_zones.items()
        if "city" in zone
    }


@cache
def representative_zones() -> frozenset[str]:
    """Return the IANA zones that stand for others of the same rules: those that Windows offers (CLDR)."""
    return frozenset(map(str, get_global("windows_zone_mapping").values()))


@cache
def load(language: Language) -> dict[str, Text]:
    """Return every text of a language under its full key, `group.key`."""
    groups = yaml.safe_load((files("bot.i18n") / f"{language}.yaml").read_text("utf-8"))
    return {
        f"{group}.{key}": text if isinstance(text, dict) else str(text)
        for group, texts in groups.items()
        for key, text in texts.items()
    }
