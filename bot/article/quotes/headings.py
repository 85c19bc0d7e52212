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
    r"\b(?:how|to|get|a|request|your|free|price|stock|insurance|sales|double|single|smart|curly|straight|block|pull"
    r"|back|nested|escaped?|with|without|using|in|and|or|no|missing|string|code|shell)\b",
    re.IGNORECASE,
)
_CHINESE: Final = re.compile(
    r"(?!如何|怎[么样麼樣]|为什么|為什麼|什么是|关于|關於).{0,16}?(?:金句|语录|語錄|名言|名句|格言|箴言|警句|书摘|書摘|妙语|妙語)"
    r"(?:摘录|摘錄|精选|精選|集锦|集錦|合集|大全|分享|选|選|集)?\W*(?:[:：（(—|].*)?"
)
_CHINESE_WHOLE: Final = re.compile(
    r"(?:本周|本週|本期|本月|今日|每日|每周|每週|一周|一週|上周|网友|網友|读者|讀者|名人|名家|精彩|精选|精選|热门|业界|业内|科技|的)*"
    r"(?:言论|言論|引用|引语|引語|摘抄)(?:精选|精選|摘录|摘錄|摘编|集锦|选|選|集)?\W*(?:[:：（(—|].*)?"
)
_OTHERS: Final = re.compile(
    r"(?:\w+\s+){0,2}(?:zitate?|citat|цитат[аы]|citas|어록|명언|名言集|اقتباسات)"
    r"\W*(?:.*\b(?:der|des|aus|von|недели|дня)\b.*)?",
    re.IGNORECASE,
)
_MANUAL: Final = re.compile(
    r"\b(?:faq|frequently asked|change\s?log|release notes|releases?|what's new|install(?:ation|ing)?"
    r"|getting started|quick\s?start|usage|options?|config(?:uration)?|settings|requirements?|prerequisites"
    r"|rules|contact|support|contribut\w+|thanks|acknowledge?ments?|credits|sponsors?|licen[cs]e"
    r"|compatibility|migrat\w+|upgrad\w+|deprecat\w+|api|syntax|examples?|parameters?|hours|menu|booking"
    r"|links|related|references?|further reading|(?:table of )?contents|ingredients|method|directions"
    r"|join us|pricing|newsletter|hinweise|häufige fragen)\b"
    r"|^\W*v?\d+\.\d+"
    r"|安装|安裝|用法|使用方法|使用说明|配置|选项|快速开始|快速上手|常见问题|常見問題|更新日志|发布说明|發布說明|更新日誌|更新记录"
    r"|版本|致谢|致謝|鸣谢|贡献|许可|目录|目錄|环境要求|依赖|示例|接口|参数|联系我们|聯絡我們|营业时间|参考"
    r"|相关阅读|延伸阅读|订阅|赞助",
    re.IGNORECASE,
)


def is_collection(title: str) -> bool:
    """Return whether a title names a section of quotes: 本周金句, Quotes about rain."""
    title = _ORNAMENT.sub("", title).strip()
    if match := _ENGLISH.fullmatch(title):
        return not _NOT_SPOKEN.search(match["front"])
    return any(pattern.fullmatch(title) for pattern in (_CHINESE, _CHINESE_WHOLE, _OTHERS))


def is_reference_section(title: str) -> bool:
    """Return whether what stands below is for looking up: notes are likelier there than words to repeat."""
    return bool(_MANUAL.search(title))
