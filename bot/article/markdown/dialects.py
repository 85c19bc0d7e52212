"""What Obsidian, Logseq, Hugo, Jekyll, Hexo, kramdown, Pandoc, MDX and Zenn add to a line of Markdown.

A reader gets the words that the tool would show. What has none becomes a token `dropped` with its source.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bot.article.plain_text import is_wide

DROPPED: Final = "dropped"

_Match = re.Match[str]

_PICTURE: Final = re.compile(r".*\.(?:png|jpe?g|gif|svg|webp|avif|bmp)", re.IGNORECASE)
_SIZE: Final = re.compile(r"\d+(?:x\d+)?")
_WORDS_OF_TAG: Final = (
    re.compile(r"""\bcaption\s*=\s*(?:"([^"]*)"|'([^']*)')"""),
    re.compile(r"""\b(?:title|alt|text|label|summary)\s*=\s*(?:"([^"]*)"|'([^']*)')"""),
)
"""Attributes of a shortcode that its page shows, the one that counts more first."""
_PROPERTY: Final = re.compile(r"[ \t]*(?:[-*+] )?[^\W\d_][\w /-]{0,30}")
_OWN_PROPERTIES: Final = frozenset(
    {"id", "collapsed", "heading", "background-color", "query-table", "template", "card-last-score"}
)
"""What Logseq notes for itself beside a block."""
_NO_POWER: Final = re.compile(r"[ \t]|[^\x00-\x7f]|[:,.!?]\Z|[^\W\d_]{4}")
"""Tells words in bold from what stands between two powers: `2 ** 3 ** 4`."""
_SHOWN: Final = re.compile(
    r"\s*(?:\{\{|\{%(?!-?\s*(?:end|raw))|!\[\[|<%|@\[(?!toc)|import\b|export\b)", re.IGNORECASE
)
"""What stands for something on its page; comments, ids, classes and contents stand for nothing."""
_TEMPLATE: Final = r"(?:\{\{.*?\}\}|\{%.*?%\})"


@dataclass(frozen=True, slots=True)
class _Form:
    """What is looked for at a sign, and what reads it: up to where; 0 leaves it to the other rules."""

    pattern: re.Pattern[str]
    read: Callable[[StateInline, _Match], int]


