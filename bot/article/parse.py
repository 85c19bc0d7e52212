"""A document to an article. Pure: the same text always gives the same article."""

import re
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from bot.article.encoding import decode
from bot.article.language import count, language_of_text, minutes_to_read
from bot.article.markdown.parser import tokens
from bot.article.markdown.sections import HeadingBlock, heading_blocks, section_tree
from bot.article.metadata.block_quote import Metadata, read_metadata
from bot.article.metadata.front_matter import FrontMatter, split_front_matter
from bot.article.metadata.resolve import resolve_metadata
from bot.article.model import Article, BlockQuote, Blocks, Paragraph, Section
from bot.article.plain_text import plain, plain_blocks, visible
from bot.article.quotes.collect import quotes_of
from bot.article.summary import summary_of
from bot.errors import ArticleError

_SEPARATORS: Final = re.compile(r"[_\s]+|(?<!\d)-|-(?!\d)")


def parse_bytes(data: bytes, *, file: str) -> Article:
    """Read a file's bytes. ArticleError names the file, and the line where it is known."""
    return parse(decode(data, file=file), file=file)


def parse(text: str, *, file: str) -> Article:
    """Read a document. ArticleError names the file, and the line where it is known."""
    front = split_front_matter(text, file=file)
    passages = heading_blocks(tokens(front.body), line=front.line)
    title, heading, passages = _title(front, passages, file)
    metadata, passages = _metadata(passages)
    # Empty text before the first heading is no section.
    sections = section_tree([passage for passage in passages if passage.level or passage.body])
    whole = _text(sections, code=True)
    if not any(char.isalnum() for char in whole):
        raise ArticleError("error.no_text", file=file)
    characters, words = count(whole)
    known = resolve_metadata(front, metadata, file=file, text=text, title=title, heading=heading)
    return Article(
        slug=known.slug,
        title=title,
        # Code is English whatever the article: it must not decide the language.
        language=known.language or language_of_text(f"{title}\n{_text(sections, code=False)}"),
        summary=summary_of(sections, given=front.text("summary")),
        sections=sections,
        quotes=quotes_of(sections, title=title, speaker=front.text("speaker"), said=front.said),
        minutes=minutes_to_read(characters, words),
        source=known.source,
        author=known.author,
        published=known.published,
        url=known.url,
        tags=known.tags,
        cover=known.cover,
        diagnostics=known.diagnostics,
    )


def _text(sections: tuple[Section, ...], *, code: bool) -> str:
    every = (section for top in sections for section in top.walk())
    return "\n".join(
        f"{plain(section.title, code=code)}\n{plain_blocks(section.body, code=code)}" for section in every
    )


def _title(
    front: FrontMatter, passages: list[HeadingBlock], file: str
) -> tuple[str, str, list[HeadingBlock]]:
    """Return the title, the top heading if it says something else, and the passages without it."""
    given = visible(front.text("title") or "")
    headings = [passage for passage in passages if passage.level]
    ones = [passage for passage in headings if passage.level == 1]
    named = next(filter(None, (_title_of(heading) for heading in ones + headings)), "")
    title = given or named or _name_in_words(file) or _first_words(passages[0]) or "–"
    # Several top headings, or one further down, are sections and no title.
    if len(ones) != 1 or ones[0] is not headings[0]:
        return title, "", passages
    # The one heading above all others is the title itself and no section.
    lead, main, *rest = passages
    first = _title_of(main)
    other = "" if first == title else first
    heading = (Paragraph(main.title, heading=main.level),) if other else ()
    # A metadata quote stands first; what stood above the heading comes behind it.
    body: Blocks = (
        (*main.body[:1], *lead.body, *main.body[1:]) if _is_quote(main.body) else (*lead.body, *main.body)
    )
    return title, other, [HeadingBlock(0, (), (*heading, *body), main.line), *rest]


def _title_of(passage: HeadingBlock) -> str:
    """Return a heading as one line, be it of several."""
    return visible(" ".join(plain(passage.title).split()))


def _is_quote(blocks: Blocks) -> bool:
    return bool(blocks) and isinstance(blocks[0], BlockQuote)


def _first_words(passage: HeadingBlock) -> str:
    line = visible(visible(plain_blocks(passage.body)).split("\n")[0])
    return line if len(line) <= 80 else line[:79] + "…"  # noqa: PLR2004  # a title, not a paragraph


def _name_in_words(file: str) -> str:
    """Return a file's name as a title; pasted text has none."""
    stem = PurePath(file.replace("\\", "/")).stem
    return " ".join(_SEPARATORS.sub(" ", stem).split())


def _metadata(passages: list[HeadingBlock]) -> tuple[Metadata, list[HeadingBlock]]:
    """Return what the block quote at the top says; its lines that say nothing of it stay in the text."""
    first = passages[0]
    # With several top headings, the quote stands under the first of them.
    index = 0 if first.body or len(passages) == 1 else 1
    passage = passages[index]
    if not passage.body or not isinstance(passage.body[0], BlockQuote):
        return Metadata(), passages
    metadata = read_metadata(passage.body[0])
    if metadata is None:
        return Metadata(), passages
    left = tuple(Paragraph(line) for line in metadata.left)
    changed = replace(passage, body=(*left, *passage.body[1:]))
    return metadata, [*passages[:index], changed, *passages[index + 1 :]]
