"""What readers see of an article, and where its buttons lead."""

from dataclasses import replace
from functools import partial

from bot.actions.readers import ListArticles, ListNews
from bot.actions.staff import RemoveArticle
from bot.article.library import Card
from bot.article.model import ArticleId, QuoteId
from bot.i18n import Language, translator
from bot.message.codec import dump, dump_text, load, load_text
from bot.message.edition import Edition, SectionPage, edition_of
from bot.message.model import Message
from bot.views import articles as views
from bot.workers.preflight import every_message
from tests.documents import article, card

EN, ZH = translator(Language("en")), translator(Language("zh"))
TEXT = (
    """# Title

> Source: Paper
> By Ada
> 2026-01-23
> Link: https://a.example/x

A lead that is long enough to stand.

## One

> Words to keep.

### Deep

deep text

## Two

"""
    + "word " * 600
)


def made() -> tuple[Card, Edition]:
    return card(7, TEXT), edition_of(article(TEXT))


def labels(message: Message) -> list[list[str]]:
    return [[button.text for button in row] for row in message.buttons]


def data(message: Message) -> list[str | None]:
    return [button.callback_data for row in message.buttons for button in row]


def section(number: int, page: int = 0) -> Message:
    shown, edition = made()
    ids = [None, *(part.head.id for part in edition.sections), None]
    part = edition.sections[number]
    place = SectionPage(
        section=part.head,
        page=page,
        body=part.pages[page],
        count=len(edition.sections),
        before=ids[number],
        after=ids[number + 2],
    )
    return views.section(shown, place, EN)


def test_summary_shows_title_facts_and_where_to_go_on() -> None:
    shown, edition = made()
    message = views.summary(shown, edition.summary, ZH)
    assert (
        message.text
        == "Title\nPaper · Ada · 2026\u2060年\u20601\u2060月\u206023\u2060日 · 约\xa03\xa0分钟\n\nA lead that is long enough to stand."
    )
    assert [entity.kind for entity in message.entities] == ["bold", "italic"]
    assert labels(message) == [["📑 目录", "💬 来句金句"], ["🔗 原文"]]
    assert message.buttons[1][0].url == "https://a.example/x"


def test_long_summary_is_folded() -> None:
    made = article("# T\n\n" + "word " * 200)
    message = views.summary(card(), edition_of(made).summary, EN)
    assert any(entity.kind == "expandable_blockquote" for entity in message.entities)


def test_outline_turns_its_pages_and_shows_depth() -> None:
    text = "# T\n\n" + "\n\n".join(f"## S{n}\n\ntext\n\n### D{n}\n\ntext" for n in range(5))
    edition = edition_of(article(text))
    heads = [section.head for section in edition.sections]
    first = views.outline(card(3, text), heads[:8], 10, 0, EN)
    last = views.outline(card(3, text), heads[8:], 10, 1, EN)
    assert labels(first)[:2] == [["S0"], ["\u2003D0"]]
    assert labels(first)[-1] == ["‹ Summary", "2/2 ›"]
    assert labels(last)[-1] == ["‹ Summary", "‹ 1/2"]
    assert data(last)[-1] == "out:3:0"


def test_section_says_where_it_stands_and_leads_on() -> None:
    _, edition = made()
    first, one, deep, two = (part.head.id for part in edition.sections)
    message = section(1)
    assert message.text.startswith("Title\nOne · 1/3\n\nWords to keep.")
    assert labels(message) == [["▸ Deep"], ["‹ Previous", "Contents", "Next ›"]]
    assert data(message) == [f"sec:7:{deep}:0", f"sec:7:{first}:0", "out:7:0", f"sec:7:{deep}:0"]
    assert section(2).text.startswith("Title › One\nDeep · 2/3")
    assert data(section(0)) == ["out:7:0", f"sec:7:{one}:0"]
    assert section(0).text.startswith("Title\nBeginning\n")
    assert data(section(3, 1))[0] == f"sec:7:{two}:0"


def test_long_section_turns_its_pages_before_it_goes_on() -> None:
    _, edition = made()
    two = edition.sections[3]
    assert len(two.pages) == 3
    assert "page 2 of 3" in section(3, 1).text
    assert data(section(3, 0))[-1] == f"sec:7:{two.head.id}:1"
    assert data(section(3, 2)) == [f"sec:7:{two.head.id}:1", "out:7:0"]


