"""Write a document: metadata as front matter, then the text."""

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from bot.article.metadata.front_matter import split_front_matter
from bot.article.metadata.keys import KEYS, folded
from bot.article.quotes.front_matter import QUOTE_LISTS

_TITLE: Final = re.compile(r"\A\s*# [^\n]*")
_ALSO: Final = {"tags": ("tags", "categories"), "author": ("author", "editor")}
"""Keys that say the same to readers: who changes one means both."""


def document_of(fields: Mapping[str, object], text: str) -> str:
    """Return a document with the fields that say something as its front matter."""
    said = {name: value for name, value in fields.items() if value}
    return f"---\n{_dumped(said)}---\n\n{text}" if said else text


def with_fields(text: str, fields: Mapping[str, object]) -> str:
    """Return a document with other metadata under our own keys; an empty value takes a key away.

    What else its front matter says is kept, and written as YAML.
    """
    if not fields:
        return text
    front = split_front_matter(text)
    changed = {each for key in fields for each in _ALSO.get(key, (key,))}
    found = dict(front.values or {entry.name: ", ".join(entry.words) for entry in front.entries.values()})
    if added := fields.get("quotes"):
        # What editors add stands beside what the author lists.
        name = next((each for each in found if folded(each) in QUOTE_LISTS), "quotes")
        found[name] = [*_as_list(found.get(name)), *_as_list(added)]
        fields = {each: value for each, value in fields.items() if each != "quotes"}
    kept = {name: value for name, value in found.items() if KEYS.get(folded(name)) not in changed}
    body = front.body.lstrip("\n")
    if title := fields.get("title"):
        # Else its heading would say another title.
        body = _TITLE.sub(lambda _: f"# {title}", body, count=1)
    return document_of({name: value for name, value in fields.items() if value} | kept, body)


def _as_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


class _Dumper(yaml.SafeDumper):
    """Writes words without quotation marks where YAML allows it: `draft: false` was read as words, too."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # as the library declares it


def _dumped(values: Mapping[str, object]) -> str:
    return yaml.dump(_plain(values), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _plain(value: object) -> Any:
    """Return a value with words in place of all else that is no table and no list."""
    match value:
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case bool():
            return str(value).lower()
        case None:
            return ""
        case _:
            return str(value)
