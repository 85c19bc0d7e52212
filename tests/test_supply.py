"""What is tested is what is shipped, and whoever ships it can see under which licences."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^ \\;]+)", re.MULTILINE)


def pinned(name: str) -> dict[str, str]:
    return dict(_PINNED.findall((ROOT / name).read_text("utf-8")))


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    shipped, tested = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert shipped
    assert {name: tested.get(name) for name in shipped} == shipped


def test_every_package_is_pinned_by_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        for block in re.split(r"\n(?=\S)", text):
            if _PINNED.match(block):
                assert "--hash=sha256:" in block, block.splitlines()[0]


def test_every_package_that_is_shipped_has_its_licence_listed() -> None:
    listed = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    assert [name for name in pinned("requirements.lock") if f"| {name} |" not in listed] == []


def test_extra_that_pip_asks_for_is_pinned_with_it() -> None:
    assert "\ncoverage[toml]==" in (ROOT / "requirements-dev.lock").read_text("utf-8")
