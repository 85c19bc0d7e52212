"""What `check` tells people: what was found in an article, what is wrong, and what a reader will see."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from bot.article.model import Article, Section
from bot.article.plain_text import columns, plain, plain_blocks
from bot.commands.terminal import Terminal, padded
from bot.digest.model import DigestContent
from bot.i18n import LANGUAGES, Language, translator
from bot.message.edition import edition_of
from bot.message.labels import truncate
from bot.message.model import Message
from bot.text import printable
from bot.views import articles as views
from bot.views.digest import compose
from bot.workers.preflight import sample_card, section_messages

_FILE_CHARS: Final = 48
_TITLE_CHARS: Final = 44
_EXCERPT_CHARS: Final = 72
_MAX_SHOWN: Final = 12
"""Sections, and quotes, that a report lists."""
_DAY: Final = date(2026, 11, 25)
"""Of the digest that is shown: it says no date, only the news of a day."""
_PART: Final = re.compile(r"(summary|sections|digest)|(section|quote)[ =:]?(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file, what was read from it, and why it is refused (in sentences; empty if it is not)."""

    file: Path
    article: Article | None
    messages: Sequence[tuple[str, Message]]
    errors: Sequence[str]
    warnings: Sequence[tuple[int, str]] = ()
    """Lines, and what its author may not have meant there."""

    @property
    def name(self) -> str:
        """The file's name as a terminal shows it."""
        return printable(str(self.file))


@dataclass(slots=True)
class ReportTotals:
    """Of how many files; `incomplete` have not the part that was to be shown."""

    files: int
    refused: int = 0
    warned: int = 0
    incomplete: int = 0


def refused(terminal: Terminal, checked: Checked) -> None:
    """Print why a file is refused; nothing if it is not."""
    for error in checked.errors:
        terminal.say(f"{terminal.paint('refused', 'red')}  {error}")


def details(terminal: Terminal, checked: Checked) -> None:
    """Print everything about one file, a fact on a line."""
    article = checked.article
    if checked.errors or article is None:
        return
    terminal.say(f"{terminal.paint('fine', 'green')}     {checked.name}")
    for name, value in _facts(checked, article):
        terminal.say(f"  {terminal.paint(padded(name, 10), 'grey')}{value}")
    _warned(terminal, checked)


def row(terminal: Terminal, checked: Checked) -> None:
    """Print one line on one file among many, and its warnings."""
    article = checked.article
    if checked.errors or article is None:
        return
    sections = sum(1 for section in article.walk() if section.level)
    facts = (
        f"{article.language:<3}{article.minutes:>4} min{sections:>5} sections{len(article.quotes):>4} quotes"
    )
    name = checked.name
    shown = name if columns(name) <= _FILE_CHARS else "…" + name[1 - _FILE_CHARS :]
    line = f"{padded(shown, _FILE_CHARS)} {padded(printable(article.title), _TITLE_CHARS)} {facts}"
    terminal.say(f"{terminal.paint('fine', 'green')}     {line}")
    _warned(terminal, checked)


def total(terminal: Terminal, tally: ReportTotals) -> None:
    """Print how many of many files are fine."""
    parts = [f"{tally.files} files", terminal.paint(f"{tally.files - tally.refused} fine", "green")]
    parts += [terminal.paint(f"{tally.warned} with warnings", "yellow")] if tally.warned else []
    parts += [terminal.paint(f"{tally.refused} refused", "red")] if tally.refused else []
    terminal.say(", ".join(parts))


@dataclass(frozen=True, slots=True)
class ReportPart:
    """What of an article is to be shown; `number` counts sections or quotes from 1, and is 0 for the rest."""

    kind: str
    number: int = 0


def part_named(words: str) -> ReportPart | None:
    """Read `summary`, `sections`, `digest`, `section 3` or `quote 2`; None for anything else."""
    match = _PART.fullmatch(words.strip().lower())
    return ReportPart(match[1] or match[2], int(match[3] or 0)) if match else None


def show(terminal: Terminal, article: Article, part: ReportPart) -> bool:
    """Return the messages of a part as a reader sees them; False if there is no such part."""
    messages = list(_messages(article, part))
    if not messages:
        count = len(article.quotes) if part.kind == "quote" else sample_card(article).sections
        terminal.say(f"There is no {part.kind} {part.number}; of those, the article has {count}.")
    for number, message in enumerate(messages):
        if number:
            terminal.say(terminal.paint("─" * 40, "grey"))
        terminal.message(message)
    return bool(messages)


def _messages(article: Article, part: ReportPart) -> Iterator[Message]:
    tr = translator(Language("zh" if article.language == "zh" else "en"))
    card, edition = sample_card(article), edition_of(article)
    match part.kind:
        case "summary":
            yield views.summary(card, edition.summary, tr)
        case "sections":
            heads = [section.head for section in edition.sections]
            yield views.outline(card, heads[: views.OUTLINE_PAGE], len(heads), 0, tr)
        case "digest":
            quotes = [(card, said) for said in edition.quotes[:1]]
            day = DigestContent(day=_DAY, new=[card], since=card.news, quote=next(iter(quotes), None))
            yield from compose(day, tr)
        case "quote":
            yield from (views.quote(card, said, tr) for said in edition.quotes[part.number - 1 : part.number])
        case _:
            pages = section_messages(card, edition, tr)
            yield from (page for number, page in pages if number == part.number)


def _warned(terminal: Terminal, checked: Checked) -> None:
    for line, words in checked.warnings:
        terminal.say(f"{terminal.paint('warning', 'yellow')}  {checked.name}:{line}: {words}")


def _facts(checked: Checked, article: Article) -> Iterator[tuple[str, str]]:
    yield "Title", printable(article.title)
    for name, fact in (("Source", article.source), ("Author", article.author), ("Original", article.url)):
        yield name, fact or "–"
    yield "Date", article.published.isoformat() if article.published else "–"
    yield "Tags", ", ".join(article.tags) or "–"
    yield "Language", article.language
    yield "Reading", f"{article.minutes} min"
    yield "Summary", truncate(plain_blocks(article.summary), _EXCERPT_CHARS) or "–"
    headed = [section for section in article.walk() if section.level]
    yield "Sections", str(sample_card(article).sections)
    yield from _listed(list(map(_section, headed)))
    yield "Quotes", str(len(article.quotes))
    yield from _listed(
        [truncate(one.text, _EXCERPT_CHARS) + (f" — {one.by}" if one.by else "") for one in article.quotes]
    )
    yield "Messages", f"{len(checked.messages)} in {len(LANGUAGES)} languages, all within Telegram's limits"


def _section(section: Section) -> str:
    return "  " * max(section.level - 2, 0) + (
        truncate(plain(section.title), _EXCERPT_CHARS) or "(before the first heading)"
    )


def _listed(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines[:_MAX_SHOWN], 1):
        yield "", f"{number:>3}  {line}"
    if len(lines) > _MAX_SHOWN:
        yield "", f"     … and {len(lines) - _MAX_SHOWN} more"
