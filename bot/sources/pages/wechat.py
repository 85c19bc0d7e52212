"""Posts of WeChat: their text stands in a hidden element or a script, and headings are only styled."""

import html
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring

from bot.article.metadata.dates import find_date
from bot.sources.pages.markdown import make_absolute, markdown_of
from bot.sources.pages.metadata import PageMetadata

_CHINA: Final = timezone(timedelta(hours=8))
_SECONDS: Final = re.compile(
    r"""\b(?:var\s+ct|ori_create_time|create_time|createTime|svr_time_ct)\s*[=:]\s*(?:JsDecode\()?["']?(\d{10})\b"""
)
_DAY: Final = re.compile(
    r"""\b(?:createTime|create_time|publish_time)\s*[=:]\s*["'](\d{4}-\d{1,2}-\d{1,2})"""
)
_FIELD: Final = (
    r"""\b{name}\s*[:=]\s*(?:JsDecode\()?\s*(?P<mark>["'])(?P<text>(?:\\.|(?!(?P=mark))[^\\])*)(?P=mark)"""
)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PLAIN: Final = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "", "v": ""}
_SIZE: Final = re.compile(r"font-size\s*:\s*(\d+(?:\.\d+)?)px")
_BOLD: Final = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_QUOTE: Final = re.compile(r"border-left(?:-\w+)?\s*:|border-width\s*:\s*[\w.]+ [\w.]+ [\w.]+ [1-9]")
_SENTENCE_END: Final = re.compile(r"[。！？!?，,；;：:…]$")
_MAX_HEADING_CHARS: Final = 30
_MIN_HEADING_PX: Final = 16
_MORE_PX: Final = 3
"""By which a heading that is not bold is larger than the text."""
_MIN_HEADINGS: Final = 2
_BLOCKS: Final = frozenset("p section div h1 h2 h3 h4 h5 h6 blockquote ul ol li table figure pre".split())


def read_wechat(tree: HtmlElement, address: str) -> tuple[PageMetadata, str] | None:
    """Return what a post says about itself, and its text as Markdown; None for other pages."""
    scripts = "\n".join(script.text or "" for script in tree.iter("script"))
    content = _content(tree, scripts)
    if content is None:
        return None
    metadata = PageMetadata(
        title=_shown(tree, "activity-name")
        or _meta(tree, "og:title")
        or _field(scripts, "title", "msg_title"),
        author=_shown(tree, "js_author_name") or _meta(tree, "author") or _field(scripts, "author"),
        site=_shown(tree, "js_name") or _field(scripts, "nick_name", "nickname"),
        published=_published(tree, scripts),
        language="zh",
        address=address,
        image=_meta(tree, "og:image") or _field(scripts, "cdn_url", "msg_cdn_url"),
    )
    make_absolute(content, address)
    _structure(content)
    return metadata, markdown_of(content, base=address)


def _content(tree: HtmlElement, scripts: str) -> HtmlElement | None:
    found = tree.get_element_by_id("js_content", None)
    if found is not None and (found.text_content().strip() or found.find(".//img") is not None):
        return found
    source = _field(scripts, "content_noencode")
    return (
        fragment_fromstring(html.unescape(source) if "<" not in source else source, create_parent="div")
        if source
        else None
    )


def _field(scripts: str, *names: str) -> str:
    """Return a text from the script that builds the page, with what JavaScript escapes."""
    for name in names:
        match = re.search(_FIELD.format(name=name), scripts)
        text = html.unescape(_ESCAPE.sub(_unescaped, match["text"])).strip() if match else ""
        if text:
            return text if name == "content_noencode" else " ".join(text.split())
    return ""


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _PLAIN.get(match[3], match[3])


def _shown(tree: HtmlElement, name: str) -> str:
    found = tree.get_element_by_id(name, None)
    return " ".join(found.text_content().split()) if found is not None else ""


def _meta(tree: HtmlElement, name: str) -> str:
    found = tree.xpath("//meta[@property=$name or @name=$name]/@content", name=name)
    return " ".join(str(found[0]).split()) if found else ""


def _published(tree: HtmlElement, scripts: str) -> date | None:
    """Return the day in China; a post says it in seconds, or in words."""
    if match := _SECONDS.search(scripts):
        return datetime.fromtimestamp(int(match[1]), UTC).astimezone(_CHINA).date()
    match = _DAY.search(scripts)
    return find_date(match[1] if match else _shown(tree, "publish_time"))


def _structure(content: HtmlElement) -> None:
    """Make headings and quotes of what is only styled as such, and lists of what is wrapped in sections."""
    for item in content.iter("li"):
        for wrapper in list(item.iter("section", "p")):
            wrapper.drop_tag()
    for block in list(content.iter("section", "div")):
        if _QUOTE.search(block.get("style", "")) and block.find(".//blockquote") is None:
            block.tag = "blockquote"
    headings = [block for block in content.iter("p", "section", "div") if _is_heading(block)]
    if len(headings) >= _MIN_HEADINGS:
        for block in headings:
            words = " ".join(block.text_content().split())
            block.clear()
            block.tag, block.text = "h2", words
    for block in content.iter("section"):
        block.tag = "div"
    etree.strip_tags(content, "span", "font")


def _is_heading(block: HtmlElement) -> bool:
    """Return whether a block looks like a heading: one short line, large or bold, that is no sentence."""
    text = " ".join(block.text_content().split())
    if (
        not text
        or len(text) > _MAX_HEADING_CHARS
        or _SENTENCE_END.search(text)
        or block.find(".//img") is not None
    ):
        return False
    if any(child.tag in _BLOCKS for child in block.iterdescendants()) or any(
        each.tag in {"blockquote", "li", "td"} for each in block.iterancestors()
    ):
        return False
    letters = "".join(text.split())
    around = [each for each in (*block.iter(), *block.iterancestors()) if _letters_of(each) == letters]
    size = max(
        (float(match[1]) for each in around if (match := _SIZE.search(each.get("style", "")))), default=0.0
    )
    bold = any(_BOLD.search(each.get("style", "")) or each.tag in {"strong", "b"} for each in around)
    return size >= _MIN_HEADING_PX + (0 if bold else _MORE_PX)


def _letters_of(element: HtmlElement) -> str:
    return "".join(element.text_content().split())
