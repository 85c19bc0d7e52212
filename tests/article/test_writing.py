"""Documents whose metadata is changed: what was asked for changes, and nothing else does."""

import pytest

from bot.article.metadata.writing import with_fields
from bot.article.parse import parse

BODY = "The river remembers everyone.\n\n## Part\n\nMore words."


def test_document_without_changes_is_as_it_was() -> None:
    assert with_fields("---\nodd: [\n---\n", {}) == "---\nodd: [\n---\n"


@pytest.mark.parametrize(
    "text",
    [
        f"# The late ferry\n\n{BODY}",
        f"---\ntitle: The late ferry\nkeywords: [a]\ncategories: b\nauthor: Jane\n---\n\n{BODY}",
        f"+++\ntitle = 'The late ferry'\ntags = ['a']\nauthor = 'Jane'\nat = 07:32:00\n+++\n\n{BODY}",
        f"Title: The late ferry\nTags: a\nAuthor: Jane\n\n{BODY}",
        f"标题：晚点的渡船\n作者：Jane\n\n{BODY}",
    ],
)
def test_changed_fields_are_found_and_others_stay(text: str) -> None:
    before = parse(text, file="")
    after = parse(with_fields(text, {"title": "“New”: 新", "tags": ["x", "y"], "summary": "Short."}), file="")
    assert (after.title, after.tags) == ("“New”: 新", ("x", "y"))
    assert after.author == before.author
    assert [section.id for section in after.sections] == [section.id for section in before.sections]
    assert not [each for each in after.diagnostics if each not in before.diagnostics]


def test_changing_twice_is_changing_once() -> None:
    text = f"---\ntitle: T\ndraft: false\nnested: {{a: 1}}\n---\n\n{BODY}"
    once = with_fields(text, {"title": "U"})
    assert with_fields(once, {"title": "U"}) == once
    assert "nested:\n  a: 1" in once
    assert "draft: false" in once


def test_empty_value_takes_a_key_away() -> None:
    assert (
        parse(with_fields(f"---\nsource: A\nsite: B\n---\n# T\n\n{BODY}", {"source": ""}), file="").source
        is None
    )
