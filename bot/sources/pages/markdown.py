"""HTML as Markdown, with the links of the page where it stands."""

import re
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring
from markdownify import MarkdownConverter

_DROPPED: Final = (
    "script", "style", "noscript", "template", "iframe", "form", "button", "input", "select", "svg", "canvas",
    "object", "embed", "nav", "dialog",
)  # fmt: skip
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t\u00a0\u200b]*\n)+")
_LINE_ENDS: Final = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)
_NO_ADDRESS: Final = re.compile(r"\s*(?!https?:|mailto:)", re.IGNORECASE)
_LAZY: Final = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-url")
"""Where pages keep a picture's address until it is scrolled to."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")
_LANGUAGE: Final = re.compile(r"(?:^|\s)(?:language|lang|highlight-source|brush:)[-\s:]?([\w+#-]{1,20})")


class _Converter(MarkdownConverter):
    """As the library does it, except for what it would lose."""

    def convert_b(self, node: Any, text: str, parent_tags: set[str]) -> str:
        """Leave the letters of a heading as they are: it is bold anyway."""
        bold = super().convert_b(node, text, parent_tags)  # type: ignore[misc]  # made by a factory
        return text if parent_tags & _HEADINGS else str(bold)

    convert_strong = convert_b

    def convert_figcaption(self, node: Any, text: str, parent_tags: set[str]) -> str:
        """Write a caption as a paragraph of its own."""
        del node, parent_tags
        words = text.strip()
        return f"\n\n*{words}*\n\n" if words and not {"*", "\n"} & set(words) else f"\n\n{words}\n\n"


def markdown_of(element: HtmlElement, *, base: str) -> str:
    """Return an element's text as Markdown; addresses are taken from where the page is."""
    etree.strip_elements(element, *_DROPPED, with_tail=False)
    make_absolute(element, base)
    converter = _Converter(
        heading_style="ATX",
        bullets="-",
        code_language_callback=_code_language,
        escape_misc=False,
        newline_style="backslash",
    )
    text = converter.convert(tostring(element, encoding="unicode"))
    return _BLANK_LINES.sub("\n\n", _LINE_ENDS.sub("", text)).strip() + "\n"


def tree_of(text: str) -> HtmlElement | None:
    """Return a page as a tree; None when there is none in it."""
    try:
        # Characters that XML does not know would end the parser.
        clean = _CONTROLS.sub("", text).encode("utf-8", "replace")
        tree = document_fromstring(clean, parser=_PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    for element in list(tree.iter()):
        _drop_controls(element)
        # The parser takes `<a<p>` for a tag of that name, which nothing may be called later.
        if isinstance(element.tag, str) and not _TAG_NAME.fullmatch(element.tag) and element is not tree:
            element.drop_tag()
    return tree


def _drop_controls(element: HtmlElement) -> None:
    """Take out what references such as `&#1;` have brought in: it could be written nowhere."""
    for name in ("text", "tail"):
        words = getattr(element, name)
        if words and _CONTROLS.search(words):
            setattr(element, name, _CONTROLS.sub("", words))
    for name, value in element.attrib.items():
        if _CONTROLS.search(value):
            element.set(name, _CONTROLS.sub("", value))


def make_absolute(element: HtmlElement, base: str) -> None:
    """Make addresses those of the page; take out what leads nowhere."""
    for image in element.iter("img"):
        lazy = next((image.get(name) for name in _LAZY if image.get(name)), None)
        if lazy:
            image.set("src", lazy)
    element.make_links_absolute(base, resolve_base_href=False, handle_failures="discard")
    for link in list(element.iter("a")):
        if _NO_ADDRESS.match(link.get("href", "")):
            link.drop_tag()
    for image in list(element.iter("img")):
        if _NO_ADDRESS.match(image.get("src", "")):
            image.drop_tree()


def _code_language(node: Any) -> str | None:
    for each in (node, *node.find_all("code", limit=1)):
        if match := _LANGUAGE.search(" ".join(each.get("class") or ())):
            return str(match[1])
    return None


_PARSER: Final = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
