"""What /stats shows editors: figures of the last days, as words and as charts."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from bot.figures import MIN_DAYS, DayFigures, Stats, growth
from bot.i18n import Translator
from bot.pictures.chart import Chart, Series, svg
from bot.text import as_name
from bot.usage import Used

DAYS: Final = 30
AHEAD: Final = 30
"""Days to come for which the size of the database is drawn."""

_TITLE_CHARS: Final = 60
"""Of a title; below a picture there is room for 1,024 in all."""

_MEGABYTE: Final = 1_000_000
_YEAR: Final = 365
_ASKED: Final[tuple[tuple[str, tuple[Used, ...]], ...]] = (
    ("opened", ("summary", "section")),
    ("quoted", ("quote",)),
    ("searched", ("search",)),
    ("nothing", ("nothing",)),
)


def words(stats: Stats, today: date, tr: Translator) -> str:
    """Return the figures as text, short enough to stand below a picture."""
    now = stats.now
    used = {name: f"{sum(_used(stats, day, kinds) for day in stats.used):,}" for name, kinds in _ASKED}
    lines = [tr("figures.readers", readers=f"{now.readers:,}", subscribed=f"{now.subscribed:,}")]
    if len(stats.days) > 1:
        change = now.subscribed - stats.days[0].subscribed
        lines[0] += tr("figures.change", change=f"{change:+,d}", count=_span(stats.days))
    yesterday = next((each for each in stats.days if each.day == today - timedelta(days=1)), None)
    if yesterday:
        fared = {name: f"{getattr(yesterday, name):,}" for name in ("sent", "failed", "uncertain", "late")}
        lines.append(tr("figures.yesterday", **fared))
    lines.append(tr("figures.used", days=DAYS, **used))
    if stats.most:
        lines.append(tr("figures.most"))
        lines += [f"· {as_name(title[:_TITLE_CHARS])} ({number})" for title, number in stats.most]
    if sum(now.feeds.values()):
        lines.append(tr("figures.feeds", **now.feeds))
    lines.append(_size(stats, tr))
    return "\n".join(lines)


def _span(days: Sequence[DayFigures]) -> int:
    return (days[-1].day - days[0].day).days + 1


def _used(stats: Stats, day: date, kinds: tuple[Used, ...]) -> int:
    return sum(stats.used.get(day, {}).get(kind, 0) for kind in kinds)


def _size(stats: Stats, tr: Translator) -> str:
    """Return how large the database is, and when the disk would be full."""
    size = tr("figures.size", megabytes=f"{stats.now.bytes / _MEGABYTE:,.1f}")
    grows = growth(stats.days)
    if grows is None:
        return size + tr("figures.too_early", count=MIN_DAYS)
    if grows * _YEAR < _MEGABYTE:
        return size + tr("figures.steady")
    left = round(stats.free / grows)
    size += tr("figures.grows", megabytes=f"{grows * _YEAR / _MEGABYTE:,.0f}")
    return size + (tr("figures.full", count=left) if left < 2 * _YEAR else tr("figures.room"))


def picture(stats: Stats, today: date, tr: Translator) -> str:
    """Return the figures as charts, in SVG."""
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    by_day = {each.day: each for each in stats.days}
    ends = (tr.short_day(days[0]), tr.short_day(days[-1]))

    def daily(name: str, value: Callable[[DayFigures], float]) -> Series:
        return Series(tr(f"figures.{name}"), [value(by_day[day]) if day in by_day else None for day in days])

    charts = [
        Chart(
            title=tr("figures.chart_chats"),
            series=[
                daily("get_digests", lambda day: day.subscribed),
                daily("known", lambda day: day.readers),
            ],
            ends=ends,
        ),
        Chart(
            title=tr("figures.chart_digests"),
            series=[
                daily("sent", lambda day: day.sent),
                daily("lost", lambda day: day.failed + day.late),
                daily("uncertain", lambda day: day.uncertain),
            ],
            ends=ends,
            form="stacked",
        ),
        Chart(
            title=tr("figures.chart_used"),
            series=[
                Series(tr(f"figures.{name}"), [_used(stats, day, kinds) for day in days])
                for name, kinds in _ASKED
            ],
            ends=ends,
        ),
        _growing(stats, [by_day.get(day) for day in days], ends[0], today, tr),
    ]
    return svg(tr("figures.title"), charts)


def _growing(
    stats: Stats, days: Sequence[DayFigures | None], first: str, today: date, tr: Translator
) -> Chart:
    """Draw the size of the database, and where it goes if it goes on so."""
    sizes = [each.bytes / _MEGABYTE if each else None for each in days]
    series = [Series(tr("figures.database"), [*sizes, *[None] * AHEAD])]
    grows, last = growth(stats.days), stats.now.bytes / _MEGABYTE
    if grows is not None:
        ahead = [max(last + grows * day / _MEGABYTE, 0) for day in range(AHEAD + 1)]
        series.append(Series(tr("figures.forecast"), [*[None] * (len(days) - 1), *ahead]))
    ends = (first, tr.short_day(today + timedelta(days=AHEAD)))
    return Chart(title=tr("figures.chart_size"), series=series, ends=ends, unit=" MB")
