"""Time zones by every name that people use: IANA names, and cities in the languages of the catalogue."""

from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.i18n.catalogue import cities, representative_zones

_NICKNAMES: Final = {
    "Asia/Shanghai": "beijing peking china shenzhen guangzhou hangzhou chengdu "
    "北京 深圳 广州 杭州 成都 南京 武汉 中国",
    "Asia/Hong_Kong": "hk 香港",
    "Asia/Taipei": "taiwan 台灣 台湾 臺北",
    "Asia/Kolkata": "india delhi mumbai bangalore bengaluru",
    "America/New_York": "nyc boston washington",
    "America/Los_Angeles": "la sf sanfrancisco seattle 旧金山 西雅图",
    "Europe/London": "uk england",
    "UTC": "utc gmt z",
}
"""What the Unicode data have no city for."""

_CLOCKS: Final = {
    word: tuple(zones.split())
    for words, zones in {
        "et est edt": "America/New_York America/Toronto",
        "ct cst cdt": "America/Chicago Asia/Shanghai America/Mexico_City",
        "mt mst mdt": "America/Denver America/Phoenix America/Edmonton",
        "pt pst pdt": "America/Los_Angeles America/Vancouver",
        "ast adt": "America/Halifax America/Puerto_Rico Asia/Riyadh",
        "akst akdt": "America/Anchorage",
        "bst": "Europe/London Asia/Dhaka",
        "ist": "Asia/Kolkata Europe/Dublin Asia/Jerusalem",
        "cest": "Europe/Berlin Europe/Paris Europe/Madrid",
        "eest": "Europe/Athens Europe/Kiev Europe/Helsinki",
        "west": "Europe/Lisbon Atlantic/Canary",
        "msk": "Europe/Moscow",
        "aest aedt": "Australia/Sydney Australia/Brisbane Australia/Melbourne",
        "acst": "Australia/Adelaide Australia/Darwin",
        "awst": "Australia/Perth",
        "nzst nzdt": "Pacific/Auckland",
    }.items()
    for word in words.split()
}
"""Names of clocks, some without summer time, some of two places: only a city tells which is meant."""

_MIN_SIMILARITY: Final = 0.8
"""How much of a name must be right (difflib's ratio)."""

_NO_ZONES: Final = ("Etc/", "posix/", "right/", "SystemV/", "US/", "posixrules", "localtime", "Factory")


@cache
def zones_by_name() -> dict[str, str]:
    """Return IANA zones under every name, folded."""
    names: dict[str, str] = {}
    every = available_timezones()
    real = sorted(zone for zone in every if not zone.startswith(_NO_ZONES))
    for zone in real:
        names.setdefault(folded(zone.rpartition("/")[2]), zone)
    names |= {folded(city): zone for city, zone in cities().items() if zone in every}
    names |= {folded(zone): zone for zone in real}
    for zone, words in _NICKNAMES.items():
        names |= {folded(word): zone for word in words.split()}
    return names


@cache
def _by_weight() -> tuple[str, ...]:
    """Return every zone with a city, those first that stand for others."""
    known = representative_zones() & available_timezones()
    others = set(cities().values()) & set(zones_by_name().values())
    return (*sorted(zone for zone in known if "/" in zone), *sorted(others - known))


def is_zone(zone: str) -> bool:
    """Return whether a reader can be in it: one that has a name here, or a fixed distance from UTC."""
    if zone.startswith("Etc/GMT"):
        return zone in available_timezones()
    return zone in zones_by_name().values()


def zones_at(offset: timedelta, now: datetime) -> list[str]:
    """Return the zones whose clocks are that far ahead of UTC now, the better known ones first."""
    return [zone for zone in _by_weight() if now.astimezone(ZoneInfo(zone)).utcoffset() == offset]


def is_clock(word: str) -> bool:
    """Return whether a word names a clock, such as EST, and no place."""
    return word.casefold() in _CLOCKS


def near(name: str, most: int = 3) -> list[str]:
    """Return zones whose name is nearly this one, or where a clock of this name is; the nearest first."""
    if is_clock(name):
        return [zone for zone in _CLOCKS[name.casefold()] if zone in available_timezones()][:most]
    names = zones_by_name()
    close = get_close_matches(folded(name), names, n=most * 2, cutoff=_MIN_SIMILARITY)
    return list(dict.fromkeys(names[each] for each in close))[:most]


def folded(name: str) -> str:
    """Return a name as it is compared: `New York`, `new_york` and `NEWYORK` are one."""
    return "".join(char for char in name.casefold() if char not in " _-’'.")
