"""Paint an SVG from standard input as a PNG to standard output: `python -m bot.pictures`.

With `--can TEXT`, say by the exit code whether the fonts of this machine have every character of it.
"""

import sys

import resvg_py

from bot.pictures.chart import FONTS

_NOWHERE = "\U0010fffd"
"""A character that no font has."""


def _paint(svg: str) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))


def _shape(char: str) -> bytes:
    return _paint(
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">'
        f'<text y="50" font-size="48" font-family="{FONTS}">{char}</text></svg>'
    )


def _can(text: str) -> bool:
    """Return whether each character looks otherwise than one that is missing; spaces look like nothing."""
    missing = {_shape(_NOWHERE), _shape("")}
    return all(_shape(char) not in missing for char in set(text) if not char.isspace())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--can"]:
        sys.exit(not _can(sys.argv[2]))
    sys.stdout.buffer.write(_paint(sys.stdin.buffer.read().decode()))
