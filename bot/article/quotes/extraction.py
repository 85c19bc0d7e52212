"""Somebody's words among the blocks of one section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.article.model import Block, BlockQuote, Blocks, Code, CodeBlock, Inlines, ListBlock, Paragraph, Table
from bot.article.plain_text import columns, plain, plain_blocks, without_images
from bot.article.quotes.admonitions import has_link, is_admonition
from bot.article.quotes.attribution import Speaker, attributed, attribution, lead_in, trimmed
from bot.article.quotes.quotation_marks import is_quotation, opening_mark, without_marks
from bot.article.quotes.tails import is_marked, without_mark, without_stamp, without_tail

_NUMBER: Final = re.compile(r"\s*[（(]?\d{1,3}\s*[、.．)）]\s*")
_INTRODUCES: Final = (":", "：", "——", "—")
_SPOKEN: Final = ("quote", "cite")
_SENTENCE: Final = re.compile(r"[。.！!？?…～~]\W*$")
_MAX_PARAGRAPHS: Final = 20
"""Of one quotation that each paragraph opens and only the last closes."""
_FORMULA: Final = re.compile(r"\s[=≈≤≥≠∝→⇒]\s.*[\d×÷*/+−%()^√∑]|[\w)]\s?[=≈]\s?[\w(]+\s?[×÷*/+−^]\s?[\w(]")
_SAMPLE: Final = re.compile(
    r"(?:^|[\s✅❌✓✗✔✘👍👎🚫])(?:not so |much |even )?"
    r"(?:bad|better|best|good|worse|wrong|right|correct|incorrect|before|after|instead(?: of)?|do|don['’]t"
    r"|yes|no|weak|strong"
    r"|(?:for )?example|e\.g\.|such as|prompt|template|input|output|original|rewritten|revised"
    r"|sample)\s*[:：]\s*$"
    r"|(?:错误|正确|示例|例如|比如|例子|样例|范例|不好|不佳|更好|较好|推荐|不推荐|反例|正例|改为|改成"
    r"|修改后|修改前|原句|改写|模板|提示词|输入|输出)"
    r"(?:的?(?:写法|说法|做法|示范|表达|版本|文案))?\s*[:：]\s*$",
    re.IGNORECASE,
)
"""What stands above a wording that somebody made up."""
_MAX_SLOGAN_COLUMNS: Final = 80
_SIGNS: Final = re.compile(r"[(){}\[\]=_#\\]")
_TYPED_DEPTH: Final = 3
"""Of `>>>`: a session in Python, or mail; sentences alone are no code."""


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """Somebody's words, before they have an id."""

    body: Blocks
    name: Speaker | None = None
    doubtful: bool = False
    """It reads like a remark: only a signature below makes it somebody's words."""


def from_prose(blocks: Blocks, *, reference: bool = False, listed: bool = False) -> Iterator[QuoteCandidate]:
    """Block quotes and paragraphs that are one quotation; an attribution may follow."""
    # A candidate is held back for one block: the next one may be its attribution.
    found: QuoteCandidate | None = None
    number = 0
    while number < len(blocks):
        block = blocks[number]
        if found and (name := _below(found, block, blocks[number - 1])):
            yield replace(found, name=found.name or name, doubtful=False)
            found = None
            number += 1
            continue
        if found and not found.doubtful:
            yield found
        length = _spread(blocks, number)
        found = (
            QuoteCandidate(blocks[number : number + length])
            if length > 1
            else _one(blocks, number, reference=reference, listed=listed)
        )
        # Lists are read for quotes of their own, whatever the list itself turned out to be.
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from from_prose(item.blocks, reference=reference, listed=True)
        number += length
    if found and not found.doubtful:
        yield found


def _below(found: QuoteCandidate, block: Block, before: Block) -> Speaker | None:
    """Return who signs words on the line below; a bullet does so for block quotes that are certain."""
    if isinstance(block, ListBlock) and (found.doubtful or not isinstance(before, BlockQuote)):
        return None
    return attribution(block)


