"""Words find their other forms, and what they were meant to be."""

import pytest

from bot.search.nearest import beginning_of_forms, forms_among, neighbours


@pytest.mark.parametrize(
    ("word", "known", "forms"),
    [
        ("studies", ["student", "studied", "studies", "studio", "study"], ("studied", "study")),
        ("model", ["modeled", "models", "mode"], ()),
        ("models", ["model", "modeling", "mode"], ("model", "modeling")),
        ("running", ["run", "runs", "runner"], ("run", "runs")),
    ],
)
def test_forms(word: str, known: list[str], forms: tuple[str, ...]) -> None:
    assert forms_among(word, known) == forms
    assert all(form.startswith(beginning_of_forms(word) or "?") for form in forms)


@pytest.mark.parametrize("word", ["run", "модели", "模型", "b2b2b", "eyes"])
def test_other_words_have_no_forms(word: str) -> None:
    assert beginning_of_forms(word) is None


@pytest.mark.parametrize(
    "typo", ["atention", "attenttion", "attemtion", "attnetion", "ttention", "aattention", "attentio"]
)
def test_mistyped_word_has_its_neighbour(typo: str) -> None:
    assert "attention" in neighbours(typo)


def test_neighbours_are_of_the_own_alphabet_and_never_the_word() -> None:
    assert "модель" in neighbours("мадель")
    assert "μοντελο" in neighbours("μοντελα")
    assert "attention" not in neighbours("attention")
    assert neighbours("rust") == set()
