"""`check`: read articles, render every message they can ever produce, validate each, report."""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from bot.article.model import Fingerprint, Section
from bot.article.parse import parse_bytes
from bot.article.plain_text import plain, plain_blocks
from bot.article.recurring import MIN_OTHERS, Recurring, recurring_among
from bot.clock import Clock
from bot.commands import report
from bot.commands.report import Checked, ReportPart, ReportTotals
from bot.commands.terminal import Terminal
from bot.editing.folder import KINDS, articles_in, name_of, read_file
from bot.errors import ArticleError
from bot.i18n import Language, translator
from bot.message.codec import dump
from bot.message.limits import problems
from bot.sources.files.kinds import kind_of
from bot.text import printable
from bot.workers.preflight import messages_of

_MAX_REPORTED: Final = 10
"""Files from which on a progress bar is worth a line."""
_PAUSE_S: Final = 0.3
"""Seconds between two looks at watched files."""


def check(
    paths: Sequence[Path], *, as_json: bool = False, show: ReportPart | None = None, url: str = ""
) -> int:
    """Check each file, and those of each folder; 1 if any is refused, or has not the part to show.

    `url` is where a saved page comes from.
    """
    files = list(_files(paths))
    terminal, errors = Terminal.of(sys.stdout), Terminal.of(sys.stderr)
    if not files:
        endings = ", ".join(sorted(KINDS))
        errors.say(f"There is no article ({endings}) in {', '.join(map(str, paths))}.")
        return 1
    tally = ReportTotals(len(files))
    recurring = _recurring(files)
    for number, file in enumerate(files):
        if len(files) > _MAX_REPORTED:
            errors.progress(number, len(files))
        checked = _check(file, recurring, url)
        errors.clear()
        whole = _told(checked, terminal, errors, as_json=as_json, show=show, alone=len(files) == 1)
        tally.refused += bool(checked.errors)
        tally.warned += bool(checked.warnings)
        tally.incomplete += not whole
    if len(files) > 1 and not as_json and not show:
        report.total(terminal, tally)
    return int(bool(tally.refused or tally.incomplete))


def _told(
    checked: Checked,
    terminal: Terminal,
    errors: Terminal,
    *,
    as_json: bool,
    show: ReportPart | None,
    alone: bool,
) -> bool:
    """Report one file; False if the part to show is not in it."""
    if as_json:
        terminal.say(json.dumps(_row(checked), ensure_ascii=False))
    elif checked.errors or checked.article is None:
        report.refused(errors, checked)
    elif show:
        return report.show(terminal, checked.article, show)
    elif alone:
        report.details(terminal, checked)
    else:
        report.row(terminal, checked)
    return True


async def watch(
    paths: Sequence[Path], clock: Clock, *, show: ReportPart | None = None, url: str = ""
) -> None:
    """Check, and check again whatever is saved, until somebody interrupts."""
    seen: dict[Path, tuple[float, int]] | None = None
    while True:
        now = {file: stamp for file in _files(paths) if (stamp := _stamp(file))}
        changed = [file for file in now if seen is None or seen.get(file) != now[file]]
        if changed:
            check(changed, show=show, url=url)
        if changed or seen is None:
            print("Waiting for changes; Ctrl-C ends.", flush=True)
        seen = now
        await clock.sleep(_PAUSE_S)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from articles_in(path)
        else:
            yield path


def _stamp(file: Path) -> tuple[float, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None  # an editor is just replacing it
    return status.st_mtime, status.st_size


def _recurring(files: Sequence[Path]) -> Recurring:
    """Return what several files have in common, as a library of them would find out."""
    paragraphs: dict[str, Sequence[Fingerprint]] = {}
    for file in files if len(files) > MIN_OTHERS else ():
        # What is wrong with a file is said when it is checked.
        with contextlib.suppress(Exception):
            article = parse_bytes(_document(file, ""), file=str(file))
            paragraphs[article.slug] = article.paragraphs
    return recurring_among(paragraphs)


def _document(file: Path, url: str) -> bytes:
    """Return the document in a file of any kind. ArticleError."""
    data, name = read_file(file), str(file)
    kind = kind_of(data, name)
    if kind == "text":
        return data
    # What reads pages takes a second to load.
    from bot.sources.reading import read_source  # noqa: PLC0415  # see above

    page = read_source(data, address=url, media_type="text/html" if kind == "page" else "")
    if isinstance(page, str):
        raise ArticleError(f"page.{page}", file=name, host=name)
    return page.document.encode("utf-8", "surrogatepass")


def _check(file: Path, recurring: Recurring, url: str) -> Checked:
    tr = translator(Language("en"))
    try:
        name_of(file, Path(file.anchor))
        article = parse_bytes(_document(file, url), file=str(file), recurring=recurring)
        messages = messages_of(article)
    except ArticleError as error:
        name = printable(str(file))
        where = name if error.line is None else f"{name}:{error.line}"
        return Checked(file, None, (), [f"{where}: {tr(error.key, **error.values)}"])
    except Exception as error:  # noqa: BLE001  # one file's fault is that file's, and is told
        return Checked(
            file, None, (), [f"{printable(str(file))}: {tr('error.fault', name=type(error).__name__)}"]
        )
    faults = {
        f"{printable(str(file))}: {kind}: {problem}"
        for kind, message in messages
        for problem in problems(message)
    }
    warnings = [(each.line or 1, tr(each.key, **each.values)) for each in article.diagnostics]
    return Checked(file, article, messages, sorted(faults), warnings)


def _row(checked: Checked) -> dict[str, Any]:
    row: dict[str, Any] = {
        "file": str(checked.file), "ok": not checked.errors, "errors": list(checked.errors),
        "warnings": [f"{checked.name}:{line}: {words}" for line, words in checked.warnings],
    }  # fmt: skip
    if (article := checked.article) is not None:
        row |= {
            "slug": article.slug,
            "title": article.title,
            "language": article.language,
            "source": article.source,
            "author": article.author,
            "published": article.published.isoformat() if article.published else None,
            "url": article.url,
            "tags": list(article.tags),
            "cover": article.cover,
            "summary": plain_blocks(article.summary),
            "minutes": article.minutes,
            "sections": [_section(section) for section in article.sections],
            "quotes": [
                {"text": quote.text, "by": quote.by, "url": quote.url, "section": quote.section}
                for quote in article.quotes
            ],
            "messages": [{"kind": kind, **dump(message)} for kind, message in checked.messages],
        }
    return row


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": plain(section.title),
        "level": section.level,
        "id": section.id,
        "children": [_section(child) for child in section.children],
    }
