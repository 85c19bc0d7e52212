"""Sentences that stand for an article whose author wrote no summary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article.chosen import (
    BY_THE_BOT,
    ChosenSentence,
    chosen_sentences,
    in_markdown,
    sections_of,
    sentences_in,
)
from bot.article.metadata.writing import with_fields
from bot.article.model import SectionId
from bot.article.parse import parse
from bot.article.plain_text import plain_blocks

EN = """# Why the ferry is late

On Monday the town woke up early as it always does.

The baker opened first, and the school was the last to open.

## The reason

The ferry is late because the captain waits for the tide to turn. Nobody minds.

## The rest

There is more to say of the weather, which was fine all of the week.
"""
ZH = """# 渡船为什么总是晚点

星期一，小城像往常一样很早就醒了过来。

面包店第一个开门，学校最后一个开门，大家都不着急。

## 原因

渡船晚点，是因为船长总要等潮水转向。没有人在意这件事。
"""


@pytest.mark.parametrize(("text", "about"), [(EN, "The ferry is late because"), (ZH, "渡船晚点，是因为")])
def test_sentence_about_the_title_is_chosen_whole_and_linked(text: str, about: str) -> None:
    article = parse(text, file="x.md")
    found = chosen_sentences(article.title, article.sections)
    assert 1 <= len(found) <= 3
    [meant] = [each for each in found if each.text.startswith(about)]
    [section] = [each for each in article.walk() if each.id == meant.section]
    assert section.level == 2
    assert all(each.text in text for each in found)
    assert sections_of(" ".join(each.text for each in found), article.sections) == tuple(
        dict.fromkeys(each.section for each in found)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Smith came. He left.", ["Mr. Smith came.", "He left."]),
        ("J. K. wrote it, e.g. This one. Then more.", ["J. K. wrote it, e.g. This one.", "Then more."]),
        ("It costs 3.50 euros. Really.", ["It costs 3.50 euros.", "Really."]),
        ("“Really?” he asked. “Yes.” She left.", ["“Really?” he asked.", "“Yes.”", "She left."]),
        ("真的吗？是的。", ["真的吗？", "是的。"]),
        ("“真的？”他问。没有人答。", ["“真的？”他问。", "没有人答。"]),
        ("他说：“走吧。”然后走了。", ["他说：“走吧。”然后走了。"]),
        ("没有句号", ["没有句号"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert sentences_in(text) == expected


HARD = "It *is* `not_a` <b> [x](y) & #tag ~~so~~ $x$ ==y== | 2^3^ and more"


@pytest.mark.parametrize(
    "words", [HARD, "- no list, but words enough", "1. no list, but words enough", "+ so it is", "> so it is"]
)
def test_chosen_words_are_just_these_words_as_markdown(words: str) -> None:
    text = in_markdown([ChosenSentence(words, SectionId("x"))])
    article = parse(with_fields("# T\n\nSome other text stands here.", {"summary": text}), file="x.md")
    assert plain_blocks(article.summary) == words


def test_sections_are_found_whatever_signs_the_sentences_hold() -> None:
    text = "# The sign\n\n## One\n\nNothing here is of that kind at all.\n\n## Two\n\nThe sign \\*star\\* and 2 \\* 3 mean \\[nothing\\] here."
    article = parse(text, file="x.md")
    chosen = chosen_sentences("The sign", article.sections)
    fields = {"summary": in_markdown(chosen), "summary_by": BY_THE_BOT}
    again = parse(with_fields(text, fields), file="x.md")
    assert again.chosen == tuple(dict.fromkeys(each.section for each in chosen))
    assert len(again.chosen) == 2
    assert parse(with_fields(text, {"summary": in_markdown(chosen)}), file="x.md").chosen == ()


@given(
    st.lists(st.sampled_from(["Word ", "word. ", "字", "。", "“", "”", "? ", "A", "3.5 ", "\n"]), max_size=60)
)
def test_no_word_is_lost(parts: list[str]) -> None:
    text = "".join(parts)
    assert "".join("".join(sentences_in(text)).split()) == "".join(text.split())


def test_text_without_sentences_has_none_to_choose() -> None:
    article = parse("# Title\n\n```\ncode\n```\n\n- one\n- two", file="x.md")
    assert chosen_sentences(article.title, article.sections) == ()


def test_what_stands_far_from_the_beginning_is_not_chosen() -> None:
    early = "Here is a sentence that says nothing at all of it. " * 400
    text = f"# The ferry\n\n{early}\n\nThe ferry, the ferry, and the ferry is what it is about."
    article = parse(text, file="x.md")
    assert not [each for each in chosen_sentences("The ferry", article.sections) if "ferry" in each.text]
