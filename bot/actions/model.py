"""Everything that a button can stand for, and its callback data.

Buttons stay in people's chats for years: a template that was ever used keeps its meaning for good.
"""

import typing
from typing import Final

from bot.actions import drafts, readers, staff, topics
from bot.actions.codec import Codec

Action = (
    readers.OpenSummary | readers.OpenOutline | readers.OpenSection | readers.ListArticles
    | readers.ListNews | readers.SearchPage | readers.SearchWord
    | readers.ShowQuote | readers.ShowHelp | readers.OpenGuide | readers.ShowNextDigest
    | readers.Subscribe | readers.SubscribeInZone | readers.OpenSettings | readers.StopDigests
    | readers.StartDigests | readers.SwitchTime | readers.ChooseDays | readers.ChooseZone
    | readers.StartInZone | readers.ChooseLanguage | readers.SwitchPart | readers.SwitchOnlyNew
    | topics.OpenNews | topics.SwitchMute | topics.OpenTopics | topics.ListTopics
    | topics.SwitchTopic | topics.ListLanguages | topics.SwitchReadLanguage | topics.ShowWeek
    | topics.ChooseEverything | readers.ChooseWeekly | readers.StopWeekly | readers.SwitchDaily
    | readers.PauseUntil | readers.ExportData | readers.AskToForget | readers.ForgetData
    | readers.KeepData
    | drafts.ListDrafts | drafts.OfferTimes | drafts.PublishAtTime | drafts.CancelTime
    | drafts.ListDraftQuotes | drafts.SwitchDraftQuote
    | drafts.TakeChosenSummary | drafts.EditArticle | drafts.ListVersions | drafts.ShowVersion
    | staff.EditDraft | staff.EditDraftField | staff.KeepChannelTags
    | staff.OpenDraft | staff.PublishDraft | staff.PublishQuietly | staff.AnnounceArticles
    | staff.ReplaceByDraft | staff.DiscardDraft | staff.ReadLinkAgain | staff.CancelLinks
    | staff.OpenFeeds | staff.OpenFeed | staff.AskForFeed | staff.ChangeFeed
    | staff.ApproveArticle | staff.OpenQueue | staff.DecideEntry | staff.DecideEntries
    | staff.HoldGathering | staff.FinishGathering | staff.DropGathering | staff.AddToDraft
    | staff.RevertArticle | staff.RemoveArticle | staff.RestoreArticle | staff.TraceArticle
    | staff.InviteEditor | staff.DismissEditor | staff.RevokeInvitations | staff.ShowActs
    | staff.MuteAlert | staff.WantDailyLine
    | staff.LiftCooldowns | staff.ResumeDelivery | staff.UndoRefusals | staff.CountAsTold
    | staff.TellAgain | staff.TakeStep | staff.LimitLanguage | staff.LimitDays
)  # fmt: skip

ACTIONS: Final[Codec[Action]] = Codec(typing.get_args(Action))
