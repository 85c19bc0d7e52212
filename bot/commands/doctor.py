"""`doctor`: look at everything that the bot needs, and say of each fault how to mend it."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.addresses import is_same_hook
from bot.app.backups import EVERY, newest_backup
from bot.clock import Clock
from bot.commands.findings import Finding
from bot.commands.settling import try_settling
from bot.commands.terminal import Terminal
from bot.config import DATABASE, Settings, read_settings
from bot.db.beside import reading
from bot.db.ledger import LedgerStore
from bot.db.people import has_owner
from bot.db.sqlite.backup import checked
from bot.errors import BotError, ConfigError, HealthError, StoreError
from bot.health import RECORD, check_record, standby_in
from bot.i18n import Language, translator
from bot.invocation import command_name
from bot.pictures.painting import Painter
from bot.tg.probe import NoAnswer, TelegramProbe, probe

_MIN_FREE: Final = 500_000_000
"""Bytes that should be free: a copy of the database is made each day and before each change of its schema."""

_MAX_SKEW: Final = timedelta(seconds=30)
_LATE: Final = timedelta(hours=2)
_ZONES: Final = ("Asia/Shanghai", "Europe/London", "America/New_York")


async def doctor(clock: Clock, chats: tuple[int, int] | None = None) -> int:
    """Print each finding as it is made; 1 when something is bad.

    With two `chats`, try on them instead what it takes to find out whether a message arrived.
    """
    terminal, is_bad = Terminal.of(sys.stdout), False
    async for finding in _settling(chats, clock) if chats else _findings(clock):
        finding.show(terminal)
        is_bad |= finding.verdict == "bad"
    return int(is_bad)


async def _settling(chats: tuple[int, int], clock: Clock) -> AsyncIterator[Finding]:
    settings = read_settings()
    if settings.bot_token is None:
        raise ConfigError("error.no_token", bot=command_name())
    async for finding in try_settling(settings, chats, clock):
        yield finding


async def _findings(clock: Clock) -> AsyncIterator[Finding]:
    try:
        settings = read_settings()
    except ConfigError as error:
        yield Finding("bad", "settings", "not all are right", _told(error))
        return
    yield Finding("good", "settings", "read")
    for finding in (*_folder(settings), *_zones()):
        yield finding
    async for finding in _fonts():
        yield finding
    async for finding in _database(settings, clock):
        yield finding
    async for finding in _telegram(settings, clock):
        yield finding


def _folder(settings: Settings) -> Iterator[Finding]:
    data = settings.data_dir
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        fix = "Let the user who runs the bot write there, or choose another folder as DATA_DIR."
        yield Finding("bad", "data folder", f"{data} cannot be written: {error.strerror}", fix)
        return
    yield Finding("good", "data folder", str(data))
    if data.stat().st_mode & 0o077:
        yield Finding("odd", "its rights", "others can look into it", f"chmod 700 {data}")
    free = shutil.disk_usage(data).free
    size = (data / DATABASE).stat().st_size if (data / DATABASE).exists() else 0
    needed = max(_MIN_FREE, (settings.kept_backups + 2) * size if settings.backup_dir is None else 2 * size)
    if free < needed:
        fix = f"Make room: {needed // 1_000_000:,} MB are needed for the database and its copies."
        yield Finding("odd", "disk", f"{free // 1_000_000:,} MB are free", fix)
    else:
        yield Finding("good", "disk", f"{free // 1_000_000:,} MB are free")


def _zones() -> Iterator[Finding]:
    try:
        for zone in _ZONES:
            ZoneInfo(zone)
    except (OSError, ValueError, LookupError):
        yield Finding("bad", "time zones", "there is no zone data", "Install the package tzdata again.")
    else:
        yield Finding("good", "time zones", "known")


async def _fonts() -> AsyncIterator[Finding]:
    if await Painter().can_write("Aa读者"):
        yield Finding("good", "fonts", "known, Chinese ones too")
        return
    fix = (
        "Install one with Chinese characters: apt-get install fonts-wqy-microhei. Without it, /stats is text."
    )
    yield Finding("odd", "fonts", "none has both Latin and Chinese characters", fix)


async def _database(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    if isinstance(settings.store, Path) and not settings.store.exists():
        yield Finding("good", "database", "none yet; the first start makes it")
        return
    try:
        how = "on a server, with today's schema"
        if isinstance(settings.store, Path):
            found = await asyncio.to_thread(checked, settings.store)
            how = f"sound; {found.size:,} bytes, {found.readers:,} chats, {found.articles:,} articles"
        async with reading(settings.store) as connection:
            tally = await LedgerStore(connection).tally(None)
            is_owned = await has_owner(connection) or bool(settings.owner_ids)
    except StoreError as error:
        fix = f"Stop the bot and put a backup back: {command_name()} restore FILE."
        yield Finding("bad", "database", _told(error), "" if settings.store_url else fix)
        return
    yield Finding("good", "database", how)
    if not tally.is_balanced:
        yield Finding("bad", "ledger", "rows are missing", "Keep a copy of the database and report this.")
    if not is_owned:
        fix = "Open the link that a start prints, or set OWNER_IDS to your user id."
        yield Finding("odd", "owner", "nobody owns the bot yet", fix)
    if not settings.store_url:
        yield _backups(settings, clock.now())
    yield _process(settings.data_dir / RECORD)


def _backups(settings: Settings, now: datetime) -> Finding:
    if not settings.backups:
        return Finding("odd", "backups", "none are made", "Set BACKUPS to how many days you want to go back.")
    newest = newest_backup(settings.backup_folder)
    if newest is None or newest < now - EVERY - _LATE:
        age = "there is none" if newest is None else f"the newest is of {newest:%Y-%m-%d %H:%M} UTC"
        fix = f"The running bot makes one each day; one at once: {command_name()} backup PATH."
        return Finding("odd", "backups", age, fix)
    return Finding("good", "backups", f"the newest is of {newest:%Y-%m-%d %H:%M} UTC")


def _process(record: Path) -> Finding:
    if not record.exists():
        return Finding("good", "running bot", "has not run here yet")
    try:
        lag = check_record(record)
    except HealthError as error:
        fix = "If it should be running, look into its log, and start it under something that starts it again."
        return Finding("odd", "running bot", _told(error), fix)
    if waits := standby_in(record):
        how = f"standing by since {waits.since:%Y-%m-%d %H:%M} UTC; {waits.leader} leads"
        return Finding("good", "running bot", how)
    return Finding("good", "running bot", f"healthy, at most {lag} ms behind of late")


async def _telegram(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    if settings.bot_token is None:
        fix = (
            f"Get one from @BotFather: {command_name()} init, or BOT_TOKEN in .env. The chat page needs none."
        )
        yield Finding("odd", "token", "none is set", fix)
        return
    way = "by the proxy" if settings.proxy else "directly"
    try:
        found = await probe(settings)
    except NoAnswer as error:
        fix = (
            "Is the proxy of TELEGRAM_PROXY running, and does it let api.telegram.org through?"
            if settings.proxy
            else "Can this machine reach api.telegram.org? Where it is blocked, set TELEGRAM_PROXY."
        )
        yield Finding("bad", "Telegram", f"cannot be reached {way}: {error}", fix)
        return
    yield Finding("good", "Telegram", f"answers {way}")
    for finding in (*_clock(found, clock.now()), *_token(found), *_webhook(found, settings)):
        yield finding


def _clock(found: TelegramProbe, now: datetime) -> Iterator[Finding]:
    if found.clock is None:
        return
    skew = abs(found.clock - now)
    if skew > _MAX_SKEW:
        fix = (
            "Digests come late or early by as much: let the system set its clock (timedatectl set-ntp true)."
        )
        yield Finding("bad", "clock", f"{skew.total_seconds():.0f} seconds away from Telegram’s", fix)
    else:
        yield Finding("good", "clock", "right")


def _token(found: TelegramProbe) -> Iterator[Finding]:
    if found.me is None:
        fix = "Send /token to @BotFather and write what it answers to BOT_TOKEN."
        yield Finding("bad", "token", "Telegram does not know it, or it was revoked", fix)
        return
    yield Finding("good", "token", f"of @{found.me.get('username', '?')}")
    if not found.me.get("can_join_groups", True):
        fix = "Send /setjoingroups to @BotFather if groups are to have digests."
        yield Finding("odd", "groups", "the bot may not be added to any", fix)


def _webhook(found: TelegramProbe, settings: Settings) -> Iterator[Finding]:
    if not is_same_hook(found.webhook, settings.hook):
        how = "another program has set one for this bot" if found.webhook else "Telegram has none yet"
        if settings.hook:
            fix = "A start of this bot sets that of WEBHOOK_URL."
        else:
            fix = "Two programs cannot share a bot: stop the other one. A start takes the webhook away."
        yield Finding("odd", "webhook", how, fix)
    elif settings.hook and found.waiting and found.error:
        fix = (
            "Does the address of WEBHOOK_URL lead here, with a certificate that Telegram accepts? "
            "See docs/running.md."
        )
        yield Finding("bad", "webhook", f"{found.waiting} updates wait; Telegram met: {found.error}", fix)
    elif settings.hook:
        yield Finding("good", "webhook", "set")


def _told(error: BotError) -> str:
    return translator(Language("en"))(error.key, **error.values)
