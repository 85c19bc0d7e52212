"""Write values of a closed set of types as short text, and read them back. Pure.

Each type has a template such as `sec:{article}:{section}:{page}`. The types of its fields say how they are
written: a number in decimal digits, a time as HHMM, a day as in ISO 8601, weekdays as digits, None as a token
of the field's own.
"""

import re
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date, time
from typing import Any, Final, Generic, Literal, TypeVar, cast, dataclass_transform

from bot.errors import Unreadable
from bot.i18n import LANGUAGES, Language

MAX_DIGITS: Final = 18
"""Digits of a number: every id of ours and of Telegram's fits, and every such number fits the database."""

_FIELD: Final = re.compile(r"\{(\w+)\}")

T = TypeVar("T")
Class = TypeVar("Class", bound=type)


def none_as(token: str) -> Any:
    """Declare a field whose None is written as a token."""
    return field(metadata={"none": token})


@dataclass_transform(frozen_default=True, field_specifiers=(none_as,))
def written_as(template: str) -> Callable[[Class], Class]:
    """Make a class a frozen dataclass that is written by a template."""

    def decorate(class_: Class) -> Class:
        made: Any = dataclass(frozen=True)(class_)
        made.TEMPLATE = template
        return cast("Class", made)

    return decorate


@dataclass(frozen=True, slots=True)
class _Format:
    """How one field is written and read. `read` raises ValueError for text that it never writes."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


class Codec(Generic[T]):
    """Text for the values of these types; no two types may write the same text."""

    def __init__(self, classes: Iterable[type[T]]) -> None:
        self.classes = tuple(classes)
        self._formats = {each: _formats(each) for each in self.classes}
        self._patterns = [(_pattern(_template(each)), each) for each in self.classes]

    def encode(self, value: T) -> str:
        """Write a value."""
        formats = self._formats[type(value)]
        written = {name: each.write(getattr(value, name)) for name, each in formats.items()}
        return _template(type(value)).format_map(written)

    def decode(self, text: str) -> T:
        """Read a value. Unreadable for text that no type writes."""
        for pattern, class_ in self._patterns:
            found = pattern.fullmatch(text)
            if found is None:
                continue
            formats = self._formats[class_]
            try:
                return class_(**{name: each.read(found[name]) for name, each in formats.items()})
            except ValueError:
                continue  # another template may have the same shape
        raise Unreadable(text)


def _template(class_: Any) -> str:
    return str(class_.TEMPLATE)


def _pattern(template: str) -> re.Pattern[str]:
    """Return what matches a template. Only a field at its end may hold separators."""
    first, *rest = _FIELD.split(template)
    parts = [re.escape(first)]
    for name, behind in zip(rest[::2], rest[1::2], strict=True):
        anything = ".*" if not behind else "[^: ]*"
        parts.append(f"(?P<{name}>{anything}){re.escape(behind)}")
    return re.compile("".join(parts), re.DOTALL)


def _formats(class_: Any) -> dict[str, _Format]:
    hints = typing.get_type_hints(class_)
    return {each.name: _format(hints[each.name], each.metadata.get("none")) for each in fields(class_)}


def _format(hint: Any, none: str | None) -> _Format:
    if none is not None:
        [other] = (each for each in typing.get_args(hint) if each is not types.NoneType)
        inner = _format(other, None)
        return _Format(
            write=lambda value: none if value is None else inner.write(value),
            read=lambda text: None if text == none else inner.read(text),
        )
    if typing.get_origin(hint) is Literal:
        return _Format(str, lambda text: _one_of(typing.get_args(hint), text))
    return _FORMATS.get(hint) or _FORMATS[getattr(hint, "__supertype__", hint)]


def _one_of(values: tuple[str, ...], text: str) -> str:
    if text not in values:
        raise ValueError(text)
    return text


def _read_int(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
        raise ValueError(text)
    return int(text)


def _read_time(text: str) -> time:
    if not re.fullmatch("[0-9]{4}", text):
        raise ValueError(text)
    return time(int(text[:2]), int(text[2:]))


def _read_days(text: str) -> frozenset[int]:
    if not re.fullmatch("[1-7]+", text):
        raise ValueError(text)
    return frozenset(map(int, text))


def _read_language(text: str) -> Language:
    return Language(_one_of(LANGUAGES, text))


_FORMATS: Final[dict[Any, _Format]] = {
    Language: _Format(str, _read_language),
    int: _Format(str, _read_int),
    str: _Format(str, str),
    time: _Format("{:%H%M}".format, _read_time),
    date: _Format(date.isoformat, date.fromisoformat),
    frozenset[int]: _Format(lambda days: "".join(map(str, sorted(days))), _read_days),
}
