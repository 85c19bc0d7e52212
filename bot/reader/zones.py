"""Time zones by every name that people use: IANA names, and cities in the languages of the catalogue."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

from bot.i18n.catalogue import cities

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

_NO_ZONES: Final = ("Etc/", "posix/", "right/", "SystemV/", "US/", "posixrules", "localtime", "Factory")


@cache
def zones_by_name() -> dict[str, str]:
    """IANA zones under every name, folded."""
    names: dict[str, str] = {}
    every = available_timezones()
    real = sorted(zone for zone in every if not zone.startswith(_NO_ZONES))
    for zone in real:
        if "/" in zone:
            names.setdefault(folded(zone.rpartition("/")[2]), zone)
    names |= {folded(city): zone for city, zone in cities().items() if zone in every}
    names |= {folded(zone): zone for zone in real}
    for zone, words in _NICKNAMES.items():
        names |= {folded(word): zone for word in words.split()}
    return names


def folded(name: str) -> str:
    """A name as it is compared: `New York`, `new_york` and `NEWYORK` are one."""
    return "".join(char for char in name.casefold() if char not in " _-’'.")
