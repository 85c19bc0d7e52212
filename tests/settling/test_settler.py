"""What becomes of messages in doubt: found, proven absent, or left as they are."""

import asyncio
from datetime import timedelta

import pytest

from bot.db import deliveries
from bot.db.deliveries import MAX_REPEATS
from bot.db.doubts import give_up_all
from bot.db.times import to_ms
from bot.settling import settlement, settler
from bot.settling.matching import MAX_TRIES
from bot.settling.model import Unclear, Verdicts
from bot.settling.settler import GIVE_UP_S, MAX_WAIT_S, WAIT_S
from tests.clock import NOON
from tests.settling.stack import OWNER, SettlingStack

ARRIVED, AGAIN, NOBODY_KNOWS = ("sent", 2, None), ("planned", 3, None), ("uncertain", 4)


def unclear(why: Unclear) -> tuple[str, int, str]:
    return (*NOBODY_KNOWS, why)


async def test_what_arrived_is_found_and_what_did_not_is_planned_again(stack: SettlingStack) -> None:
    await stack.history()
    first, second, third = [await stack.row(chat) for chat in (11, 12, 13)]
    id_ = stack.put(12)
    await stack.settle()
    assert await stack.fate(first, second, third) == [AGAIN, ARRIVED, AGAIN]
    rows = await stack.database.all("SELECT id, message_id, finished_at, reason, repeats FROM deliveries")
    found = {row["id"]: row for row in rows}
    assert (found[second]["message_id"], found[second]["repeats"]) == (id_, 0)
    assert found[second]["finished_at"] == to_ms(stack.clock.now())
    assert (found[first]["reason"], found[first]["repeats"], found[first]["finished_at"]) == (
        "not_arrived", 1, None,
    )  # fmt: skip
    assert await stack.messages() == {first, third}, "only what is sent again keeps its message"
    assert stack.woken, "what was planned leaves at once"
    assert id_ in {each for a, b in await stack.store.known(0, 9999) for each in range(a, b + 1)}


async def test_reader_counts_as_told_once_it_was_found_that_it_had_arrived(stack: SettlingStack) -> None:
    await stack.history()
    await stack.row(11)
    stack.put(11)
    await stack.row(12)
    await stack.settle()
    rows = await stack.database.all("SELECT chat, watermark FROM readers WHERE chat IN (11, 12)")
    assert {row["chat"]: row["watermark"] for row in rows} == {11: 9, 12: 0}