def _spread(blocks: Blocks, start: int) -> int:
    """Return how many paragraphs one quotation goes over: each opens it, the last closes it; else 1."""
    texts: list[str] = []
    for block in blocks[start : start + _MAX_PARAGRAPHS]:
        text = plain(block.inlines).strip() if isinstance(block, Paragraph) else ""
        mark = opening_mark(text)
        # Another mark opens another quotation, and a paragraph without one ends the run.
        if not mark or (texts and not texts[0].startswith(mark)):
            return 1
        texts.append(text)
        if is_quotation(text) if len(texts) == 1 else is_quotation("\n\n".join(texts)):
            return len(texts)
    return 1


def _one(blocks: Blocks, number: int, *, reference: bool, listed: bool) -> QuoteCandidate | None:
    block = blocks[number]
    if isinstance(block, BlockQuote):
        found = _block_quote(block)
        return (
            replace(found, doubtful=True)
            if found and _is_doubted(found, blocks, number, reference=reference)
            else found
        )
    if not isinstance(block, Paragraph):
        return None
    # **Name**: “…” is an interview: the bold words are the speaker.
    if led := lead_in(block):
        return QuoteCandidate(*led)
    # Nothing below would find words in what does not begin with a mark: most paragraphs end here.
    if not opening_mark(without_mark(plain(block.inlines))):
        return None
    entry = attributed(without_tail((block,)))
    text = plain_blocks(entry.body)
    if not is_quotation(text) or isinstance(block.inlines[0], Code):
        return None
    words = without_marks(text)
    # A scare quote is one word; in a list, where terms are quoted too, only a sentence is somebody’s words.
    whole = (
        _SENTENCE.search(words) or _SENTENCE.search(text) if listed else " " in words or not words.isascii()
    )
    return QuoteCandidate(*entry) if entry.name or whole else None


def _is_doubted(found: QuoteCandidate, blocks: Blocks, number: int, *, reference: bool) -> bool:
    """Return whether words that nobody signs are likelier a note, seen from what stands around them."""
    # Marks around the words, or a name below them, are proof enough.
    text = plain_blocks(found.body)
    if found.name or is_quotation(text):
        return False
    above = blocks[number - 1] if number else None
    before = plain(above.inlines).strip() if isinstance(above, Paragraph) else ""
    if _FORMULA.search(text) or _SAMPLE.search(before):
        return True
    if before.endswith(_INTRODUCES):
        return False
    # A block quote at the top that is followed by a list usually introduces the list.
    match blocks[number + 1 : number + 2]:
        case (ListBlock() as below,) if number == 0 and not attribution(below):
            return True  # it leads over to the list
        case _:
            return reference or has_link(found.body)


def _block_quote(quote: BlockQuote) -> QuoteCandidate | None:
    # Mail programs and converters nest the same quote several times.
    depth, blocks = 1, quote.blocks
    while len(blocks) == 1 and isinstance(blocks[0], BlockQuote):
        depth, quote, blocks = depth + 1, blocks[0], blocks[0].blocks
    if quote.call_out:
        return _call_out(quote)
    # A page behind a name belongs to the name.
    if not attributed(blocks).name:
        blocks = without_tail(blocks)
    speaks = any(isinstance(block, Paragraph) and _has_words(block.inlines) for block in blocks)
    if not speaks or any(isinstance(block, CodeBlock | Table) for block in blocks):
        return None
    if len(blocks) == 1 and (led := lead_in(blocks[0])):
        return QuoteCandidate(*led)
    body, name = attributed(blocks)
    if not body or attribution(quote):
        return None
    text = plain_blocks(blocks)
    # Deep nesting is what `>>>` of a Python session looks like; prose ends with a mark.
    typed = depth >= _TYPED_DEPTH and (_SIGNS.search(text) or not _SENTENCE.search(text))
    doubtful = typed or is_admonition(blocks)
    return QuoteCandidate(body, name, doubtful=bool(doubtful) and not name and not is_quotation(text))


