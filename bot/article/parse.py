"""A document to an article. Pure: the same text always gives the same article."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, zip_longest
from typing import Final

from markdown_it.token import Token

from bot.article.asides import is_aside
from bot.article.chosen import BY_THE_BOT, sections_of
from bot.article.encoding import decode
from bot.article.language import count, language_of_text, minutes_to_read, units_of
from bot.article.markdown.dialects import dropped
from bot.article.markdown.parser import tokens
from bot.article.markdown.sections import HeadingBlock, heading_blocks, section_tree
from bot.article.markdown.tree import blocks_of
from bot.article.metadata.file_name import day_of, is_generic, name_in_words
from bot.article.metadata.front_matter import FrontMatter, split_front_matter
from bot.article.metadata.names import bare_name
from bot.article.metadata.preamble import read_preamble
from bot.article.metadata.resolve import resolve_metadata
from bot.article.model import (
    Article,
    BlockQuote,
    Blocks,
    Diagnostic,
    Inline,
    Link,
    Paragraph,
    Section,
    SectionId,
)
from bot.article.plain_text import plain, plain_blocks, visible, without_images
from bot.article.quotes.collect import quotes_of
from bot.article.recurring import MAX_PARAGRAPHS, NO_RECURRING, Recurring, fingerprints, is_recurring
from bot.article.sketch import sketch_of
from bot.article.summary import summary_of
from bot.errors import ArticleError

_TEXT_ENDS: Final = (".", "。", ":", "：", ",", "，", ";", "；", "…")
"""How a first line ends that is no title."""
_FROM_A_WORD: Final = re.compile(r"[\w\s].*", re.DOTALL)
_BADGE: Final = re.compile(
    r"\b(?:build|status|tests?|coverage|version|licen[cs]e|npm|pypi|downloads?|ci|docs|release|badge|stars?|chat)\b",
    re.IGNORECASE,
)
_MAX_LINE_CHARS: Final = 80
"""Of a title; what is longer is a paragraph."""
_MIN_PROSE_CHARS: Final = 20
_MAX_WORD_CHARS: Final = 60
"""Characters that a caution quotes."""


def parse_bytes(data: bytes, *, file: str, recurring: Recurring = NO_RECURRING) -> Article:
    """Read a file's bytes. ArticleError names the file, and the line where it is known."""
    return parse(decode(data, file=file), file=file, recurring=recurring)


def parse(text: str, *, file: str, recurring: Recurring = NO_RECURRING) -> Article:
    """Read a document. ArticleError names the file, and the line where it is known.

    `recurring` are paragraphs that other articles have as well.
    """
    front = split_front_matter(text)
    parsed = tokens(front.body)
    passages = heading_blocks(parsed, line=front.line)
    untitled = not front.text("title") and all(passage.level != 1 for passage in passages)
    title, heading, passages = _title(front, passages, file)
    preamble = read_preamble(passages)
    # Logseq has the title among the properties of a page.
    if untitled:
        title = preamble.metadata.values.get("title", title)
    # Empty text before the first heading is no section.
    sections = section_tree([passage for passage in preamble.passages if passage.level or passage.body])
    whole = _text(sections, code=True)
    if not any(char.isalnum() for char in whole):
        raise ArticleError("error.no_text", file=file)
    units = units_of(whole)
    characters, words = count(units)
    known = resolve_metadata(front, preamble.metadata, file=file, text=text, title=title, heading=heading)
    recurs = partial(is_recurring, recurring=recurring, slug=known.slug)
    given = blocks_of(tokens(known.summary)) if known.summary else ()
    summary = summary_of(sections, given=given, title=title, asides=preamble.asides, recurs=recurs)
    said = quotes_of(
        sections, title=title, speaker=front.text("speaker"), said=front.said, unwanted=front.unwanted
    )
    quotes = tuple(quote for quote in said if not recurs(BlockQuote(quote.body)))
    every = [section for top in sections for section in top.walk()]
    opening = islice((block for section in every for block in section.body), MAX_PARAGRAPHS)
    headings = islice((Paragraph(each.title) for each in every if each.title), MAX_PARAGRAPHS)
    spoken = [BlockQuote(quote.body) for quote in said]
    return Article(
        slug=known.slug,
        title=title,
        # Code is English whatever the article: it must not decide the language.
        language=known.language or language_of_text(f"{title}\n{_text(sections, code=False)}"),
        summary=summary,
        sections=sections,
        quotes=quotes,
        minutes=minutes_to_read(characters, words),
        source=known.source,
        author=known.author,
        published=known.published,
        url=known.url,
        tags=known.tags,
        cover=known.cover,
        diagnostics=(*known.diagnostics, *_left_out(parsed, front.line), *_fences(parsed, front.line)),
        paragraphs=fingerprints((*headings, *opening, *given, *spoken)),
        used=fingerprints((*summary, *(BlockQuote(quote.body) for quote in quotes))),
        chosen=_chosen(front, given, sections),
        sketch=sketch_of(units),
    )


def _chosen(front: FrontMatter, given: Blocks, sections: tuple[Section, ...]) -> tuple[SectionId, ...]:
    """Return from where the bot chose the sentences of the summary; nothing for one that somebody wrote."""
    if not given or front.text("summary_by") != BY_THE_BOT:
        return ()
    return sections_of(visible(plain_blocks(given)), sections) or tuple(
        section.id for section in sections[:1]
    )


def _left_out(parsed: Sequence[Token], line: int) -> Iterator[Diagnostic]:
    """Yield a caution for each kind of sign that readers do not see: the first, its line, how many more."""
    kinds: dict[str, list[tuple[int, str]]] = {}
    for number, source in dropped(parsed):
        kinds.setdefault(_FROM_A_WORD.sub("", source), []).append((number, source))
    for found in kinds.values():
        number, source = found[0]
        values = {"words": " ".join(source.split())[:_MAX_WORD_CHARS], "count": str(len(found))}
        yield Diagnostic("diagnostic.left_out", line + number, values)


