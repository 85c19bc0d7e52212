"""The commands: `python -m bot COMMAND`."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import __version__
from bot.clock import SystemClock
from bot.config import read_settings
from bot.errors import BotError
from bot.gc_tuning import paused
from bot.health import RECORD, check_record, standby_in
from bot.i18n import Language, translator
from bot.invocation import command_name

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 if it did what was asked, 1 if not, 2 for wrong usage."""
    parser = command_line()
    given = parser.parse_args(arguments)
    command: Command | None = given.command
    if command is None:
        parser.print_help()
        return 2
    try:
        return command(given)
    except BotError as error:
        print(translator(Language("en"))(error.key, **error.values), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: nothing is left to say
        return 1


def command_line() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(prog=command_name(), description="Article Digest Bot.")
    parser.add_argument("--version", action="version", version=f"Article Digest Bot {__version__}")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(metavar="COMMAND")

    run = commands.add_parser("run", help="answer on Telegram (needs BOT_TOKEN)")
    run.set_defaults(command=_run)

    demo = commands.add_parser("demo", help="answer in a chat page on this machine; no token needed")
    demo.set_defaults(command=_demo)

    health = commands.add_parser("health", help="exit code 0 while the bot of this data folder is alive")
    health.set_defaults(command=_health)

    index = commands.add_parser("reindex", help="make the search index anew, while the bot is stopped")
    index.set_defaults(command=_reindex)

    _add_care(commands)
    _add_articles(commands)

    deliveries = commands.add_parser(
        "deliveries", help="how many messages were planned, and what became of each"
    )
    deliveries.add_argument(
        "--since", metavar="WHEN", help="count only what was planned since: 7d, 12h or 2026-11-24 (UTC)"
    )
    deliveries.set_defaults(command=_deliveries, usage=deliveries.error)

    check = commands.add_parser(
        "check",
        help="read articles and validate every message they can produce",
        usage=f"{command_name()} check [--json | --watch] [--show PART] [--url ADDRESS] FILE_OR_FOLDER …",
        epilog="Exit code: 0 if every article is fine (warnings count as fine), 1 if one is refused or has "
        "not the part to show, 2 for wrong usage.",
    )
    check.add_argument("--json", action="store_true", help="one JSON object a line on standard output")
    check.add_argument("--watch", action="store_true", help="check again whatever is saved, until Ctrl-C")
    check.add_argument(
        "--show",
        nargs="+",
        metavar="PART",
        help="what a reader will see: summary, sections, digest, section N or quote N",
    )
    check.add_argument("--url", metavar="ADDRESS", default="", help="where a saved page comes from")
    check.add_argument("files", nargs="*", metavar="FILE", type=Path, help="a file, or a folder of them")
    check.set_defaults(command=_check, usage=check.error)
    return parser


def _add_care(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what installs, looks after and restores a bot."""
    init = commands.add_parser("init", help="ask four questions and write .env")
    init.set_defaults(command=_init)

    doctor = commands.add_parser("doctor", help="look at everything that the bot needs, and say what to mend")
    doctor.add_argument(
        "--settling",
        nargs=2,
        type=int,
        metavar="CHAT",
        help="try on two people's chats whether the bot could find out what arrived",
    )
    doctor.set_defaults(command=_doctor)

    backup = commands.add_parser("backup", help="copy the database, while the bot runs or not")
    backup.add_argument("path", metavar="PATH", help="a file, or a folder for it")
    backup.set_defaults(command=_backup)

    move = commands.add_parser("migrate-to", help="copy everything to another database, and compare it")
    move.add_argument("target", metavar="TARGET", help="postgresql://… or the file of a new database")
    move.set_defaults(command=_move)

    restore = commands.add_parser(
        "restore",
        help="put a copy of the database back, while the bot is stopped",
        usage=f"{command_name()} restore [--count-as-sent | --resend] FILE",
        epilog="Without an option, it asks at a terminal what becomes of digests that may have left since; "
        "else the bot asks its owner in the chat, and digests are on hold until then.",
    )
    restore.add_argument("file", metavar="FILE", type=Path)
    decided = restore.add_mutually_exclusive_group()
    decided.add_argument(
        "--count-as-sent", dest="told", action="store_const", const=True, help="nothing is sent again"
    )
    decided.add_argument(
        "--resend", dest="told", action="store_const", const=False, help="what left since is sent once more"
    )
    restore.set_defaults(command=_restore)


def _add_articles(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what handles articles from the shell."""
    add = commands.add_parser(
        "add",
        help="publish files and links, while the bot runs or not",
        usage=f"{command_name()} add [--replace] [--quiet] FILE_OR_LINK …",
        epilog="Exit code: 0 if all was published, 1 if something was refused or is here already.",
    )
    add.add_argument("--replace", action="store_true", help="let it replace an article that is here already")
    add.add_argument("--quiet", action="store_true", help="no digest tells of it")
    add.add_argument("items", nargs="+", metavar="FILE_OR_LINK")
    add.set_defaults(command=_add)

    articles = commands.add_parser("articles", help="list all articles, while the bot runs or not")
    articles.add_argument("--json", action="store_true", help="one JSON object a line on standard output")
    articles.set_defaults(command=_articles)

    export = commands.add_parser("export", help="write all articles as Markdown into a folder")
    export.add_argument("folder", metavar="FOLDER", type=Path)
    export.set_defaults(command=_export)


# Heavy rooms are imported by the command that needs them: `--help` and `check` answer at once.


def _run(_: argparse.Namespace) -> int:
    with paused():
        from bot.commands.serve import run  # noqa: PLC0415  # see above

        return asyncio.run(run(read_settings()))


def _demo(_: argparse.Namespace) -> int:
    with paused():
        from bot.commands.serve import demo  # noqa: PLC0415  # see above

        return asyncio.run(demo(read_settings()))


def _health(_: argparse.Namespace) -> int:
    record = read_settings().data_dir / RECORD
    lag = check_record(record)
    if waits := standby_in(record):
        print(f"healthy; standing by since {waits.since:%Y-%m-%d %H:%M} UTC, {waits.leader} leads")
        return 0
    print(f"healthy; of late, the event loop was {lag} ms behind at most")
    return 0


def _reindex(_: argparse.Namespace) -> int:
    from bot.commands.indexing import indexing  # noqa: PLC0415  # see above

    return asyncio.run(indexing(read_settings().store))


def _init(_: argparse.Namespace) -> int:
    from bot.commands.init import init  # noqa: PLC0415  # see above

    return init()


def _doctor(given: argparse.Namespace) -> int:
    from bot.commands.doctor import doctor  # noqa: PLC0415  # see above

    return asyncio.run(doctor(SystemClock(), tuple(given.settling) if given.settling else None))


def _backup(given: argparse.Namespace) -> int:
    from bot.commands.backing_up import backup  # noqa: PLC0415  # see above

    return asyncio.run(backup(read_settings(), given.path))


def _move(given: argparse.Namespace) -> int:
    from bot.commands.moving import move  # noqa: PLC0415  # see above
    from bot.config import read_settings  # noqa: PLC0415  # see above

    return asyncio.run(move(read_settings(), given.target))


def _restore(given: argparse.Namespace) -> int:
    from bot.commands.backing_up import restore  # noqa: PLC0415  # see above

    return asyncio.run(restore(read_settings(), given.file, told=given.told, clock=SystemClock()))


def _add(given: argparse.Namespace) -> int:
    from bot.commands.adding import add  # noqa: PLC0415  # see above

    return asyncio.run(
        add(read_settings(), given.items, replace=given.replace, quiet=given.quiet, clock=SystemClock())
    )


def _articles(given: argparse.Namespace) -> int:
    from bot.commands.listing import articles  # noqa: PLC0415  # see above

    return asyncio.run(articles(read_settings().store, as_json=given.json))


def _export(given: argparse.Namespace) -> int:
    from bot.commands.listing import export  # noqa: PLC0415  # see above

    return asyncio.run(export(read_settings().store, given.folder))


def _deliveries(given: argparse.Namespace) -> int:
    from bot.commands.deliveries import deliveries, since_when  # noqa: PLC0415  # see above

    try:
        since = since_when(given.since, SystemClock().now()) if given.since else None
    except (ValueError, OverflowError):
        given.usage(f"--since knows 7d, 12h and 2026-11-24, not “{given.since}”")
        return 2
    return asyncio.run(deliveries(read_settings().store, since))


def _check(given: argparse.Namespace) -> int:
    from bot.commands.check import check, watch  # noqa: PLC0415  # see above
    from bot.commands.report import part_named  # noqa: PLC0415  # see above
    from bot.sources.addresses import web_address  # noqa: PLC0415  # see above

    words = given.show or []
    numbered = len(words) > 1 and words[1].isdecimal()
    named, others = words[: 1 + numbered], words[1 + numbered :]
    files = [*given.files, *map(Path, others)]
    show = part_named(" ".join(named)) if named else None
    if named and show is None:
        given.usage(f"--show knows summary, sections, digest, section N and quote N, not “{' '.join(named)}”")
    if not files:
        given.usage("name a file or a folder")
    if given.watch and given.json:
        given.usage("--watch is for people, --json for programs: choose one")
    if given.url and web_address(given.url) is None:
        given.usage(f"--url takes the address of a web page, not “{given.url}”")
    if given.watch:
        asyncio.run(watch(files, SystemClock(), show=show, url=given.url))
    return check(files, as_json=given.json, show=show, url=given.url)
