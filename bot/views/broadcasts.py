"""The panel from which an owner follows and steers a campaign."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.actions.model import Action
from bot.actions.staff import LimitDays, LimitLanguage, Step, TakeStep
from bot.campaign.model import Campaign, Counts, Progress
from bot.i18n import LANGUAGES, Language, Say, say_in
from bot.message.callback import button
from bot.message.model import Button, Message, Row
from bot.message.rich import Rich, to_message

DAYS: Final = (7, 30, 90)
"""How long ago a reader may last have been here, as the panel offers it."""

_BAR: Final = 10
_MINUTE: Final = 90
_HOUR: Final = 90 * 60


def panel(
    campaign: Campaign, progress: Progress, say: Say, *, audience: int = 0, testers: int = 0
) -> Message:
    """Return how a campaign stands and what can be done with it; the last two matter before it is started."""
    parts = [Rich.plain(say(f"campaign.title_{campaign.state}")).bold()]
    if campaign.reason:
        parts.append(Rich.plain(say(f"campaign.reason_{campaign.reason}")))
    parts.append(Rich.plain(say("campaign.to", whom=whom(campaign, say))))
    if campaign.state not in {"draft", "tried"} and (campaign.total or progress.counts.all):
        parts += [Rich.plain(line) for line in _how_far(campaign, progress, say)]
    elif campaign.state == "tried":
        parts.append(Rich.plain(say("campaign.tried", counts=_counted(progress.counts, say))))
    elif campaign.state == "draft":
        parts.append(Rich.plain(say("campaign.draft")))
    return to_message(Rich.join("\n", parts), _buttons(campaign, say, audience, testers))


def whom(campaign: Campaign, say: Say) -> str:
    """Return the segment in words."""
    segment, conditions = campaign.segment, []
    if segment.language is not None:
        conditions.append(
            say("campaign.whom_language", language=say_in(segment.language)("language.own_name"))
        )
    if segment.tag is not None:
        conditions.append(say("campaign.whom_tag", tag=segment.tag))
    if segment.days is not None:
        conditions.append(say("campaign.whom_days", count=segment.days))
    if not conditions:
        return say("campaign.whom_all")
    return say("campaign.whom_some", conditions=say("campaign.and").join(conditions))


def _how_far(campaign: Campaign, progress: Progress, say: Say) -> Sequence[str]:
    counts = progress.counts
    share = min(counts.over / campaign.total, 1.0) if campaign.total else 1.0
    filled = int(share * _BAR)
    bar = "▰" * filled + "▱" * (_BAR - filled)
    lines = [
        f"{bar} {int(share * 100)} %",
        say("campaign.so_far", done=f"{counts.over:,}", total=f"{max(campaign.total, counts.over):,}"),
    ]
    if progress.rate is not None and progress.left is not None:
        lines.append(say("campaign.rate", rate=f"{progress.rate:,.0f}", left=_left(progress.left, say)))
    return [*lines, _counted(counts, say)]


def _left(left: timedelta, say: Say) -> str:
    seconds = int(left.total_seconds())
    if seconds < _MINUTE:
        return say("campaign.left_seconds", count=seconds)
    if seconds < _HOUR:
        return say("campaign.left_minutes", count=round(seconds / 60))
    return say("campaign.left_hours", count=round(seconds / 3600))


def _counted(counts: Counts, say: Say) -> str:
    told = {
        "campaign.waiting": counts.waiting,
        "campaign.excluded": counts.excluded,
        "campaign.failed": counts.failed,
        "campaign.uncertain": counts.uncertain,
    }
    return " · ".join(
        (say("campaign.sent", number=f"{counts.sent:,}"),
         *(say(key, number=f"{number:,}") for key, number in told.items() if number))
    )  # fmt: skip


def _buttons(campaign: Campaign, say: Say, audience: int, testers: int) -> tuple[Row, ...]:
    def step(step: Step, name: str = "", **values: object) -> Button:
        return button(say(f"campaign.button_{name or step}", **values), TakeStep(campaign.id, step))

    match campaign.state:
        case "draft" | "tried":
            first = step("try", count=testers) if testers and campaign.state == "draft" else None
            send = first or step("start", count=audience)
            going = ((send,),) if audience or first else ()
            return (*_segment(campaign, say), *going, (step("cancel", "discard"),))
        case "running":
            return ((step("pause"),),)
        case "paused":
            return ((step("resume"),), (step("cancel"),))
        case _:
            return ()


def _segment(campaign: Campaign, say: Say) -> tuple[Row, ...]:
    """Return rows to choose readers by language and by when they were last here; ✓ marks the choice."""

    def choice(text: str, action: Action, *, chosen: bool) -> Button:
        return button(("✓ " if chosen else "") + text, action)

    def in_language(language: Language | None) -> Button:
        text = say_in(language)("language.own_name") if language else say("campaign.button_any_language")
        return choice(text, LimitLanguage(campaign.id, language), chosen=segment.language == language)

    def within(days: int | None) -> Button:
        text = say("campaign.button_days", count=days) if days else say("campaign.button_any_time")
        return choice(text, LimitDays(campaign.id, days), chosen=segment.days == days)

    segment = campaign.segment
    languages = [in_language(language) for language in (None, *LANGUAGES)]
    days = [within(number) for number in (None, *DAYS)]
    return tuple(languages), tuple(days)
