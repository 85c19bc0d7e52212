"""Who owns the bot and who edits it."""

from datetime import timedelta

from bot.db.acts import ActStore
from bot.db.database import Database
from bot.db.people import PeopleStore
from tests.clock import NOON


def people(database: Database, *owners: int) -> PeopleStore:
    return PeopleStore(database, owners=frozenset(owners))


async def test_first_who_opens_the_link_owns_the_bot_and_the_link_is_used_up(database: Database) -> None:
    store = people(database)
    await store.offer("word")
    assert not await store.claim(1, "Eve", "guess", NOON)
    assert await store.claim(2, "Ada", "word", NOON)
    assert not await store.claim(3, "Bob", "word", NOON)
    assert await store.owners() == {2}


async def test_nobody_dethrones_an_owner_even_with_a_link_that_was_never_used(database: Database) -> None:
    store = people(database)
    await store.offer("first")
    assert await store.claim(2, "Ada", "first", NOON)
    await store.offer("second")
    assert not await store.claim(3, "Bob", "second", NOON)
    assert await store.owners() == {2}


async def test_newer_link_makes_an_older_one_void(database: Database) -> None:
    store = people(database)
    await store.offer("old")
    await store.offer("new")
    assert not await store.claim(1, "Ada", "old", NOON)
    assert await store.claim(1, "Ada", "new", NOON)


async def test_word_of_a_link_is_not_kept(database: Database) -> None:
    await people(database).offer("secret word")
    rows = await database.all("SELECT value FROM facts")
    assert all("secret" not in row["value"] for row in rows)


async def test_owners_of_the_settings_cannot_be_claimed_over(database: Database) -> None:
    store = people(database, 7)
    await store.offer("word")
    assert not await store.claim(1, "Ada", "word", NOON)
    assert await store.is_owner(7)
    assert not await store.is_owner(1)


async def test_editors_are_appointed_by_a_word_once_and_owners_edit_too(database: Database) -> None:
    store, until = people(database, 7), NOON + timedelta(days=7)
    await store.invite("word", until, by=7, now=NOON)
    assert not await store.accept(8, "Ada", "guess", NOON)
    assert not await store.accept(8, "Ada", "word", until)  # too late
    assert await store.accept(8, "Ada", "word", NOON)
    assert not await store.accept(9, "Eve", "word", NOON)
    assert await store.appointed() == {8: "Ada"}
    assert [await store.is_editor(user) for user in (7, 8, 9)] == [True, True, False]
    assert await store.dismiss(8, by=7, now=NOON)
    assert not await store.dismiss(8, by=7, now=NOON)
    assert not await store.is_editor(8)


async def test_with_an_editor_go_all_invitations(database: Database) -> None:
    store, until = people(database, 7), NOON + timedelta(days=7)
    for word in ("one", "two"):
        await store.invite(word, until, by=7, now=NOON)
    assert await store.accept(8, "Ada", "one", NOON)
    await store.dismiss(8, by=7, now=NOON)
    assert not await store.accept(8, "Ada", "two", NOON)


async def test_invitations_are_counted_and_revoked(database: Database) -> None:
    store, until = people(database, 7), NOON + timedelta(days=7)
    for word in ("one", "two"):
        await store.invite(word, until, by=7, now=NOON)
    assert (await store.invitations(NOON), await store.invitations(until)) == (2, 0)
    assert await store.revoke(by=7, now=NOON) == 2
    assert await store.revoke(by=7, now=NOON) == 0
    assert not await store.accept(8, "Ada", "one", NOON)
    acts = await ActStore(database).last(9)
    assert [(done.user, done.act) for done in acts] == [(7, "revoked"), (7, "invited"), (7, "invited")]
