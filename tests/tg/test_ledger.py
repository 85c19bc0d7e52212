"""/why, /trace and `deliveries`: the ledger tells what became of each digest."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.app.lifespan import Runtime
from bot.article.library import card_of
from bot.article.model import ArticleId
from bot.article.parse import parse
from bot.cli import main
from bot.commands.deliveries import since_when
from bot.config import DATABASE
from bot.db.database import Database
from bot.delivery.model import DeliveryState, DigestRecord, Settled
from bot.delivery.reasons import EXCLUSIONS, TROUBLES, Reason, Trouble
from bot.delivery.status import Status
from bot.demo import membership
from bot.demo.arguments import Arguments
from bot.demo.server import Phase
from bot.i18n import LANGUAGES, Language, translator
from bot.message.limits import problems
from bot.reader.model import Place, Reader, ReaderId, Subscription
from bot.views import ledger as views
from bot.views import status as status_views
from tests.chat import Chat
from tests.clock import NOON, StillClock
from tests.tg.test_digests import skip


async def test_reader_sees_what_came_and_when_the_next_one_does(
    ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    assert "None yet." in (await ada.send("/why"))["text"]
    await ada.send("/subscribe 8:30 London")
    await skip(bot, clock, hours=21)
    await ada.reply()
    text = (await ada.send("/why"))["text"]
    assert "Wed 25 Nov, 08:30: delivered: “第二篇文章”, “First things” and a quote." in text
    assert "Next one: tomorrow, Thu 26 Nov, 08:30." in text


async def test_reader_sees_why_none_came(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    await ada.send("/subscribe 8:30 London")

    async def silence(method: str, _: Arguments, phase: Phase) -> web.Response | None:
        return web.Response(status=502) if method == "sendmessage" and phase == "after" else None

    ada.server.fault = silence
    await skip(bot, clock, hours=21)
    ada.server.fault = None
    await ada.reply()
    for _ in range(4):
        await skip(bot, clock, minutes=1)
    await skip(bot, clock, days=2)
    await ada.reply()
    await ada.send("/unsubscribe")
    text = (await ada.send("/why"))["text"]
    assert "Wed 25 Nov, 08:30: Telegram gave no answer, and whether it arrived could not be found out" in text
    assert "Thu 26 Nov, 08:30: not sent: the bot was down" in text
    assert "Fri 27 Nov, 08:30: delivered" in text
    assert "Digests are off." in text


async def test_in_a_group_it_is_the_groups_digests(ada: Chat, bot: Runtime, clock: StillClock) -> None:
    ada.server.world.group(-5, "Club", {11: "creator"})
    club = Chat(ada.server, -5, 11)
    await club.send("/subscribe@article_digest_demo_bot 8:30 London")
    await skip(bot, clock, hours=21)
    await club.reply()
    assert "delivered" in (await club.send("/why@article_digest_demo_bot"))["text"]
    assert "None yet." in (await ada.send("/why"))["text"]


async def test_editor_traces_a_chat_and_an_article(
    owner: Chat, ada: Chat, lin: Chat, bot: Runtime, clock: StillClock
) -> None:
    for chat in (ada, lin):
        await chat.send("/subscribe 8:30 London")
    membership.block(ada.server.world, 12, blocked=True)
    await skip(bot, clock, hours=21)
    await ada.reply()
    traced = (await owner.send("/trace 11"))["text"]
    assert traced.startswith("Chat 11\nEvery day at 08:30, London time")
    assert "Wed 25 Nov, 08:30: delivered" in traced
    assert "I can’t write there now, so none will come" in (await owner.send("/trace 12"))["text"]
    for _ in range(2):
        text = (await owner.send("/trace first things"))["text"]
        assert "In 1 digest." in text
        assert "✅ 1 delivered." in text
        await skip(bot, clock, hours=24)
        await ada.reply()  # of other things
    for nobody in ("99999", "0", "-0", "9" * 19, "9" * 400):
        assert "There’s no such chat or article." in (await owner.send(f"/trace {nobody}"))["text"]
    assert "Send /trace with" in (await owner.send("/trace"))["text"]


async def test_several_articles_are_offered(owner: Chat) -> None:
    owner.server.world.say(1, 1, "/trace 第")
    asked = await owner.reply()
    assert "第二篇文章" in asked["text"]


async def test_of_an_article_an_editor_sees_who_may_not_have_it(
    owner: Chat, ada: Chat, bot: Runtime, clock: StillClock
) -> None:
    assert "In no digest yet." in (await owner.send("/trace first things"))["text"]
    await ada.send("/subscribe 8:30 London")

    async def refuse(method: str, given: Arguments, phase: Phase) -> web.Response | None:
        if method == "sendmessage" and phase == "before" and given.text("chat_id") == "11":
            return web.Response(status=500)
        return None

    ada.server.fault = refuse
    await skip(bot, clock, hours=21)
    ada.server.fault = None
    text = (await owner.send("/trace first things"))["text"]
    assert "❔ 1 may not have arrived" in text
    assert "· Chat 11: Wed 25 Nov, 08:30: Telegram gave no answer at" in text
    assert "I’m finding out whether it arrived." in text
    owner.ignored = "🔴"  # the alert comes, too
    for _ in range(4):
        await skip(bot, clock, minutes=1)
    text = (await owner.send("/trace first things"))["text"]
    assert "❔ 1 may not have arrived" in text
    assert "could not be found out, so it was not repeated" in text, "of a bot that has hardly sent anything"


def account(
    state: DeliveryState, reason: Reason | None = None, occasion: str = "2026-11-25T08:30", **more: object
) -> DigestRecord:
    given: dict[str, object] = {
        "reader": ReaderId(1), "occasion": occasion, "states": ("sent", state), "reason": reason, "detail": "", "articles": (),
        "quoted": False, "planned_at": NOON, "finished_at": None, "settled": None,
    }  # fmt: skip
    return DigestRecord(**(given | more))  # type: ignore[arg-type]


ENDS: list[DigestRecord] = [
    *(
        account("excluded", reason, detail="Forbidden: in words of Telegram's") for reason in EXCLUSIONS
    ),
    account("planned", "throttled"), account("sending"), account("failed", "refused", detail="Bad Request: no"), account("failed", "keeps_moving"), account("uncertain", "no_answer"),
    *(account("uncertain", "no_answer", settled=settled, finished_at=NOON) for settled in ("checking", "unknown", "again")),
    *(account("sent", settled=settled, finished_at=NOON) for settled in ("found", "again")),
    account("sent"), account("sent", articles=(ArticleId(9),), quoted=True), account("sent", occasion="odd"),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("told", ENDS)
def test_every_end_has_words(told: DigestRecord, language: Language) -> None:
    line = views.outcome_line(told, "Europe/London", lambda _: None, translator(language))
    assert "08:30" in line or "12:00" in line
    assert "{" not in line
    assert "?" not in line


@pytest.mark.parametrize(
    ("state", "settled", "words"),
    [
        ("uncertain", "checking", "Telegram gave no answer at 13:30; I’m finding out whether it arrived."),
        ("uncertain", "unknown", "could not be found out, so it was not repeated"),
        ("uncertain", "again", "may not have arrived"),
        ("uncertain", None, "may not have arrived"),
        ("sent", "found", "Telegram had given no answer; at 13:30 I found out that it had arrived."),
        ("sent", "again", "It had not arrived at first, and was sent again at 13:30."),
        ("sent", None, "delivered: nothing new in it."),
        ("planned", "again", "on its way"),
    ],
)
def test_why_says_what_was_found_out(state: DeliveryState, settled: Settled | None, words: str) -> None:
    """At the reader's own time."""
    told = account(state, "no_answer", settled=settled, finished_at=NOON + timedelta(minutes=30))
    line = views.outcome_line(told, "Europe/Berlin", lambda _: None, translator(Language("en")))
    assert words in line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_trouble_is_named_to_owners(trouble: Trouble, language: Language) -> None:
    shown = Status(
        telegram="down",
        reason=trouble,
        stopped=False,
        digests_held=None,
        chats_held=0,
        longest_hold=timedelta(),
    )
    assert (
        translator(language)(f"status.reason_{trouble}")
        in status_views.delivery(shown, translator(language)).text
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_longest_answer_fits_into_a_message(language: Language) -> None:
    tr, long = translator(language), account("sent", articles=tuple(map(ArticleId, range(60))), quoted=True)
    subscription = Subscription(zone="Europe/London")
    reader = Reader(
        id=ReaderId(1), place=Place(5), language=language, active_at=NOON, subscription=subscription
    )
    message = views.last_digests(reader, [long] * 5, lambda _: "Title " * 60, NOON, tr)
    assert problems(message) == []
    assert "57" in message.text
    refused = [(account("failed", "refused", detail="Bad Request: no " * 40), reader)] * 5
    card = card_of(
        parse(f"# {'Title ' * 400}\n\nA lead that is long enough.", file="a.md"),
        id=ArticleId(1),
        news=1,
        version=1,
    )
    assert problems(views.traced_article(card, {"failed": 5}, refused, lambda _: None, tr)) == []


# The command line ---------------------------------------------------------------------------------------------


@pytest.fixture
async def ledger(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    await database.run(
        "INSERT INTO readers (id, chat, kind, language, times, days, watermark, met_at) VALUES (1, 5, 'private', 'en', '08:00', '1', 0, 0)"
    )
    for number, (state, reason) in enumerate(
        [("sent", None), ("sent", None), ("excluded", "late"), ("uncertain", "HTTP 502")]
    ):
        await database.run(
            """INSERT INTO deliveries (reader, kind, occasion, part, parts, state, reason, due_at, expires_at, upto, planned_at, finished_at)
            VALUES (1, 'digest', :name, 1, 1, :state, :reason, 0, 0, 0, :at, :at)""",
            name=str(number), state=state, reason=reason, at=int((NOON - timedelta(days=number)).timestamp() * 1000),
        )  # fmt: skip
    await database.run("INSERT INTO facts (name, value) VALUES ('planned', 4)")
    return database


async def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """In a thread, since the command has an event loop of its own."""
    code = await asyncio.to_thread(main, ["deliveries", *arguments])
    out, errors = capsys.readouterr()
    return code, out + errors


async def test_every_message_is_accounted_for_while_the_bot_runs(
    ledger: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = await run(capsys)
    assert code == 0
    assert [line.split() for line in text.splitlines()[:9]] == [
        ["4", "planned", "ever"], ["0", "planned"], ["0", "sending"], ["2", "sent"], ["2", "digest"], ["0", "failed"],
        ["1", "uncertain"], ["1", "digest:", "HTTP", "502"], ["1", "excluded"],
    ]  # fmt: skip
    assert "Every one of the 4 messages" in text
    await ledger.run("DELETE FROM deliveries WHERE id = 2")
    code, text = await run(capsys)
    assert code == 1
    assert "4 messages were ever planned, but 3 are written down" in text
    await ledger.run("DELETE FROM deliveries WHERE id = 4")
    assert "4 messages were ever planned, but 2 are written down" in (await run(capsys))[1]
    await ledger.run("UPDATE facts SET value = 2 WHERE name = 'planned'")  # as every test leaves it: sound


async def test_only_what_was_planned_since_is_counted(
    ledger: Database,  # noqa: ARG001  # it is read from its file
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, text = await run(capsys, "--since", "2026-11-23")
    assert "2  planned since 2026-11-23 00:00 UTC" in text


@pytest.mark.parametrize("words", ["yesterday", "7", "7w", "2026-13-01", "9999d"])
async def test_time_that_cannot_be_read_is_wrong_usage(
    words: str,
    ledger: Database,  # noqa: ARG001  # it is read from its file
    capsys: pytest.CaptureFixture[str],
) -> None:
    if words == "9999d":
        assert (await run(capsys, "--since", words))[0] == 0
        return
    with pytest.raises(SystemExit):
        await run(capsys, "--since", words)
    assert "--since knows 7d" in capsys.readouterr().err


def test_ways_to_say_when() -> None:
    assert since_when("7d", NOON) == NOON - timedelta(days=7)
    assert since_when("12H", NOON) == NOON - timedelta(hours=12)
    assert since_when("2026-11-24T08:00", NOON) == datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.sqlite
async def test_database_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert "There is no database" in (await run(capsys))[1]
    with sqlite3.connect(tmp_path / DATABASE) as older:
        older.execute("PRAGMA user_version = 1")
    code, text = await run(capsys)
    assert (code, "Start the bot once" in text) == (1, True)
    older.execute("PRAGMA user_version = 99")
    older.close()
    assert "newer version" in (await run(capsys))[1]
    (tmp_path / DATABASE).write_bytes(b"no database at all" * 100)
    assert "damaged" in (await run(capsys))[1]
