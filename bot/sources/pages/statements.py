"""Where a page says something about itself: structured data (JSON-LD), `<meta>`, `<link>`."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from lxml.html import HtmlElement

_ARTICLE_TYPES: Final = re.compile(
    r"(?:\w*Article|\w*BlogPosting|Report|WebPage|Posting|Recipe|VideoObject|Review)$"
)
_MAX_SCRIPTS: Final = 20
_MAX_SCRIPT_CHARS: Final = 500_000
_MAX_DEPTH: Final = 8


class Statements:
    """What a page says about itself, read once."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._metas: dict[str, list[str]] = {}
        for each in tree.iter("meta"):
            name = each.get("property") or each.get("name") or each.get("itemprop") or ""
            if content := one_line(each.get("content", "")):
                self._metas.setdefault(name.lower(), []).append(content)
        self._articles = [
            node for node in _nodes(tree) if any(map(_ARTICLE_TYPES.match, texts_in(node.get("@type"))))
        ]

    def meta(self, *names: str) -> list[str]:
        """Return what `<meta>` says under the first of these names that it knows."""
        return next((self._metas[name] for name in names if name in self._metas), [])

    def data(self, *path: str) -> list[str]:
        """Return texts from structured data, of the first article there that has any."""
        for node in self._articles:
            found: list[Any] = [node]
            for name in path:
                found = [each[name] for each in _flat(found) if isinstance(each, dict) and name in each]
            if texts := [text for each in _flat(found) for text in texts_in(each)]:
                return texts
        return []

    def shown(self, path: str) -> list[str]:
        """Return the texts of elements, as people see them."""
        return [text for each in self._tree.xpath(path) if (text := one_line(each.text_content()))]

    def links(self, relation: str) -> list[str]:
        """Return the addresses to which the page's head links in a relation."""
        return [str(href) for href in self._tree.xpath("//link[@rel=$relation]/@href", relation=relation)]


def texts_in(value: object) -> list[str]:
    """Return the texts of a value of structured data: a text, the name in an object, those of a list."""
    match value:
        case str():
            return [line] if (line := one_line(value)) else []
        case {"name": name}:
            return texts_in(name)
        case list():
            return [text for each in value for text in texts_in(each)]
        case _:
            return []


def one_line(text: str) -> str:
    """Return a text as one line; some page builders wrote its entities twice."""
    return " ".join(html.unescape(html.unescape(text)).split())


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield each object of the page's structured data."""
    for script in tree.xpath('//script[@type="application/ld+json"]')[:_MAX_SCRIPTS]:
        source = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip(" ;\n\t")
        try:
            loaded = json.loads(source[:_MAX_SCRIPT_CHARS], strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _objects(loaded, 0)


def _objects(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(name), depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each, depth + 1)


def _flat(values: Sequence[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value
