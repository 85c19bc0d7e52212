"""A long text in parts that Telegram takes: whole paragraphs where possible, never half a character."""

from bisect import bisect_right
from dataclasses import replace
from typing import Final

from bot.message.formatted_text import FormattedText, Span, normalize, utf16_lengths
from bot.message.graphemes import boundary_before
from bot.message.limits import ENTITY_BYTES, ENTITY_LIMIT, TEXT_LIMIT, entity_bytes, utf16

_ENDS: Final = frozenset("。！？；…!?;")
_CLOSERS: Final = frozenset("”’」』）】》)]\"'")
_MAX_CLOSERS: Final = 8
"""Closing marks behind a sentence's end; a longer row of them is no end, and must not be walked each time."""
_MIN_SHARE: Final = 3
"""A part is at least a third full before a nicer place to cut is preferred to a fuller part."""


def split(
    rich: FormattedText, *, limit: int = TEXT_LIMIT, entities: int = ENTITY_LIMIT
) -> tuple[FormattedText, ...]:
    """Parts of at most `limit` UTF-16 units and `entities` entities; only space is lost between them."""
    rich = normalize(rich.strip())
    if _fits(rich, limit, entities):
        return (rich,) if rich else ()
    units = utf16_lengths(rich.text)
    waiting = sorted(rich.spans, key=lambda span: (span.start, -span.end))
    parts: list[FormattedText] = []
    carried: list[Span] = []
    start = taken = 0
    while start < len(rich.text):
        fits = bisect_right(units, units[start] + limit) - 1
        end, taken_next = _within_entities(
            carried, waiting, taken, start, max(fits, start + 1), most=entities
        )
        end = _nice_cut(rich.text, start, end) if end < len(rich.text) else end
        spans = [span for span in (*carried, *waiting[taken:taken_next]) if span.start < end]
        parts.append(_part(rich.text, spans, start, end))
        carried = [span for span in spans if span.end > end]
        while taken < len(waiting) and waiting[taken].start < end:
            taken += 1
        start = end
        while start < len(rich.text) and rich.text[start].isspace():
            start += 1
        carried = [span for span in carried if span.end > start]
    return tuple(part for part in parts if part)


def _fits(rich: FormattedText, limit: int, entities: int) -> bool:
    """Return whether it is one part, as nearly all are."""
    return (
        len(rich.spans) <= entities
        and utf16(rich.text) <= limit
        and sum(entity_bytes(span.url, span.language) for span in rich.spans) <= ENTITY_BYTES
    )


def _within_entities(
    carried: list[Span], waiting: list[Span], taken: int, start: int, end: int, *, most: int
) -> tuple[int, int]:
    """Return how far the entities allow a part to go, and the first span that begins behind it."""
    size = sum(entity_bytes(span.url, span.language) for span in carried)
    count = len(carried)
    position = taken
    while position < len(waiting) and waiting[position].start < end:
        span = waiting[position]
        count += 1
        size += entity_bytes(span.url, span.language)
        if (count > most or size > ENTITY_BYTES) and span.start > start:
            return span.start, position
        position += 1
    return end, position


def _part(text: str, spans: list[Span], start: int, end: int) -> FormattedText:
    shifted = tuple(
        replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start) for span in spans
    )
    return normalize(FormattedText(text[start:end], shifted).strip())


def _nice_cut(text: str, start: int, end: int) -> int:
    """Return the best place to cut at or before `end`: paragraph, line, sentence, word, character."""
    least = start + (end - start) // _MIN_SHARE
    for mark in ("\n\n", "\n"):
        at = text.rfind(mark, least, end + len(mark))
        if at > start:
            return min(at, end)
    for position in range(end, least, -1):
        if _ends_sentence(text, position):
            return position
    at = max(text.rfind(" ", least, end + 1), text.rfind("\u3000", least, end + 1))
    return at if at > start else boundary_before(text, end, above=start)


def _ends_sentence(text: str, at: int) -> bool:
    before = at - 1
    while before > max(0, at - _MAX_CLOSERS) and text[before] in _CLOSERS:
        before -= 1
    char = text[before]
    if char == ".":
        return at < len(text) and text[at].isspace()
    return char in _ENDS and (at >= len(text) or text[at] not in _CLOSERS | _ENDS)
