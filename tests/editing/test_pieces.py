"""Messages as one document: seams, metadata, pictures, files."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.editing.pieces import File, Piece, Post, dump_piece, gathered, piece_in
from bot.sources.model import FROM_CHAT, Origin
from tests.clock import NOON

POST = Post(
    source="The River Post", author="Ada", day=date(2026, 1, 23), address="https://t.me/river/7", channel=-1
)


def piece(text: str, number: int = 1, *, units: int | None = None, **more: object) -> Piece:
    made = Piece(message=number, sent_at=NOON, text=text, units=len(text) if units is None else units)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a piece


def together(*pieces: Piece) -> str:
    return gathered(pieces, [each.text for each in pieces]).document


LONG = "word " * 500


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("short", "more", "short\n\nmore"),
        (LONG.strip(), "more", f"{LONG}more"),
        ("字" * 2_500, "more", "字" * 2_500 + "more"),
        ("w" * 4_096, "more", "w" * 4_096 + "more"),
        (LONG.strip(), " more", f"{LONG}more"),
        (f"{LONG}\n\nx", "more", f"{LONG}\n\nx\n\nmore"),
        (f"{LONG}\nx", "more", f"{LONG}\nx\nmore"),
        (f"a\n\n{LONG}".strip(), "more", f"a\n\n{LONG}more"),
    ],
)
def test_seam_is_what_telegram_took_away(first: str, second: str, expected: str) -> None:
    assert together(piece(first), piece(second, 2)) == expected


@pytest.mark.parametrize(
    "second",
    [
        piece("more", 2, sent_at=NOON + timedelta(seconds=4)),
        piece("more", 2, post=POST),
        piece("more", 2, units=0),
        piece("more", 2, file=File(id="f", name="more.md")),
    ],
)
def test_messages_that_were_never_one_are_paragraphs(second: Piece) -> None:
    assert "\n\nmore" in together(piece(LONG), second)


def test_forwarded_parts_of_one_post_are_joined() -> None:
    found = together(piece(LONG, post=POST), piece("more", 2, post=POST))
    assert found.endswith(f"{LONG}more")


def test_posts_of_several_channels_name_none() -> None:
    other = replace(POST, source="The Mill")
    assert together(piece("One", post=POST), piece("Two", 2, post=other)).startswith(
        "---\nauthor: Ada\ndate: 2026-01-23\nurl: https://t.me/river/7\n---\n\nOne"
    )


def test_front_matter_that_somebody_wrote_stands() -> None:
    assert (
        together(piece("---\ntitle: T\n---\nText", post=POST, picture="abcdef")) == "---\ntitle: T\n---\nText"
    )


def test_first_picture_is_the_cover() -> None:
    pieces = [piece("", picture=""), piece("", 2, picture="first"), piece("Words", 3, picture="second")]
    assert together(*pieces) == "---\ncover: tg:first\n---\n\nWords"


def test_pictures_alone_are_nothing() -> None:
    assert together(piece("", picture="first"), piece(" \n", 2)) == ""


@pytest.mark.parametrize(
    ("pieces", "origin"),
    [
        ([piece("Text")], FROM_CHAT),
        ([piece("Text", file=File(id="f", name="a.md"))], Origin(kind="file", name="a.md")),
        (
            [piece("Text", post=POST)],
            Origin(kind="forward", address="https://t.me/river/7", name="The River Post", channel=-1),
        ),
        ([piece("Text", post=Post(author="Bo"))], Origin(kind="forward", name="Bo")),
    ],
)
def test_origin(pieces: list[Piece], origin: Origin) -> None:
    assert gathered(pieces, [each.text for each in pieces]).origin == origin


def test_name_of_a_file_is_kept_if_it_is_all() -> None:
    file = piece("", file=File(id="f", name="a.md"))
    assert gathered([file], ["Text"]).name == "a.md"
    assert gathered([file, piece("More", 2)], ["Text", "More"]).name == ""


def test_piece_survives_its_json() -> None:
    whole = piece("Text", file=File(id="f", name="a.md", size=3), picture="p", post=POST)
    assert piece_in(dump_piece(whole)) == whole
    assert piece_in(dump_piece(piece("Text"))) == piece("Text")
