"""The words of sources: where a text came from, and what a page is."""

import json
from dataclasses import asdict, dataclass
from typing import Final, Literal

OriginKind = Literal["chat", "folder", "link", "file", "forward", "feed"]


Shell = Literal["check", "login", "consent", "paywall", "deleted", "missing", "script", "empty"]
"""What a page is instead of an article; each has a text that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page's article as a document, its title, and the address that it calls its own.

    `noindex` if it asks programs to leave it alone.
    """

    document: str
    title: str
    address: str
    noindex: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a text came from: how, the page's address if it has one, the name of a file, channel or feed.

    `channel` is the id of the channel that a post was forwarded from.
    """

    kind: OriginKind
    address: str | None = None
    name: str = ""
    channel: int | None = None


FROM_CHAT: Final = Origin(kind="chat")
FROM_FOLDER: Final = Origin(kind="folder")


def dump_origin(origin: Origin) -> str:
    """Return an origin as JSON."""
    return json.dumps({name: value for name, value in asdict(origin).items() if value}, ensure_ascii=False)


def origin_in(text: str) -> Origin:
    """Return the origin in JSON of ours."""
    return Origin(**json.loads(text))
