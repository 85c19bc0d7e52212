"""Draw charts as SVG, to be read on a phone in the dark. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

WIDTH: Final = 1080
_MARGIN: Final = 56
_PANEL: Final = 330
"""Pixels from one chart to the next."""

_PLOT: Final = 180
_SCALE: Final = 120
"""Pixels at the right that the numbers of the grid have for themselves."""

_RIGHT: Final = WIDTH - _MARGIN - _SCALE
_BOTTOM: Final = 40
_STEPS: Final = (1, 2, 5)
_MAX_LINES: Final = 4
"""Lines of the grid, beside that of zero."""

FONTS: Final = (
    "Noto Sans, DejaVu Sans, Liberation Sans, Noto Sans CJK SC, WenQuanYi Micro Hei, Droid Sans Fallback, "
    "Source Han Sans SC, PingFang SC, Microsoft YaHei, Arial, Helvetica, sans-serif"
)
"""What Linux, macOS and Windows bring; the first that is there, and for what it lacks any other."""

_GROUND: Final = "#10141a"
_INK: Final = "#e8ecf1"
_FAINT: Final = "#8b95a3"
_GRID: Final = "#29313c"
COLOURS: Final = ("#58a6ff", "#f0883e", "#d2a8ff", "#3fb950")
"""Told apart on a dark ground, also by most who see colours differently."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values from left to right, one for each place of the chart; None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Series under one title; `ends` are written below the first and the last place."""

    title: str
    series: Sequence[Series]
    ends: tuple[str, str]
    form: Literal["lines", "stacked"] = "lines"
    unit: str = ""


def svg(title: str, charts: Sequence[Chart]) -> str:
    """Return a picture of charts below each other."""
    height = 110 + _PANEL * len(charts) + _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}">',
        f'<rect width="{WIDTH}" height="{height}" fill="{_GROUND}"/>',
        f'<g font-family="{FONTS}">',
        _text(title, _MARGIN, 76, 46, _INK),
    ]
    for number, chart in enumerate(charts):
        parts += _panel(chart, 110 + _PANEL * number)
    return "".join((*parts, "</g></svg>"))


def _panel(chart: Chart, top: float) -> Iterator[str]:
    yield _text(chart.title, _MARGIN, top + 44, 34, _INK)
    yield from _legend(chart, top + 84)
    plot = top + 108
    most = max((value for value in _heights(chart) if value is not None), default=0)
    step = _step(most)
    highest = max(step, -(-most // step) * step)
    line = 0.0
    while line <= highest:
        y = plot + _PLOT - line / highest * _PLOT
        yield f'<path d="M{_MARGIN} {y:.1f}H{_RIGHT}" stroke="{_GRID}" stroke-width="2"/>'
        yield _text(f"{_short(line)}{chart.unit}", WIDTH - _MARGIN, y + 8, 24, _FAINT, anchor="end")
        line += step
    draw = _bars if chart.form == "stacked" else _lines
    yield from draw(chart, plot, highest)
    yield _text(chart.ends[0], _MARGIN, plot + _PLOT + 34, 24, _FAINT)
    yield _text(chart.ends[1], _RIGHT, plot + _PLOT + 34, 24, _FAINT, anchor="end")


def _legend(chart: Chart, y: float) -> Iterator[str]:
    x = float(_MARGIN)
    for series, colour in zip(chart.series, COLOURS, strict=False):
        yield f'<rect x="{x:.0f}" y="{y - 18:.0f}" width="20" height="20" rx="4" fill="{colour}"/>'
        yield _text(series.name, x + 30, y, 26, _FAINT)
        # How wide a font makes it is not known here: as wide as it may be, Chinese characters twice.
        x += 70 + sum(27 if char >= "\u2e80" else 15 for char in series.name)


def _heights(chart: Chart) -> list[float | None]:
    if chart.form == "stacked":
        return [
            sum(value or 0 for value in at)
            for at in zip(*(each.values for each in chart.series), strict=True)
        ]
    return [value for series in chart.series for value in series.values]


def _lines(chart: Chart, plot: float, highest: float) -> Iterator[str]:
    for series, colour in zip(chart.series, COLOURS, strict=False):
        across = (_RIGHT - _MARGIN) / max(len(series.values) - 1, 1)
        points = [
            (_MARGIN + place * across, plot + _PLOT - value / highest * _PLOT)
            for place, value in enumerate(series.values)
            if value is not None
        ]
        if len(points) == 1:
            yield f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="6" fill="{colour}"/>'
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        pen = f'stroke="{colour}" stroke-width="5" stroke-linejoin="round"'
        yield f'<polyline points="{line}" fill="none" {pen}/>'


def _bars(chart: Chart, plot: float, highest: float) -> Iterator[str]:
    count = max((len(series.values) for series in chart.series), default=1)
    wide = (_RIGHT - _MARGIN) / max(count, 1)
    for place in range(count):
        foot = plot + _PLOT
        for series, colour in zip(chart.series, COLOURS, strict=False):
            tall = (series.values[place] or 0) / highest * _PLOT
            # A few among many must still be seen.
            tall = max(tall, 3) if tall else 0
            foot -= tall
            yield (
                f'<rect x="{_MARGIN + place * wide + wide * 0.12:.1f}" y="{foot:.1f}" '
                f'width="{wide * 0.76:.1f}" height="{tall:.1f}" fill="{colour}"/>'
            )


def _step(most: float) -> float:
    """Return a round distance between lines of the grid: 1, 2 or 5, and as many zeros as it takes."""
    size = 1.0
    while True:
        for step in _STEPS:
            if step * size * _MAX_LINES >= most:
                return step * size
        size *= 10


def _short(value: float) -> str:
    """Return a number in few digits: 1,500 as 1.5k."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _text(text: str, x: float, y: float, size: int, colour: str, *, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"
