"""The panel from which an owner follows and steers a campaign."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.actions.model import Action
from bot.actions.staff import CampaignStep, LimitDays, LimitLanguage, TakeStep
from bot.campaign.model import Campaign, Counts, Progress
from bot.i18n import LANGUAGES, Language, Translator, translator
from bot.message.callback import button
from bot.message.formatted_text import FormattedText, to_message
from bot.message.model import Button, ButtonRow, Message

DAYS: Final = (7, 30, 90)
"""How long ago a reader may last have been here, as the panel offers it."""

_BAR_CHARS: Final = 10
_MINUTES_FROM_S: Final = 90
_HOURS_FROM_S: Final = 90 * 60


def panel(
    campaign: Campaign, progress: Progress, tr: Translator, *, audience: int = 0, testers: int = 0
) -> Message:
    """Return how a campaign stands and what can be done with it; the last two matter before it is started."""
    # A draft that was given up was never on its way.
    is_discarded = (campaign.state, campaign.reason) == ("cancelled", None) and not campaign.total
    title = tr("campaign.title_discarded" if is_discarded else f"campaign.title_{campaign.state}")
    parts = [FormattedText.plain(title).bold()]
    if campaign.reason:
        parts.append(FormattedText.plain(tr(f"campaign.reason_{campaign.reason}")))
    parts.append(FormattedText.plain(tr("campaign.to", whom=whom(campaign, tr))))
    if campaign.state not in {"draft", "tried"} and (campaign.total or progress.counts.all):
        parts += [FormattedText.plain(line) for line in _how_far(campaign, progress, tr)]
    elif campaign.state == "tried":
        parts.append(FormattedText.plain(tr("campaign.tried", counts=_counted(progress.counts, tr))))
    elif campaign.state == "draft":
        parts.append(FormattedText.plain(tr("campaign.draft")))
    if campaign.state in {"draft", "tried"} and not audience:
        parts.append(FormattedText.plain(tr("campaign.nobody")))
    return to_message(FormattedText.join("\n", parts), _buttons(campaign, tr, audience, testers))


def whom(campaign: Campaign, tr: Translator) -> str:
    """Return the segment in words."""
    segment, conditions = campaign.segment, []
    if segment.language is not None:
        conditions.append(
            tr("campaign.whom_language", language=translator(segment.language)("language.own_name"))
        )
    if segment.tag is not None:
        conditions.append(tr("campaign.whom_tag", tag=segment.tag))
    if segment.days is not None:
        conditions.append(tr("campaign.whom_days", count=segment.days))
    if not conditions:
        return tr("campaign.whom_all")
    return tr("campaign.whom_some", conditions=tr("campaign.and").join(conditions))


def _how_far(campaign: Campaign, progress: Progress, tr: Translator) -> Sequence[str]:
    counts = progress.counts
    share = min(counts.over / campaign.total, 1.0) if campaign.total else 1.0
    filled = int(share * _BAR_CHARS)
    bar = "▰" * filled + "▱" * (_BAR_CHARS - filled)
    lines = [
        f"{bar} {int(share * 100)} %",
        tr("campaign.so_far", done=f"{counts.over:,}", total=f"{max(campaign.total, counts.over):,}"),
    ]
    if progress.rate is not None and progress.left is not None:
        lines.append(tr("campaign.rate", rate=f"{progress.rate:,.0f}", left=_left(progress.left, tr)))
    return [*lines, _counted(counts, tr)]


def _left(left: timedelta, tr: Translator) -> str:
    seconds = int(left.total_seconds())
    if seconds < _MINUTES_FROM_S:
        return tr("campaign.left_seconds", count=seconds)
    if seconds < _HOURS_FROM_S:
        return tr("campaign.left_minutes", count=round(seconds / 60))
    return tr("campaign.left_hours", count=round(seconds / 3600))


def _counted(counts: Counts, tr: Translator) -> str:
    told = {
        "campaign.waiting": counts.waiting,
        "campaign.excluded": counts.excluded,
        "campaign.failed": counts.failed,
        "campaign.uncertain": counts.uncertain,
    }
    return " · ".join(
        (tr("campaign.sent", number=f"{counts.sent:,}"),
         *(tr(key, number=f"{number:,}") for key, number in told.items() if number))
    )  # fmt: skip


def _buttons(campaign: Campaign, tr: Translator, audience: int, testers: int) -> tuple[ButtonRow, ...]:
    def step(step: CampaignStep, name: str = "", **values: object) -> Button:
        return button(tr(f"campaign.button_{name or step}", **values), TakeStep(campaign.id, step))

    match campaign.state:
        case "draft" | "tried":
            first = step("try", count=testers) if testers and campaign.state == "draft" else None
            send = first or step("start", count=audience)
            going = ((send,),) if audience or first else ()
            return (*_segment(campaign, tr), *going, (step("cancel", "discard"),))
        case "running":
            return ((step("pause"),),)
        case "paused":
            return ((step("resume"),), (step("cancel"),))
        case _:
            return ()


def _segment(campaign: Campaign, tr: Translator) -> tuple[ButtonRow, ...]:
    """Return rows to choose readers by language and by when they were last here; ✓ marks the choice."""

    def choice(text: str, action: Action, *, chosen: bool) -> Button:
        return button(("✓ " if chosen else "") + text, action)

    def in_language(language: Language | None) -> Button:
        text = translator(language)("language.own_name") if language else tr("campaign.button_any_language")
        return choice(text, LimitLanguage(campaign.id, language), chosen=segment.language == language)

    def within(days: int | None) -> Button:
        text = tr("campaign.button_days", count=days) if days else tr("campaign.button_any_time")
        return choice(text, LimitDays(campaign.id, days), chosen=segment.days == days)

    segment = campaign.segment
    languages = [in_language(language) for language in (None, *LANGUAGES)]
    days = [within(number) for number in (None, *DAYS)]
    return tuple(languages), tuple(days)
