"""Messages that an editor sends one after another, as one document. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from pydantic import TypeAdapter

from bot.article.metadata.front_matter import split_front_matter
from bot.article.metadata.writing import document_of
from bot.article.pictures import TELEGRAM
from bot.sources.model import FROM_CHAT, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where a message was forwarded from; `channel` is a channel’s id, `address` that of a public post."""

    source: str = ""
    author: str = ""
    day: date | None = None
    address: str = ""
    channel: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as Telegram names it."""

    id: str
    name: str
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one message adds to a draft: words as Markdown, a file, a picture.

    `units` is the length of its text as Telegram counts, `sent_at` when that was written, wherever it was.
    """

    message: int
    sent_at: datetime
    text: str = ""
    units: int = 0
    file: File | None = None
    picture: str = ""
    post: Post | None = None


_PIECE: Final = TypeAdapter(Piece)


def dump_piece(piece: Piece) -> str:
    """Return a piece as JSON."""
    return _PIECE.dump_json(piece, exclude_defaults=True).decode()


def piece_in(text: str) -> Piece:
    """Return the piece in JSON of ours."""
    return _PIECE.validate_json(text)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What pieces make: a document, the name of its file if it is one, where it came from."""

    document: str
    name: str = ""
    origin: Origin = FROM_CHAT


MAX_UNITS: Final = 4_096
"""Of a message's text."""
_MIN_CUT_UNITS: Final = 2_048
"""Clients look for a good place to cut in the second half of a message."""
_AT_ONCE: Final = timedelta(seconds=3)
_SPACELESS: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def gathered(pieces: Sequence[Piece], texts: Sequence[str], *, tags: Sequence[str] = ()) -> Gathered:
    """Return what pieces make together; `texts` are those of each piece, files read.

    `tags` are added to posts. What the first piece says of itself as front matter stands for all of them.
    """
    told = [(piece, text) for piece, text in zip(pieces, texts, strict=True) if text.strip()]
    if not told:
        return Gathered("")
    document = told[0][1]
    for (before, _), (piece, text) in pairwise(told):
        if _is_cut(before, piece):
            document += _seam(before, piece) + text
        else:
            document = f"{document.rstrip()}\n\n{_body(piece, text).strip()}"
    document = document.strip()
    posts = [piece.post for piece in pieces if piece.post is not None]
    pictures = [piece.picture for piece in pieces if piece.picture]
    files = [piece.file for piece in pieces if piece.file is not None]
    if not split_front_matter(document).entries:
        picture = f"{TELEGRAM}{pictures[0]}" if pictures else ""
        document = document_of({**_fields(posts), "tags": list(tags), "cover": picture}, document)
    return Gathered(document, files[0].name if len(told) == 1 and files else "", _origin(posts, files))


def _fields(posts: Sequence[Post]) -> dict[str, object]:
    """Return what all posts have in common, and the day and page of the first."""
    if not posts:
        return {}
    sources, authors = {post.source for post in posts}, {post.author for post in posts}
    return {
        "source": posts[0].source if len(sources) == 1 else "",
        "author": posts[0].author if len(authors) == 1 else "",
        "date": posts[0].day,
        "url": posts[0].address,
    }


def _origin(posts: Sequence[Post], files: Sequence[File]) -> Origin:
    if posts:
        name, address = posts[0].source or posts[0].author, posts[0].address or None
        return Origin(kind="forward", address=address, name=name, channel=posts[0].channel)
    return Origin(kind="file", name=files[0].name) if files else FROM_CHAT


def _body(piece: Piece, text: str) -> str:
    """Return the text of a piece that is not the first: a file’s title becomes a heading."""
    if piece.file is None:
        return text
    front = split_front_matter(text)
    title = front.text("title")
    return f"## {title}\n\n{front.body.strip()}" if title else front.body.strip()


def may_be_cut(piece: Piece) -> bool:
    """Return whether a text is long enough to be the first part of one that a client has cut."""
    return piece.file is None and piece.units >= _MIN_CUT_UNITS


def _is_cut(before: Piece, piece: Piece) -> bool:
    """Return whether two messages are one text that a client has cut."""
    return (
        may_be_cut(before)
        and piece.units > 0
        and piece.file is None
        and piece.sent_at - before.sent_at <= _AT_ONCE
        and _author(before) == _author(piece)
    )


def _seam(before: Piece, piece: Piece) -> str:
    """Return what stood where a text was cut: Telegram takes spaces and line ends away there."""
    beside = before.text[-1:] + piece.text[:1]
    if before.units >= MAX_UNITS or beside != beside.strip():
        return ""
    # Clients cut at the last blank line of the second half, if there is one, else at a line’s end or a space.
    half = before.text[len(before.text) // 2 :]
    for seam in ("\n\n", "\n"):
        if seam in half:
            return seam
    return "" if _SPACELESS.search(beside) else " "


def _author(piece: Piece) -> tuple[str, str] | None:
    return (piece.post.source, piece.post.author) if piece.post else None
