"""The publisher: what is planned for whom, and how it gets past what cannot be planned or sent."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.article.library import Card
from bot.db.database import Database
from bot.db.digests import DigestStore
from bot.db.forgotten import ForgottenList
from bot.db.interests import InterestStore
from bot.db.outbox import OutboxStore
from bot.db.privacy import PrivacyStore
from bot.db.readers import ReaderStore
from bot.delivery.decide import decide
from bot.delivery.model import Outcome, Refused, Result, Sent, Uncertain, Unsent
from bot.digest import publisher
from bot.digest.model import PlanningHold
from bot.digest.publisher import Publisher
from bot.digest.slots import MAX_LATENESS
from bot.i18n import Language
from bot.message.model import Message
from bot.reader.interests import EVERYTHING, Interests, Topic
from bot.reader.model import Part, Place, Reader, Schedule, Weekly
from bot.reader.schedule import next_digest, next_slot
from bot.views.digest import compose
from tests.clock import StillClock
from tests.editing.stack import EditingStack, editing_stack

DAY = timedelta(days=1)


@dataclass
class PublisherStack:
    """A publisher on a real database, with what Telegram would refuse."""

    at: EditingStack
    clock: StillClock
    readers: ReaderStore
    store: DigestStore
    outbox: OutboxStore
    publisher: Publisher
    told: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    refuses: str = ""
    uncertain: bool = False

    async def reader(self, chat: int = 5, *hours: int) -> Reader:
        met = await self.readers.meet(Place(chat), language=Language("en"), now=self.clock.now(), back=99)
        times = tuple(time(hour) for hour in hours or (13,))
        await self.readers.subscribe(
            met.id,
            Schedule(zone="UTC", times=times),
            self.clock.now() + timedelta(hours=1),
            back=99,
            now=self.clock.now() + timedelta(hours=1),
        )
        return met

    async def again(self, reader: Reader) -> Reader:
        found = await self.readers.get(reader.id)
        assert found is not None
        return found

    async def rows(self) -> Sequence[tuple[str, str, str | None]]:
        rows = await self.at.database.all("SELECT occasion, state, reason FROM deliveries ORDER BY id")
        return [(row["occasion"], row["state"], row["reason"]) for row in rows]

    async def send_all(self) -> None:
        """Tick and deliver until nothing more happens."""
        for _ in range(40):
            await self.publisher.tick()
            claimed = await self.outbox.claim(self.clock.now(), 100)
            if not claimed and not await self.store.refused():
                return
            for delivery in claimed:
                outcome: Outcome = Sent(1)
                assert isinstance(delivery.content, Message)
                if self.refuses and self.refuses in delivery.content.text:
                    outcome = Refused("Bad Request: no")
                elif self.uncertain:
                    outcome = Uncertain("no_answer")
                else:
                    self.sent.append(delivery.content.text)
                now = self.clock.now()
                await self.outbox.record([Result(delivery, decide(delivery, outcome, now))], now)
        raise AssertionError("it never ends")


@pytest.fixture
async def publishing(database: Database, clock: StillClock) -> PublisherStack:
    at, store = await editing_stack(database, clock), DigestStore(database)
    told: list[str] = []

    async def tell(card: Card, reason: str) -> None:
        told.append(f"{card.title}: {reason}")

    made = Publisher(
        library=at.library,
        store=store,
        articles=at.articles,
        quotes=at.editions.quote,
        compose=compose,
        tell=tell,
        clock=clock,
    )
    return PublisherStack(at, clock, ReaderStore(database), store, OutboxStore(database), made, told)


async def publish(publishing: PublisherStack, *numbers: int) -> None:
    for number in numbers:
        await publishing.at.publish(
            f"# Article {number:02}\n\nThe lead of {'it' * number} is long enough.\n\n> Words of {'no' * number}.",
            f"a{number}.md",
        )


async def test_two_ticks_plan_a_digest_once(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    await publishing.reader()
    await publishing.clock.advance(hours=1)
    await asyncio.gather(publishing.publisher.tick(), publishing.publisher.tick())
    await publishing.publisher.tick()
    assert await publishing.rows() == [("2026-11-24T13:00", "planned", None)]


async def test_digest_that_waits_too_long_in_the_outbox_is_not_sent(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    reader = await publishing.reader()
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    await publishing.clock.advance(seconds=MAX_LATENESS.total_seconds())
    await publishing.send_all()
    assert await publishing.rows() == [("2026-11-24T13:00", "excluded", "late")]
    assert (publishing.sent, (await publishing.again(reader)).cursors.watermark) == ([], 0)


async def test_what_one_reader_breaks_does_not_hold_up_the_others(
    publishing: PublisherStack, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(publishing, 1)
    broken, fine = await publishing.reader(5), await publishing.reader(6)
    await publishing.at.database.run("UPDATE readers SET zone = 'Gone/Zone' WHERE id = :id", id=broken.id)
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert len(publishing.sent) == 1
    assert (await publishing.again(fine)).cursors.watermark == 1
    assert f"reader {broken.id} could not be planned" in caplog.text
    caplog.clear()
    await publishing.publisher.tick()
    assert caplog.text == ""  # it is looked at again later, not every five seconds


@pytest.mark.sqlite
async def test_what_cannot_be_planned_together_is_planned_one_by_one(
    publishing: PublisherStack, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(publishing, 1)
    broken, fine = await publishing.reader(5), await publishing.reader(6)
    await publishing.at.database.run(
        f"""CREATE TRIGGER refuse BEFORE INSERT ON deliveries WHEN new.reader = {broken.id}
        BEGIN SELECT raise(ABORT, 'no room for this one'); END"""
    )
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert (await publishing.again(fine)).cursors.watermark == 1
    assert f"reader {broken.id} could not be planned" in caplog.text
    assert "no room for this one" in caplog.text


async def test_tick_ends_however_many_are_due(
    publishing: PublisherStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = await publishing.reader()
    asked = 0

    async def always(_: datetime, limit: int) -> Sequence[Reader]:
        nonlocal asked
        asked += limit
        return [reader] * limit

    async def nothing(*_: object) -> None:
        """They stay due."""

    monkeypatch.setattr(publishing.store, "due", always)
    monkeypatch.setattr(publisher, "DUE_BATCH", 3)
    monkeypatch.setattr(publisher, "MAX_PLANNED", 6)
    monkeypatch.setattr(publishing.publisher, "_plan", nothing)
    await publishing.publisher.tick()
    assert asked == 6


async def test_reader_who_changes_while_it_is_composed_is_left_alone(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    reader = await publishing.reader()
    await publishing.clock.advance(hours=1)
    [seen] = await publishing.store.due(publishing.clock.now(), 10)
    planned = await publishing.publisher.planned_for(seen, publishing.clock.now(), PlanningHold())
    await publishing.readers.unsubscribe(reader.id, publishing.clock.now())
    assert not await publishing.store.plan([planned], publishing.clock.now())
    assert await publishing.rows() == []


async def test_news_are_told_when_sent_and_offered_again_when_uncertain(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    reader = await publishing.reader()
    publishing.uncertain = True
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert (await publishing.again(reader)).cursors.watermark == 0
    publishing.uncertain = False
    await publish(publishing, 2)
    await publishing.clock.advance(days=1)
    await publishing.send_all()
    assert "2 new articles" in publishing.sent[0]
    assert (await publishing.again(reader)).cursors.watermark == 2


async def test_digest_that_could_not_leave_is_superseded_by_the_next(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    await publishing.reader(5, 13, 14)
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert [row[1:] for row in await publishing.rows()] == [("excluded", "superseded"), ("sent", None)]
    assert len(publishing.sent) == 1


async def test_nothing_is_planned_while_a_digest_is_being_sent(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    await publishing.reader(5, 13, 14)
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    await publishing.outbox.claim(publishing.clock.now(), 10)
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    assert len(await publishing.rows()) == 1


@pytest.mark.parametrize("late", [0, 7])
@pytest.mark.parametrize("bad", range(1, 8))
async def test_refused_article_is_found_and_quarantined_and_the_others_sent(
    publishing: PublisherStack, bad: int, late: int
) -> None:
    await publish(publishing, *range(1, 8))
    reader = await publishing.reader()
    publishing.refuses = f"Article {bad:02}"
    await publishing.clock.advance(hours=1, seconds=late)
    await publishing.send_all()
    told = {
        number for number in range(1, 8) if any(f"Article {number:02}" in text for text in publishing.sent)
    }
    assert told == set(range(1, 8)) - {bad}
    assert all(sum(f"Article {number:02}" in text for text in publishing.sent) == 1 for number in told)
    assert publishing.told == [f"Article {bad:02}: Bad Request: no"]
    assert [card.title for card in publishing.at.library.newest() if card.quarantined] == [
        f"Article {bad:02}"
    ]
    await publishing.clock.advance(days=1)
    await publishing.send_all()
    assert "Nothing new" in publishing.sent[-1]
    settled = await publishing.again(reader)
    assert settled.cursors.news_limit is None


async def test_article_that_is_refused_for_several_readers_is_told_of_once(
    publishing: PublisherStack,
) -> None:
    await publish(publishing, 1)
    for chat in (5, 6, 7):
        await publishing.reader(chat)
    publishing.refuses = "Article 01"
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert publishing.told == ["Article 01: Bad Request: no"]


async def test_slot_that_comes_while_a_refused_article_is_looked_for_is_merged(
    publishing: PublisherStack,
) -> None:
    await publish(publishing, 1, 2)
    await publishing.reader()
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    [delivery] = await publishing.outbox.claim(publishing.clock.now(), 10)
    refused = decide(delivery, Refused("Bad Request: no"), publishing.clock.now())
    await publishing.outbox.record([Result(delivery, refused)], publishing.clock.now())
    await publishing.clock.advance(days=1)
    await publishing.send_all()
    assert ("2026-11-25T13:00", "excluded", "merged") in await publishing.rows()
    told = [text for text in publishing.sent if "Article" in text]
    assert len(told) == 2, "both articles, one after the other: only the digest of both was refused"


async def test_tick_asks_once_when_few_are_due(
    publishing: PublisherStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, due = list[int](), publishing.store.due

    async def counted(now: datetime, limit: int) -> Sequence[Reader]:
        asked.append(limit)
        return await due(now, limit)

    monkeypatch.setattr(publishing.store, "due", counted)
    await publishing.reader()
    await publishing.publisher.tick()
    assert len(asked) == 1


async def test_quote_that_is_refused_holds_nothing_up(publishing: PublisherStack) -> None:
    reader = await publishing.reader()
    await publish(publishing, 1)
    await publishing.at.database.run("UPDATE readers SET watermark = 1")
    publishing.refuses = "Words of no."
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    settled = await publishing.again(reader)
    assert settled.cursors.news_limit is None
    assert settled.subscription.next_at == publishing.clock.now() + DAY
    assert not publishing.told


async def test_slot_that_was_used_before_is_recorded_and_not_sent_again(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    reader = await publishing.reader()
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    await publishing.at.database.run(
        "UPDATE readers SET next_at = :at",
        at=int((publishing.clock.now() - timedelta(minutes=1)).timestamp() * 1000),
    )
    await publishing.send_all()
    await publishing.at.database.run(
        "UPDATE readers SET next_at = :at", at=int(publishing.clock.now().timestamp() * 1000)
    )
    await publishing.send_all()
    assert [row for row in await publishing.rows() if row[1] == "excluded"] == [
        ("2026-11-24T13:00#2", "excluded", "slot_used"),
        ("2026-11-24T13:00#3", "excluded", "slot_used"),
    ]
    assert len(publishing.sent) == 1
    assert (await publishing.again(reader)).cursors.watermark == 1


async def test_planning_pauses_while_too_many_wait(
    publishing: PublisherStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(publishing, 1)
    for chat in (5, 6):
        await publishing.reader(chat)
    await publishing.clock.advance(hours=1)
    monkeypatch.setattr("bot.digest.publisher.MAX_WAITING_ROWS", 2)
    await publishing.publisher.tick()
    assert len(await publishing.rows()) == await publishing.store.waiting() == 2
    await publishing.reader(7, 14)
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    assert len(await publishing.rows()) == 2


async def test_each_due_slot_leaves_one_row(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    await publishing.reader(5, 13, 14, 15)
    await publishing.clock.advance(days=2, hours=2)
    await publishing.send_all()
    rows = await publishing.rows()
    assert [row[2] for row in rows] == ["late"] * 6 + ["merged"] + [None]
    assert len({row[0] for row in rows}) == len(rows)
    assert "this one covers 2" in publishing.sent[0]


async def test_many_readers_are_planned_in_batches(
    publishing: PublisherStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.digest.publisher.DUE_BATCH", 7)
    await publish(publishing, 1)
    for chat in range(1, 31):
        await publishing.reader(chat)
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    assert len(await publishing.rows()) == 30


async def test_empty_library_has_nothing_to_tell(publishing: PublisherStack) -> None:
    reader = await publishing.reader()
    assert await publishing.publisher.preview(reader) == ()
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert await publishing.rows() == [("2026-11-24T13:00", "excluded", "nothing_new")]


async def test_only_when_there_is_something_new_draws_no_quote_on_other_days(
    publishing: PublisherStack,
) -> None:
    await publish(publishing, 1, 2)
    reader = await publishing.again(await publishing.reader())
    await publishing.readers.change(
        reader.subscribing(only_new=True), reader.subscription.next_at, publishing.clock.now()
    )
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    place = (await publishing.again(reader)).cursors.quote_place
    await publishing.clock.advance(hours=24)
    await publishing.send_all()
    assert [row[1:] for row in await publishing.rows()] == [("sent", None), ("excluded", "nothing_new")]
    assert (await publishing.again(reader)).cursors.quote_place == place


async def test_each_quote_comes_once_a_round_and_rounds_are_counted(publishing: PublisherStack) -> None:
    await publish(publishing, 1, 2)
    reader = await publishing.reader()
    rounds = []
    for hours in (1, 24, 24, 24):
        await publishing.clock.advance(hours=hours)
        await publishing.send_all()
        rounds.append((await publishing.again(reader)).cursors.quote_round)
    assert rounds == sorted(rounds)
    assert rounds[-1] > rounds[0] == 0


async def test_digest_names_the_day_that_it_is_for_its_reader(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    met = await publishing.readers.meet(Place(6), language=Language("en"), now=publishing.clock.now(), back=9)
    due = publishing.clock.now() + timedelta(hours=1)
    schedule = Schedule(zone="Pacific/Kiritimati", times=(time(3),))
    await publishing.readers.subscribe(met.id, schedule, due, back=99, now=due)
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert "25" in publishing.sent[0].splitlines()[0]  # where the day begins fourteen hours earlier


async def test_who_wants_no_news_gets_the_quote_alone_and_misses_nothing_later(
    publishing: PublisherStack,
) -> None:
    await publish(publishing, 1)
    reader = await publishing.again(await publishing.reader())
    change = publishing.readers.change
    await change(
        reader.subscribing(parts=frozenset({"quote"})), reader.subscription.next_at, publishing.clock.now()
    )
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert "Words of no." in publishing.sent[0]
    assert "Article 01\n" not in publishing.sent[0]
    reader = await publishing.again(reader)
    await change(
        reader.subscribing(parts=frozenset({"news"})), reader.subscription.next_at, publishing.clock.now()
    )
    await publishing.clock.advance(hours=24)
    await publishing.send_all()
    assert "1. Article 01" in publishing.sent[1]
    assert "Words of no." not in publishing.sent[1]


async def test_pause_leaves_no_slot_and_what_waits_is_not_sent(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    reader = await publishing.reader()
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    paused = (await publishing.again(reader)).subscribing(paused_until=date(2026, 11, 27))
    assert paused.subscription.schedule is not None
    await publishing.readers.change(
        paused, next_slot(paused.subscription.schedule, publishing.clock.now()).at, publishing.clock.now()
    )
    for _ in range(3):
        await publishing.send_all()
        await publishing.clock.advance(hours=24)
    await publishing.send_all()
    assert await publishing.rows() == [
        ("2026-11-24T13:00", "excluded", "paused"),
        ("2026-11-27T13:00", "sent", None),
    ]


async def test_what_waits_for_who_is_forgotten_is_not_sent_nor_repeated(
    publishing: PublisherStack, tmp_path: Path
) -> None:
    await publish(publishing, 1)
    privacy = PrivacyStore(publishing.at.database, ForgottenList(tmp_path / "forgotten"))
    await publishing.reader(5)
    await publishing.reader(6)
    await publishing.clock.advance(hours=1)
    await publishing.publisher.tick()
    (sending,) = await publishing.outbox.claim(publishing.clock.now(), 1)
    for chat in (5, 6):
        await privacy.forget(chat, publishing.clock.now())
    now = publishing.clock.now()
    await publishing.outbox.record([Result(sending, decide(sending, Unsent(), now))], now)
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert publishing.sent == []
    rows = await publishing.at.database.all("SELECT * FROM deliveries ORDER BY id")
    assert [(row["state"], row["reason"]) for row in rows] == [
        ("excluded", "unsubscribed"),
        ("excluded", "forgotten"),
    ]
    assert {row["quote"] for row in rows} == {None}
    assert await publishing.at.database.all("SELECT * FROM payloads") == []
    assert await publishing.at.database.all("SELECT * FROM delivery_articles") == []
    assert all(row["occasion"].startswith("forgotten") for row in rows)


async def test_quote_that_was_corrected_since_the_last_run_is_sent_as_it_is_now(
    publishing: PublisherStack,
) -> None:
    text = "# Article\n\nThe lead of it is long enough.\n\n> Words to keep."
    await publishing.at.publish(text, "a.md")
    for chat, hour in ((5, 13), (6, 14)):
        await publishing.reader(chat, hour)
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    await publishing.at.publish(f"{text}\n>\n> — Ada", "a.md", replacing=True)
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert ["— Ada" in text for text in publishing.sent] == [False, True]


async def test_others_are_answered_while_many_digests_are_planned(
    publishing: PublisherStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(publishing, 1)
    for chat in range(5, 10):
        await publishing.reader(chat)
    await publishing.clock.advance(hours=1)
    moments: list[float] = []
    sleep = publishing.clock.sleep

    async def noted(seconds: float) -> None:
        moments.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr(publishing.clock, "sleep", noted)
    await publishing.publisher.tick()
    assert moments == [0] * 5


async def tagged(publishing: PublisherStack, number: int, tag: str) -> None:
    text = f"---\ntags: [{tag}]\n---\n# Article {number:02}\n\nThe lead of {'it' * number} is long enough."
    await publishing.at.publish(text, f"t{number}.md")


async def wanting(publishing: PublisherStack, interests: Interests, *parts: Part) -> Reader:
    reader = await publishing.reader()
    await InterestStore(publishing.at.database).choose(reader.id, interests)
    found = await publishing.again(reader)
    chosen = found.subscribing(parts=frozenset(parts or ("news",)))
    await publishing.readers.change(chosen, chosen.subscription.next_at, publishing.clock.now())
    return chosen


async def test_digest_tells_of_what_is_followed_and_counts_the_rest_as_told(
    publishing: PublisherStack,
) -> None:
    for number, tag in enumerate(("rust", "cars", "cars"), 1):
        await tagged(publishing, number, tag)
    reader = await wanting(publishing, Interests(followed=(Topic("tag", "Rust"),)))
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    [text] = publishing.sent
    assert "Article 01" in text
    assert "★ #Rust" in text
    assert "Article 02" not in text
    newest = publishing.at.library.newest()[0].news
    assert (await publishing.again(reader)).cursors.watermark == newest


async def test_who_changes_their_mind_before_a_digest_came_misses_nothing(publishing: PublisherStack) -> None:
    await tagged(publishing, 1, "cars")
    reader = await wanting(publishing, Interests(muted=(Topic("tag", "cars"),)))
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert publishing.sent == []
    assert [row[1:] for row in await publishing.rows()] == [("excluded", "nothing_new")]
    await InterestStore(publishing.at.database).choose(reader.id, EVERYTHING)
    await publishing.clock.advance(hours=24)
    await publishing.send_all()
    assert "Article 01" in publishing.sent[0]


async def test_quote_alone_says_that_nothing_followed_is_new(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    await tagged(publishing, 2, "cars")
    reader = await wanting(publishing, Interests(followed=(Topic("word", "article 01"),)), "news", "quote")
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    await tagged(publishing, 3, "cars")
    await publishing.clock.advance(hours=24)
    await publishing.send_all()
    assert ["Nothing new of what you follow" in text for text in publishing.sent] == [False, True]
    assert all("Words of no" in text for text in publishing.sent)
    assert (await publishing.again(reader)).cursors.watermark == 2, "what was left out can still be told"


async def test_muted_articles_give_no_quotes(publishing: PublisherStack) -> None:
    for number, source in ((1, "Dull"), (2, "Dull"), (3, "Bright")):
        text = f"---\nsource: {source}\n---\n# {source} {number}\n\nThe lead of {number} is long enough.\n\n> Words of the {source} one, number {number}."
        await publishing.at.publish(text, f"q{number}.md")
    await wanting(publishing, Interests(muted=(Topic("source", "dull"),)), "quote")
    for hours in (1, 24, 24, 24):
        await publishing.clock.advance(hours=hours)
        await publishing.send_all()
    assert len(publishing.sent) == 4
    assert all("Words of the Bright one" in text for text in publishing.sent)


async def test_who_muted_every_quote_gets_none(publishing: PublisherStack) -> None:
    await publish(publishing, 1, 2)
    await wanting(publishing, Interests(muted=(Topic("word", "article"),)), "news", "quote")
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert [row[1:] for row in await publishing.rows()] == [("excluded", "nothing_new")]


async def test_refused_article_is_found_among_those_that_are_followed(publishing: PublisherStack) -> None:
    for number, tag in enumerate(("rust", "cars", "rust", "rust", "cars"), 1):
        await tagged(publishing, number, tag)
    reader = await wanting(publishing, Interests(followed=(Topic("tag", "rust"),)))
    publishing.refuses = "Article 03"
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    told = "".join(publishing.sent)
    assert ("Article 01" in told, "Article 04" in told) == (True, True)
    assert ("Article 03" in told, "Article 02" in told, "Article 05" in told) == (False, False, False)
    assert [line.split(":")[0] for line in publishing.told] == ["Article 03"]
    assert (await publishing.again(reader)).cursors.watermark >= 4


async def weekly(publishing: PublisherStack, *hours: int, at: Weekly, watermark: int = 0) -> Reader:
    """A reader with a digest of the week beside those at these hours; the test begins on a Tuesday at noon."""
    met = await publishing.reader(5, *hours)
    found = await publishing.again(met)
    times = tuple(time(hour) for hour in hours)
    changed = found.subscribing(times=times, weekly=at, parts=frozenset({"news"}))
    next_at = next_digest(changed.subscription, publishing.clock.now())
    await publishing.readers.change(changed, next_at, publishing.clock.now())
    if watermark:
        await publishing.at.database.run("UPDATE readers SET watermark = :mark", mark=watermark)
    return changed


async def test_digest_of_the_week_tells_of_all_that_came_in_it(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    await publishing.clock.advance(days=6)  # a Monday
    await publish(publishing, 2)
    reader = await weekly(publishing, 13, at=Weekly(3, time(18)))
    for hours in (1, 24):
        await publishing.clock.advance(hours=hours)
        await publishing.send_all()
    await publish(publishing, 3)
    for hours in (24, 5):
        await publishing.clock.advance(hours=hours)
        await publishing.send_all()
    [*daily, week] = publishing.sent
    assert ["Article 03" in text for text in daily] == [False, True], "nothing was new on Tuesday"
    assert "Article 01" in daily[0]
    assert week.startswith("🗓 Your week, until Wednesday, 2 December\n2 articles for you this week.")
    assert ("Article 01" in week, "Article 02" in week, "Article 03" in week) == (False, True, True)
    assert (await publishing.again(reader)).cursors.watermark == 3


async def test_digest_of_the_week_alone_misses_nothing_that_is_older(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    await weekly(publishing, at=Weekly(2, time(11)))
    await publishing.clock.advance(days=9)
    await publish(publishing, 2)
    await publishing.send_all()
    assert publishing.sent == [], "the first one is too late"
    await publishing.clock.advance(days=4, hours=23)
    await publishing.send_all()
    [week] = publishing.sent
    assert ("Article 01" in week, "Article 02" in week) == (True, True)


async def test_daily_digest_that_waited_for_it_is_merged_into_that_of_the_week(
    publishing: PublisherStack,
) -> None:
    await publish(publishing, 1)
    await weekly(publishing, 13, 15, at=Weekly(2, time(14)), watermark=1)
    await publishing.clock.advance(hours=3)
    await publishing.send_all()
    [week] = publishing.sent
    assert "Your week" in week
    assert "Article 01" in week
    assert "covers 3" in week
    assert [row[1:] for row in await publishing.rows()] == [
        ("excluded", "merged"), ("excluded", "merged"), ("sent", None),
    ]  # fmt: skip


async def test_preview_is_that_of_the_week_when_it_comes_next(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    reader = await weekly(publishing, 13, at=Weekly(2, time(12, 30)), watermark=1)
    [shown] = await publishing.publisher.preview(await publishing.again(reader))
    assert shown.text.startswith("🗓 Your week, until Tuesday, 24 November\n1 article")
    await publishing.clock.advance(minutes=45)
    await publish(publishing, 2)
    [shown] = await publishing.publisher.preview(await publishing.again(reader))
    assert shown.text.startswith("☀️")
    assert "Article 01" not in shown.text


async def test_digest_of_the_week_follows_interests_and_parts(publishing: PublisherStack) -> None:
    await tagged(publishing, 1, "rust")
    await tagged(publishing, 2, "cars")
    reader = await weekly(publishing, at=Weekly(2, time(13)), watermark=2)
    await InterestStore(publishing.at.database).choose(reader.id, Interests(muted=(Topic("tag", "cars"),)))
    [shown] = await publishing.publisher.preview(await publishing.again(reader))
    assert ("Article 01" in shown.text, "Article 02" in shown.text) == (True, False)
    only_quotes = (await publishing.again(reader)).subscribing(parts=frozenset({"quote"}))
    assert await publishing.publisher.preview(only_quotes) == ()


async def test_refused_digest_of_the_week_ends_with_what_is_new(publishing: PublisherStack) -> None:
    await publish(publishing, 1, 2, 3, 4)
    reader = await weekly(publishing, at=Weekly(2, time(13)), watermark=2)
    publishing.refuses = "Article 03"
    await publishing.clock.advance(hours=1)
    await publishing.send_all()
    assert [line.split(":")[0] for line in publishing.told] == ["Article 03"]
    assert "Article 04" in "".join(publishing.sent)
    found = await publishing.again(reader)
    assert (found.cursors.watermark, found.cursors.news_limit) == (4, None)


async def test_what_is_due_is_told_in_the_order_in_which_it_would_leave(publishing: PublisherStack) -> None:
    await publish(publishing, 1)
    await publishing.reader(7)
    await publishing.clock.advance(minutes=61)
    await publishing.publisher.tick()
    await publishing.reader(5)
    await publishing.reader(6)
    now = publishing.clock.now()
    assert await publishing.store.due_chats(None, now) == [7]
    await publishing.clock.advance(hours=2)
    later = publishing.clock.now()
    assert await publishing.store.due_chats(None, later) == [7, 5, 6]
    assert await publishing.store.due_chats(now, later) == [5, 6]
    assert await publishing.store.due_chats(None, later, most=1) == [7, 6]
    assert await publishing.store.due_chats(None, later, most=2) == [7, 5, 6]
