"""What has changed between two versions."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article.differences import Change, differences


def told(before: str, after: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[change.kind].format(change.text) for change in differences(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("one two three", "one two three", "one two three"),
        ("one two three", "one 2 three", "one [-two-][+2+] three"),
        ("a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"),
        ("a\nc\n", "a\nb\nc\n", "a\n[+b\n+]c\n"),
        ("大模型会幻觉。", "大模型不会幻觉。", "大模型[+不+]会幻觉。"),
        ("", "new", "[+new+]"),
        ("old", "", "[-old-]"),
        (
            "The eel is back.\n\nSays Ada.",
            "The eel was back.\n\nSays Bea.",
            "The eel [-is-][+was+] back.\n\nSays [-Ada-][+Bea+].",
        ),
    ],
)
def test_changes_are_words(before: str, after: str, expected: str) -> None:
    assert told(before, after) == expected


texts = st.lists(st.sampled_from(["a", "b ", "\n", "好", "c. ", "dd"]), max_size=40).map("".join)


@given(texts, texts)
def test_both_texts_can_be_read_from_it(before: str, after: str) -> None:
    changes = differences(before, after)
    assert "".join(change.text for change in changes if change.kind != "added") == before
    assert "".join(change.text for change in changes if change.kind != "removed") == after
    assert all(change.text for change in changes)
    assert all(one.kind != other.kind for one, other in pairwise(changes))


def test_texts_that_have_nothing_in_common_are_not_compared_word_by_word() -> None:
    """Which would take minutes."""
    before = "\n".join(f"{number} " * 50 for number in range(5_000))
    after = "\n".join(f"x{number} " * 50 for number in range(5_000))
    found = differences(before, after)
    assert [change.kind for change in found][:2] == ["removed", "added"]
    assert len(found[0].text) > 0.9 * len(before)


def test_change_in_the_middle_of_much_is_still_seen() -> None:
    lines = [f"line {number}" for number in range(10_000)]
    other = [*lines[:5_000], "line five thousand", *lines[5_001:]]
    found = differences("\n".join(lines), "\n".join(other))
    assert [change for change in found if change.kind != "same"] == [
        Change("removed", "5000"),
        Change("added", "five thousand"),
    ]
