"""The headline of a page without the name of its site, which most pages put beside it. Pure."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

_SEPARATOR: Final = re.compile(
    r"\s+[|｜·•–—»«:>_-]+\s+|\s*[|｜»«]\s*|\s*[_—-]{1,2}(?=[\u4e00-\u9fff][^\s_—-]{0,14}$)"
)
_SITE: Final = re.compile(
    r"[\u4e00-\u9fff]{1,10}(?:网|網|报|报|社|频道|在线|博客|新闻|日报|晚报|周刊|论坛|专栏|百科)"
)
"""A part of a title that is the name of a Chinese site."""
_MIN_BEGINNING_CHARS: Final = 15
_MAX_TIMES: Final = 3
"""By which a title may be longer than the heading that it holds."""


def headline(titles: Sequence[str], headings: Sequence[str], names: AbstractSet[str]) -> str:
    """Return the headline, given titles in the page's head, its top headings, and the names of its site."""
    # What people see as the headline, where the page's head begins or ends with it too.
    for heading in headings:
        if letters_of(heading) not in names and any(_holds(title, heading) for title in titles):
            return heading
    return next(iter((*(_without_site(title, names) for title in titles), *headings)), "")


def site_names(site: str, host: str) -> set[str]:
    """Return the letters of what a site may be called."""
    return {letters_of(site), letters_of(host), letters_of(host.rsplit(".", 1)[0])} - {""}


def letters_of(text: str) -> str:
    """Return what two ways of writing a name have in common."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _holds(title: str, heading: str) -> bool:
    """Return whether a title is a heading, and perhaps more before or behind it."""
    one, other = letters_of(title), letters_of(heading)
    if len(one) >= _MIN_BEGINNING_CHARS and other.startswith(one):
        return True  # quotation marks ended the title in the page's source
    near = len(other) > 1 and len(one) <= _MAX_TIMES * len(other)
    return near and (one.startswith(other) or one.endswith(other))


def _without_site(title: str, names: AbstractSet[str]) -> str:
    """Return a title without the parts that name the site."""
    parts = [part for part in _SEPARATOR.split(title) if part.strip()]
    kept = [part for part in parts if letters_of(part) not in names and not _SITE.fullmatch(part.strip())]
    if len(parts) == len(kept) or not kept:
        return title
    first, last = title.find(kept[0]), title.rfind(kept[-1]) + len(kept[-1])
    return title[first:last].strip()
