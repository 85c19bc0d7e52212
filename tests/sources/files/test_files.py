"""Files as documents: what is read of each kind, and what is said of those that are not read."""

import pytest

from bot.article.parse import parse
from bot.article.plain_text import plain
from bot.errors import ArticleError
from bot.sources.files import archive as archives
from bot.sources.files.kinds import kind_of
from bot.sources.model import Page
from bot.sources.reading import read_source
from tests.files import archive, book, pdf, set_in_lines, word

LEAD = "The river remembers everyone who hurried it, and it forgives none of them."
PARAGRAPH = (
    "The river remembers everyone who hurried it and forgives\n"
    "none of them. Those who wait on the bank are carried over\n"
    "in the end, says the ferry-\n"
    "man who has seen all of them come and go for forty years.\n"
)


def read(data: bytes, *, address: str = "", media_type: str = "") -> Page:
    found = read_source(data, address=address, media_type=media_type)
    assert isinstance(found, Page)
    return found


def refusal(data: bytes) -> str:
    with pytest.raises(ArticleError) as raised:
        read_source(data, address="", media_type="")
    return raised.value.key


def test_word_document() -> None:
    data = word(
        ("Title", "The late ferry"), LEAD, ("heading 1", "One"), "First words.", ("Quote", "Said well."),
        ("heading 2", "Deeper"), "Last words.",
    )  # fmt: skip
    assert read(data).document == (
        f"# The late ferry\n\n{LEAD}\n\n# One\n\nFirst words.\n\n> Said well.\n\n## Deeper\n\nLast words.\n"
    )


def test_book() -> None:
    metadata = (
        "<dc:title>The late ferry</dc:title><dc:creator>Ada</dc:creator><dc:creator>Bo</dc:creator>"
        "<dc:date>2026-01-23T00:00:00Z</dc:date><dc:publisher>The Mill</dc:publisher>"
    )
    data = book(
        f"<h1>One</h1><p>{LEAD}</p>",
        "<nav epub:type='toc'><p>contents</p></nav><h1>Two</h1><p>Second &amp; last. "
        "<a href='c0.xhtml'>back</a></p>",
        metadata=metadata,
    )
    article = parse(read(data).document, file="")
    assert (article.title, article.author, article.source) == ("The late ferry", "Ada, Bo", "The Mill")
    assert str(article.published) == "2026-01-23"
    assert [plain(section.title) for section in article.sections] == ["One", "Two"]
    assert "contents" not in read(data).document
    assert "Second & last. back" in read(data).document


def test_chapters_are_read_in_the_order_of_the_spine() -> None:
    spine = (
        "<itemref idref='c1'/><itemref idref='c0'/><itemref idref='c2' linear='no'/><itemref idref='none'/>"
    )
    found = read(book("<p>first</p>", "<p>second</p>", "<p>aside</p>", spine=spine)).document
    assert found.split() == ["second", "first"]


def test_pdf() -> None:
    page = [
        ("The late ferry", 24, 70, 800, "B"),
        *set_in_lines(PARAGRAPH, top=750),
        ("One", 16, 70, 660, "R"),
        *set_in_lines("• a first thing\n• a second thing that goes on\n  in the next line", top=630),
        *set_in_lines("let x = 1\n    return x", top=560, font="C"),
    ]
    found = read(pdf(page, info={"Title": "The late ferry", "Author": "root"}))
    assert found.title == "The late ferry"
    assert found.document == (
        "---\ntitle: The late ferry\n---\n\n# The late ferry\n\n"
        "The river remembers everyone who hurried it and forgives none of them. Those who wait on the bank are "
        "carried over in the end, says the ferryman who has seen all of them come and go for forty years.\n\n"
        "## One\n\n- a first thing\n\n- a second thing that goes on in the next line\n\n"
        "```\nlet x = 1\n    return x\n```\n"
    )


def test_chinese_pdf_is_joined_without_spaces() -> None:
    page = set_in_lines("河流记得每一个催促过它的人，\n却从不原谅任何一个。渡船总会\n靠岸。", font="Z")
    assert read(pdf(page)).document == "河流记得每一个催促过它的人，却从不原谅任何一个。渡船总会靠岸。\n"


def test_short_text_keeps_its_paragraphs() -> None:
    page = set_in_lines(
        "Nobody had crossed it in a year, says the keeper, and\nhas counted all who turned.\n\nOne more."
    )
    assert read(pdf(page)).document.endswith("has counted all who turned.\n\nOne more.\n")


