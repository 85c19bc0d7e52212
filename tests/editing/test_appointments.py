"""Drafts are published at the time that was set for them: once, whatever happens meanwhile."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.db.database import Database
from bot.editing.appointments import Appointments
from bot.editing.model import Appointment, Draft, Proposal, Published
from bot.errors import ArticleError, RightLost
from tests.clock import StillClock
from tests.editing.stack import TEXT, EditingStack, editing_stack

HOUR = timedelta(hours=1)


@dataclass
class Desk:
    """Appointments on a real database, and what editors were told."""

    at: EditingStack
    clock: StillClock
    told: list[tuple[int, Published | ArticleError | RightLost]] = field(default_factory=list)

    @property
    def appointments(self) -> Appointments:
        """As after a start: nothing is remembered but what is in the database."""
        return Appointments(store=self.at.drafts, editor=self.at.editor, tell=self._tell, clock=self.clock)

    async def _tell(
        self, draft: Draft, appointment: Appointment, outcome: Published | ArticleError | RightLost
    ) -> None:
        assert draft.appointment == appointment
        self.told.append((appointment.by, outcome))

    async def proposed(self, text: str = TEXT) -> Proposal:
        return await self.at.editor.propose(text.encode(), name="", editor=1)

    @property
    def titles(self) -> list[str]:
        return [card.title for card in self.at.library.newest()]


@pytest.fixture
async def desk(database: Database, clock: StillClock) -> Desk:
    return Desk(await editing_stack(database, clock), clock)


async def test_draft_is_published_at_its_time_and_once(desk: Desk) -> None:
    found = await desk.proposed()
    assert await desk.appointments.make(found, desk.clock.now() + HOUR, by=2)
    await desk.appointments.tick()
    assert desk.titles == []
    await desk.clock.advance(hours=1)
    await desk.appointments.tick()
    await desk.appointments.tick()
    assert desk.titles == ["Title"]
    [(by, made)] = desk.told
    assert by == 2
    assert isinstance(made, Published)
    assert made.is_news
    assert made.card.approved
    assert await desk.at.count("drafts") == 0


async def test_what_was_due_while_nothing_ran_is_published_at_the_start(desk: Desk) -> None:
    found = await desk.proposed()
    await desk.appointments.make(found, desk.clock.now() + HOUR, by=1)
    await desk.clock.advance(days=40)
    await desk.proposed("# Another one\n\nIts lead is long enough, and old drafts go now.")
    await desk.appointments.tick()
    assert "Title" in desk.titles


async def test_time_that_was_cancelled_or_changed_is_kept_to(desk: Desk) -> None:
    found = await desk.proposed()
    await desk.appointments.make(found, desk.clock.now() + HOUR, by=1)
    await desk.appointments.make(found, desk.clock.now() + 3 * HOUR, by=1)
    await desk.clock.advance(hours=2)
    await desk.appointments.tick()
    assert desk.titles == []
    assert await desk.appointments.cancel(found.draft)
    await desk.clock.advance(hours=2)
    await desk.appointments.tick()
    assert desk.titles == []
    await desk.at.editor.discard(found.draft)
    assert not await desk.appointments.cancel(found.draft)
    assert not await desk.appointments.make(found, desk.clock.now() + HOUR, by=1)


async def test_time_that_is_taken_back_while_it_is_due_publishes_nothing(desk: Desk) -> None:
    found = await desk.proposed()
    await desk.appointments.make(found, desk.clock.now(), by=1)
    [due] = await desk.at.drafts.due(desk.clock.now())
    await desk.appointments.cancel(found.draft)
    made = await desk.at.editor.publish(found.draft, editor=1, appointment=due.appointment)
    assert made is None
    assert desk.titles == []


async def test_draft_can_be_changed_while_it_waits_for_its_time(desk: Desk) -> None:
    found = await desk.proposed()
    await desk.appointments.make(found, desk.clock.now() + HOUR, by=1)
    changed = await desk.at.editor.change(found.draft, {"title": "A better title"}, editor=2)
    assert changed is not None
    assert changed.appointment is not None
    await desk.clock.advance(hours=1)
    await desk.appointments.tick()
    assert desk.titles == ["A better title"]


async def test_draft_is_published_as_its_first_button_would_do_it(desk: Desk) -> None:
    await desk.at.publish()
    correction = await desk.proposed(TEXT.replace("text", "better text"))
    old = await desk.proposed(
        "---\ndate: 2020-01-01\n---\n# Long ago\n\nIts lead is long enough to stand for it."
    )
    for found in (correction, old):
        await desk.appointments.make(found, desk.clock.now() + HOUR, by=1)
    await desk.clock.advance(hours=1)
    await desk.appointments.tick()
    assert desk.titles == ["Title", "Long ago"]
    assert [card.version for card in desk.at.library.newest()] == [2, 1]
    assert [card.news > 0 for card in desk.at.library.newest()] == [True, False]


@pytest.mark.parametrize(
    "error", [ArticleError("error.fault", file="", name="x"), KeyError("a bug")], ids=repr
)
async def test_what_cannot_be_published_waits_for_a_decision_and_is_told_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    first, second = (
        await desk.proposed(),
        await desk.proposed("# Second\n\nIts lead is long enough to stand for it."),
    )
    for found in (first, second):
        await desk.appointments.make(found, desk.clock.now() + HOUR, by=1)
    await desk.clock.advance(hours=1)
    publish = desk.at.editor.publish

    async def refusing(draft: int, *, editor: int | None, **more: object) -> Published | None:
        if draft == first.draft:
            raise error
        return await publish(draft, editor=editor, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.at.editor, "publish", refusing)
    await desk.appointments.tick()
    await desk.appointments.tick()
    assert desk.titles == ["Second"]
    assert [type(outcome) for _, outcome in desk.told] == [ArticleError, Published]
    [left] = await desk.at.editor.drafts()
    assert (left.id, left.appointment) == (first.draft, None)


async def test_time_set_by_who_was_dismissed_publishes_nothing(database: Database, clock: StillClock) -> None:
    stack = await editing_stack(database, clock, owners=frozenset({9}))
    desk = Desk(stack, clock)
    found = await desk.proposed()
    await desk.appointments.make(found, clock.now(), by=5)
    await desk.appointments.tick()
    assert desk.titles == []
    assert [type(outcome) for _, outcome in desk.told] == [RightLost]
    await desk.appointments.make(found, clock.now(), by=9)
    await desk.appointments.tick()
    assert desk.titles == ["Title"]