def test_quote_leads_to_another_one_and_to_its_section() -> None:
    shown, edition = made()
    said = edition.quotes[0]
    several = replace(shown, quotes=(*shown.quotes, QuoteId("0" * 16)))
    message = views.quote(several, said, EN, pool=ArticleId(7))
    assert message.text == "Words to keep.\n— “Title”"
    assert data(message) == ["quo:7", f"+sec:7:{said.section}:0"]


def test_only_quote_of_an_article_offers_no_other_one() -> None:
    shown, edition = made()
    message = views.quote(shown, edition.quotes[0], EN, pool=ArticleId(7))
    assert data(message) == [f"+sec:7:{edition.quotes[0].section}:0"]


def test_who_said_a_quote_is_linked() -> None:
    text = "# T\n\nlead\n\n> Words.\n>\n> — [Ada](https://a.example/ada)"
    message = views.quote(card(1, text), edition_of(article(text)).quotes[0], ZH)
    assert message.text == "Words.\n——Ada，《T》"
    assert [entity.url for entity in message.entities] == [None, "https://a.example/ada"]


def test_list_has_eight_to_a_page_and_a_button_for_each() -> None:
    cards = [card(n) for n in range(20, 0, -1)]
    message = views.articles(cards, 1, EN, title="20 articles", turn=partial(ListNews, 5))
    assert message.text.startswith("20 articles\n\n9. Title")
    assert labels(message) == [["9", "10", "11", "12"], ["13", "14", "15", "16"], ["‹ Newer", "Older ›"]]
    assert data(message)[:1] + data(message)[-2:] == ["+sum:12", "new:5:0", "new:5:2"]
    assert labels(views.articles(cards, 99, EN, title="t", turn=ListArticles))[-1] == ["‹ Newer"]


def test_choices_keep_the_numbers_of_the_whole_list() -> None:
    message = views.choices(
        [(3, card(5)), (9, card(6))], EN, title="Which?", hint="Tap.", choose=RemoveArticle
    )
    assert message.text.endswith("Tap.")
    assert data(message) == ["rem:5", "rem:6"]
    assert labels(message) == [["3", "9"]]


def test_json_brings_every_message_and_text_back() -> None:
    shown, edition = made()
    message = views.summary(shown, edition.summary.bold().link("https://a.example"), EN)
    assert load(dump(message)) == message
    assert load(dump(replace(message, preview="https://a.example/"))).preview == "https://a.example/"
    assert load_text(dump_text(edition.sections[1].pages[0])) == edition.sections[1].pages[0]


def test_tags_become_hashtags() -> None:
    shown = card(1, "---\ntags: [machine learning, AI]\n---\n# T\n\ntext enough")
    assert "#machine_learning #AI" in views.summary(shown, edition_of(article()).summary, EN).text


def test_only_a_summary_shows_a_preview_and_only_of_the_original() -> None:
    text = "---\nurl: https://A.example\n---\n# T\n\nA lead with [a link](https://b.example/), long enough."
    shown = card(1, text)
    summary = views.summary(shown, edition_of(article(text)).summary, EN)
    assert summary.preview == "https://a.example/"
    assert [button.url for row in summary.buttons for button in row if button.url] == ["https://a.example/"]
    others = [
        message for kind, message in every_message(shown, edition_of(article(text))) if kind != "summary"
    ]
    assert {message.preview for message in others} == {""}


def test_long_list_shows_eight_articles_a_page() -> None:
    cards = [replace(card(number), title=f"Title {number}") for number in range(1, 501)]
    seen: list[str] = []
    pages = [views.articles(cards, page, EN, title="500 articles", turn=ListArticles) for page in range(64)]
    for message in pages[:63]:
        assert message.text.startswith("500 articles\n\n")
        assert len(message.text) < 1200
        seen += [button.text for row in message.buttons for button in row if button.text.isdecimal()]
    assert seen == [str(number) for number in range(1, 501)]
    assert pages[63] == pages[62]  # a page that is no more shows the last one
