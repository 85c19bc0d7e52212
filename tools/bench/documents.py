"""Documents of about 10 kB in the shape of articles; each word is in one only once."""

from collections.abc import Callable
from itertools import product
from random import Random as Dice  # noqa: TID251  # figures must be of the same documents each time
from typing import Final, NamedTuple

SIZE: Final = 10_000
"""Bytes."""

_SYLLABLES: Final = [a + b for a, b in product("bdfgklmnprstvz", "aeiou")]
_HAN: Final = [chr(code) for code in range(0x4E00, 0x4E00 + 400)]


class Sample(NamedTuple):
    """A document, and the words in it that a reader must see."""

    text: str
    words: tuple[str, ...]


def samples(count: int) -> list[Sample]:
    """As many documents, every other one in Chinese; always the same ones."""
    return [_sample(number) for number in range(count)]


def _sample(number: int) -> Sample:
    dice = Dice(number)  # noqa: S311  # see above
    chinese = bool(number % 2)
    pieces = list(product(_HAN, _HAN)) if chinese else list(product(_SYLLABLES, _SYLLABLES, _SYLLABLES))
    dice.shuffle(pieces)
    words: list[str] = []

    def line(length: int) -> str:
        new = ["".join(pieces.pop()) for _ in range(length)]
        words.extend(new)
        return ("" if chinese else " ").join(new)

    blocks = [f"# {line(4)}", f"> {'来源' if chinese else 'Source'}: {line(2)}"]
    while sum(len(block.encode()) for block in blocks) < SIZE:
        blocks.append(_block(dice, line, "。" if chinese else ". "))
    return Sample("\n\n".join(blocks) + "\n", tuple(words))


def _block(dice: Dice, line: Callable[[int], str], stop: str) -> str:
    texts = [
        lambda: f"## {line(4)}",
        lambda: f"### {line(3)}",
        lambda: "\n".join(f"- {line(8)}" for _ in range(4)) + f"\n  - {line(5)}",
        lambda: "\n".join(f"{number}. **{line(2)}** {line(8)}" for number in range(1, 4)),
        lambda: f"> {line(14)}{stop}\n>\n> — {line(2)}",
        lambda: f"```python\n{line(3)} = {line(2)}\n    {line(4)}\n```",
        lambda: (
            f"| {line(1)} | {line(1)} |\n|---|---|\n"
            + "\n".join(f"| {line(2)} | {line(2)} |" for _ in range(3))
        ),
        lambda: f"![{line(3)}](images/a.png)",
    ]
    number = dice.randrange(14)
    return texts[number]() if number < len(texts) else _paragraph(line, stop)


def _paragraph(line: Callable[[int], str], stop: str) -> str:
    return (
        f"{line(20)}{stop}{line(12)} **{line(3)}{stop.rstrip()}**{stop[1:]}{line(6)} "
        f"[{line(2)}](https://a.example/x) `{line(1)}` *{line(2)}* {line(25)}{stop}"
    ).strip()