def _fences(parsed: Sequence[Token], line: int) -> Iterator[Diagnostic]:
    """Yield a caution for code in which other code seems to begin: its first line ends in a language."""
    for token in parsed:
        if token.type == "fence" and token.map:
            inner = re.compile(rf"^ {{0,3}}{re.escape(token.markup)}[ \t]*[A-Za-z]", re.MULTILINE)
            if match := inner.search(token.content):
                number = token.map[0] + 1 + token.content.count("\n", 0, match.start())
                yield Diagnostic("diagnostic.fence", line + number)


def _text(sections: tuple[Section, ...], *, code: bool) -> str:
    every = (section for top in sections for section in top.walk())
    return "\n".join(
        f"{plain(section.title, code=code)}\n{plain_blocks(section.body, code=code)}" for section in every
    )


def _title(
    front: FrontMatter, passages: list[HeadingBlock], file: str
) -> tuple[str, str, list[HeadingBlock]]:
    """Return the title, the top heading if it says something else, and the passages without it."""
    given = visible(bare_name(front.text("title") or ""))
    passages = _without_repeats(passages)
    headings = [passage for passage in passages if passage.level]
    ones = [passage for passage in headings if passage.level == 1]
    title = given or _named(passages, file) or name_in_words(file) or _first_words(passages[0]) or "–"
    passages = _without_title(passages, title)
    # Several top headings, or one further down, are sections and no title, unless the first repeats it.
    repeats = bool(headings) and not passages[0].body and _title_of(headings[0]) == title
    if not repeats and (len(ones) != 1 or ones[0] is not headings[0]):
        return title, "", passages
    if not given and _has_text(passages[0]) and title != _title_of(ones[0]):
        return title, "", passages
    # The one heading above all others is the title itself and no section.
    lead, main, *rest = passages
    first = _title_of(main)
    other = "" if first == title else first
    heading = (Paragraph(main.title, heading=main.level),) if other else ()
    return title, other, [HeadingBlock(0, (), (*heading, *_together(lead.body, main.body)), main.line), *rest]


def _without_title(passages: list[HeadingBlock], title: str) -> list[HeadingBlock]:
    """Return passages without a first line that is the title, as posts have it: it is no summary."""
    first, *rest = passages
    is_title = title and _title_line(first) == title
    return [HeadingBlock(0, (), first.body[1:], first.line), *rest] if is_title else passages


def _title_line(passage: HeadingBlock) -> str:
    """Return the first paragraph if it is a line above a text, as the title of a post is; else nothing."""
    if len(passage.body) < 2 or not isinstance(passage.body[0], Paragraph):  # noqa: PLR2004  # it and a text
        return ""
    line = visible(plain_blocks(passage.body[:1]))
    return line if len(line) <= _MAX_LINE_CHARS and "\n" not in line and not line.endswith(_TEXT_ENDS) else ""


def _without_repeats(passages: list[HeadingBlock]) -> list[HeadingBlock]:
    """Return passages without a heading that the next one repeats."""
    return [
        one
        for one, after in zip_longest(passages, passages[1:])
        if not (after and one.level and not one.body and _title_of(one) == _title_of(after))
    ]


def _named(passages: list[HeadingBlock], file: str) -> str:
    """Return the top heading, else the file's name, else any heading; what every document has comes last."""
    name = name_in_words(file)
    telling = bool(day_of(file)) or not is_generic(name)
    tops = [_title_of(passage) for passage in passages if passage.level == 1]
    if _has_text(passages[0]) and (len(tops) > 1 or not telling):
        tops = []
    headings = list(filter(None, (_title_of(passage) for passage in passages if passage.level)))
    # A heading below text is a section of it; one that the document begins with may be its title.
    leading = headings[:1] if not _has_text(passages[0]) else []
    candidates = (
        *(title for title in tops[:1] if not is_generic(title)),
        *([name] if telling else []),
        *tops,
        *(title for title in leading if not is_generic(title)),
        name,
        _title_line(passages[0]),
        *headings,
    )
    return next(filter(None, candidates), "")


def _together(lead: Blocks, body: Blocks) -> Blocks:
    """Return what stands above the title and under it; metadata stands first in either, and so does here."""
    return (*body[:1], *lead, *body[1:]) if body and isinstance(body[0], BlockQuote) else (*lead, *body)


def _title_of(passage: HeadingBlock) -> str:
    """Return a heading as one line, be it of several; a badge beside words is not part of it."""
    words = tuple(inline for inline in passage.title if not _is_badge(inline))
    return visible(" ".join(plain(words).split())) or visible(" ".join(plain(passage.title).split()))


def _is_badge(inline: Inline) -> bool:
    """Return whether something in a heading is a linked picture that shows how a project stands."""
    return (
        isinstance(inline, Link)
        and _BADGE.search(plain(inline.children)) is not None
        and not plain(without_images(inline.children))
    )


def _has_text(passage: HeadingBlock) -> bool:
    """Return whether prose stands here: more than a kicker, bylines and pictures."""
    prose = (block for block in passage.body if isinstance(block, Paragraph) and not is_aside(block))
    return any(len(visible(plain(block.inlines))) >= _MIN_PROSE_CHARS for block in prose)


def _first_words(passage: HeadingBlock) -> str:
    line = visible(visible(plain_blocks(passage.body)).split("\n")[0])
    return line if len(line) <= _MAX_LINE_CHARS else line[: _MAX_LINE_CHARS - 1] + "…"