def _call_out(quote: BlockQuote) -> QuoteCandidate | None:
    """`[!quote] Speaker` and the words below; other call-outs speak to the reader."""
    if quote.call_out not in _SPOKEN:
        return None
    title, *rest = quote.blocks
    body, name = attributed(tuple(rest))
    if not body:
        return None
    titled = plain_blocks((title,))
    # Without a title of its own, Obsidian shows the kind of the call-out.
    if name is None and titled.casefold() not in _SPOKEN:
        name = Speaker(titled, None)
    return QuoteCandidate(body, name)


def is_slogan(block: Block) -> bool:
    """Return whether a block quote is what a product or a page says of itself: few words, and no sentence."""
    if not isinstance(block, BlockQuote) or attributed(block.blocks).name:
        return False
    text = plain_blocks(block.blocks)
    return columns(text) <= _MAX_SLOGAN_COLUMNS and not is_quotation(text) and not _SENTENCE.search(text)


def _has_words(inlines: Inlines) -> bool:
    """Return whether a paragraph says anything beyond a picture."""
    return bool(plain(without_images(inlines)).strip())


def from_collection(blocks: Blocks) -> Iterator[QuoteCandidate]:
    """Yield entries: numbered, bulleted, or closed by who said them."""
    entry: list[Block] = []
    whole = False  # numbered: an entry even if nobody signs it
    for number, original in enumerate(blocks):
        block = _bare(original)
        starts = _numbered(block) or _marked(block)
        # An attribution closes the entry above it.
        if isinstance(block, Paragraph) and (name := attribution(block)):
            if entry:
                yield QuoteCandidate(attributed(tuple(entry)).body, name)
            entry, whole = [], False
        elif starts is not None:
            yield from _loose(entry, whole=whole)
            entry, whole = [starts], True
        elif isinstance(block, Paragraph):
            led = lead_in(block)
            if led or attributed(tuple(entry[-1:])).name:  # the one before has ended
                yield from _loose(entry, whole=whole)
                entry, whole = [], False
            if led:
                yield QuoteCandidate(*led)
            elif _has_words(block.inlines):
                entry.append(block)
        else:
            yield from _loose(entry, whole=whole)
            entry, whole = [], False
            if isinstance(block, ListBlock):
                yield from (
                    QuoteCandidate(*attributed(item.blocks)) for item in block.items if _has_text(item.blocks)
                )
            else:  # a block quote, and who said it below
                below = [next_ for next_ in blocks[number + 1 : number + 2] if attribution(next_)]
                yield from from_prose((block, *below))
    yield from _loose(entry, whole=whole)


def _loose(entry: list[Block], *, whole: bool) -> Iterator[QuoteCandidate]:
    """Yield an entry that no line below signs."""
    if whole and entry:
        yield QuoteCandidate(*attributed(tuple(entry)))
        return
    start = 0
    for number, block in enumerate(entry):
        body, name = attributed((block,))
        if name:  # signed in its own last line: it and what stands above it
            yield QuoteCandidate((*entry[start:number], *body), name)
            start = number + 1
    # Of the rest, only what stands in quotation marks is certainly somebody's words.
    yield from from_prose(tuple(entry[start:]))


def _numbered(block: Block) -> Paragraph | None:
    """`1、Words`: the paragraph without its number."""
    if not isinstance(block, Paragraph) or not (match := _NUMBER.match(plain(block.inlines))):
        return None
    return Paragraph(trimmed(block.inlines, lambda text: text.lstrip()[len(match[0].lstrip()) :]))


def _marked(block: Block) -> Paragraph | None:
    """`📌 Words`: the paragraph as it is, which a tool has marked."""
    return block if isinstance(block, Paragraph) and is_marked(plain(block.inlines)) else None


def _bare(block: Block) -> Block:
    """Return a paragraph of a collection without the stamp of time before it."""
    return replace(block, inlines=without_stamp(block.inlines)) if isinstance(block, Paragraph) else block


def _has_text(blocks: Blocks) -> bool:
    return any(isinstance(block, Paragraph | BlockQuote) for block in blocks) and bool(plain_blocks(blocks))
