"""What the heading of a section promises: a collection of quotes, or instructions."""

import re
from typing import Final

_ORNAMENT: Final = re.compile(
    r"^(?:\W|\d+[.、．)）:：]|[一二三四五六七八九十]{1,3}[、．.]|第[一二三四五六七八九十\d]{1,3}[章节部分]+)+"
)
_ENGLISH: Final = re.compile(
    r"(?P<front>(?:[\w'’&-]+\s+){0,3})(?:quotes?|quotations?|sayings?|overheard)"
    r"(?:\W*$|\s*[:：,(（—–|-].*|\s+(?:of\s+(?:the\s+)?\w+|about|from|by|on|we|i)\b.*)",
    re.IGNORECASE,
)
_NOT_SPOKEN: Final = re.compile(
    r"\b(?:how|to|get|a|request|your|free|price|stock|insurance|sales|double|single|smart|curly|straight"
    r"|block|pull"
    r"|back|nested|escaped?|with|without|using|in|and|or|no|missing|string|code|shell)\b",
    re.IGNORECASE,
)
_CHINESE: Final = re.compile(
    r"(?!如何|怎[么样麼樣]|为什么|為什麼|什么是|关于|關於).{0,16}?(?:金句|语录|語錄|名言|名句|格言|箴言"
    r"|警句|书摘|書摘|妙语|妙語)"
    r"(?:摘录|摘錄|精选|精選|集锦|集錦|合集|大全|分享|收藏|选|選|集)?\W*(?:[:：（(—|].*)?"
)
_CHINESE_WHOLE: Final = re.compile(
    r"(?:本周|本週|本期|本月|今日|每日|每周|每週|一周|一週|上周|网友|網友|读者|讀者|名人|名家|精彩|精选"
    r"|精選|热门|业界|业内|科技|的)*"
    r"(?:言论|言論|引用|引语|引語|摘抄)(?:精选|精選|摘录|摘錄|摘编|集锦|选|選|集)?\W*(?:[:：（(—|].*)?"
)
_OTHERS: Final = re.compile(
    r"(?:\w+\s+){0,2}(?:zitate?|citat|цитат[аы]|citas|어록|명언|名言集|اقتباسات)"
    r"\W*(?:.*\b(?:der|des|aus|von|недели|дня)\b.*)?",
    re.IGNORECASE,
)
_PASSAGES: Final = re.compile(
    r"(?:\w+\s+){0,2}?(?:memorable|favou?rite|best|notable|great|striking|standout|quotable|key|good"
    r"|beautiful)\s+"
    r"(?:lines?|passages?|sentences?|excerpts?|words)\b.{0,20}"
    r"|(?:my|kindle|readwise|reader|book|all|new)\s+highlights?|highlights?\s*(?:&|and|/)\s*(?:notes"
    r"|annotations)|annotations",
    re.IGNORECASE,
)
_HIGHLIGHTS: Final = re.compile(r"highlights?|notes|划线|(?:微信)?读书笔记|笔记|标注", re.IGNORECASE)
"""Of a tool if its marks stand in them, and else of a release or an event."""
_CHINESE_HIGHLIGHTS: Final = re.compile(
    r"(?:我的|原文|全部|热门|书中|微信读书|精彩)*(?:高亮|划线|劃線|标注|摘抄|书摘|金句)(?:划线|标注|笔记"
    r"|收藏|内容|部分|与笔记|和笔记|\s*/\s*笔记)*\W*"
)
_MANUAL_WORDS: Final = frozenset(
    "faq faqs changelog install installation installing usage option options config configuration "
    "configure settings requirement requirements prerequisites rules contact support contribute "
    "contributing contribution contributions contributors thanks acknowledgements acknowledgments "
    "acknowledgement credits sponsors sponsor license licence licenses licensing compatibility migrate "
    "migrating migration upgrade upgrading deprecated deprecation deprecations api apis syntax example "
    "examples parameter parameters hours menu booking links related reference references contents toc "
    "ingredients method directions pricing newsletter hinweise releases release quickstart download "
    "downloads features roadmap troubleshooting security".split()
)
_BESIDE: Final = frozenset(
    "a an the and or of for to in on with by how your our my more this project package library section "
    "page guide notes list file files from us using via as basic advanced full further quick start "
    "getting started".split()
)
_MANUAL_PHRASES: Final = re.compile(
    r"\W*(?:frequently asked questions|häufige fragen|what['’]s new|getting started|quick\s?start|join us"
    r"|further reading|see also|table of contents)\b.*"
    r"|(?:\w+\W+){0,4}?(?:release notes|change\s?log|faq|(?:house|ground) rules|opening hours"
    r"|发布说明|發布說明|更新日志|更新日誌|更新记录|使用说明|安装指南|常见问题|常見問題)\W*",
    re.IGNORECASE,
)
_VERSION: Final = re.compile(
    r"\W*v\d+(?:\.\d+)+.*|\W*(?:version\s+)?\d+(?:\.\d+)+(?:[-.]?(?:rc|beta|alpha|dev|a|b)\.?\d*)?\W*"
    r"(?:\(?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|[^\W\d_]{3,9}\.? \d{1,2},? \d{4}|\d{1,2} [^\W\d_]{3,9} \d{4}"
    r"|unreleased))?\W*",
    re.IGNORECASE,
)
_CHINESE_MANUAL: Final = re.compile(
    r"(?:(?:如何|相关|常用|基本|高级|详细|完整|更多)*(?:安装|安裝|用法|使用|使用方法|使用说明|配置|选项"
    r"|快速开始|快速上手|常见问题|常見問題"
    r"|更新日志|发布说明|發布說明|更新日誌|更新记录|版本|致谢|致謝|鸣谢|贡献|许可|许可证|目录|目錄|环境要求"
    r"|依赖|示例|接口|参数|联系我们"
    r"|聯絡我們|营业时间|参考|参考资料|参考文献|相关阅读|延伸阅读|订阅|赞助)(?:说明|方法|列表|指南|步骤"
    r"|要求|信息|日志|文件|历史|示例|项|者)*"
    r"[与和及、\s/&]*)+\W*"
)


def is_collection(title: str) -> bool:
    """Return whether a title names a section of quotes: 本周金句, Quotes about rain."""
    title = _ORNAMENT.sub("", title).strip()
    if match := _ENGLISH.fullmatch(title):
        return not _NOT_SPOKEN.search(match["front"])
    return any(pattern.fullmatch(title) for pattern in _COLLECTIONS)


def is_highlights(title: str) -> bool:
    """Return whether a title names what somebody marked, if the entries have the marks of a tool."""
    return _HIGHLIGHTS.fullmatch(_ORNAMENT.sub("", title).strip()) is not None


def is_reference_section(title: str) -> bool:
    """Return whether what stands below is for looking up: notes are likelier there than words to repeat.

    A word or a number within a title tells nothing: `An example of courage`, `2.2 Scheduling`.
    """
    if _VERSION.fullmatch(title) or _MANUAL_PHRASES.fullmatch(title):
        return True
    bare = _ORNAMENT.sub("", title).strip()
    if _CHINESE_MANUAL.fullmatch(bare):
        return True
    words = re.findall(r"[^\W\d_]+", bare.casefold())
    return any(word in _MANUAL_WORDS for word in words) and all(
        word in _MANUAL_WORDS or word in _BESIDE for word in words
    )


_COLLECTIONS: Final = (_CHINESE, _CHINESE_WHOLE, _OTHERS, _PASSAGES, _CHINESE_HIGHLIGHTS)
