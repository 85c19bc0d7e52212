"""What a page says about its article: structured data first, then its head, then what people see."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from htmldate import find_date as find_page_date
from lxml.html import HtmlElement
from trafilatura.metadata import extract_metadata

from bot.article.metadata.dates import find_date
from bot.sources.addresses import host_of, web_address
from bot.sources.pages.headline import headline, letters_of, site_names
from bot.sources.pages.statements import Statements, texts_in

_BY: Final = re.compile(
    r"^(?:(?:written |posted |story |text |words )?by|von|par|por|di|door|af|av|autor|author|auteur|文"
    r"|撰文|作者|记者|記者|责任编辑|責任編輯|责编|编辑|編輯|来源|撰稿)\s*[:：/|·]?\s+"
    r"|^(?:作者|记者|記者|责任编辑|責任編輯|责编|编辑|文|撰文)\s*[:：/|]\s*",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(r"\s*(?:关注|關注|\d{4}[-年/.]|follow\b|[-–|·]\s+\w+ \d{1,2},).*$", re.IGNORECASE)
"""What pages put behind a name: a button, a day."""
_NOBODY: Final = frozenset(
    "name emailcom admin administrator editor editors editorial redaktion redaction author noauthor unknown "
    "anonymous guest staff follow user webmaster none null default 佚名 匿名 管理员 小编 网络 本站 "
    "我已授权".split()
)
_SHOWN_AUTHORS: Final = (
    '//*[@rel="author" or contains(@itemprop, "author")]',
    '//*[contains(concat(" ", normalize-space(@class), " "), " author ") or contains(@class, "byline")]',
)
_PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "pubdate",
    "dc.date.issued", "dcterms.created",
)  # fmt: skip
_WRITERS: Final = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl")
_XML_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_CUT_OFF: Final = ("…", "...", "[…]", "[...]")
_MAX_TEXTS: Final = 2_000
_MIN_DAY_CHARS, _MAX_DAY_CHARS = 8, 30
_MAX_AUTHORS: Final = 3
_MAX_NAME_CHARS: Final = 60
_MAX_TITLE_CHARS: Final = 300
_MIN_DESCRIPTION_CHARS: Final = 40
_MIN_OWN_SLASHES: Final = 3
"""In the address of a page; one with fewer is that of the whole site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What was found; nothing where the page says nothing."""

    title: str = ""
    author: str = ""
    site: str = ""
    published: date | None = None
    language: str = ""
    address: str = ""
    description: str = ""
    image: str = ""


def read_metadata(tree: HtmlElement, address: str) -> PageMetadata:
    """Return what a page says about itself; `address` is where it was found."""
    said = Statements(tree)
    canonical = _canonical(said, address)
    site = _site(said, canonical)
    return PageMetadata(
        title=_title(said, site_names(site, host_of(canonical))),
        author=_author(said, tree, address),
        site=site,
        published=_published(said, tree, address),
        language=_language(said, tree),
        address=canonical,
        description=_description(said),
        image=next(
            filter(None, map(web_address, said.meta("og:image", "og:image:url", "twitter:image"))), ""
        ),
    )


def _title(said: Statements, names: set[str]) -> str:
    titles = (
        *said.data("headline"),
        *said.meta("og:title"),
        *said.meta("twitter:title"),
        *said.shown("//head/title"),
    )
    headings = [text for text in said.shown("//h1") if len(text) <= _MAX_TITLE_CHARS]
    return headline(titles, headings, names)


def _author(said: Statements, tree: HtmlElement, address: str) -> str:
    """Return who wrote it: those that the first place names where anybody is."""
    places = (
        said.data("author"),
        said.meta(*_WRITERS),
        texts_in(extract_metadata(tree, default_url=address, extensive=False).author),
        *map(said.shown, _SHOWN_AUTHORS),
    )
    for found in places:
        parts = (part for text in found[:_MAX_AUTHORS] for part in re.split(r"\s*[;；]\s*", text))
        if names := list(filter(None, map(person_in, parts))):
            return ", ".join(dict.fromkeys(names[:_MAX_AUTHORS]))
    return ""


def person_in(text: str) -> str:
    """Return a name without what stands around it; nothing for what is none."""
    name = _BEHIND.sub("", _BY.sub("", text)).strip(" ,|·-–—")
    is_name = len(name) <= _MAX_NAME_CHARS and "://" not in name and "@" not in name
    letters = letters_of(name)
    return name if is_name and not letters.isdigit() and letters not in _NOBODY else ""


def _site(said: Statements, address: str) -> str:
    found = (*said.meta("og:site_name"), *said.data("publisher", "name"), *said.meta("application-name"))
    named = (name for name in found if len(name) <= _MAX_NAME_CHARS and "://" not in name)
    return next(named, host_of(address))


def _published(said: Statements, tree: HtmlElement, address: str) -> date | None:
    shown = tree.xpath('//time[@pubdate or contains(@itemprop, "datePublished")]/@datetime')
    stated = (*said.data("datePublished"), *said.meta(*_PUBLISHED), *map(str, shown))
    if found := next(filter(None, map(find_date, stated)), None):
        return found
    # More would try 205 languages one after another, and load a file for each.
    guess = find_page_date(tree, original_date=True, url=address, extensive_search=False)
    return date.fromisoformat(guess) if guess else _shown_day(tree)


def _shown_day(tree: HtmlElement) -> date | None:
    """Return the first day that stands in the page as a line of its own."""
    texts = (" ".join(str(text).split()) for text in tree.xpath("//body//text()")[:_MAX_TEXTS])
    lines = (text for text in texts if _MIN_DAY_CHARS <= len(text) <= _MAX_DAY_CHARS)
    return next(filter(None, map(find_date, lines)), None)


def _language(said: Statements, tree: HtmlElement) -> str:
    stated = (tree.get("lang"), tree.get(_XML_LANGUAGE), *said.data("inLanguage"))
    return next(filter(None, (*stated, *said.meta("og:locale", "content-language"))), "")


def _canonical(said: Statements, address: str) -> str:
    """Return the address that a page calls its own, if that is on its site; else where it was found."""
    for found in (*said.links("canonical"), *said.meta("og:url")):
        own = web_address(found)
        if own and host_of(own) == host_of(address) and own.rstrip("/").count("/") >= _MIN_OWN_SLASHES:
            return own
    return address


def _description(said: Statements) -> str:
    """Return a page's own summary; one that was cut off is none."""
    found = (*said.data("description"), *said.meta("og:description"), *said.meta("description"))
    whole = (each for each in found if not each.rstrip().endswith(_CUT_OFF))
    return next((each for each in whole if len(each) >= _MIN_DESCRIPTION_CHARS), "")