def test_what_stands_on_each_page_is_left_out() -> None:
    pages = [
        [
            ("The Mill, volume 3", 8, 70, 820, "R"),
            *set_in_lines(f"Page {name} says something of its own, which\ntakes two lines of it.", top=700),
            (str(number), 8, 300, 20, "R"),
        ]
        for number, name in enumerate(("alpha", "beta", "gamma", "delta"), 1)
    ]
    found = read(pdf(*pages)).document
    assert "volume" not in found
    assert found.count("\n\n") == len(pages) - 1
    assert not [line for line in found.split("\n") if line.isdigit()]


def test_paragraph_goes_on_over_pages() -> None:
    first = set_in_lines("The first page ends in the middle of a\nsentence that the next", top=100)
    second = set_in_lines("one carries to its end.", top=780)
    assert read(pdf(first, second)).document.count("\n") == 1


def test_contents_of_a_pdf_are_left_out() -> None:
    contents = set_in_lines("One . . . . . . . . . 3\nTwo ........ 17")
    assert read(pdf(contents, set_in_lines(LEAD))).document == f"{LEAD}\n"


@pytest.mark.parametrize(
    ("title", "author", "expected"),
    [
        ("Microsoft Word - x.docx", "Ada Lovelace", ("", "Ada Lovelace")),
        ("The late ferry", "Somebody Else", ("The late ferry", "")),
        ("Another title", "admin", ("", "")),
    ],
)
def test_what_a_pdf_says_of_itself_is_shown_too(title: str, author: str, expected: tuple[str, str]) -> None:
    page = set_in_lines(f"The late ferry, by Ada Lovelace, admin\n{LEAD}")
    article = parse(read(pdf(page, info={"Title": title, "Author": author})).document, file="x.pdf")
    assert (article.title if expected[0] else "", article.author or "") == expected


def test_saved_page_takes_its_links_from_its_address() -> None:
    page = (
        f"<html><body><article><h1>T</h1><p>{LEAD} <a href='/x'>more</a></p>{'<p>' + LEAD + '</p>'}</article>"
    )
    address = "https://www.example.org/a/river"
    assert (
        "https://www.example.org/x" in read(page.encode(), address=address, media_type="text/html").document
    )
    assert "](" not in read(page.encode(), media_type="text/html").document


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (word("x", members={"word/vbaProject.bin": b"x"}), "file.macros"),
        (archive({"word/document.xml": "<no"}), "file.damaged"),
        (word(LEAD)[:-40], "file.damaged"),
        (archive({"xl/workbook.xml": ""}), "error.kind"),
        (archive({"a.txt": ""}), "error.kind"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"),
        (b"\xd0\xcf\x11\xe0 WordDocument", "file.old_office"),
        (book("<p>x</p>", members={"META-INF/rights.xml": "<x/>"}), "file.encrypted"),
        (
            book(
                "<p>x</p>", members={"META-INF/encryption.xml": "<e><EncryptionMethod Algorithm='aes'/></e>"}
            ),
            "file.encrypted",
        ),
        (archive({"META-INF/container.xml": "<container/>"}), "file.damaged"),
        (book(""), "error.empty"),
        (word(""), "error.empty"),
        (pdf([]), "file.scanned"),
        (b"%PDF-1.4\nnothing", "file.damaged"),
    ],
)
def test_file_that_is_not_read_is_told_why(data: bytes, key: str) -> None:
    assert refusal(data) == key


def test_fonts_that_are_hidden_hide_no_text() -> None:
    method = "<e><EncryptionMethod Algorithm='http://www.idpf.org/2008/embedding'/></e>"
    assert read(book("<p>x</p>", members={"META-INF/encryption.xml": method})).document == "x\n"


@pytest.mark.parametrize(
    "data", [word(LEAD, members={"word/more.xml": "0" * 50_000}), book(f"<p>{'0' * 50_000}</p>")]
)
def test_bomb_is_not_unpacked(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 20_000)
    assert refusal(data) == "file.bomb"


def test_entities_of_a_document_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "river"><!ENTITY b "&a;&a;">]><package><metadata><title>&b;</title></metadata>'
    with pytest.raises(ArticleError):
        read(
            archive({"META-INF/container.xml": '<x><rootfile full-path="b"/></x>', "b": bomb + "</package>"})
        )


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"<!DOCTYPE html><p>x", "x", "page"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><!-- saved --><HTML>", "", "page"),
        (b"<!-- a --><!-- b -->" * 9 + b"<html>", "", "page"),
        (b"<!---->" * 285, "", "text"),
        (b"<?xml?>" * 285, "", "text"),
        (b"<p>no page yet", "saved.HTM", "page"),
        (b"<html>is spoken of", "notes.md", "text"),
        (b"\n%PDF-1.7", "x.txt", "pdf"),
        (b"PK\x03\x04", "", "archive"),
        (b"words", "x.docx", "text"),
    ],
)
def test_kind_is_told_by_the_bytes(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind
