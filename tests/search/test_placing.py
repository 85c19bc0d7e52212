"""A hit is placed on the page that has its words; a heading counts for the first page of its section only."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.article.model import ArticleId, SectionId
from bot.search.finder import Hit
from bot.search.placing import PlacedPage, place
from bot.search.query import parse_query
from bot.search.snippets import Pattern
from tests.documents import card


@dataclass
class Book:
    """The pages of an article."""

    of: Sequence[PlacedPage]

    async def heading_pages(self, article: ArticleId) -> Sequence[PlacedPage]:
        del article
        return [page for page in self.of if page.number == 0]

    async def pages(self, article: ArticleId, *, skip: int, most: int) -> Sequence[PlacedPage]:
        del article
        return self.of[skip : skip + most]


async def placed(words: str, *pages: PlacedPage) -> PlacedPage | None:
    query = parse_query(words)
    hit = Hit(card(1, "# Title\n\nA lead of some length."), column=4)
    found = await place(hit, Pattern([(term,) for term in query.terms]), Book(pages))
    return found.page


async def test_heading_counts_for_the_first_page_of_its_section() -> None:
    first = PlacedPage(SectionId("one"), "The mill", 0, "Nothing of it.")
    second = PlacedPage(SectionId("one"), "The mill", 1, "Only water.")
    third = PlacedPage(SectionId("two"), "Else", 0, "Mill and water.")
    assert await placed("mill water", first, second) == first
    assert await placed("mill water", first, second, third) == third
    assert await placed("water", first, second, third) == second
    assert await placed("steam", first, second, third) is None


async def test_page_is_found_however_far_behind() -> None:
    pages = [PlacedPage(SectionId(f"s{number}"), "Title", 0, "Nothing.") for number in range(300)]
    last = PlacedPage(SectionId("last"), "Title", 0, "Steam.")
    assert await placed("steam", *pages, last) == last
