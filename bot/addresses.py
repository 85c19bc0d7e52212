"""What settings name: servers, proxies, databases, the address of a webhook. Pure."""

from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from bot.sources.guard import SOCKS

WEB: Final = frozenset({"http", "https"})

_TELEGRAMS_PORTS: Final = frozenset({None, 80, 88, 443, 8443})
"""The ports that Telegram posts to (https://core.telegram.org/bots/api#setwebhook)."""


def is_address(text: str, schemes: frozenset[str] = WEB) -> bool:
    """Return whether a text is an address by one of these schemes."""
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_hook(text: str) -> bool:
    """Return whether a Bot API server could post there; one's own takes http and any port, too."""
    if not (is_address(text) and text.isascii() and text.isprintable() and " " not in text):
        return False
    parts = urlsplit(text)
    return not (parts.query or parts.fragment or parts.username is not None)


def is_hook_of_telegram(text: str) -> bool:
    """Return whether Telegram itself posts there."""
    parts = urlsplit(text)
    return parts.scheme == "https" and parts.port in _TELEGRAMS_PORTS


def is_same_hook(one: str, other: str) -> bool:
    """Return whether two addresses of a webhook are the same: of a bare host, a slash may be added."""
    return one.rstrip("/") == other.rstrip("/")


def is_server(text: str) -> bool:
    """Return whether a text is the address of a PostgreSQL database."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"postgresql", "postgres"}


def is_usable(proxy: str) -> bool:
    """Return whether a proxy's name and password can be sent to it."""
    return urlsplit(proxy).scheme not in SOCKS or all(map(str.isascii, passwords(proxy)))


def passwords(address: str) -> frozenset[str]:
    """Return what an address holds of names and passwords, as it is written and as it is meant."""
    parts = urlsplit(address)
    user_info, at, _ = parts.netloc.rpartition("@")
    password = user_info.partition(":")[2]
    asked = parse_qs(parts.query).get("password", [])
    return frozenset(filter(None, {user_info if at else "", password, unquote(password), *asked}))