def dropped(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield what its own tool would show and a chat cannot: the line, counted from 0, and the source."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        if token.type == DROPPED and _SHOWN.match(token.content):
            yield line, token.content
        for child in token.children or ():
            if child.type == DROPPED and _SHOWN.match(child.content):
                yield line + token.content[: token.content.find(child.content)].count("\n"), child.content


def _rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    for form in _FORMS.get(state.src[state.pos], ()):
        match = form.pattern.match(state.src, state.pos, state.posMax)
        if match is None:
            continue
        if end := match.end() if silent else form.read(state, match):
            state.pos = end
            return True
    return False


def _drop(state: StateInline, match: _Match) -> int:
    end = match.end()
    # Of the spaces on both sides, one is left.
    if state.pending.endswith(" ") and state.src[end : end + 1] == " ":
        end += 1
    state.push(DROPPED, "", 0).content = match[0]
    return end


def _text(state: StateInline, words: str) -> None:
    state.push("text", "", 0).content = words


def _inner(state: StateInline, words: str) -> None:
    """Read words as Markdown of their own."""
    if state.pending:
        state.pushPending()
    # In a list of their own: the parser would else join and count the tokens around them.
    tokens: list[Token] = []
    state.md.inline.parse(words, state.md, state.env, tokens)
    state.tokens.extend(tokens)


def _strong(state: StateInline, match: _Match) -> int:
    state.push("strong_open", "strong", 1).markup = "**"
    _inner(state, match["words"])
    state.push("strong_close", "strong", -1).markup = "**"
    return match.end()


def _image(state: StateInline, address: str, alt: str) -> None:
    token = state.push("image", "img", 0)
    token.attrs = {"src": address, "alt": ""}
    words = Token("text", "", 0)
    words.content = alt
    token.children = [words]
    token.content = alt


def _wiki_link(state: StateInline, match: _Match) -> int:
    """`[[page]]`, `[[page#part]]` and `[[page|shown]]`: what the note's reader sees."""
    page, shown = match[1].rstrip("\\").strip(), (match[2] or "").strip()
    file, _, part = page.partition("#")
    name = file.rsplit("/", 1)[-1].removesuffix(".md")
    _text(state, shown or " > ".join(filter(None, (name, part.lstrip("^").replace("#", " > ")))))
    return match.end()


def _embed(state: StateInline, match: _Match) -> int:
    """`![[picture.png|caption]]`; a note, a sheet or a film that is set in has no words here."""
    address, shown = match[1].rstrip("\\").strip(), (match[2] or "").rpartition("|")[2].strip()
    if not _PICTURE.fullmatch(address):
        return _drop(state, match)
    _image(state, address, "" if _SIZE.fullmatch(shown) else shown)
    return match.end()


def _template_link(state: StateInline, match: _Match) -> int:
    """`[words]({{< ref "page" >}})`: where it leads is known to the site's generator only."""
    if match[0].startswith("!"):
        _image(state, "", match[1])
    else:
        _inner(state, match[1])
    return match.end()


def _tag(state: StateInline, match: _Match) -> int:
    """`{{< figure caption="…" >}}`: the caption."""
    end = _drop(state, match)
    shown = next(filter(None, (pattern.search(match[0]) for pattern in _WORDS_OF_TAG)), None)
    if shown is None:
        return end
    _text(state, shown[1] or shown[2] or "")
    return match.end()


def _property(state: StateInline, match: _Match) -> int:
    """`key:: value` reads as `key: value`; what the tool notes for itself goes."""
    start = state.src.rfind("\n", 0, state.pos) + 1
    key = state.src[start : state.pos]
    if not _PROPERTY.fullmatch(key) or not state.pending.endswith(key.lstrip()):
        return 0
    if key.strip().lower() in _OWN_PROPERTIES:
        state.pending = state.pending.removesuffix(key.lstrip())
        end = state.src.find("\n", state.pos, state.posMax)
        end = state.posMax if end < 0 else end
        state.push(DROPPED, "", 0).content = state.src[start:end]
        return end
    _text(state, ":")
    return match.end()


def _dataview(state: StateInline, match: _Match) -> int:
    _text(state, f"{match[1]}: ")
    _inner(state, match[2])
    return match.end()


def _block_id(state: StateInline, match: _Match) -> int:
    """` ^q3` at the end of a block: where links of Obsidian point to."""
    state.pending = state.pending.rstrip(" ")
    return _drop(state, match)


def _zenn_card(state: StateInline, match: _Match) -> int:
    """`@[card](address)`: the address; `@[youtube](number)` means nothing outside its page."""
    if not match[1].startswith(("https://", "http://")):
        return _drop(state, match)
    _text(state, match[1])
    return match.end()


def _spaced_bold(state: StateInline, match: _Match) -> int:
    """`** words **` and `**words **`, which converters write: words in bold."""
    before = state.src[: state.pos]
    if before.endswith("*") or not (match["open"] or match["close"]):
        return 0
    # A mark that closes words in bold is none that opens others.
    if before and not before[-1].isspace() and _is_open(state):
        return 0
    line = state.src[match.end() : state.posMax].split("\n", 1)[0]
    if line.count("**") % 2:
        return 0
    last = before.rstrip(" \t")[-1:]
    words = match["words"]
    if last.isascii() and last.isalnum() and not _NO_POWER.search(words):
        return 0
    state.pending += _gap(before[-1:], words[0]) if match["open"] else ""
    _strong(state, match)
    state.pending += _gap(words[-1], line[:1]) if match["close"] else ""
    return match.end()


def _gap(left: str, right: str) -> str:
    """Return the space between two characters, one of which an inner space has separated."""
    beside = left + right
    return "" if len(beside) < 2 or any(map(is_wide, beside)) or any(map(str.isspace, beside)) else " "  # noqa: PLR2004  # both


def _is_open(state: StateInline) -> bool:
    """Return whether a `*` further left waits for its end."""
    depth = 0
    for delimiter in state.delimiters:
        if delimiter.marker == ord("*"):
            depth += -1 if delimiter.close and depth else delimiter.open
    return depth > 0


_SPACED_BOLD: Final = re.compile(
    r"\*\*(?P<open>[ \t]*)(?P<words>[^*\s](?:[^*\n]{0,158}[^*\s])?)"
    r"(?P<close>[ \t]*)\*\*(?!\*)"
)

_FORMS: Final[dict[str, tuple[_Form, ...]]] = {
    "[": (
        _Form(re.compile(r"(?<![^\n])\[\[?_?toc_?\]?\](?=[ \t]*(?:\n|\Z))", re.IGNORECASE), _drop),
        _Form(
            re.compile(r"\[\[(?![\s\d\]]*\])(?!\s)([^\[\]\n|]{1,200})(?:\|([^\[\]\n]{0,200}))?\]\](?![(\[])"),
            _wiki_link,
        ),
        _Form(re.compile(r"\[([^\W\d_][\w -]{0,30})::[ \t]+([^\[\]\n]*)\](?!\()"), _dataview),
        _Form(
            re.compile(
                rf"""\[([^\[\]\n]*)\]\([ \t]*<?(?=[^()\n]*\{{[{{%])"""
                rf"""(?:{_TEMPLATE}|[^()\s])+>?(?:[ \t]+"[^"\n]*")?[ \t]*\)"""
            ),
            _template_link,
        ),
    ),
    "!": (
        _Form(re.compile(r"!\[\[([^\[\]\n|]{1,300})(?:\|([^\[\]\n]{0,200}))?\]\]"), _embed),
        _Form(
            re.compile(rf"!\[([^\[\]\n]*)\]\((?=[^()\n]*\{{[{{%])(?:{_TEMPLATE}|[^()])+\)"), _template_link
        ),
    ),
    "=": (
        _Form(
            re.compile(r"(?<![=A-Za-z0-9])==(?![\s=])(?P<words>[^\n]{1,500}?)(?<![\s=])==(?![=A-Za-z0-9])"),
            _strong,
        ),
    ),
    "%": (_Form(re.compile(r"(?<![\d%])%%(?!%).*?%%", re.DOTALL), _drop),),
    "^": (_Form(re.compile(r"(?<!\S)\^(?=[\w-]*[A-Za-z])[A-Za-z0-9-]{1,64}(?=\s*\Z)"), _block_id),),
    ":": (_Form(re.compile(r"::(?=[ \t\n]|\Z)"), _property),),
    "{": (
        _Form(re.compile(r"\{\{[<%].*?[>%]\}\}", re.DOTALL), _tag),
        _Form(re.compile(r"\{%.*?%\}", re.DOTALL), _tag),
        _Form(re.compile(r"""\{\{-?[ \t]*(?:site|page|post|layout|include|["'])[^}\n]*\}\}"""), _drop),
        _Form(re.compile(r"\{:[^{}\n]*\}"), _drop),
        _Form(
            re.compile(
                r"""(?:(?<=[\])*`_])|(?=\{[^{}\n]*\}[ \t]*(?:\n|\Z)))"""
                r"""\{[ \t]*(?:[#.][\w:-]+|[\w-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"']+))"""
                r"""(?:[ \t]+(?:[#.][\w:-]+|[\w-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"']+)))*[ \t]*\}"""
            ),
            _drop,
        ),
    ),
    "@": (
        _Form(re.compile(r"(?<![^\n])@\[toc\](?:\([^()\n]*\))?(?=[ \t]*(?:\n|\Z))", re.IGNORECASE), _drop),
        _Form(re.compile(r"(?<![^\n])@\[[a-z]+\]\(([^()\s]*)\)"), _zenn_card),
    ),
    "$": (_Form(re.compile(r"(?<![^\n])\$\{toc\}(?=[ \t]*(?:\n|\Z))", re.IGNORECASE), _drop),),
    "<": (_Form(re.compile(r"<%.*?%>", re.DOTALL), _drop),),
    "*": (_Form(_SPACED_BOLD, _spaced_bold),),
}


def _undefined_note(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """`[^4]` without a note of that name: the number alone."""
    match = _NOTE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        _text(state, f"[{match[1]}]")
    state.pos = match.end()
    return True


_NOTE: Final = re.compile(r"\[\^([^\]\s]{1,40})\](?!\()")


def with_dialects(engine: MarkdownIt) -> MarkdownIt:
    """Return the same parser; it knows what other tools write within a line."""
    engine.inline.ruler.before("escape", "dialects", _rule)
    engine.inline.ruler.after("footnote_ref", "undefined_note", _undefined_note)
    # Whatever it leads to, it is a link: Telegram’s own rules decide later whether an address is shown.
    engine.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005  # its name for it
    return engine
