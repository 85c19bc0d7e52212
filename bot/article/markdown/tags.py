"""Tags in Markdown: which are HTML, which nobody sees, which are words: `<your-token>`, `List<String>`."""

import re
from typing import Final

_KNOWN: Final = frozenset(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote "
    "body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog "
    "dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 "
    "head header hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee "
    "math menu meta meter nav nobr noframes noscript object ol optgroup option output p param picture pre "
    "progress q rb rp rt rtc ruby s samp script search section select slot small source span strike "
    "strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track "
    "tt u ul var video wbr".split()
)
VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
HIDDEN: Final = frozenset(
    "script style head template audio video noscript noframes button svg canvas iframe object applet "
    "select textarea datalist dialog rp".split()
)
"""Elements whose words are code, a fallback, or a control: no page shows them as text."""
_NAMES_A_PART: Final = frozenset(
    "title body html head meta link base form input select option label object param source track data "
    "time map area menu main search slot output header footer section article nav template frame button "
    "script style".split()
)
"""What people write about as often as they use it: without attributes and without an end, it is a word."""
_ATTRIBUTES: Final = re.compile(
    r"""(?:\s+(?:[\w:@.-]+\s*=\s*(?:"[^"]*"|'[^']*'|\{[^{}]*\}|[^\s"'>]+)"""
    r"""|async|autofocus|autoplay|checked|controls|default|defer|disabled|download|hidden|inert|ismap|itemscope|loop"""
    r"""|multiple|muted|nomodule|noshade|novalidate|nowrap|open|playsinline|readonly|required|reversed|selected"""
    r"""|allowfullscreen))*\s*/?""",
    re.IGNORECASE,
)
_HIDES: Final = re.compile(
    r"""\s(?:hidden(?=[\s/]|\Z|=)(?!\s*=\s*["']?false)|style\s*=\s*(["']?)[^"']*(?:display\s*:\s*none|visibility\s*:\s*hidden))""",
    re.IGNORECASE,
)
_RAISED: Final = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_LOWERED: Final = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SIGNS: Final = re.compile(r"[0-9+\-−=()]+")
_NOTE: Final = re.compile(r"\[[^\[\]]*\]")


def is_markup(name: str, rest: str, *, closed: bool) -> bool:
    """Return whether a tag is one: `rest` is what stands behind its name, `closed` whether its end follows.

    A name that HTML does not know is a component of the page when it has attributes or ends in `/>`.
    """
    attributes = _ATTRIBUTES.fullmatch(rest)
    given = bool(rest.strip(" \t\n/"))
    if attributes is None:
        return False
    if name.lower() in _KNOWN:
        return given or closed or name.lower() not in _NAMES_A_PART
    return ":" in name or given or rest.rstrip().endswith("/")


def is_hidden(name: str, rest: str) -> bool:
    """Return whether what an element holds is not shown as text."""
    return name.lower() in HIDDEN or _HIDES.search(rest) is not None


def raised(name: str, words: str) -> str:
    """Return what stands in `<sup>` or `<sub>` as characters: `⁶`, `₂`, else `^(n)`, `_(i)`."""
    text = words.strip()
    if not text or _NOTE.fullmatch(text):
        return words
    if _SIGNS.fullmatch(text):
        return text.translate(_RAISED if name == "sup" else _LOWERED)
    return f"{'^' if name == 'sup' else '_'}({text})"
