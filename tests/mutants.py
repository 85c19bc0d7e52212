"""Takes each guarantee away, one line at a time, and sees the test turn red that stands for it.

`make mutants` runs it; a mutant that survives is a guarantee that nobody would miss.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Mutant:
    """A place in the code, what takes its place, and the test that must fail then."""

    file: str
    before: str
    after: str
    test: str


MUTANTS = [
    # Delivery: at most once, nothing lost
    Mutant("bot/db/outbox.py", "SET state = 'sending', attempts = attempts + 1\n                    WHERE id = :id", "SET attempts = attempts + 1\n                    WHERE id = :id", "tests/test_kill.py::test_killed_between_acceptance_and_answer_exactly_that_reader_is_uncertain_and_not_sent_again"),
    Mutant("bot/db/outbox.py", "SET state = 'uncertain', reason = 'the program ended while it was sent',\n            payload = NULL, finished_at = :now", "SET state = 'planned', reason = :now", "tests/delivery/test_worker.py::test_after_a_crash_what_was_being_sent_is_uncertain_and_not_sent_again"),
    Mutant("bot/delivery/decide.py", "return Park(reason)", "return Retry(now, reason)", "tests/delivery/test_worker.py::test_a_part_that_is_uncertain_is_not_repeated_later_ones_go_and_the_watermark_stays"),
    Mutant("bot/db/outbox.py", "AND part.state <> 'sent')", "AND part.state = 'planned')", "tests/delivery/test_worker.py::test_a_part_that_is_uncertain_is_not_repeated_later_ones_go_and_the_watermark_stays"),
    Mutant("bot/db/outbox.py", ' and result.delivery.kind == "digest"', "", "tests/delivery/test_worker.py::test_a_notice_goes_to_who_never_subscribed_and_moves_no_watermark"),
    Mutant("bot/db/outbox.py", "message_id = :message_id, finished_at = :now WHERE id = :id AND state = 'sending'", "message_id = :message_id, finished_at = :now WHERE id = :id", "tests/delivery/test_worker.py::test_what_is_final_stays_as_it_is"),
    Mutant("bot/db/outbox.py", " AND NOT (r.subscribed AND r.suspended IS NULL)", " AND 0", "tests/delivery/test_worker.py::test_who_unsubscribes_in_flight_gets_no_second_attempt"),
    Mutant("bot/db/digests.py", "WHERE readers.id = p.id AND readers.next_at = p.seen_at AND", "WHERE readers.id = p.id AND", "tests/digest/test_publisher.py::test_two_ticks_plan_a_digest_once"),
    Mutant("bot/db/digests.py", "SET state = 'excluded', reason = 'superseded'", "SET reason = 'superseded'", "tests/digest/test_publisher.py::test_a_digest_that_could_not_leave_is_superseded_by_the_next"),
    Mutant("bot/digest/publisher.py", "await self._store.postpone(reader.id, now + POSTPONED)", "raise error", "tests/digest/test_publisher.py::test_what_one_reader_breaks_does_not_hold_up_the_others"),
    Mutant("bot/digest/publisher.py", "self._library.put(card)\n", "pass\n", "tests/digest/test_publisher.py::test_an_article_that_telegram_refuses_is_found_quarantined_and_all_others_are_told"),
    Mutant("bot/digest/publisher.py", "expires_at=slot.at + LATENESS,\n        parts", "expires_at=slot.at + 9 * LATENESS,\n        parts", "tests/digest/test_publisher.py::test_a_digest_that_waits_too_long_in_the_outbox_is_not_sent"),
    Mutant("bot/tg/prepared.py", "        connection.release()\n", "        connection.close()\n", "tests/tg/test_transport_contract.py::test_a_connection_is_used_again_unless_the_server_closes_it"),
    Mutant("bot/tg/prepared.py", "        protocol.start_timeout()\n", "", "tests/tg/test_transport_contract.py"),
    Mutant("bot/tg/prepared.py", "            connection.close()\n            raise\n", "            raise\n", "tests/tg/test_transport_contract.py"),
    Mutant("bot/tg/prepared.py", "        except TimeoutError as error:\n            raise aiohttp.ConnectionTimeoutError", "        except KeyError as error:\n            raise aiohttp.ConnectionTimeoutError", "tests/tg/test_transport_contract.py"),
    Mutant("bot/tg/prepared.py", "except HttpProcessingError as error:", "except KeyError as error:", "tests/tg/test_transport_contract.py::test_what_is_no_http_is_a_failure_of_the_network_also_before_its_headers"),
    Mutant("bot/digest/publisher.py", "for _ in range(MOST // BATCH):", "while True:", "tests/digest/test_publisher.py::test_a_tick_ends_however_many_are_due"),
    Mutant("bot/digest/publisher.py", "                    await self._plan_alone(one, now)", "                    pass", "tests/digest/test_publisher.py::test_what_cannot_be_planned_together_is_planned_one_by_one"),
    # Campaigns
    Mutant("bot/db/campaigns.py", "WHERE id = :id AND state = 'running' AND reached = :reached", "WHERE id = :id AND reached = :reached", "tests/db/test_campaigns.py"),
    Mutant("bot/db/campaigns.py", "                last=ids[-1],", "                last=0,", "tests/db/test_campaigns.py"),
    Mutant("bot/db/campaigns.py", "await self._database.run(_EXHAUSTED, id=campaign.id)", "pass", "tests/db/test_campaigns.py::test_readers_of_whom_none_is_left_are_not_searched_again"),
    Mutant("bot/db/campaigns.py", "WHERE id IN (SELECT value FROM json_each(:were_open))", "WHERE 0 AND id IN (SELECT value FROM json_each(:were_open))", "tests/db/test_campaigns.py"),
    Mutant("bot/db/privacy.py", 'await cancel(verbs, CampaignId(row["id"]), "forgotten", now)', "pass", "tests/tg/test_campaigns.py::test_an_owner_who_is_forgotten_takes_their_campaign_along"),
    Mutant("bot/db/privacy.py", "UPDATE campaigns SET owner = :somebody", "UPDATE campaigns SET owner = owner + 0 * :somebody", "tests/tg/test_campaigns.py::test_an_owner_who_is_forgotten_takes_their_campaign_along"),
    Mutant("bot/db/campaigns.py", "UPDATE deliveries SET due_at = :never WHERE campaign = :campaign AND state = 'planned'", "UPDATE deliveries SET due_at = due_at + 0 * :never WHERE campaign = :campaign", "tests/db/test_campaigns.py"),
    Mutant("bot/db/outbox.py", "campaign IN (SELECT id FROM campaigns WHERE state = 'paused')", "0", "tests/db/test_campaigns.py"),
    Mutant("bot/db/outbox.py", "WHERE d.id = :id AND c.state = 'cancelled'", "WHERE 0", "tests/db/test_campaigns.py"),
    Mutant("bot/db/outbox.py", "AND other.due_at < :never AND", "AND :never AND", "tests/db/test_campaigns.py"),
    Mutant("bot/db/campaigns.py", "SET state = 'excluded', reason = 'cancelled'", "SET reason = 'cancelled'", "tests/tg/test_campaigns.py"),
    Mutant("bot/db/campaigns.py", "r.subscribed AND r.suspended IS NULL AND", "1 AND", "tests/tg/test_campaigns.py"),
    Mutant("bot/db/campaigns.py", "AND (r.paused_until IS NULL OR r.paused_until <= :today)", "AND :today", "tests/tg/test_campaigns.py"),
    Mutant("bot/db/campaigns.py", "AND r.chat <> :owner", "AND :owner", "tests/tg/test_campaigns.py"),
    Mutant("bot/db/campaigns.py", "WHERE id = :id AND state = :seen", "WHERE id = :id AND :seen <> ''", "tests/db/test_campaigns.py"),
    Mutant("bot/db/restored.py", 'await cancel_open(verbs, "restored", now)', "pass", "tests/tg/test_campaigns.py::test_a_backup_that_is_put_back_ends_what_was_under_way"),
    Mutant("bot/db/readers.py", "AND state = 'planned' AND kind <> 'notice'", "AND state = 'planned' AND kind = 'digest'", "tests/db/test_campaigns.py"),
    Mutant("bot/campaign/campaigner.py", "if watched.share_troubled > self._tolerated:", "if False:", "tests/tg/test_campaigns.py::test_it_pauses_by_itself_when_too_many_fail"),
    Mutant("bot/campaign/campaigner.py", "if judged >= ENOUGH else 0.0", "if judged else 0.0", "tests/campaign/test_campaigner.py"),
    Mutant("bot/campaign/campaigner.py", "if not more and not watched.counts.waiting:", "if not more:", "tests/campaign/test_campaigner.py"),
    Mutant("bot/campaign/campaigner.py", "min(max(int(rate * AHEAD), LEAST), MOST)", "10**6", "tests/campaign/test_campaigner.py"),
    Mutant("bot/campaign/desk.py", 'if found.state == "draft" and await self.testers(found):', "if False:", "tests/tg/test_campaigns.py"),
    Mutant("bot/campaign/desk.py", " - {campaign.owner}", "", "tests/tg/test_campaigns.py"),
    Mutant("bot/db/restored.py", 'if await verbs.one("SELECT 1 FROM readers") is None:', "if False:", "tests/tg/test_restored.py"),
    Mutant("bot/db/holds.py", 'await self._database.run("DELETE FROM holds WHERE until <= :now", now=stamp(now))', "", "tests/tg/test_pacing.py"),
    Mutant("bot/tg/handlers/explaining.py", " and len(digits) <= _CHAT and int(digits)", "", "tests/tg/test_ledger.py"),
    Mutant("bot/tg/intake.py", "await asyncio.wait(self._tasks, timeout=grace)", "await asyncio.wait(self._tasks)", "tests/tg/test_pacing.py"),
    Mutant("bot/db/restored.py", "elif mark > claims:", "elif mark < 0:", "tests/tg/test_restored.py"),
    Mutant("bot/db/restored.py", "finished_at = :now WHERE state = 'planned'", "finished_at = :now WHERE state = ''", "tests/tg/test_restored.py"),
    Mutant("bot/db/restored.py", "            if told:", "            if False:", "tests/tg/test_restored.py"),
    Mutant("bot/digest/publisher.py", "if not gate.is_open:", "if False:", "tests/tg/test_restored.py"),
    Mutant("bot/digest/publisher.py", ", told_until=gate.told_until)", ")", "tests/tg/test_restored.py"),
    Mutant("bot/db/outbox.py", 'self._mark(int(number["value"]))', "pass", "tests/tg/test_restored.py"),
    Mutant("bot/delivery/worker.py", "            await self._ended.wait()", "            pass", "tests/delivery/test_worker.py"),
    Mutant("bot/delivery/worker.py", "if self._pacer.digests_held() > PATIENCE or self._breaker.is_open:", "if self._breaker.is_open:", "tests/delivery/test_worker.py"),
    Mutant("bot/delivery/worker.py", 'await self._pacer.throttled(chat, outcome.wait, "digest")', "pass", "tests/delivery/test_worker.py"),
    Mutant("bot/delivery/pacer.py", "room = own if replies else min", "room = min", "tests/delivery/test_pacer.py"),
    Mutant("bot/delivery/pacer.py", "        self._all.take(now)", "        pass", "tests/delivery/test_pacer.py"),
    Mutant("bot/delivery/pacer.py", "            window.take(now)", "            pass", "tests/delivery/test_pacer.py"),
    Mutant("bot/delivery/pacer.py", "            await self._keep(chat, self._clock.now() + timedelta(seconds=seconds))", "            pass", "tests/delivery/test_pacer.py"),
    Mutant("bot/delivery/pacer.py", "            self._next_digest = max(self._next_digest, now + seconds)", "            pass", "tests/delivery/test_pacer.py"),
    Mutant("bot/tg/pacing.py", "                await self._pacer.throttled(", "                await self._pacer.unknown(", "tests/tg/test_pacing.py"),
    Mutant("bot/tg/intake.py", "        self._recent[its.update_id] = None", "        pass", "tests/tg/test_intake.py"),
    Mutant("bot/app/delivery.py", "held=await holds.current(clock.now())", "held=None", "tests/tg/test_pacing.py"),
    Mutant("bot/app/running.py", "        stack.callback(pacer.let_replies_go)", "", "tests/tg/test_pacing.py"),
    Mutant("bot/tg/transport.py", "    aiohttp.ClientHttpProxyError,  # the proxy opened no way to the server", "", "tests/tg/test_transport_contract.py"),
    Mutant("bot/tg/transport.py", "form = aiohttp.FormData(quote_fields=False)", "form = aiohttp.FormData()", "tests/tg/test_transport_contract.py"),
    Mutant("bot/db/readers.py", "occasion = occasion || ' #' || id", "occasion = occasion", "tests/db/test_readers.py"),
    Mutant("bot/delivery/worker.py", 'await self._pacer.turn(chat, "digest", patience=PATIENCE)', "pass", "tests/delivery/test_worker.py"),
    Mutant("bot/delivery/worker.py", "SENDERS: Final = 64", "SENDERS: Final = 1", "tests/delivery/test_worker.py::test_many_go_side_by_side_while_one_is_held"),
    Mutant("bot/tg/sender.py", "if never_left(error):", "if True:", "tests/tg/test_sender.py"),
    # Chat: order, patience, manners
    Mutant("bot/tg/intake.py", "                await before.wait()", "                pass", "tests/tg/test_intake.py"),
    Mutant("bot/tg/bot.py", 'log.exception("Update %s cannot be read; it is passed over.", raw["update_id"])', "raise", "tests/tg/test_manners.py"),
    Mutant("bot/tg/routes.py", "            await ctx.answer(update, answer)", "            pass", "tests/tg/test_manners.py"),
    Mutant("bot/tg/routes.py", "if not await allowed(update, ctx, audience):\n                await", "if False:\n                await", "tests/tg/test_editing.py::test_nobody_else_can_edit"),
    Mutant("bot/tg/routes.py", "if not await allowed(update, ctx, audience):\n                    answer", "if False:\n                    answer", "tests/tg/test_editing.py::test_nobody_else_can_edit"),
    Mutant("bot/tg/routes.py", "or chat.type != chat.PRIVATE", "", "tests/tg/test_editing.py::test_in_a_group_nothing_can_be_edited"),
    # Articles and messages
    Mutant("bot/editing/prepare.py", "if faults := inspect(article, edition):", "if faults := []:", "tests/editing/test_preflight.py"),
    Mutant("bot/article/sections.py", "if id_ not in self._given:", "if True:", "tests/article/test_parse.py::test_ids_are_distinct_among_more_sections_than_they_are_long_for"),
    Mutant("bot/db/migrate.py", 'await connection.execute("ROLLBACK")', 'await connection.execute("COMMIT")', "tests/db/test_database.py"),
    Mutant("bot/db/migrate.py", "    if statement.strip():", "    if False:", "tests/db/test_database.py"),
    Mutant("bot/db/errors.py", "case None | sqlite3.SQLITE_CONSTRAINT:", "case None:", "tests/db/test_database.py"),
    Mutant("bot/db/articles.py", "            if not await _end_draft(verbs, draft):\n                return None\n            [row]", "            [row]", "tests/editing/test_editor.py::test_a_second_tap_publishes_nothing"),
    Mutant("bot/db/articles.py", 'news=row["next_news"] if hidden else row["news"]', 'news=row["next_news"]', "tests/editing/test_editor.py::test_replacing_is_no_news_and_an_earlier_version_comes_back"),
    Mutant("bot/db/articles.py", "news = (SELECT max(news) + 1 FROM articles)", "news = news", "tests/editing/test_editor.py::test_a_removed_article_comes_back_as_news"),
    Mutant("bot/editing/sync.py", '"draft" if row.removed or _edited(row) else "replace"', '"replace"', "tests/editing/test_sync.py::test_what_was_edited_in_the_chat_is_not_overwritten_by_its_file"),
    Mutant("bot/article/sections.py", "plain(block.inlines).strip():", "False:", "tests/article/test_parse.py::test_headings_in_html_are_sections_and_may_be_the_title"),
    Mutant("bot/article/footnotes.py", "            labels.extend(_labels(note))\n", "", "tests/article/test_parse.py::test_a_footnote_stands_in_the_section_that_points_to_it_first"),
    Mutant("bot/db/articles.py", 'WHERE id = :id", id=row["edition"])', 'WHERE id NOT IN (SELECT edition FROM articles)")', "tests/editing/test_editor.py::test_what_one_editor_is_publishing_survives_what_another_corrects_meanwhile"),
    Mutant("bot/delivery/worker.py", "            self._give_back()  # what was being claimed when the stop came\n", "            pass\n", "tests/delivery/test_worker.py::test_what_is_being_claimed_when_the_stop_comes_is_given_back"),
    # Quotes, and what Telegram makes of a message
    Mutant("bot/article/spoken.py", "return manual or has_link(found.body)", "return False", "tests/article/test_quotes.py::test_where_things_are_looked_up_only_what_is_signed_marked_or_introduced_is_a_quote"),
    Mutant("bot/article/spoken.py", "            return True  # it leads over to the list", "            return False", "tests/article/test_quotes.py::test_how_words_are_marked_and_signed"),
    Mutant("bot/article/spoken.py", "typed or is_remark(blocks)", "typed", "tests/article/test_quotes.py::test_what_reads_like_a_remark_is_a_quote_only_if_somebody_said_it"),
    Mutant("bot/article/spoken.py", "    length = _spread(blocks, number)", "    length = 1", "tests/article/test_quotes.py::test_how_words_are_marked_and_signed"),
    Mutant("bot/article/quotes.py", "manual=codes >= _MIN_CODES", "manual=False", "tests/article/test_quotes.py::test_a_document_full_of_code_has_notes_rather_than_quotes"),
    Mutant("bot/article/quotes.py", " and not _is_about(title, section.body)", "", "tests/article/test_quotes.py::test_a_section_that_explains_the_word_collects_no_quotes"),
    Mutant("bot/article/signature.py", 'if match is None or not _is_name(match["name"]):', "if match is None:", "tests/article/test_quotes.py::test_how_words_are_marked_and_signed"),
    Mutant("bot/article/signature.py", " or _OPTION.match(text)", "", "tests/article/test_quotes.py::test_an_option_of_a_program_signs_nothing"),
    Mutant("bot/article/remarks.py", "        or _spaced(text) < _MIN_WORDS\n", "", "tests/article/test_labelled.py"),
    Mutant("bot/article/markdown.py", "        _hand_out(found, notes)", "        pass", "tests/message/test_words.py"),
    Mutant("bot/article/html.py", '_HIDDEN: Final = frozenset({"script", ', "_HIDDEN: Final = frozenset({", "tests/message/test_words.py"),
    Mutant("bot/message/limits.py", 'path = parts.path or "/"', "path = parts.path", "tests/message/test_telegram.py"),
    Mutant("bot/message/limits.py", "{place.lower()}", "{place}", "tests/message/test_telegram.py"),
    Mutant("bot/message/rich.py", "            outer & _FIXED\n            or", "            False\n            or", "tests/message/test_telegram.py"),
    Mutant("bot/message/rich.py", "    rich = rich.strip()\n    spans = sorted(", "    spans = sorted(", "tests/message/test_blocks.py"),
    Mutant("bot/message/blocks.py", ".expandtabs(_TAB)", "", "tests/message/test_blocks.py::test_code_keeps_its_indentation_by_tabs"),
    Mutant("bot/message/views.py", "title = title.link(part.url) if part.url else title", "pass", "tests/tg/test_reading.py"),
    Mutant("bot/tg/convert.py", '        "link_preview_options": _preview(message.preview),\n', "", "tests/tg/test_sender.py::test_what_it_sends_is_what_the_library_would_send"),
    # House
    Mutant("bot/db/people.py", "        if await self.owners():\n            return False", "        pass", "tests/db/test_people.py::test_nobody_dethrones_an_owner_even_with_a_link_that_was_never_used"),
    Mutant("bot/db/people.py", '            await verbs.run("DELETE FROM facts WHERE name LIKE :any", any=f"{_INVITATION}%")\n            gone = await verbs.run(\n                """DELETE FROM people', '            gone = await verbs.run(\n                """DELETE FROM people', "tests/db/test_people.py::test_with_an_editor_go_all_invitations"),
    Mutant("bot/commands/stopping.py", "loop.call_later(cut_off.total_seconds(), os._exit, 1)", "pass", "tests/test_serve.py::test_an_end_that_hangs_is_cut_off"),
    Mutant("bot/app/running.py", "stack.push_async_callback(database.close)", "pass", "tests/tg/test_starting.py::test_every_step_of_the_end_is_taken_whatever_became_of_the_others"),
    Mutant("bot/app/running.py", "restart=poller.restart", "restart=timer.restart", "tests/tg/test_watch.py"),
    Mutant("bot/health.py", "self._restarts[each.name] >= RESTARTS", "False", "tests/test_health.py::test_what_cannot_be_started_anew_ends_the_process"),
    Mutant("bot/tg/routes.py", "if decides and not await ctx.may_decide(update):\n                await", "if False:\n                await", "tests/tg/test_settings.py::test_in_a_group_only_administrators_change_anything"),
    Mutant("bot/tg/routes.py", "elif decides and not await ctx.may_decide(update):", "elif False:", "tests/tg/test_outsiders.py::test_a_stranger_in_a_group_presses_in_vain"),
    Mutant("bot/tg/handlers/settings.py", "choose=choose)", ")", "tests/tg/test_settings.py::test_a_city_mistyped_in_settings_is_chosen_there_and_subscribes_nobody"),
    Mutant("bot/tg/routes.py", "super().__init__(name, guarded, filters=OWN)", "super().__init__(name, guarded, filters=FRESH)", "tests/tg/test_groups.py::test_what_is_passed_on_commands_nothing"),
    Mutant("bot/tg/routes.py", "            if in_channel(update):", "            if False:", "tests/tg/test_groups.py::test_a_button_in_a_channel_posts_nothing_and_leads_to_the_private_chat"),
    Mutant("bot/tg/routes.py", "KeyError, OverflowError) as error:", "KeyError) as error:", "tests/tg/test_outsiders.py"),
    Mutant("bot/tg/handlers/settings.py", 'other.place.kind == "private" or ', "", "tests/tg/test_settings.py::test_nobody_changes_anothers_settings"),
    Mutant("bot/tg/handlers/settings.py", "        if not await ctx.may_decide(update):\n            raise NotAllowed", "        if False:\n            raise NotAllowed", "tests/tg/test_settings.py::test_in_a_group_only_administrators_change_anything"),
    Mutant("bot/reader/schedule.py", "    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):\n        return instant\n", "    return instant\n", "tests/reader/test_every_zone.py"),
    Mutant("bot/reader/schedule.py", "local = datetime.combine(day, moment, zone)", "local = datetime.combine(day, moment, zone).replace(fold=1)", "tests/reader/test_every_zone.py"),
    Mutant("bot/reader/schedule.py", "            if slot.at > last:", "            if slot.at > after:", "tests/reader/test_every_zone.py"),
    Mutant("bot/reader/schedule.py", "    return _jump(early, late, zone)", "    return late", "tests/reader/test_every_zone.py"),
    Mutant("bot/reader/schedule.py", "day = max(day, schedule.paused_until)", "pass", "tests/reader/test_schedule.py::test_nothing_is_due_in_a_pause_and_all_is_after_it"),
    Mutant("bot/db/readers.py", 'await exclude_waiting(verbs, reader.id, "paused", now)', "pass", "tests/digest/test_publisher.py::test_a_pause_leaves_no_slot_and_what_waits_is_not_sent"),
    Mutant("bot/db/readers.py", " AND NOT language_chosen", "", "tests/db/test_readers.py::test_what_a_reader_chose_is_kept_and_no_client_changes_it"),
    Mutant("bot/digest/publisher.py", "and bool(new or not reader.only_new)", "and True", "tests/digest/test_publisher.py::test_only_when_there_is_something_new_draws_no_quote_on_other_days"),
    Mutant("bot/db/digests.py", "SET suspension_told = 1", "SET suspension_told = 0", "tests/tg/test_groups.py::test_a_topic_that_is_closed_waits_until_it_is_opened_again"),
    Mutant("bot/tg/rate_limit.py", "        raise ApplicationHandlerStop", "        return", "tests/tg/test_manners.py::test_too_many_commands_are_answered_once_and_then_met_with_silence"),
    Mutant("bot/tg/context.py", "soon = loop.call_later(SOON,", "soon = loop.call_later(9e9,", "tests/tg/test_manners.py::test_the_bot_types_while_something_takes_long"),
    Mutant("bot/tg/context.py", "except telegram.error.ChatMigrated as moved:", "except telegram.error.Conflict as moved:", "tests/tg/test_groups.py::test_an_answer_follows_a_group_that_is_upgraded_meanwhile"),
    Mutant("bot/db/privacy.py", "WHERE state = 'planned' AND reader IN", "WHERE state = 'never' AND reader IN", "tests/digest/test_publisher.py::test_what_waits_for_who_is_forgotten_is_not_sent_nor_repeated"),
    Mutant("bot/tg/handlers/privacy.py", 'if arguments[0] != "yes":', "if False:", "tests/tg/test_privacy.py"),
    Mutant("bot/tg/context.py", "if chat is None or (chat.type != ChatType.PRIVATE and not meant):", "if chat is None:", "tests/tg/test_groups.py::test_commands_for_others_and_service_messages_get_silence"),
    # What the machine does to us
    Mutant("bot/digest/publisher.py", "                await self._store.plan(group, now)\n            except StoreError:\n                raise\n", "                await self._store.plan(group, now)\n", "tests/test_troubles.py"),
    Mutant("bot/delivery/worker.py", 'nothing more can be sent from it.")\n        self.pulse.hopeless = error', 'nothing more can be sent from it.")\n        pass', "tests/delivery/test_worker.py"),
    Mutant("bot/timer.py", "                self.pulse.hopeless = error", "                pass", "tests/test_timer.py"),
    Mutant("bot/health.py", "                if each.pulse.hopeless is not None:", "                if False:", "tests/test_troubles.py"),
    Mutant("bot/delivery/recorder.py", '            except StoreError as error:\n                log.error("The outbox cannot be written', '            except KeyError as error:\n                log.error("The outbox cannot be written', "tests/test_troubles.py"),
    Mutant("bot/delivery/worker.py", '        except StoreError as error:\n            log.error("The outbox cannot be used', '        except KeyError as error:\n            log.error("The outbox cannot be used', "tests/delivery/test_worker.py"),
    # Deliveries, many at a time
    Mutant("bot/delivery/pacer.py", "            self._digests.take(now)", "            pass", "tests/delivery/test_pacer.py"),
    Mutant("bot/delivery/pacer.py", "free=owners), self._digests.wait(now))", "free=owners), 0)", "tests/delivery/test_pacer.py"),
    Mutant("bot/delivery/pacer.py", "self._all.wait(now, free=self._free)", "wait", "tests/delivery/test_pacer.py"),
    Mutant("bot/db/outbox.py", "            if rows or not found:\n                return", "            if True:\n                return", "tests/delivery/test_worker.py::test_many_who_have_stopped_hold_up_nobody_behind_them"),
    Mutant("bot/delivery/worker.py", "min(batch - waiting, MAX_SENDING - self._sending)", "batch - waiting", "tests/delivery/test_worker.py::test_no_more_are_being_sent_than_a_crash_may_leave_unclear"),
    Mutant("bot/delivery/recorder.py", "                for result in group:\n                    await self._record([result])\n", "                pass\n", "tests/delivery/test_worker.py::test_an_outcome_that_can_never_be_written_keeps_no_other_from_it"),
    Mutant("bot/delivery/worker.py", "            await self._recorder.write()\n", "            pass\n", "tests/delivery/test_worker.py"),
    Mutant("bot/delivery/recorder.py", "await within(self._clock, WRITE_WAIT, self._enough)", "await self._enough.wait()", "tests/delivery/test_worker.py::test_an_answer_is_written_down_though_no_other_comes"),
    Mutant("bot/db/database.py", "                for note in notes:\n                    await self._write_together([note])\n                return\n", "                pass\n", "tests/db/test_database.py"),
    Mutant("bot/db/database.py", "notes, self._notes = self._notes, []", "notes, self._notes = self._notes[:1], self._notes[1:]", "tests/db/test_database.py"),
    Mutant("bot/db/database.py", "            noted.set_exception(error)", "            pass", "tests/db/test_database.py"),
    Mutant("bot/db/database.py", "        self._must_be_outside()\n        noted", "        noted", "tests/db/test_database.py"),
    # A message that becomes an article, taps, and the local server's checks
    Mutant("bot/message/markdown.py", "    return line[:start] + _tagged(line[start:], covering)", "    return _tagged(line, covering)", "tests/message/test_markdown.py"),
    Mutant("bot/message/markdown.py", "if begin <= first and last <= stop", "if begin == first", "tests/message/test_markdown.py"),
    Mutant("bot/tg/handlers/adding.py", "as_markdown(replied)", '(replied.text or "")', "tests/tg/test_editing.py::test_what_is_formatted_in_telegram_stays_so"),
    Mutant("bot/tg/handlers/adding.py", "as_markdown(message, start=len(typed) - len(behind[0]))", "behind[0]", "tests/tg/test_editing.py::test_what_is_formatted_in_telegram_stays_so"),
    Mutant("bot/tg/double_tap.py", " and now - before[1] < _QUICK", "", "tests/tg/test_manners.py::test_two_quick_taps_open_one_message_and_two_slow_ones_two"),
    Mutant("bot/tg/double_tap.py", "            raise ApplicationHandlerStop\n", "            pass\n", "tests/tg/test_manners.py::test_two_quick_taps_open_one_message_and_two_slow_ones_two"),
    Mutant("bot/tg/context.py", "        if text is None and self._same:", "        if False:", "tests/tg/test_manners.py::test_pressing_twice_changes_nothing_and_says_so"),
    Mutant("bot/demo/access.py", " or not chat.met", "", "tests/demo/test_rules.py::test_who_never_wrote_cannot_be_written_to"),
    Mutant("bot/demo/updates.py", "        if wait and not found:", "        if not found:", "tests/demo/test_server.py::test_a_poll_that_does_not_wait_ends_no_other"),
    Mutant("bot/demo/keyboards.py", "    if rows is None and edited:", "    if False:", "tests/demo/test_rules.py::test_what_a_message_says_is_checked_before_where_it_stands"),
    # What comes from outside is bounded
    Mutant("bot/text.py", "normal[:MAX_TYPED_CHARS]", "normal", "tests/tg/test_hostile_words.py"),
    Mutant("bot/text.py", "text[:_MAX_RAW_CHARS]", "text", "tests/tg/test_hostile_words.py"),
    Mutant("bot/article/query.py", "[:MAX_TERMS]", "", "tests/tg/test_hostile_words.py"),
    Mutant("bot/db/searching.py", "if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:", "if False:", "tests/tg/test_hostile_words.py"),
    Mutant("bot/editing/parser_process.py", "(resource.RLIMIT_NOFILE, 0),", "", "tests/editing/test_parser_pool.py"),
    Mutant("bot/editing/parser_process.py", "(resource.RLIMIT_AS, MEMORY_BYTES),", "", "tests/editing/test_parser_pool.py"),
    Mutant("bot/editing/parser_process.py", "signal.setitimer(signal.ITIMER_PROF, seconds)", "pass", "tests/editing/test_parser_pool.py"),
    Mutant("bot/editing/parser_pool.py", "turn = self._turns[owner] = asyncio.Lock()", "turn = asyncio.Lock()", "tests/editing/test_parser_pool.py"),
    Mutant("bot/editing/sync.py", "if len(tasks) > 1:", "if tasks:", "tests/editing/test_sync.py"),
    Mutant("bot/editing/sync.py", "            task.cancel()\n", "            pass\n", "tests/editing/test_sync.py"),
    Mutant("bot/editing/parser_pool.py", "env={},", "", "tests/editing/test_parser_pool.py"),
    Mutant("bot/editing/prepare.py", "> MAX_GROWTH * len(data) + FREE_BYTES:", "> 10**12:", "tests/editing/test_parser_pool.py"),
    # Only Telegram's own word is a verdict
    Mutant("bot/tg/envelope.py", 'if data.get("ok") is not False or type(code)', "if type(code)", "tests/tg/test_sender.py"),
    Mutant("bot/tg/envelope.py", "or code not in _CODES:", "or False:", "tests/tg/test_transport.py"),
    Mutant("bot/tg/sender.py", "        case 403:\n            return Denied", "        case 403:\n            return Blocked", "tests/tg/test_sender.py"),
    Mutant("bot/delivery/worker.py", 'if self._outage.state == "down" or self._breaker.is_open:', "if False:", "tests/delivery/test_breaker.py"),
    Mutant("bot/delivery/outage.py", "max(0.0, begun + self._wait - self._clock.monotonic())", "self._wait", "tests/delivery/test_outage.py"),
    Mutant("bot/delivery/outage.py", 'return self.state != "up" and ', "return ", "tests/delivery/test_outage.py"),
    Mutant("bot/app/running.py", 'Symptom(name="Telegram takes no messages", shows=delivery.outage.lasts),', "", "tests/tg/test_watch.py"),
    Mutant("bot/tg/sender.py", "asyncio.timeout(PROBE_S)", "asyncio.timeout(None)", "tests/tg/test_sender.py"),
    Mutant("bot/delivery/outage.py", "self._wait = min(self._wait * 2, MAX_PROBE_S)", "pass", "tests/delivery/test_outage.py"),
    Mutant("bot/delivery/breaker.py", "if self._refused <= len(self._answers) * MAX_SHARE:", "if False:", "tests/delivery/test_breaker.py"),
    Mutant("bot/safeguard.py", "await self._stops.stop(since)", "pass", "tests/tg/test_verdicts.py::test_stop_outlives_a_restart"),
    Mutant("bot/tg/context.py", 'if found.suspended and place.kind == "private":', "if False:", "tests/tg/test_verdicts.py::test_whoever_writes_again_is_resumed"),
    Mutant("bot/tg/intake.py", "owner=self._is_owner(_sender_of(update))", "owner=False", "tests/tg/test_intake.py"),
    Mutant("bot/delivery/pacer.py", 'if lane != "digest":', "if False:", "tests/delivery/test_pacer.py"),
    # Who may do what, and what stays of whom
    Mutant("bot/db/articles.py", "            await self._must_edit(verbs, editor)\n            if not await _end_draft(verbs, draft):\n                return None\n            [row]", "            if not await _end_draft(verbs, draft):\n                return None\n            [row]", "tests/tg/test_rights.py::test_editor_who_is_dismissed_meanwhile_publishes_nothing"),
    Mutant("bot/tg/handlers/starting.py", "    if ctx.words.startswith((CLAIM, INVITED)) and not _is_oneself(update):", "    if False:", "tests/tg/test_rights.py"),
    Mutant("bot/tg/handlers/starting.py", " and not user.is_bot", "", "tests/tg/test_rights.py"),
    Mutant("bot/tg/handlers/appointing.py", "        await _tell_owners(ctx, user)", "        pass", "tests/tg/test_rights.py::test_owners_hear_of_who_opened_a_link_and_can_undo_it"),
    Mutant("bot/db/people.py", 'gone = await verbs.run("DELETE FROM facts WHERE name LIKE :any", any=f"{_INVITATION}%")', "gone = 1", "tests/tg/test_rights.py::test_links_that_were_not_used_are_voided"),
    Mutant("bot/db/acts.py", "    if user is not None:", "    if False:", "tests/tg/test_rights.py::test_owners_see_what_was_done"),
    Mutant("bot/db/database.py", "PRAGMA secure_delete = ON", "PRAGMA secure_delete = OFF", "tests/db/test_personal.py"),
    Mutant("bot/db/privacy.py", "        await self._database.shred()", "        pass", "tests/db/test_personal.py"),
    Mutant("bot/tg/prepared.py", "self._under_way.pop(transport, None) is not None", "True", "tests/tg/test_transport.py"),
    Mutant("bot/tg/prepared.py", "            transport.abort()\n", "            pass\n", "tests/tg/test_transport.py"),
    Mutant("bot/tg/prepared.py", "                self._timer = self._loop.call_at(deadline, self._break)\n                return", "                return", "tests/tg/test_transport.py"),
    Mutant("bot/tg/poller.py", "for each in answer if _has_id(each)]", "for each in updates]", "tests/tg/test_watch.py"),
    Mutant("bot/delivery/pacer.py", "        self._long_waits = 0\n", "        pass\n", "tests/delivery/test_pacer.py"),
    Mutant("bot/delivery/worker.py", "                self._pacer.accepted()\n", "", "tests/delivery/test_worker.py"),
    Mutant("bot/commands/check.py", "        name_of(file, Path(file.anchor))\n", "", "tests/editing/test_faulty_documents.py"),
    Mutant("bot/tg/poller.py", " and (key not in _WHO or _is_somebody(each))", "", "tests/tg/test_intake.py::test_what_names_nobody_is_no_update"),
    Mutant("bot/tg/rate_limit.py", ".judge((chat.id, user.id))", ".judge((user.id, user.id))", "tests/tg/test_manners.py"),
    Mutant("bot/files.py", " | os.O_NOFOLLOW", "", "tests/test_files.py"),
    Mutant("bot/commands/logs.py", '            line = line.replace(secret, "<secret>")', "            pass", "tests/test_serve.py"),
    Mutant("bot/demo/guard.py", "    if not _is_from_here(request):", "    if False:", "tests/demo/test_page_api.py"),
    Mutant("bot/tg/intake.py", "                async with asyncio.timeout(DEADLINE_S):", "                if True:", "tests/tg/test_intake.py"),
    Mutant("bot/delivery/worker.py", "        except Exception as error:\n            self.pulse.hopeless = error", "        except ZeroDivisionError as error:\n            self.pulse.hopeless = error", "tests/delivery/test_worker.py"),
]  # fmt: skip


def survives(mutant: Mutant) -> bool:
    """Whether the test stays green without the guarantee. ValueError when the code has changed since."""
    code = (ROOT / mutant.file).read_text("utf-8")
    if code.count(mutant.before) != 1:
        raise ValueError(f"{mutant.file} has {mutant.before!r} {code.count(mutant.before)} times")
    return stays_green(mutant.file, code.replace(mutant.before, mutant.after), [mutant.test])


def stays_green(file: str, code: str, tests: Sequence[str], *, seconds: int = 120) -> bool:
    """Whether tests pass with other code in a file. ValueError when they cannot be run at all."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("bot", "tests", "content", "docs"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", ".env.example"):
            shutil.copy(ROOT / name, copy / name)
        (copy / file).write_text(code, "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-cov", "--timeout=60", *tests]
        try:
            done = subprocess.run(  # noqa: S603  # ours
                command, cwd=copy, capture_output=True, text=True, check=False, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            return False  # a test that hangs is red, too
        if done.returncode not in {0, 1, 2}:
            raise ValueError(f"{tests} did not run:\n{done.stdout}{done.stderr}")
        return done.returncode == 0


def main(words: list[str]) -> int:
    """Try each, or those that hold one of these words; the exit code is 1 when one survives."""
    alive = 0
    chosen = [each for each in MUTANTS if not words or any(word in repr(each) for word in words)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for mutant, survived in zip(chosen, threads.map(survives, chosen), strict=True):
            alive += survived
            sign = "SURVIVES" if survived else "found   "
            print(sign, mutant.file, "|", mutant.before.strip()[:90], flush=True)
    print(f"{len(chosen) - alive} of {len(chosen)} removals turn a test red.")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
