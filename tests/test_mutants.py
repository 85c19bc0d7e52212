"""The list of removals fits the code as it is."""

import ast
from pathlib import Path
from random import Random  # noqa: TID251  # a seed makes it repeatable

import pytest

from tests.mutants import MUTANTS, Mutant
from tests.removals import all_removals

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=range(len(MUTANTS)))
def test_what_is_removed_stands_there_once_and_its_test_exists(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.before) == 1
    file, _, name = mutant.test.partition("::")
    assert f"def {name.partition('[')[0]}" in (ROOT / file).read_text("utf-8")


def test_what_is_removed_by_lot_is_code_without_one_thing() -> None:
    found = list(all_removals())
    assert len(found) > 1000
    for removal in Random(1).sample(found, 20):  # noqa: S311  # nothing secret
        code = removal.code()
        assert code != (ROOT / removal.file).read_text("utf-8"), removal
        ast.parse(code)
