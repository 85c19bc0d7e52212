"""YAML and TOML as people write them: a line that is none is read as the words it was meant to be."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

MAX_FRONT_BYTES: Final = 64_000
"""Bytes of metadata that are read: more was not written by a person, and its parsers are slow."""
_MAX_REPAIRS: Final = 20
"""Lines that are put in quotation marks; with more of them odd, each is read by itself."""
_MAX_REPAIRED_CHARS: Final = 200_000
"""Characters that are read again for repairs, in all: the parser takes seconds for a million."""
_AT_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")
_DEEP_KEY: Final = re.compile(r"""(?:(?:[\w-]{1,64}|"[^"\n]{0,64}"|'[^'\n]{0,64}')[ \t]*\.[ \t]*){30}""")
"""A key of TOML with more parts than anybody means: the parser takes time and memory by their square."""
_ENTRY: Final = re.compile(
    r"""(?P<before>\s*(?:-\s+)*(?:"[^"\n]*"|'[^'\n]*'|[^\s:#"'\[\]{},&*!|>%@`-][^:\n]*?)\s*:[ \t]+"""
    r"""|\s*(?:-\s+)+)(?P<value>\S.*?)\s*"""
)
_PAIR: Final = re.compile(
    r"""\s*["']?(?P<key>[^\s:="'#\[\]{}-][^:="'\n]{0,40}?)["']?\s*[:=]\s*(?P<value>.*?)\s*"""
)
_ITEM: Final = re.compile(r"\s*-\s+(?P<value>\S.*?)\s*")
_SIGN: Final = re.compile(r"(?<=[:\-])([ \t]+)(#\S.*?|![^!\s].*?)[ \t]*$")
"""`tags: #a #b` and `title: !news`, which YAML takes for a remark and for a type."""


class _Strings(yaml.BaseLoader):
    """Leaves every value a string: `lang: no` stays "no", `!!python/…` stays inert.

    Aliases are refused: a few hundred bytes of them can stand for gigabytes.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node that is written out."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
            raise yaml.composer.ComposerError(None, None, "aliases are not read", event.start_mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The values under their names as written, and which lines, from 0, were read as mere words."""

    values: Mapping[Any, Any]
    odd: tuple[int, ...] = ()


def load_yaml(lines: Sequence[str]) -> Loaded | None:
    """Read YAML; None when it is no table, and so no metadata."""
    if _is_long(lines):
        return _by_lines(lines)
    # A tab may not set in, and a sign behind a name is one that somebody meant.
    source = [_SIGN.sub(_quoted_sign, line.expandtabs(2)) for line in lines]
    odd: list[int] = []
    size = sum(map(len, source)) + 1
    for _ in range(min(_MAX_REPAIRS, 1 + _MAX_REPAIRED_CHARS // size)):
        try:
            # All values stay strings: which of them is a date or a list is decided by their key.
            loaded = yaml.load("\n".join(source), Loader=_Strings)  # noqa: S506  # builds strings only
        except yaml.YAMLError as error:
            number = _repair(source, error, odd)
            if number is None:
                break
            odd.append(number)
        except RecursionError:
            break
        else:
            return Loaded(loaded, tuple(odd)) if isinstance(loaded, dict) else None
    return _by_lines(lines)


def load_toml(lines: Sequence[str]) -> Loaded:
    """Read TOML."""
    # tomllib recurses for each dot of a key, and its error would be one of the interpreter.
    if _is_long(lines) or any(map(_DEEP_KEY.search, lines)):
        return _by_lines(lines)
    try:
        # Numbers stay as they are written: 1.10 is a title.
        return Loaded(tomllib.loads("\n".join(lines), parse_float=str))
    except tomllib.TOMLDecodeError as error:
        match = _AT_LINE.search(str(error))
        return _by_lines(lines, int(match[1]) - 1 if match else len(lines) - 1)
    except RecursionError:
        return _by_lines(lines)


def _is_long(lines: Sequence[str]) -> bool:
    return sum(len(line.encode("utf-8", "replace")) for line in lines) > MAX_FRONT_BYTES


def _quoted_sign(match: re.Match[str]) -> str:
    return f"{match[1]}{_in_marks(match[2])}"


def _in_marks(value: str) -> str:
    """Return a value as YAML writes any string; marks that somebody put around it are not part of it."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    elif value[0] in "\"'" and value.count(value[0]) == 1:
        value = value[1:]
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _repair(source: list[str], error: yaml.YAMLError, odd: Sequence[int]) -> int | None:
    """Put the value that YAML stumbles over in quotation marks; return its line, None where there is none."""
    for number in _suspects(error, len(source)):
        match = _ENTRY.fullmatch(source[number])
        if number not in odd and match and match["value"] not in {"|", ">", "|-", ">-", "|+", ">+"}:
            source[number] = match["before"] + _in_marks(match["value"])
            return number
    return None


def _suspects(error: yaml.YAMLError, count: int) -> Iterator[int]:
    """Yield where a fault was noticed, where what it belongs to began, and the lines above it."""
    marks = (getattr(error, "problem_mark", None), getattr(error, "context_mark", None))
    lines = [min(mark.line, count - 1) for mark in marks if mark]
    yield from lines
    if lines:
        yield from range(lines[0] - 1, max(lines[0] - 4, -1), -1)


def _by_lines(lines: Sequence[str], odd: int = 0) -> Loaded:
    """Read each `key: value` by itself, with the `- items` below it; what is neither is passed over."""
    values: dict[str, str | list[str]] = {}
    last = ""
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item and last and (not values[last] or isinstance(values[last], list)):
            values[last] = [*values[last], _bare(item["value"])]
        elif not line[:1].isspace() and (pair := _PAIR.fullmatch(line)):
            last = pair["key"]
            listed = pair["value"][:1] == "[" and pair["value"][-1:] == "]"
            inner = pair["value"][1:-1] if listed else ""
            values.setdefault(
                last, [_bare(each) for each in inner.split(",")] if listed else _bare(pair["value"])
            )
    return Loaded(values, (odd,))


def _bare(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
