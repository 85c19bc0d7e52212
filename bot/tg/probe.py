"""One look at Telegram as the bot would see it: is the way open, is the token good, what may the bot do."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

from bot.config import Settings
from bot.sources.proxies import connector_for, named_in_requests
from bot.tg.envelope import MAX_DESCRIPTION_CHARS

_PATIENCE_S: Final = 10.0
_REFUSED: Final = frozenset({401, 404})


class NoAnswer(Exception):  # an answer of the probe
    """Telegram could not be asked; the words name no address."""


@dataclass(frozen=True, slots=True)
class TelegramProbe:
    """What Telegram says: the bot's own data (None: the token is refused), its webhook, and its clock.

    Of the webhook: its address, how many updates wait for it, and what Telegram met there last.
    """

    me: dict[str, Any] | None
    clock: datetime | None
    webhook: str = ""
    waiting: int = 0
    error: str = ""


async def probe(settings: Settings) -> TelegramProbe:
    """Ask Telegram about the bot of the settings, by their proxy. NoAnswer when there is no way to it."""
    if settings.bot_token is None:
        raise ValueError("there is no token to ask with")
    base = f"{settings.api}/bot{settings.bot_token.get_secret_value()}"
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    connector = connector_for(settings.proxy)
    try:
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            status, me, clock = await _asked(session, f"{base}/getMe", settings.proxy)
            if status in _REFUSED:
                return TelegramProbe(None, clock)
            _, hook, _ = await _asked(session, f"{base}/getWebhookInfo", settings.proxy)
    except TimeoutError as error:
        raise NoAnswer(f"no answer within {_PATIENCE_S:.0f} seconds") from error
    except aiohttp.ClientError as error:
        raise NoAnswer(_words(error)) from error
    waiting, trouble = hook.get("pending_update_count"), str(hook.get("last_error_message") or "")
    return TelegramProbe(
        me,
        clock,
        str(hook.get("url", "")),
        waiting if isinstance(waiting, int) else 0,
        trouble[:MAX_DESCRIPTION_CHARS],
    )


async def _asked(
    session: aiohttp.ClientSession, url: str, proxy: str | None
) -> tuple[int, dict[str, Any], datetime | None]:
    async with session.get(url, proxy=named_in_requests(proxy)) as response:
        body = await response.content.read(100_000)
        clock = _moment(response.headers.get("Date", ""))
    try:
        envelope = json.loads(body)
    except ValueError:
        envelope = None
    if not isinstance(envelope, dict) or "ok" not in envelope:
        raise NoAnswer(f"what answers (HTTP {response.status}) is not Telegram: a proxy or a portal, perhaps")
    result = envelope.get("result")
    return response.status, result if isinstance(result, dict) else {}, clock


def _moment(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, TypeError):
        return None


def _words(error: aiohttp.ClientError) -> str:
    match error:
        case aiohttp.ClientHttpProxyError(status=status):
            return f"the proxy answers with {status}"
        case aiohttp.ClientConnectorDNSError():
            return "its name cannot be resolved"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "its certificate is not accepted: is the clock right, or does something intercept?"
        case aiohttp.ClientConnectorError(os_error=OSError(strerror=str(reason))):
            return reason
        case _:
            return type(error).__name__
