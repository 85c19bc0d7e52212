"""What is tested is what is shipped, and whoever ships it can see under which licences."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tools.sbom import bill_of_materials

ROOT = Path(__file__).parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^ \\;]+)", re.MULTILINE)


def pinned(name: str) -> dict[str, str]:
    return dict(_PINNED.findall((ROOT / name).read_text("utf-8")))


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    shipped = pinned("requirements.lock") | pinned("requirements-postgres.lock")
    tested = pinned("requirements-dev.lock")
    assert shipped
    assert {name: tested.get(name) for name in shipped} == shipped


def test_every_package_is_pinned_by_hashes() -> None:
    for name in ("requirements.lock", "requirements-postgres.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        for block in re.split(r"\n(?=\S)", text):
            if _PINNED.match(block):
                assert "--hash=sha256:" in block, block.splitlines()[0]


def test_every_package_that_is_shipped_has_its_licence_listed() -> None:
    listed = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    shipped = pinned("requirements.lock") | pinned("requirements-postgres.lock")
    assert [name for name in shipped if f"| {name} |" not in listed] == []


def test_extra_that_pip_asks_for_is_pinned_with_it() -> None:
    assert "\ncoverage[toml]==" in (ROOT / "requirements-dev.lock").read_text("utf-8")


def test_wheel_has_all_that_a_bot_needs(tmp_path: Path) -> None:
    """As `pipx install` makes it: the command is there, and so are articles, texts, migrations and the page."""
    source, made = tmp_path / "source", tmp_path / "made"
    source.mkdir()
    for name in ("bot", "content"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)  # noqa: S603  # ours
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(made)
    [entry] = made.glob("*.dist-info/entry_points.txt")
    assert "article-digest-bot = bot.cli:main" in entry.read_text("utf-8")
    assert list((made / "bot" / "content").glob("*.md"))
    for folder, pattern in (
        ("db/migrations", "*.sql"),
        ("db/postgres", "*.sql"),
        ("i18n", "*.yaml"),
        ("demo/page", "*.html"),
    ):
        assert len(list((made / "bot" / folder).glob(pattern))) == len(
            list((ROOT / "bot" / folder).glob(pattern))
        )
    run = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, {str(made)!r}); from bot.cli import main; main(['deliveries'])",
    ]
    done = subprocess.run(  # noqa: S603  # ours
        run, cwd=tmp_path, env={"DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert "There is no database" in done.stderr


def test_bill_of_materials_names_all_that_is_shipped() -> None:
    made = bill_of_materials()
    found = {each["name"]: each["version"] for each in made["components"]}
    assert found == pinned("requirements.lock")
    for each in made["components"]:
        assert each["licenses"][0]["expression"]
        assert each["externalReferences"][0]["hashes"]
