"""Text with formatting: characters and spans, counted in code points until it becomes a message."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from bot.message.limits import web_link
from bot.message.model import ButtonRow, Buttons, Entity, EntityKind, Message

_SPACES: Final = re.compile("[\\x00-\\x09\\x0b\\x0c\\x0e-\\x1f\\x7f\u2028\u2029]")
_COMBINING: Final = re.compile("[\u0333\u033f\u030a]")
_DROPPED: Final = re.compile("[\r\u202a-\u202e\u0333\u033f\u030a\ud800-\udfff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
"""Characters that take two units in UTF-16."""
_QUOTES: Final = frozenset({"blockquote", "expandable_blockquote"})
_FIXED: Final = frozenset({"code", "pre"})


@dataclass(frozen=True, slots=True)
class Span:
    """How the characters from `start` to before `end` look."""

    kind: EntityKind
    start: int
    end: int
    url: str | None = None
    language: str | None = None

    def moved(self, by: int) -> "Span":
        """Return the same span further on."""
        return Span(self.kind, self.start + by, self.end + by, self.url, self.language)


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Text with spans; immutable, put together with `+` and `join`."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    @classmethod
    def plain(cls, text: str) -> "FormattedText":
        """Return words without weight; characters that Telegram would change are changed now."""
        if text.isprintable():  # most are, and looking is cheaper than changing
            return cls(_COMBINING.sub("", text))
        return cls(_DROPPED.sub("", _SPACES.sub(" ", text)))

    @classmethod
    def join(cls, separator: str, parts: "Iterable[FormattedText]") -> "FormattedText":
        """Join parts in a row."""
        texts: list[str] = []
        spans: list[Span] = []
        length = 0
        for number, part in enumerate(parts):
            if number:
                texts.append(separator)
                length += len(separator)
            texts.append(part.text)
            # The first part is usually the longest: its spans need not be made anew.
            spans += part.spans if not length else [span.moved(length) for span in part.spans]
            length += len(part.text)
        return cls("".join(texts), tuple(spans))

    def __add__(self, other: "FormattedText") -> "FormattedText":
        return FormattedText.join("", (self, other))

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    def bold(self) -> "FormattedText":
        """Return all of it bold."""
        return self._styled("bold")

    def italic(self) -> "FormattedText":
        """Return all of it in italics."""
        return self._styled("italic")

    def strike(self) -> "FormattedText":
        """Return all of it struck through."""
        return self._styled("strikethrough")

    def code(self) -> "FormattedText":
        """Return all of it in a fixed width."""
        return self._styled("code")

    def pre(self, language: str = "") -> "FormattedText":
        """Return a block in a fixed width."""
        return self._styled("pre", language=language or None)

    def link(self, url: str) -> "FormattedText":
        """Link all of it to `url`, unless Telegram would not keep that address."""
        kept = web_link(url)
        return self._styled("text_link", url=kept) if kept else self

    def quote(self, *, expandable: bool = False) -> "FormattedText":
        """Return all of it set apart as a quote."""
        return self._styled("expandable_blockquote" if expandable else "blockquote")

    def cut(self, start: int, end: int) -> "FormattedText":
        """Return the characters from `start` to before `end`; a span that crosses a cut is cut, too."""
        spans = (
            replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start)
            for span in self.spans
            if span.start < end and span.end > start
        )
        return FormattedText(self.text[start:end], tuple(spans))

    def strip(self) -> "FormattedText":
        """Strip space at both ends."""
        stripped = self.text.strip()
        if len(stripped) == len(self.text):
            return self
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, start + len(stripped))

    def _styled(
        self, kind: EntityKind, *, url: str | None = None, language: str | None = None
    ) -> "FormattedText":
        whole = Span(kind, 0, len(self.text), url, language)
        return FormattedText(self.text, (whole, *self.spans)) if self else self


def normalize(rich: FormattedText) -> FormattedText:
    """Return the same text as Telegram keeps it.

    No space at its ends nor at a span's, no empty spans, no quotes in quotes, nothing within fixed width,
    none that overlap without one holding the other.
    """
    rich = rich.strip()
    spans = sorted(
        filter(None, (_trimmed(rich.text, span) for span in rich.spans)),
        # Outer spans first, quotes outermost, so that one pass sees each span within what holds it.
        key=lambda span: (span.start, -span.end, span.kind not in _QUOTES, span.kind),
    )
    if len(spans) < 2:  # noqa: PLR2004  # nothing to compare
        return FormattedText(rich.text, tuple(spans))
    kept: list[Span] = []
    open_: list[Span] = []
    for span in spans:
        while open_ and open_[-1].end <= span.start:
            open_.pop()
        outer = {held.kind for held in open_}
        # Each of these Telegram would drop or refuse; better here, where it can be tested.
        if (
            outer & _FIXED
            or span.kind in outer
            or (span.kind in _QUOTES and outer & _QUOTES)
            or (open_ and span.end > open_[-1].end)
            or (span.kind in _FIXED and outer - _QUOTES)
        ):
            continue
        kept.append(span)
        open_.append(span)
    return FormattedText(rich.text, tuple(kept))


def _trimmed(text: str, span: Span) -> Span | None:
    covered = text[span.start : span.end]
    start = span.start + len(covered) - len(covered.lstrip())
    end = start + len(covered.strip())
    if start >= end:
        return None
    return span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)


def plain_message(text: str, *rows: ButtonRow) -> Message:
    """Return the message of a text without formatting, with rows of buttons."""
    return to_message(FormattedText.plain(text), rows)


def to_message(rich: FormattedText, buttons: Buttons = ()) -> Message:
    """Return the message of a rich text; its length is the caller's (or `split`'s) to keep."""
    rich = normalize(rich)
    offsets = _offsets(rich.text)
    entities = tuple(
        Entity(
            kind=span.kind,
            offset=offsets(span.start),
            length=offsets(span.end) - offsets(span.start),
            url=span.url,
            language=span.language,
        )
        for span in rich.spans
    )
    return Message(text=rich.text, entities=entities, buttons=buttons)


class _offsets:  # noqa: N801  # used as a function
    """Code points to UTF-16 units: the number of characters beyond the first plane before each position."""

    def __init__(self, text: str) -> None:
        self._wide: Sequence[int] = [match.start() for match in _ASTRAL.finditer(text)]

    def __call__(self, position: int) -> int:
        return position + bisect_right(self._wide, position - 1)


def utf16_lengths(text: str) -> Sequence[int]:
    """Return the UTF-16 units before each position, and at the end."""
    if not _ASTRAL.search(text):  # most texts have none, and counting takes longer than looking
        return range(len(text) + 1)
    return [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
