"""Files that somebody has made to hurt: whatever they hold, a document comes of it, or words say why not."""

import string
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ArticleError
from bot.sources.reading import read_source
from bot.workers.prepare import prepare
from tests.files import TYPES, W, archive, book, pdf, set_in_lines, word
from tests.hostile import examples

_WORD_XML: Final = (
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:pPr><w:pStyle w:val="s1"/><w:numPr><w:ilvl w:val="0"/><w:numId '
    'w:val="1"/></w:numPr></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>words</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p>'
    "<w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
)
_PAGE: Final = (
    "<h1>One</h1><p>Words <a href='x'>of</a> <b>it</b></p><table><tr><td>x</td></tr></table><pre>x</pre>"
)
_PIECES: Final = (
    "<", ">", "</w:p>", "<w:p>", "<w:tbl>", "<w:t>", "&", "&x;", "&#1;", "&#x1f;", "&#65535;", "&#11", "\x01", "\x1b", "<!--", "<![CDATA[", "<h1>", "<li>", "\x00", "\ud800",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>", "字", "> ", "#", "`" * 3, "|", "\\", "\u202e", "<script>", "<ol start='-1'>",
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A text with some places cut out, written over or written into."""
    for _ in range(draw(st.integers(0, 6))):
        first = draw(st.integers(0, len(text)))
        last = min(len(text), first + draw(st.integers(0, 30)))
        text = text[:first] + draw(st.sampled_from((*_PIECES, ""))) + text[last:]
    return text.encode("utf-8", "replace").decode()


words_of_pages = st.lists(
    st.tuples(
        st.text(string.printable.strip() + " ", min_size=1, max_size=40),
        st.sampled_from([4.0, 11.0, 11.5, 24.0, 300.0]),
        st.floats(-100, 900).map(lambda place: round(place, 1)),
        st.floats(-100, 900).map(lambda place: round(place, 1)),
        st.sampled_from("RBC"),
    ),
    max_size=12,
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file of some kind, damaged inside or outside."""
    made = draw(
        st.one_of(
            damaged(_WORD_XML).map(
                lambda xml: archive({"[Content_Types].xml": TYPES, "word/document.xml": xml})
            ),
            st.lists(damaged(_PAGE), max_size=3).map(lambda pages: book(*pages)),
            damaged("<dc:title>T</dc:title><dc:date>2026-01-23</dc:date>").map(
                lambda metadata: book(_PAGE, metadata=metadata)
            ),
            st.lists(words_of_pages, max_size=4).map(lambda pages: pdf(*pages)),
            st.just(word(("Title", "T"), "words")),
            st.just(pdf(set_in_lines("words\nand more"))),
            damaged(f"<!doctype html><html><body>{_PAGE}</body></html>").map(str.encode),
            st.binary(max_size=200),
            st.binary(max_size=200).map(lambda data: b"%PDF-1.7\n" + data),
            st.binary(max_size=200).map(lambda data: b"PK\x03\x04" + data),
        )
    )
    data = bytearray(made)
    for _ in range(draw(st.integers(0, 2))):
        first = draw(st.integers(0, max(0, len(data) - 1)))
        data[first : first + draw(st.integers(0, 9))] = draw(st.binary(max_size=9))
    return bytes(data)


@examples(100)
@given(files())
def test_file_is_a_document_or_is_refused_in_words(data: bytes) -> None:
    try:
        page = read_source(data, address="", media_type="")
        if not isinstance(page, str):
            prepare(page.document.encode("utf-8", "surrogatepass"), "x.md")
    except ArticleError:
        pass
