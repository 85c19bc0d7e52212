"""`check`: read articles, render every message they can ever produce, validate each, report."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.article.model import Article, Section
from bot.article.parse import parse_bytes
from bot.article.words import plain, plain_blocks
from bot.editing.preflight import messages_of
from bot.errors import ArticleError
from bot.i18n import Language, say_in
from bot.message.limits import problems
from bot.message.model import Message
from bot.message.wire import dump


@dataclass(frozen=True, slots=True)
class Checked:
    """A file, what was read from it, and why it is refused (in sentences; empty if it is not)."""

    file: Path
    article: Article | None
    messages: Sequence[tuple[str, Message]]
    errors: Sequence[str]


def check(files: Sequence[Path], *, as_json: bool) -> int:
    """Check each file; 1 if any is refused."""
    refused = 0
    for file in files:
        checked = _check(file)
        refused += bool(checked.errors)
        if as_json:
            print(json.dumps(_row(checked), ensure_ascii=False), flush=True)
        else:
            print(_line(checked), file=sys.stderr if checked.errors else sys.stdout)
    return 1 if refused else 0


def _check(file: Path) -> Checked:
    say = say_in(Language("en"))
    try:
        article = parse_bytes(_read(file), file=str(file))
    except ArticleError as error:
        where = file if error.line is None else f"{file}:{error.line}"
        return Checked(file, None, (), [f"{where}: {say(error.key, **error.values)}"])
    messages = messages_of(article)
    faults = {f"{file}: {kind}: {problem}" for kind, message in messages for problem in problems(message)}
    return Checked(file, article, messages, sorted(faults))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ArticleError("error.unreadable", file=str(file), reason=error.strerror) from error


def _line(checked: Checked) -> str:
    article = checked.article
    if checked.errors or article is None:
        return "\n".join(f"refused  {error}" for error in checked.errors)
    sections = sum(1 for section in article.walk() if section.level)
    warnings = "".join(f"\nwarning  {warning}" for warning in _warnings(checked))
    return (
        f"fine     {checked.file}: {article.title}; {article.language}, {article.minutes} min, "
        f"{sections} sections, {len(article.quotes)} quotes, {len(checked.messages)} messages{warnings}"
    )


def _row(checked: Checked) -> dict[str, Any]:
    row: dict[str, Any] = {
        "file": str(checked.file), "ok": not checked.errors, "errors": list(checked.errors),
        "warnings": _warnings(checked),
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


def _warnings(checked: Checked) -> list[str]:
    say = say_in(Language("en"))
    cautions = checked.article.cautions if checked.article else ()
    return [f"{checked.file}:{each.line or 1}: {say(each.key, **each.values)}" for each in cautions]


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": plain(section.title),
        "level": section.level,
        "id": section.id,
        "children": [_section(child) for child in section.children],
    }
