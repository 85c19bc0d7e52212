"""A third language is one file: everything is tried in a made-up one whose texts are 40 % longer."""

import subprocess
import sys
from pathlib import Path

from tests.pseudo import ROOT, pseudo


def test_made_up_language_keeps_its_placeholders_and_is_longer() -> None:
    assert pseudo("{count} articles").format(count=3) == "⟦3 ártîčlëš~~~~⟧"
    assert len(pseudo("x" * 100)) >= 140


def test_nothing_breaks_in_a_language_that_is_one_more_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.pseudo", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603  # ours
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[0]) > 90
