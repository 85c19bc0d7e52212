"""Texts that share most of what they say are known as near, in any script."""

from random import Random  # noqa: TID251  # a seed makes it repeatable

import pytest

from bot.article.language import units_of
from bot.article.sketch import MIN_HASHES, SKETCH_HASHES, Sketch, resemblance
from bot.article.sketch import sketch_of as sketch_of_units

CHARS = "河水江山花木鸟鱼风雨日月星云人心手足口耳目天地春夏秋冬东西南北红黄蓝白黑"
WORDS = "river net boat fish wind rain stone tree night day song hand bread salt road hill".split()


def sketch_of(text: str) -> Sketch:
    return sketch_of_units(units_of(text))


def text(seed: int, *, chinese: bool, length: int = 2_000) -> str:
    """Return made-up words, always the same ones."""
    draw = Random(seed)  # noqa: S311  # nothing secret
    if chinese:
        return "".join(draw.choices(CHARS, k=length))
    return " ".join(f"{draw.choice(WORDS)}{draw.randrange(40)}" for _ in range(length))


@pytest.mark.parametrize("chinese", [True, False])
def test_part_of_a_text_resembles_it_by_its_share(*, chinese: bool) -> None:
    whole = text(1, chinese=chinese)
    for share in (1.0, 0.9, 0.7, 0.5):
        near = resemblance(sketch_of(whole), sketch_of(whole[: int(len(whole) * share)]))
        assert near == pytest.approx(share, abs=0.2)
    assert resemblance(sketch_of(whole), sketch_of(whole)) == 1


@pytest.mark.parametrize("chinese", [True, False])
def test_other_texts_resemble_each_other_little(*, chinese: bool) -> None:
    sketches = [sketch_of(text(seed, chinese=chinese)) for seed in range(12)]
    assert all(resemblance(one, other) < 0.1 for one in sketches for other in sketches if one is not other)


def test_case_width_and_punctuation_make_no_other_text() -> None:
    one, other = text(3, chinese=False), text(4, chinese=True)
    assert sketch_of(one) == sketch_of(one.upper().replace(" ", ", "))
    assert sketch_of(other) == sketch_of(
        "，\n".join(other[place : place + 7] for place in range(0, 2_000, 7))
    )
    assert sketch_of("ＡＢ cd ef gh ij" * 20) == sketch_of("AB cd ef gh ij" * 20)


def test_sketch_is_small_and_in_order() -> None:
    found = sketch_of(text(5, chinese=False))
    assert len(found) == SKETCH_HASHES
    assert list(found) == sorted(found)
    assert sketch_of("three short words") == sketch_of("") == ()
    assert resemblance((), ()) == resemblance((), found) == 0


def test_short_texts_are_never_taken_for_one_another() -> None:
    note = sketch_of("the river is late again today and nobody minds that at all")
    assert len(note) < MIN_HASHES
    assert resemblance(note, note) == 0
