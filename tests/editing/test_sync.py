"""The content folder and the library: what changed on disk is published, and the chat has the last word."""

import asyncio
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.db.database import Database
from bot.editing.prepared import Prepared
from bot.errors import StoreError
from bot.sources.model import FROM_FOLDER
from tests.clock import NOON, StillClock
from tests.documents import prepare_here
from tests.editing.stack import TEXT, EditingStack, editing_stack


@pytest.fixture
async def at(database: Database, clock: StillClock) -> EditingStack:
    return await editing_stack(database, clock)


async def test_content_folder_is_read_once_and_then_only_what_changed(
    at: EditingStack, tmp_path: Path
) -> None:
    folder = tmp_path / "content"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.md").write_text(TEXT)
    (folder / "sub" / "b.md").write_text("# B\n\ntext")
    (folder / ".hidden.md").write_text("# Hidden\n\ntext")
    (folder / "picture.png").write_bytes(b"png")
    (folder / "bad.md").touch()
    errors = await at.sync.run(folder)
    assert [(error.file, error.key) for error in errors] == [("bad.md", "error.empty")]
    assert {card.slug for card in at.library.newest()} == {"a", "b"}
    assert len(await at.sync.run(folder)) == 1
    assert await at.count("versions") == 2
    (folder / "a.md").write_text(TEXT + " changed")
    await at.sync.run(folder)
    assert [card.version for card in at.library.newest() if card.slug == "a"] == [2]
    (folder / "a.md").unlink()
    await at.sync.run(folder)
    assert [card.slug for card in at.library.newest()] == ["b"]


async def test_old_files_come_in_quietly_unless_the_library_was_empty(
    at: EditingStack, tmp_path: Path
) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "2020-01-01-first.md").write_text(TEXT)
    await at.sync.run(folder)
    assert [card.news for card in at.library.newest()] == [1]
    (folder / "2020-01-02-old.md").write_text(TEXT)
    (folder / "2020-01-03-older.md").write_text(TEXT)
    (folder / f"{NOON:%Y-%m-%d}-new.md").write_text(TEXT)
    await at.sync.run(folder)
    assert [card.news for card in at.library.newest()] == [2, 1, -1, -2]
    assert len(at.library.after(0)) == 2
    old = [card.id for card in at.library.newest() if card.news < 0]
    assert await at.editor.announce(min(old), max(old), editor=1) == 2
    assert [card.news for card in at.library.newest()] == [4, 3, 2, 1]
    assert await at.editor.announce(min(old), max(old), editor=1) == 0


async def test_what_was_removed_in_the_chat_stays_removed(at: EditingStack, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.md").write_text(TEXT)
    await at.sync.run(tmp_path / "c")
    await at.editor.remove(at.library.newest()[0].id, editor=1)
    await at.sync.run(tmp_path / "c")
    assert at.library.newest() == []
    (tmp_path / "c" / "a.md").write_text(TEXT + " changed")
    await at.sync.run(tmp_path / "c")
    assert at.library.newest() == []
    (tmp_path / "c" / "a.md").write_text(TEXT + " changed again")
    await at.sync.run(tmp_path / "c")
    [draft] = await at.editor.drafts()  # of a file, only its newest text waits
    assert draft.text.endswith("again")


async def test_what_was_edited_in_the_chat_is_not_overwritten_by_its_file(
    at: EditingStack, tmp_path: Path
) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "title.md").write_text(TEXT)
    await at.sync.run(tmp_path / "c")
    await at.publish("# Edited\n\nin the chat", replacing=True)
    (tmp_path / "c" / "title.md").write_text(TEXT + " changed")
    await at.sync.run(tmp_path / "c")
    assert [card.title for card in at.library.newest()] == ["Edited"]
    [draft] = await at.editor.drafts()
    looked = await at.editor.reopen(draft.id, editor=5)
    assert looked is not None
    assert looked.origin == FROM_FOLDER
    published = await at.editor.publish(draft.id, editor=5, replacing=True)
    assert published is not None
    assert published.card.title == "Title"


async def test_what_was_edited_in_the_chat_survives_the_end_of_its_file(
    at: EditingStack, tmp_path: Path
) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "title.md").write_text(TEXT)
    await at.sync.run(tmp_path / "c")
    await at.publish("# Edited\n\nin the chat", replacing=True)
    (tmp_path / "c" / "title.md").unlink()
    await at.sync.run(tmp_path / "c")
    assert [card.title for card in at.library.newest()] == ["Edited"]


async def test_second_file_of_the_same_name_is_refused_by_name(at: EditingStack, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / "c" / folder).mkdir(parents=True)
        (tmp_path / "c" / folder / "same.md").write_text(f"# {folder}\n\ntext")
    [error] = await at.sync.run(tmp_path / "c")
    assert (error.file, error.key, error.values["slug"]) == ("b/same.md", "error.same_name", "same")


async def test_start_that_ended_halfway_is_taken_up_again(at: EditingStack, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.md").write_text(TEXT)
    await at.sync.run(tmp_path / "c")
    await at.drafts.forget_file("a.md")
    assert await at.sync.run(tmp_path / "c") == []
    assert len(at.library.newest()) == 1


def write_two(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.md").write_text(f"# {name}\n\ntext")


async def test_next_file_is_read_while_one_is_published(
    at: EditingStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_two(tmp_path)
    second_read, write = asyncio.Event(), at.editions.begin

    async def prepare_and_tell(data: bytes, file: str, *, owner: Hashable = None, **_: Any) -> Prepared:
        if file == "b.md":
            second_read.set()
        return await prepare_here(data, file, owner=owner)

    async def begin_late() -> int:
        await asyncio.wait_for(second_read.wait(), 20)
        return await write()

    monkeypatch.setattr(at.editions, "begin", begin_late)
    assert await replace(at.sync, prepare=prepare_and_tell).run(tmp_path) == []
    assert len(at.library.newest()) == 2


async def test_start_that_is_stopped_reads_no_file_on(
    at: EditingStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_two(tmp_path)
    ended = asyncio.Event()

    async def prepare_for_ever(data: bytes, file: str, *, owner: Hashable = None, **_: Any) -> Prepared:
        if file == "b.md":
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
        return await prepare_here(data, file, owner=owner)

    async def fails() -> int:
        await asyncio.sleep(0.05)  # noqa: TID251  # the other file is being read meanwhile
        raise StoreError("error.store", reason="full")

    monkeypatch.setattr(at.editions, "begin", fails)
    with pytest.raises(StoreError):
        await replace(at.sync, prepare=prepare_for_ever).run(tmp_path)
    assert ended.is_set()
