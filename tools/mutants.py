"""Take each guarantee away, one at a time, and see its test turn red: `make mutants`.

A removal that no test notices is a guarantee that nobody would miss. Words on the command line choose the entries
of `tools.guarantees` that contain one of them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tools.edit import ROOT
from tools.guarantees import GUARANTEES, Guarantee

_FOLDERS: Final = ("bot", "tests", "tools", "content", "docs")
_FILES: Final = ("pyproject.toml", "README.md", ".env.example", "Makefile")


def survives(guarantee: Guarantee) -> bool:
    """Return whether the test stays green without the guarantee. LookupError when its address names nothing."""
    return stays_green(guarantee.file, guarantee.edit.apply(), [f"--store={guarantee.store}", guarantee.test])


def stays_green(file: str, code: str, tests: Sequence[str], *, seconds: int = 120) -> bool:
    """Return whether tests pass with other code in a file. ValueError when they cannot be run at all."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _FOLDERS:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in _FILES:
            shutil.copy(ROOT / name, copy / name)
        (copy / file).write_text(code, "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-cov", "--timeout=60", *tests]
        try:
            done = subprocess.run(  # noqa: S603  # the command is ours
                command, cwd=copy, capture_output=True, text=True, check=False, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            return False  # a test that hangs has noticed, too
        # 3: pytest itself failed, over the report of a test that did.
        if done.returncode not in {0, 1, 2, 3}:
            raise ValueError(f"{tests} did not run:\n{done.stdout}{done.stderr}")
        return done.returncode == 0


def main(words: list[str]) -> int:
    """Try each entry, or those with one of the words; return 1 when one survives."""
    chosen = [each for each in GUARANTEES if not words or any(word in repr(each) for word in words)]
    alive = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for guarantee, survived in zip(chosen, threads.map(survives, chosen), strict=True):
            alive += survived
            print("SURVIVES" if survived else "found   ", guarantee.edit, flush=True)
    print(f"{len(chosen) - alive} of {len(chosen)} removals turn a test red.")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
