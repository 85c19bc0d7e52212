"""What sites ask programs to leave alone (robots.txt, RFC 9309)."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from bot.clock import Clock
from bot.sources.fetch import NO_VERSION, PROGRAM_AGENT, Fetched, FetchError, Version

_VALID: Final = timedelta(days=1)
_MAX_SITES: Final = 500
_MAX_BYTES: Final = 500_000
_NOT_FOUND: Final = range(400, 500)


class FetchSince(Protocol):
    """Fetches a page as a program that comes again; the fetcher."""

    async def __call__(self, address: str, *, since: Version | None = None) -> Fetched:
        """Return what is at an address. FetchError, Unchanged."""


class Robots:
    """Knows what sites allow, each for a day."""

    def __init__(self, fetch: FetchSince, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._sites = OrderedDict[str, tuple[datetime, RobotFileParser]]()

    async def allows(self, address: str) -> bool:
        """Return whether a page may be read by a program that nobody watches."""
        parts = urlsplit(address)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._sites.get(site)
        if known is None or known[0] < self._clock.now():
            known = self._clock.now() + _VALID, await self._rules(site)
            self._sites[site] = known
            if len(self._sites) > _MAX_SITES:
                self._sites.popitem(last=False)
        return known[1].can_fetch(PROGRAM_AGENT, address)

    async def _rules(self, site: str) -> RobotFileParser:
        rules = RobotFileParser()
        try:
            fetched = await self._fetch(f"{site}/robots.txt", since=NO_VERSION)
        except FetchError as error:
            # Without such a file all is allowed; a site that cannot say so is left alone until it can.
            if error.values.get("status") in _NOT_FOUND:
                rules.parse([])
            else:
                rules.parse(["User-agent: *", "Disallow: /"])
            return rules
        rules.parse(fetched.data[:_MAX_BYTES].decode("utf-8", "replace").splitlines())
        return rules