async def test_nothing_is_said_before_all_has_surely_ended(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    await stack.look()
    await stack.look(WAIT_S - 1)
    assert await stack.fate(row) == [("uncertain", 1, None)]
    await stack.look(1)
    assert await stack.fate(row) == [AGAIN]


async def test_jump_of_the_clock_on_the_wall_shortens_no_wait(stack: SettlingStack) -> None:
    """Rows that ended hours ago by that clock, as after a start, wait like all others."""
    await stack.history()
    row = await stack.row(11)
    await stack.database.run(
        "UPDATE deliveries SET finished_at = :then", then=to_ms(NOON - timedelta(hours=5))
    )
    await stack.look()
    assert await stack.fate(row) == [("uncertain", 1, None)]


async def test_start_begins_the_wait_anew(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    await stack.look()
    await stack.clock.advance(seconds=WAIT_S)
    stack.settler = stack.started()
    await stack.look()
    assert await stack.fate(row) == [("uncertain", 1, None)]
    await stack.look(WAIT_S)
    assert await stack.fate(row) == [AGAIN]


async def test_messages_whose_windows_overlap_are_settled_together(stack: SettlingStack) -> None:
    await stack.history()
    first = await stack.row(11)
    await stack.look()
    await stack.clock.advance(seconds=WAIT_S - 10)
    second = await stack.row(12)
    stack.put(12)
    await stack.look(0)
    await stack.look(10)
    assert await stack.fate(first) == [("uncertain", 1, None)], "its neighbour is not ripe"
    await stack.look(WAIT_S)
    assert await stack.fate(first, second) == [AGAIN, ARRIVED]


async def test_they_do_not_wait_for_ever_for_one_another(stack: SettlingStack) -> None:
    await stack.history()
    first = await stack.row(11)
    stack.put(11)
    chat = 12
    while (await stack.fate(first))[0][1] == 1:
        await stack.row(chat, occasion=f"later {chat}")
        chat += 1
        await stack.look(WAIT_S / 2)
        assert chat < 40
    assert await stack.fate(first) == [ARRIVED]
    assert stack.clock.now() - NOON < timedelta(seconds=MAX_WAIT_S + 2 * WAIT_S)


async def test_what_is_not_clear_while_others_are_unripe_is_looked_at_again(
    stack: SettlingStack, caplog: pytest.LogCaptureFixture
) -> None:
    """A hole that nothing explains, in a chat where no known message is."""
    await stack.history()
    first = await stack.row(11)
    await stack.look()
    await stack.clock.advance(seconds=MAX_WAIT_S)
    for _ in range(MAX_TRIES + 1):
        stack.put(12)  # these may be of the message that is not ripe
    second = await stack.row(12, after=stack.top - 1)
    await stack.look()
    assert await stack.fate(first, second) == [("uncertain", 1, None)] * 2
    assert not [each for each in caplog.messages if "found out: " in each]


@pytest.mark.parametrize("chat", [-50, 11])
async def test_rows_of_private_chats_and_basic_groups_are_settled(stack: SettlingStack, chat: int) -> None:
    await stack.history()
    row = await stack.row(chat)
    stack.put(chat)
    await stack.settle()
    assert await stack.fate(row) == [ARRIVED]


async def test_group_that_moved_leaves_its_old_ids_behind(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(-1_001_234_567_890)
    await stack.look()
    assert await stack.fate(row) == [unclear("moved")]


@pytest.mark.parametrize(("mode", "least"), [("auto", 20), ("on", 3)])
async def test_without_enough_of_a_history_nothing_is_judged(
    stack: SettlingStack, mode: str, least: int
) -> None:
    stack.mode = mode  # type: ignore[assignment]  # one of them
    stack.settler = stack.started()
    await stack.history(least - 1)
    row = await stack.row(11)
    await stack.settle()
    assert await stack.fate(row) == [unclear("no_history")]
    await stack.sent(920)
    row = await stack.row(12)
    await stack.settle()
    assert await stack.fate(row) == [AGAIN]


async def test_history_of_one_chat_is_none(stack: SettlingStack) -> None:
    for _ in range(5):
        await stack.sent(901)
    row = await stack.row(11)
    await stack.settle()
    assert await stack.fate(row) == [unclear("no_history")]


async def test_ids_that_were_found_by_looking_are_no_history(stack: SettlingStack) -> None:
    for chat in (901, 902, 903):
        await stack.row(chat, "sent", after=stack.top, id_=stack.put(chat), doubt=2, occasion="x")
    row = await stack.row(11)
    await stack.settle()
    assert await stack.fate(row) == [unclear("no_history")]


async def test_switched_off_nothing_is_asked(stack: SettlingStack) -> None:
    stack.mode = "off"
    stack.settler = stack.started()
    await stack.history(30)
    row = await stack.row(11)
    await stack.look()
    assert (await stack.fate(row), dict(stack.asked)) == ([unclear("no_history")], {})


async def test_hole_is_tolerated_where_it_was_looked_for_and_a_known_message_is(stack: SettlingStack) -> None:
    await stack.history()
    await stack.sent(11)
    known, stranger = await stack.row(11), await stack.row(12)
    stack.put(77)  # nobody tells the bot of it
    await stack.settle()
    assert await stack.fate(known, stranger) == [AGAIN, unclear("no_witness")]


async def test_witness_that_was_deleted_is_none(stack: SettlingStack) -> None:
    await stack.history()
    stack.there.discard((11, await stack.sent(11)))
    row = await stack.row(11)
    stack.put(77)
    await stack.settle()
    assert await stack.fate(row) == [unclear("no_witness")]


async def test_message_that_its_reader_deleted_is_no_proof_by_counting(stack: SettlingStack) -> None:
    """Its id is a hole; only where a known message is in the chat does silence prove anything."""
    await stack.history()
    row = await stack.row(11)
    stack.there.discard((11, stack.put(11)))
    await stack.settle()
    assert await stack.fate(row) == [unclear("no_witness")]


async def test_chat_that_does_not_tell_stays_uncertain_and_stops_nobody(stack: SettlingStack) -> None:
    await stack.history()
    first, second = await stack.row(11), await stack.row(12)
    stack.put(12)
    stack.closed = {11, 901}
    await stack.settle()
    assert (await stack.fate(second))[0] == ARRIVED
    assert await stack.fate(first) in ([AGAIN], [unclear("closed")])


async def may_have_another(stack: SettlingStack, chat: int, how: str) -> None:
    """A reply whose answer was lost, or a message that is under way, may stand in a chat."""
    match how:
        case "stray":
            await stack.database.run("INSERT INTO strays (chat, at) VALUES (:chat, 9999999999999)", chat=chat)
        case "asking":
            stack.ids.asking[chat] += 1
        case "sending":
            await stack.row(chat, "sending", after=10_000, occasion="another", kind="notice")
        case "answered after a crash":
            stack.ids.heard(chat)
        case _:
            stack.staff.append(chat)


@pytest.mark.parametrize("how", ["stray", "asking", "sending", "answered after a crash", "staff"])
async def test_what_is_found_may_be_another_message_of_ours(stack: SettlingStack, how: str) -> None:
    """It may stand where the digest is looked for."""
    await stack.history()
    crashed = how in {"answered after a crash", "staff"}
    row = await stack.row(11, reason="program_ended" if crashed else "no_answer")
    stack.put(11)
    await may_have_another(stack, 11, how)
    await stack.settle()
    assert await stack.fate(row) == [unclear("traffic")]


@pytest.mark.parametrize("how", ["stray", "asking", "answered after a crash", "staff"])
async def test_id_that_is_in_another_chat_is_none_of_what_was_looked_for(
    stack: SettlingStack, how: str
) -> None:
    """Without it, nothing is left that could have arrived, though no message of chat 11 is known."""
    await stack.history()
    row = await stack.row(11)
    stack.put(77)
    await may_have_another(stack, 77, how)
    await stack.settle()
    assert await stack.fate(row) == [AGAIN]


async def test_reply_that_was_lost_is_not_looked_for_in_all_chats(stack: SettlingStack) -> None:
    await stack.history()
    await stack.database.run("INSERT INTO strays (chat, at) VALUES (77, 9999999999999)")
    rows = [await stack.row(chat) for chat in range(200, 300)]
    stack.put(77)
    await stack.settle()
    assert set(await stack.fate(*rows)) == {AGAIN}
    assert stack.asked.total() < 50


async def test_what_was_sent_again_is_looked_for_where_it_left_again(stack: SettlingStack) -> None:
    """Not beside what was planned with it, which had left long before."""
    await stack.history()
    rows = []
    for chat in range(200, 260):
        rows.append(await stack.row(chat, after=0))
        await stack.sent(901)
    await stack.database.run(
        "UPDATE deliveries SET after_id = :after WHERE id IN numbers(:rows)", after=stack.top, rows=rows
    )
    for chat in range(200, 260):
        stack.put(chat)
    await stack.settle()
    assert set(await stack.fate(*rows)) == {ARRIVED}
    assert stack.asked.total() < 2 * 60 + 10, "a question each, and one elsewhere"


async def test_reply_that_was_lost_among_many_late_messages_is_found_last(stack: SettlingStack) -> None:
    await stack.history()
    await stack.database.run("INSERT INTO strays (chat, at) VALUES (77, 9999999999999)")
    late = [await stack.row(chat) for chat in range(200, 250)]
    row = await stack.row(11)
    for _ in range(100):
        await stack.sent(901)
    for chat in range(200, 250):
        stack.put(chat)
    stack.put(77)
    await stack.settle()
    assert set(await stack.fate(*late)) == {ARRIVED}
    assert await stack.fate(row) == [AGAIN]


async def test_what_left_at_a_crash_and_came_late_is_found(stack: SettlingStack) -> None:
    await stack.history()
    rows = [await stack.row(chat, reason="program_ended") for chat in range(200, 210)]
    for _ in range(200):
        await stack.sent(901)
    for chat in range(200, 210):
        stack.put(chat)
    await stack.settle()
    assert set(await stack.fate(*rows)) == {ARRIVED}


async def test_id_that_is_nowhere_to_be_found_proves_nothing(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    stack.put(77)
    stack.staff.append(78)
    await stack.settle()
    assert await stack.fate(row) == [unclear("no_witness")]


async def test_id_in_a_chat_in_doubt_is_not_another_messages(stack: SettlingStack) -> None:
    await stack.history()
    rows = [await stack.row(11), await stack.row(12)]
    for id_ in range(10_000, 10_000 + MAX_TRIES):
        await stack.store.note_looked(rows[1], id_)
    await stack.database.run("INSERT INTO strays (chat, at) VALUES (12, 9999999999999)")
    stack.put(12)
    await stack.settle()
    assert await stack.fate(*rows) == [unclear("no_witness"), unclear("many_candidates")]


async def test_id_in_two_chats_at_once_is_not_believed(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    id_ = stack.put(77)
    stack.there |= {(901, id_), (902, id_), (903, id_)}
    stack.staff.append(77)
    await stack.settle()
    assert await stack.fate(row) == [unclear("control")]


@pytest.mark.parametrize("may_be_a_marker", [False, True])
async def test_id_that_was_found_elsewhere_is_known(stack: SettlingStack, *, may_be_a_marker: bool) -> None:
    """It is looked for no more. A marker of which no answer came is still to be found, and deleted."""
    await stack.history()
    row = await stack.row(11)
    if may_be_a_marker:
        await stack.store.begin_marker(77, stack.top)
    id_ = stack.put(77)
    await stack.database.run("INSERT INTO strays (chat, at) VALUES (77, 9999999999999)")
    await stack.settle()
    assert await stack.fate(row) == [AGAIN]
    known = [each for first, last in stack.ids.unwritten().ids for each in range(first, last + 1)]
    assert (id_ in known) == (not may_be_a_marker)


async def test_id_is_not_looked_for_where_a_message_is_on_its_way(stack: SettlingStack) -> None:
    """Its answer may be lost, and the id is its own then."""
    await stack.history()
    await stack.row(11)
    await stack.row(77, "sending", after=10_000)
    await stack.database.run("INSERT INTO strays (chat, at) VALUES (77, 9999999999999)")
    stack.put(77)
    await stack.settle()
    assert not [chat for chat, _ in stack.asked if chat == 77]


async def test_what_was_looked_for_is_kept_only_while_in_doubt(stack: SettlingStack) -> None:
    await stack.history()
    rows = [await stack.row(11), await stack.row(12)]
    for row in rows:
        await stack.store.note_looked(row, 10_000)
        await stack.store.note_looked(row, 10_000)
    assert await stack.store.looked() == {row: {10_000} for row in rows}
    await stack.store.conclude(Verdicts(absent={rows[0]}), stack.clock.now())
    assert await stack.store.looked() == {rows[1]: {10_000}}
    await stack.store.belong_to("one")
    assert await stack.store.looked() == {rows[1]: {10_000}}, "until now nobody had asked"
    await stack.store.belong_to("another")
    assert await stack.store.looked() == {}


async def test_few_ids_are_looked_for_in_few_chats_beside_those_in_doubt(stack: SettlingStack) -> None:
    await stack.history()
    await stack.row(11)
    for chat in range(100, 120):
        await stack.database.run("INSERT INTO strays (chat, at) VALUES (:chat, 9999999999999)", chat=chat)
    for _ in range(40):
        stack.put(77)
    await stack.settle()
    asked = [pair for pair in stack.asked if pair[0] in {OWNER, *range(100, 120)}]
    assert (len({chat for chat, _ in asked}), len({id_ for _, id_ in asked})) == (16, 32)


async def test_chats_that_wrote_are_looked_at_where_they_are_few(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    for chat in range(100, 140):
        stack.ids.heard(chat)
    stack.put(100)
    await stack.settle()
    assert await stack.fate(row) == [unclear("no_witness")]
    assert not [chat for chat, _ in stack.asked if chat in range(100, 140)]


async def test_where_nothing_is_found_other_messages_do_not_matter(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11, reason="program_ended")
    stack.ids.heard(11)
    await stack.settle()
    assert await stack.fate(row) == [AGAIN]


async def test_who_wrote_matters_only_to_what_left_before_the_start(stack: SettlingStack) -> None:
    await stack.history()
    await stack.look()
    row = await stack.row(11)
    stack.put(11)
    stack.ids.heard(11)
    await stack.settle()
    assert await stack.fate(row) == [ARRIVED]
    await stack.look(WAIT_S)
    assert stack.ids.heard_from == set(), "and is remembered no longer"


@pytest.mark.parametrize(
    ("there", "fates"), [(0, [AGAIN, AGAIN]), (1, [unclear("traffic")] * 2), (2, [ARRIVED, ARRIVED])]
)
async def test_of_two_messages_of_a_chat_both_or_none_must_be_found(
    stack: SettlingStack, there: int, fates: list[object]
) -> None:
    await stack.history()
    rows = [await stack.row(11), await stack.row(11, occasion="another", kind="notice")]
    for _ in range(there):
        stack.put(11)
    await stack.settle()
    assert await stack.fate(*rows) == fates


async def test_id_that_became_known_meanwhile_is_another_messages(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    id_ = stack.put(11)
    ask = stack.is_there

    async def known_by_then(chat: int, message_id: int) -> bool | None:
        if message_id == id_:
            await stack.know(11, id_)
        return await ask(chat, message_id)

    stack.is_there = known_by_then  # type: ignore[method-assign]
    await stack.settle()
    assert await stack.fate(row) == [("uncertain", 1, None)], "it is looked at once more"
    await stack.settle()
    assert await stack.fate(row) == [AGAIN]


async def test_silent_server_is_asked_again_for_an_hour(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    stack.silent = True
    await stack.settle()
    assert await stack.fate(row) == [("uncertain", 1, None)]
    stack.silent = False
    await stack.look(settler.LOOK_S)
    assert not stack.asked, "not at once"
    stack.silent = True
    await stack.look(GIVE_UP_S)
    assert await stack.fate(row) == [unclear("no_answer")]


async def test_silent_server_that_answers_again_is_believed(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    stack.silent = True
    await stack.settle()
    stack.silent = False
    await stack.look(60)
    assert await stack.fate(row) == [AGAIN]


async def test_while_telegram_is_out_of_reach_nothing_is_asked(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    stack.reachable = False
    await stack.settle()
    assert (await stack.fate(row), dict(stack.asked)) == ([("uncertain", 1, None)], {})


async def test_later_digest_has_told_of_the_same(stack: SettlingStack) -> None:
    await stack.history()
    row, other = await stack.row(11, occasion="monday"), await stack.row(12, occasion="monday")
    await stack.row(11, "planned", occasion="tuesday", reason="put_back")
    await stack.row(12, "excluded", occasion="tuesday", reason="paused")
    await stack.settle()
    assert await stack.fate(row, other) == [("excluded", 3, None), AGAIN]
    [found] = await stack.database.all("SELECT reason FROM deliveries WHERE id = :id", id=row)
    assert found["reason"] == "superseded"
    assert await stack.messages() == {other}


@pytest.mark.parametrize(
    ("state", "fate", "due"),
    [
        ("running", AGAIN, "now"),
        ("paused", AGAIN, "never"),
        ("cancelled", ("excluded", 3, None), "now"),
        ("done", AGAIN, "now"),
    ],
)
async def test_campaign_is_sent_again_as_it_stands(
    stack: SettlingStack, state: str, fate: object, due: str
) -> None:
    await stack.history()
    await stack.database.run(
        """INSERT INTO campaigns (id, owner, source_chat, source_message, segment, state, made_at, rows_after)
        VALUES (1, 1, 1, 1, '{}', :state, 0, 0)""",
        state=state,
    )
    row = await stack.row(11, kind="campaign", campaign=1)
    await stack.settle()
    assert await stack.fate(row) == [fate]
    [found] = await stack.database.all("SELECT due_at FROM deliveries WHERE id = :id", id=row)
    assert (found["due_at"] > to_ms(stack.clock.now())) == (due == "never")


async def test_more_than_so_many_ids_are_not_tried(stack: SettlingStack) -> None:
    await stack.history()
    await stack.sent(11)
    row, known = await stack.row(11), stack.top
    for _ in range(MAX_TRIES + 6):
        stack.put(77)
    await stack.settle()
    assert await stack.fate(row) == [unclear("many_candidates")]
    asked = [id_ for chat, id_ in stack.asked.elements() if chat == 11 and id_ > known]
    assert len(asked) == MAX_TRIES


async def test_tries_are_counted_over_starts(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    for id_ in range(10_000, 10_000 + MAX_TRIES - 1):
        await stack.store.note_looked(row, id_)
    for _ in range(3):
        stack.put(77)
    await stack.settle()
    assert await stack.fate(row) == [unclear("many_candidates")]
    assert sum(count for (chat, _), count in stack.asked.items() if chat == 11) == 1


async def test_so_many_questions_are_enough_for_one_settlement(
    stack: SettlingStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settlement, "MAX_PROBES", 8)  # four of them for the controls
    await stack.history()
    rows = [await stack.row(chat) for chat in range(11, 15)]
    for chat in range(11, 15):
        stack.put(chat)
    await stack.settle()
    assert sum(stack.asked.values()) == 8
    fates = await stack.fate(*rows)
    assert fates.count(ARRIVED) == 2
    assert fates.count(("uncertain", 1, None)) == 2, "the rest is for the next one"
    await stack.look(59)
    assert sum(stack.asked.values()) == 8, "which is not at once"
    await stack.look(1)
    assert await stack.fate(*rows) == [ARRIVED] * 4


async def test_what_was_found_before_the_server_fell_silent_stands(stack: SettlingStack) -> None:
    await stack.history()
    rows = [await stack.row(chat) for chat in range(11, 15)]
    for chat in range(11, 15):
        stack.put(chat)
    stack.answers = 8
    await stack.settle()
    assert (await stack.fate(*rows)).count(ARRIVED) == 2
    stack.answers = None
    await stack.look(60)
    assert await stack.fate(*rows) == [ARRIVED] * 4


@pytest.mark.parametrize("answers", range(9))
async def test_server_that_falls_silent_proves_nothing(stack: SettlingStack, answers: int) -> None:
    """Two have not arrived, one id is of somebody else's message: nine answers tell, and fewer do not."""
    await stack.history()
    for chat in (11, 12):
        await stack.sent(chat)
    rows = [await stack.row(chat) for chat in (11, 12)]
    stack.put(950)
    stack.answers = answers
    await stack.settle()
    assert sum(stack.asked.values()) == answers
    assert await stack.fate(*rows) == [("uncertain", 1, None)] * 2
    stack.answers = None
    await stack.look(60)
    assert await stack.fate(*rows) == [AGAIN] * 2


async def test_jump_of_a_million_ids_is_not_counted_through(stack: SettlingStack) -> None:
    await stack.history()
    await stack.sent(11)
    row = await stack.row(11)
    stack.top += 1_000_000
    behind = await stack.row(12)
    stack.put(12)
    await stack.settle()
    assert await stack.fate(row, behind) == [unclear("many_candidates")] * 2, "also of what lies behind it"


async def test_forgotten_and_restored_messages_are_in_doubt_no_more(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    async with stack.database.transaction() as db:
        await give_up_all(db, "restored")
    assert await stack.fate(row) == [unclear("restored")]
    assert await stack.messages() == set()


async def test_strays_are_forgotten_once_nothing_is_in_doubt(stack: SettlingStack) -> None:
    await stack.history()
    await stack.row(11)
    old, new = NOON - timedelta(hours=1), NOON + timedelta(minutes=1)
    await stack.database.many(
        "INSERT INTO strays (chat, at) VALUES (:chat, :at)",
        [{"chat": 5, "at": to_ms(old)}, {"chat": 6, "at": to_ms(new)}],
    )
    await stack.settle()
    await stack.look(settler.LOOK_S)
    assert await stack.store.strays() == {6}


# The ceiling --------------------------------------------------------------------------------------------------


async def test_message_to_an_owner_shows_which_ids_are_given_and_is_deleted(stack: SettlingStack) -> None:
    await stack.history()
    await stack.row(11)
    await stack.settle()
    assert not [chat for chat, _ in stack.there if chat == OWNER]
    assert await stack.store.markers() == []
    known = {each for a, b in await stack.store.known(0, 9999) for each in range(a, b + 1)}
    assert stack.top in known, "it is no hole later"


async def test_what_is_sent_anyway_shows_it_too(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    await stack.look()
    ask, top = stack.is_there, 0

    async def meanwhile(chat: int, message_id: int) -> bool | None:
        nonlocal top
        if not top:
            await stack.clock.advance(seconds=1)
            top = await stack.send_something()
        return await ask(chat, message_id)

    stack.is_there = meanwhile  # type: ignore[method-assign]
    stack.refuses = {OWNER}
    await stack.look(WAIT_S)
    assert await stack.fate(row) == [AGAIN]


@pytest.mark.parametrize("what", ["sent before", "incoming"])
async def test_neither_older_sends_nor_what_comes_in_closes_a_window(stack: SettlingStack, what: str) -> None:
    await stack.history()
    row = await stack.row(11)
    await stack.look()
    stack.refuses = {OWNER}
    if what == "sent before":
        await stack.send_something()
    else:
        await stack.know(950, stack.put(950))
    await stack.look(WAIT_S)
    assert await stack.fate(row) == [("uncertain", 1, None)]
    await stack.look(GIVE_UP_S)
    assert await stack.fate(row) == [unclear("no_ceiling")]


async def test_next_owner_is_asked_where_one_takes_nothing(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    stack.owners, stack.refuses = [OWNER, 2], {OWNER}
    await stack.settle()
    assert await stack.fate(row) == [AGAIN]


async def test_marker_without_an_answer_is_no_refusal(stack: SettlingStack) -> None:
    """It is tried again, and what is said in the end is that no answer came."""
    await stack.history()
    row = await stack.row(11)
    stack.loses = {OWNER}
    await stack.settle()
    assert await stack.fate(row) == [("uncertain", 1, None)]
    await stack.look(GIVE_UP_S)
    assert await stack.fate(row) == [unclear("no_answer")]


async def test_next_owner_is_asked_where_one_gives_no_answer(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    stack.owners, stack.loses = [OWNER, 2], {OWNER}
    await stack.settle()
    assert await stack.fate(row) == [AGAIN]


async def test_nothing_is_asked_twice_over_several_settlements(
    stack: SettlingStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stack.history()
    rows = [await stack.row(chat) for chat in range(11, 17)]
    for chat in (11, 16, 15, 14, 13, 12):
        stack.put(chat)
    monkeypatch.setattr(settlement, "MAX_PROBES", 14)
    await stack.settle()
    for _ in range(9):
        await stack.look(60)
    assert await stack.fate(*rows) == [ARRIVED] * 6
    asked = {pair: count for pair, count in stack.asked.items() if pair[0] in range(11, 17)}
    assert len(asked) > 6
    assert max(count for pair, count in asked.items() if pair not in stack.there) == 1


async def test_what_left_before_the_ceiling_was_known_is_waited_for(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    other = await stack.row(12, "sending", reason=None)
    await stack.look()
    await stack.clock.advance(seconds=WAIT_S)
    id_ = stack.put(12)
    task = asyncio.create_task(stack.settler.look())
    for _ in range(10):
        await stack.clock.advance(seconds=1)
        await asyncio.sleep(0.01)  # noqa: TID251  # the database works in real time
    assert await stack.fate(row) == [("uncertain", 1, None)]
    await stack.database.run(
        "UPDATE deliveries SET state = 'sent', reason = NULL, message_id = :id WHERE id = :row",
        id=id_,
        row=other,
    )
    await stack.know(12, id_)
    while not task.done():
        await stack.clock.advance(seconds=1)
        await asyncio.sleep(0.01)  # noqa: TID251  # as above
    assert await stack.fate(row) == [AGAIN]


async def test_ids_that_do_not_rise_any_more_are_not_believed(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    await stack.know(950, 10_000)
    await stack.settle()
    assert await stack.fate(row) == [unclear("control")]
    assert await stack.store.failed_control() == "rising"
    stack.top = 20_000
    row = await stack.row(12)
    await stack.settle()
    assert await stack.store.failed_control() is None, "all held since"


async def test_who_is_written_to_meanwhile_is_looked_at_again(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    id_ = stack.put(11)
    ask = stack.is_there

    async def meanwhile(chat: int, message_id: int) -> bool | None:
        if message_id == id_:
            stack.ids.asking[11] += 1
        return await ask(chat, message_id)

    stack.is_there = meanwhile  # type: ignore[method-assign]
    await stack.settle()
    assert await stack.fate(row) == [unclear("traffic")]


async def test_message_that_is_not_ripe_may_be_the_one_that_was_found(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    await stack.look()
    await stack.clock.advance(seconds=MAX_WAIT_S)
    await stack.row(11, kind="notice", occasion="later")
    stack.put(11)
    await stack.look()
    assert await stack.fate(row) == [unclear("traffic")]


async def test_message_is_planned_again_only_so_often(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    for number in range(1, MAX_REPEATS + 1):
        await stack.settle()
        assert await stack.fate(row) == [AGAIN]
        async with stack.database.transaction() as db:
            await deliveries.start(db, [row], stack.top)
            assert await deliveries.finish(db, row, "uncertain", "no_answer", stack.clock.now())
        open_ = 1 if number < MAX_REPEATS else 3
        assert [each[:2] for each in await stack.fate(row)] == [("uncertain", open_)]


async def test_marker_whose_answer_was_lost_is_found_later_and_deleted(stack: SettlingStack) -> None:
    await stack.history()
    await stack.store.begin_marker(OWNER, stack.top)
    stack.put(OWNER)
    await stack.look(WAIT_S + 1)
    assert not [chat for chat, _ in stack.there if chat == OWNER]
    assert await stack.store.markers() == []


async def test_marker_that_could_not_be_deleted_is_deleted_later(stack: SettlingStack) -> None:
    await stack.history()
    await stack.row(11)
    stack.keeps_markers = True
    await stack.settle()
    # Another one whose id nobody knows, where it cannot be told apart from a reply.
    await stack.store.begin_marker(OWNER, stack.top)
    await stack.database.run("INSERT INTO strays (chat, at) VALUES (1, 9999999999999)")
    for _ in range(2):
        await stack.look(WAIT_S + 1)
    assert [chat for chat, _ in stack.there if chat == OWNER], "it is still there"
    stack.keeps_markers = False
    for _ in range(2):
        await stack.look(WAIT_S + 1)
    assert not [chat for chat, _ in stack.there if chat == OWNER]
    assert await stack.store.markers() == []


async def test_marker_is_looked_for_once_a_minute(stack: SettlingStack) -> None:
    await stack.history()
    await stack.store.begin_marker(OWNER, stack.top)
    stack.put(OWNER)
    stack.refuses = {OWNER}
    await stack.look(WAIT_S + 1)
    await stack.look(59)
    assert stack.markers_tried == 1
    await stack.look(1)
    assert stack.markers_tried == 2


async def test_marker_is_kept_while_no_owner_takes_another(stack: SettlingStack) -> None:
    await stack.history()
    await stack.store.begin_marker(OWNER, stack.top)
    marker = stack.put(OWNER)
    stack.owners = []
    await stack.look(WAIT_S + 1)
    assert (OWNER, marker) in stack.there
    stack.owners = [OWNER]
    await stack.look(WAIT_S + 1)
    assert (OWNER, marker) not in stack.there


async def test_marker_is_not_looked_for_where_it_may_be_a_reply(stack: SettlingStack) -> None:
    await stack.history()
    await stack.store.begin_marker(OWNER, stack.top)
    reply = stack.put(OWNER)
    await stack.database.run("INSERT INTO strays (chat, at) VALUES (1, 9999999999999)")
    await stack.look(WAIT_S + 1)
    assert (OWNER, reply) in stack.there


async def test_what_is_in_doubt_again_before_the_next_look_waits_anew(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    await stack.settle()
    async with stack.database.transaction() as db:
        await deliveries.start(db, [row], stack.top)
        assert await deliveries.finish(db, row, "uncertain", "no_answer", stack.clock.now())
    await stack.look(settler.LOOK_S)
    assert (await stack.fate(row))[0][:2] == ("uncertain", 1), "it may still be accepted"
    await stack.look(WAIT_S)
    assert await stack.fate(row) == [AGAIN]


async def test_what_is_known_and_not_yet_written_is_accounted_for(stack: SettlingStack) -> None:
    """A reply to the same chat is none of the messages in doubt."""
    await stack.history()
    row = await stack.row(11)
    stack.ids.saw(11, stack.put(11))
    await stack.settle()
    assert await stack.fate(row) == [AGAIN]


async def test_reply_that_was_lost_counts_before_it_is_written(stack: SettlingStack) -> None:
    await stack.history()
    row = await stack.row(11)
    with pytest.raises(OSError, match="lost"), stack.ids.reply(11, lambda _: True):
        raise OSError("lost")
    stack.put(11)
    await stack.settle()
    assert await stack.fate(row) == [unclear("traffic")]


async def test_digest_of_an_owner_is_never_taken_for_a_marker(stack: SettlingStack) -> None:
    await stack.history()
    await stack.look()  # so that it left after the start
    row = await stack.row(OWNER)
    digest = stack.put(OWNER)
    await stack.store.begin_marker(OWNER, stack.top - 1)
    await stack.settle()
    assert await stack.fate(row) == [unclear("traffic")]
    await stack.look(WAIT_S)
    assert (OWNER, digest) in stack.there
    assert await stack.store.markers() == [], "nobody looks for it any more"


async def test_markers_that_cannot_be_told_apart_cause_no_more_of_them(stack: SettlingStack) -> None:
    await stack.history()
    await stack.store.begin_marker(OWNER, stack.top)
    await stack.database.run(
        "INSERT INTO strays (chat, at) VALUES (1, :at)", at=to_ms(NOON + timedelta(days=1))
    )
    top = stack.top
    for _ in range(4):
        await stack.look(WAIT_S + 1)
    assert stack.top == top
