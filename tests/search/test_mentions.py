"""A word that somebody chose is found as a word, in its other forms, in every way to write it."""

import pytest

from bot.search.mentions import mentions
from bot.search.words import fold


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("News of AI and more", "ai"),
        ("Large language models", "model"),
        ("The study of it", "studies"),
        ("Machine-learning at home", "machine learning"),
        ("machine\nlearning", "Machine Learning"),
        ("大模型为什么会幻觉", "模型"),
        ("用AI做题", "AI"),
        ("新GPT模型v2发布", "模型"),
        ("用 GPT 模型训练", "gpt模型"),
        ("大模型GPT发布", "模型 gpt"),
        ("機器學習入門", "机器学习"),
        ("Ｐｙｔｈｏｎ 入门", "python"),
        ("À la carte: crème brûlée", "creme brulee"),
        ("Новости Москвы", "москвы"),
        ("C++ and Rust.", "rust"),
        ("Ruststuff, then rust", "rust"),
    ],
)
def test_text_has_the_phrase(text: str, phrase: str) -> None:
    assert mentions(fold(text), phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("It was said again", "ai"),
        ("Trusted", "rust"),
        ("rusty nails", "rust"),
        ("the modelling agency", "mode"),
        ("machine and learning", "machine learning"),
        ("machinelearning", "machine learning"),
        ("模特", "模型"),
        ("anything", "?!"),
        ("anything", ""),
        ("москвычка", "москвы"),
    ],
)
def test_text_lacks_the_phrase(text: str, phrase: str) -> None:
    assert not mentions(fold(text), phrase)
