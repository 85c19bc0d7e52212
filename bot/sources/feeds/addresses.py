"""Where feeds are read that have no address of their own. Pure."""

import re
from typing import Final

_CHANNEL: Final = re.compile(r"https?://(?:t|telegram)\.(?:me|dog)/(?:s/)?([A-Za-z]\w{3,31})/?")


def channel_page(address: str) -> str | None:
    """Return the page on which a public channel shows its posts; None for any other address."""
    match = _CHANNEL.fullmatch(address)
    return f"https://t.me/s/{match[1]}" if match else None


def feed_address(address: str) -> str:
    """Return where a feed is read: the posts of a public channel on the page that shows them."""
    return channel_page(address) or address
