"""Text is cut into the same tokens, however it was typed."""

import pytest

from bot.search.words import fold, indexed, pairs, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("React框架 node.js", ["react", "框架", "node", "js"]),
        ("Ünïcode ÉTÉ straße ŁÓDŹ", ["unicode", "ete", "strasse", "lodz"]),
        ("e\u0301te\u0301", ["ete"]),
        ("ＡＢＣ１２　ｶﾞｽ", ["abc12", "ガス"]),
        ("機器學習，資料庫", ["机器学习", "资料库"]),
        ("著名 裡面 瞭解", ["着名", "里面", "了解"]),
        ("foo_bar 3.11 don't", ["foo", "bar", "3", "11", "don", "t"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("Привет ЁЖИК", ["привет", "ежик"]),
        ("شَمْس", ["شمس"]),
        ("ภาษาไทย", ["ภาษาไทย"]),
        ("한국어 검색", ["한국어", "검색"]),
        ("第１章・概要", ["第", "1", "章", "概要"]),
        ("👩‍👩‍👧 … ", []),
    ],
)
def test_words_are_what_people_would_type(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_sound_marks_of_kana_make_another_word() -> None:
    assert fold("バス") != fold("ハス")


def test_dense_runs_become_pairs_their_last_character_and_each_character() -> None:
    assert indexed(["数据库 go"]) == "数据 据库 库 go \uf8ff 数 据 库"
    assert list(pairs("数据库")) == ["数据", "据库"]
    assert list(pairs("库")) == ["库"]


def test_texts_do_not_touch() -> None:
    assert indexed(["one", "two"]) == "one \uf8ff two \uf8ff"
