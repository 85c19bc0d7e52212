"""What other tools add between the blocks of Markdown: comments, containers, tags, modules."""

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

from bot.article.markdown.dialects import DROPPED

_MODULE: Final = re.compile(
    r"""import\s+(?:[\w*{][^'"\n]*\s+from\s+)?['"][^'"\n]+['"]\s*;?\s*|import\s*\{\s*|export\s+(?:const|let|var|default|function)\b.*"""
)
_CONTAINER: Final = re.compile(r":{3,}[ \t]*(?:\{?(?P<kind>[.\w-]+)\}?[ \t]*(?P<title>.*?))?[ \t]*:*")
_ADMONITION: Final = re.compile(
    r"""(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>[\w-]+)(?:[ \t]+(?:inline|end))*"""
    r"""(?:[ \t]+"(?P<title>[^"]*)")?[ \t]*"""
)
_LISTING: Final = re.compile(r"\{%-?\s*(?:highlight|codeblock|code)\b\s*([\w+#-]*).*%\}\s*")
_LISTING_ENDS: Final = re.compile(r"\{%-?\s*end(?:highlight|codeblock|code)\s*-?%\}\s*")
_TAGS: Final = re.compile(
    r"(?:\{%(?:(?!%\}).)*%\}|\{\{[<%](?:(?!\}\}).)*\}\}"
    r"|\{:[^{}]*\}|\^[A-Za-z0-9-]{1,64}|[ \t])+"
)
_WORDS: Final = re.compile(r"\b(?:caption|title|alt|text|label|summary)\s*=")
_INTERRUPT: Final[RuleOptionsType] = {"alt": ["paragraph", "reference", "blockquote", "list"]}
_PARSED_AGAIN: Final = 4
"""Spaces before what belongs to an admonition of MkDocs."""


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _begins(state: StateBlock, number: int, signs: tuple[str, ...]) -> bool:
    """Return whether a line begins with one of the signs; each rule asks this of each line of a document."""
    return state.src.startswith(signs, state.bMarks[number] + state.tShift[number])


def _is_code(state: StateBlock, number: int) -> bool:
    return state.is_code_block(number)


def _drop(state: StateBlock, first: int, after: int) -> bool:
    token = state.push(DROPPED, "", 0)
    token.content = state.getLines(first, after, state.blkIndent, keepLastLF=False)
    token.map = [first, after]
    state.line = after
    return True


def _comment(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """`%%` … `%%` and `{/*` … `*/}`, over lines and blank ones too; one without an end is text."""
    if not _begins(state, first, ("%%", "{/*")) or _is_code(state, first):
        return False
    line = _line(state, first)
    opened, closed = ("%%", "%%") if line.startswith("%%") else ("{/*", "*/}")
    rest = line[len(opened) :]
    number = first
    while closed not in rest:
        number += 1
        if number >= last:
            return False
        rest = _line(state, number)
    # Words behind it are a paragraph’s, and the comment one within a line.
    if not rest.rstrip().endswith(closed):
        return False
    return silent or _drop(state, first, number + 1)


def _module(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """`import …` and `export …` of MDX, above all that its page shows but headings."""
    if state.level or state.sCount[first] or not _begins(state, first, ("import", "export")):
        return False
    if not _MODULE.fullmatch(_line(state, first)):
        return False
    if any(token.type not in {DROPPED, "heading_open", "inline", "heading_close"} for token in state.tokens):
        return False
    number = first + 1
    while number < last and not state.isEmpty(number):
        number += 1
    return silent or _drop(state, first, number)


def _container(state: StateBlock, first: int, _last: int, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """`:::tip Title` and `:::`: what stands between is text like any other; the title is in bold."""
    if not _begins(state, first, (":::",)) or _is_code(state, first):
        return False
    match = _CONTAINER.fullmatch(_line(state, first))
    if match is None:
        return False
    if silent:
        return True
    _drop(state, first, first + 1)
    # Zenn writes the colour of a message where others have a title.
    _title(state, first, "" if match["kind"] == "message" else match["title"] or "")
    return True


def _title(state: StateBlock, number: int, title: str) -> None:
    title = title.strip().removeprefix("[").removesuffix("]")
    if not title or title.startswith("{") or "=" in title:
        return
    state.push("paragraph_open", "p", 1).map = [number, number + 1]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = f"**{title}**", [number, number + 1], []
    state.push("paragraph_close", "p", -1)


def _admonition(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """`!!! note "Title"` of MkDocs, and the lines below it that are set in by four."""
    if not _begins(state, first, ("!!!", "???")) or _is_code(state, first):
        return False
    match = _ADMONITION.fullmatch(_line(state, first))
    if match is None:
        return False
    indent = state.blkIndent + _PARSED_AGAIN
    number = first + 1
    if number >= last or state.sCount[number] < indent:
        return False
    if silent:
        return True
    while number < last and (state.isEmpty(number) or state.sCount[number] >= indent):
        number += 1
    _drop(state, first, first + 1)
    _title(state, first, match["title"] or match["kind"].capitalize())
    outer, state.blkIndent = state.blkIndent, indent
    line_max, state.lineMax = state.lineMax, number
    state.md.block.tokenize(state, first + 1, number)
    state.blkIndent, state.lineMax, state.line = outer, line_max, number
    return True


def _listing(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """`{% highlight python %}` … `{% endhighlight %}`: code."""
    if not _begins(state, first, ("{%",)) or _is_code(state, first):
        return False
    match = _LISTING.fullmatch(_line(state, first))
    if match is None:
        return False
    end = next(
        (number for number in range(first + 1, last) if _LISTING_ENDS.fullmatch(_line(state, number))), None
    )
    if end is None:
        return False
    if not silent:
        token = state.push("fence", "code", 0)
        token.info, token.map = match[1], [first, end + 1]
        token.content = state.getLines(first + 1, end, state.sCount[first], keepLastLF=True)
        state.line = end + 1
    return True


def _tags(state: StateBlock, first: int, _last: int, silent: bool) -> bool:  # noqa: FBT001  # markdown-it's own signature
    """Lines of nothing but tags, which must neither end a paragraph’s words nor join two of them."""
    if not _begins(state, first, ("{", "^")) or _is_code(state, first):
        return False
    line = _line(state, first)
    if not _TAGS.fullmatch(line) or _WORDS.search(line):
        return False
    return silent or _drop(state, first, first + 1)


def with_dialect_blocks(engine: MarkdownIt) -> MarkdownIt:
    """Return the same parser; it knows what other tools write between blocks."""
    for rule in (_listing, _tags, _comment, _container, _admonition):
        engine.block.ruler.before("fence", f"dialect{rule.__name__}", rule, _INTERRUPT)
    engine.block.ruler.before("fence", "dialect_module", _module)
    return engine
