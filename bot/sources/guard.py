"""Which addresses may be connected to: only those that anybody on the Internet can reach. Pure."""

import ipaddress
import socket
from typing import Any, Final
from urllib.parse import urlsplit

MAX_REDIRECTS: Final = 5

SOCKS: Final = frozenset({"socks5", "socks5h", "socks4"})
"""Schemes of SOCKS proxies. All of them resolve names on their side: where one is needed, nobody else can."""

_PORTS: Final = frozenset({80, 443, 8080, 8443})
_SCHEME_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Prefixes behind which a gateway reaches IPv4 addresses (RFC 6052, RFC 8215)."""
_COMPATIBLE: Final = ipaddress.ip_network("::/96")
"""IPv4 addresses as IPv6 once wrote them (RFC 4291, deprecated)."""
_TRANSLATED: Final = ipaddress.ip_network("::ffff:0:0:0/96")
"""IPv4-translated addresses (RFC 2765)."""
_SPECIAL: Final = tuple(
    map(
        ipaddress.ip_network,
        # Site-local (RFC 3879), protocol assignments and relays (RFC 6890, 7526), documentation (RFC 9637),
        # segment routing (RFC 9602), and where machines of Azure ask about themselves.
        ("fec0::/10", "192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "5f00::/16", "168.63.129.16/32"),
    )
)
"""What Python versions call global, and no page is at."""
_PRIVATE_NAMES: Final = (
    ".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".private", ".home.arpa",
    ".test", ".onion",
)  # fmt: skip
"""Names that are resolved within a network only (RFC 2606, 6761, 6762, 8375)."""


class AddressRefused(OSError):
    """A server may not be connected to; `str()` names it."""


def is_public(host: str) -> bool:
    """Return whether an IP address is one that anybody can reach, whichever way it is written."""
    try:
        # A scope names an interface of this machine.
        address = ipaddress.ip_address(host) if "%" not in host else None
    except ValueError:
        return False
    if address is None:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(str(inner))
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for; None when it stands for none."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in (*_NAT64, _COMPATIBLE, _TRANSLATED)):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def guarded_socket(info: tuple[Any, ...]) -> socket.socket:
    """Make the socket for a connection; AddressRefused when what its name was resolved to is not public."""
    family, kind, protocol, _, sockaddr = info
    if not is_public(str(sockaddr[0])):
        raise AddressRefused(f"{sockaddr[0]} is not an address on the Internet")
    return socket.socket(family, kind, protocol)


def why_refused(address: str) -> str | None:
    """Return why an address may not be asked for, if that tells by itself: a key of `fetch`; else None."""
    parts = urlsplit(address)
    if parts.scheme not in _SCHEME_PORTS or parts.username is not None or parts.password is not None:
        return "scheme"
    if (parts.port or _SCHEME_PORTS[parts.scheme]) not in _PORTS:
        return "port"
    host = (parts.hostname or "").rstrip(".").lower()
    if not host or (_is_numeric(host) and not is_public(host)) or f".{host}".endswith(_PRIVATE_NAMES):
        return "private"
    return None


def _is_numeric(host: str) -> bool:
    """Return whether a host is a number in one of the ways in which some programs read IP addresses."""
    if ":" in host:
        return True
    # `127.1`, `2130706433`, `0x7f.1` and `0177.0.0.1` are read by the C library, and are never names.
    last = host.rsplit(".", maxsplit=1)[-1]
    return last.isdigit() or last.startswith("0x")
