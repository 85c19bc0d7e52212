"""The list of removals fits the code as it is."""

from pathlib import Path

import pytest

from tests.mutants import MUTANTS, Mutant

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=range(len(MUTANTS)))
def test_what_is_removed_stands_there_once_and_its_test_exists(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.before) == 1
    file, _, name = mutant.test.partition("::")
    assert f"def {name.partition('[')[0]}" in (ROOT / file).read_text("utf-8")
