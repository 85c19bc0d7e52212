"""Charts are SVG that any reader of XML takes, whatever the values and words, and become pictures."""

import xml.etree.ElementTree as ET  # of ours
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures import Counts, DayFigures, Stats, growth
from bot.i18n import Language, translator
from bot.pictures.chart import Chart, Series, svg
from bot.pictures.painting import Painter
from bot.views import figures as views

TODAY = date(2026, 11, 29)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
VALUES = st.one_of(st.none(), st.floats(0, 1e12, allow_subnormal=False))


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(svg("Title", [chart]))  # noqa: S314  # of ours


def of(name: str, picture: ET.Element) -> list[ET.Element]:
    return list(picture.iter(f"{{http://www.w3.org/2000/svg}}{name}"))


@given(
    st.lists(st.tuples(NAMES, st.lists(VALUES, min_size=5, max_size=5)), min_size=1, max_size=4),
    st.booleans(),
)
def test_any_values_and_words_are_drawn(series: list[tuple[str, list[float | None]]], stacked: bool) -> None:  # noqa: FBT001
    form = "stacked" if stacked else "lines"
    chart = Chart(title="<&>", series=[Series(*each) for each in series], ends=("a", "b"), form=form)  # type: ignore[arg-type]
    picture = drawn(chart)
    assert len(of("path", picture)) <= 6
    for element in of("rect", picture):
        assert float(element.get("height", "0")) >= 0


def test_grid_has_round_numbers_from_zero_to_above_the_highest() -> None:
    chart = Chart(title="t", series=[Series("s", [0.0, 1_234.0])], ends=("a", "b"))
    texts = [element.text for element in of("text", drawn(chart))]
    assert texts == ["Title", "t", "s", "0", "500", "1k", "1.5k", "a", "b"]


def test_line_leaves_out_what_is_missing_and_a_single_value_is_a_dot() -> None:
    chart = Chart(
        title="t", series=[Series("s", [1.0, None, 3.0]), Series("dot", [None, 2.0, None])], ends=("a", "b")
    )
    picture = drawn(chart)
    [line, empty] = of("polyline", picture)
    assert len(line.get("points", "").split()) == 2
    assert len(empty.get("points", "").split()) == 1
    assert len(of("circle", picture)) == 1


def test_few_among_many_are_seen() -> None:
    chart = Chart(title="t", series=[Series("many", [10_000.0]), Series("few", [1.0]), Series("none", [0.0])], ends=("a", "b"), form="stacked")  # fmt: skip
    heights = [float(element.get("height", "")) for element in of("rect", drawn(chart))][-3:]
    assert heights[0] > 100
    assert heights[1:] == [3.0, 0.0]


# What editors read ------------------------------------------------------------------------------------------


def stats(*, sizes: list[float], free: float = 1e12, feeds: int = 0) -> Stats:
    days = [
        DayFigures(day=TODAY - timedelta(days=len(sizes) - 1 - at), readers=5, subscribed=3, bytes=int(size))
        for at, size in enumerate(sizes)
    ]
    now = Counts(readers=5, subscribed=4, bytes=int(sizes[-1]), outbox={}, alerts={}, feeds={"well": feeds, "failing": 0, "paused": 0})  # fmt: skip
    return Stats(now=now, days=days, used={}, most=[("x" * 300, 4), ("/start", 2)], free=int(free))


def test_growth_is_a_line_through_all_days() -> None:
    assert growth(stats(sizes=[1e6] * 6).days) is None
    assert growth(stats(sizes=[1e6 + 10 * at for at in range(9)]).days) == pytest.approx(10)


@pytest.mark.parametrize(
    ("sizes", "free", "words"),
    [
        ([5e6] * 3, 1e12, "; how fast it grows can be said after 7 days."),
        ([5e6] * 9, 1e12, " and hardly grows."),
        ([5e6 + at * 1e6 for at in range(9)], 1e12, " and grows by 365 MB a year; there is room for years."),
        ([5e6 + at * 1e6 for at in range(9)], 9e7, " MB a year; the disk would be full in 90 days."),
        ([9e6 - at * 1e5 for at in range(9)], 9e7, " and hardly grows."),
    ],
)
def test_forecast_is_said_in_words(sizes: list[float], free: float, words: str) -> None:
    text = views.words(stats(sizes=sizes, free=free), TODAY, translator(Language("en")))
    assert text.endswith(words)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_have_room_below_a_picture_and_titles_do_nothing(language: str) -> None:
    text = views.words(stats(sizes=[5e6] * 9, feeds=2), TODAY, translator(Language(language)))
    assert len(text) < 1024
    assert "x" * 61 not in text
    assert "/start" not in text
    assert (" +1 in 9 days." if language == "en" else "9 天里 +1。") in text


def test_forecast_goes_on_from_today() -> None:
    growing = stats(sizes=[5e6 + at * 1e6 for at in range(9)])
    picture = ET.fromstring(views.picture(growing, TODAY, translator(Language("en"))))  # noqa: S314  # of ours
    assert "if it goes on so" in [element.text for element in of("text", picture)]
    short = ET.fromstring(views.picture(stats(sizes=[5e6]), TODAY, translator(Language("en"))))  # noqa: S314  # of ours
    assert "if it goes on so" not in [element.text for element in of("text", short)]


# The process that paints ------------------------------------------------------------------------------------


async def test_picture_is_painted_in_a_process_of_its_own() -> None:
    png = await Painter().paint(
        svg("Title", [Chart(title="t", series=[Series("s", [1.0])], ends=("a", "b"))])
    )
    assert png is not None
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 1080


async def test_what_is_no_picture_is_none(caplog: pytest.LogCaptureFixture) -> None:
    assert await Painter().paint("<svg") is None
    assert "was not painted" in caplog.text


async def test_character_of_no_font_cannot_be_written() -> None:
    assert not await Painter().can_write("\U0010fffe")
    assert await Painter().can_write("  ")


async def test_painter_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pictures.painting._PATIENCE_S", 0.001)
    assert await Painter().paint(svg("Title", [])) is None
