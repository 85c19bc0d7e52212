"""Every removal that `make mutants` tries fits the code as it is."""

import ast
import builtins
import keyword
import re
from random import Random  # noqa: TID251  # a seed makes it repeatable

import pytest

from tools.edit import ROOT
from tools.guarantees import GUARANTEES, Guarantee
from tools.removals import all_removals

_OTHERS = {*dir(builtins), *keyword.kwlist, "asyncio"}


@pytest.mark.parametrize("guarantee", GUARANTEES, ids=lambda each: f"{each.symbol} {each.node}")
def test_guarantee_names_code_and_a_test_that_exist(guarantee: Guarantee) -> None:
    before = (ROOT / guarantee.file).read_text("utf-8")
    after = guarantee.edit.apply()
    assert after != ast.unparse(ast.parse(before))
    compile(after, guarantee.file, "exec")
    file, _, name = guarantee.test.partition("::")
    assert f"def {name.partition('[')[0]}" in (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize("guarantee", GUARANTEES, ids=lambda each: f"{each.symbol} {each.node}")
def test_replacement_uses_names_of_its_module(guarantee: Guarantee) -> None:
    """A name that was renamed meanwhile would turn any test red."""
    if guarantee.node.startswith('"'):
        return  # SQL
    code = (ROOT / guarantee.file).read_text("utf-8")
    words = set(re.findall(r"[A-Za-z_]\w+", re.sub(r"'[^']*'|\"[^\"]*\"", "", guarantee.instead)))
    assert {word for word in words - _OTHERS if not re.search(rf"\b{word}\b", code)} == set()


def test_removals_by_lot_are_code_with_one_thing_less() -> None:
    found = list(all_removals())
    assert len(found) > 1000
    for removal in Random(1).sample(found, 20):  # noqa: S311  # nothing secret
        code = removal.edit.apply()
        assert code != ast.unparse(ast.parse((ROOT / removal.edit.file).read_text("utf-8"))), removal
        ast.parse(code)
