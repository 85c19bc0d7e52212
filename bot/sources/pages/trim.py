"""What stands around the article in a page: its title once more, crumbs, notices, what to read next."""

import re
from collections.abc import Sequence
from typing import Final

_LINK: Final = re.compile(r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")
_NOTICE: Final = re.compile(
    r"(?:版权所有|版權所有|免责声明|免責聲明|版权声明|责任编辑|責任編輯|责编|编辑[:：]|校对[:：]|特别声明"
    r"|本文仅代表"
    r"|未经授权|转载请|不感兴趣|感谢您的反馈|我要跟帖|已输入\s*\d+\s*字|发表评论|扫码下载|扫一扫|关注微信"
    r"|微信公众号$"
    r"|APP$|更多\s*>|登录超时|免注册|快速登录|本网站|图片均来自|分享到|点击下载|客户端第一时间|举报/反馈|©"
    r"|copyright\b"
    r"|all rights reserved|related (?:articles|posts|stories|reading)|read (?:more|next|also)\b"
    r"|share (?:this|on)\b"
    r"|more (?:from|stories|on this)|you (?:may|might) also|recommended for you|subscribe to our"
    r"|sign up (?:for|to)"
    r"|follow us|filed under|posted in|tagged (?:with|as)|leave a (?:reply|comment)|comments? (?:are|\()"
    r"|advertisement$"
    r"|follow (?:the|us|me)\b|lea (?:también|más)\b|le puede interesar|notas relacionadas|s[ií]guenos"
    r"|lust auf mehr"
    r"|mehr zum thema|lesen sie auch|lire aussi|à lire|leggi anche|leia também|więcej informacji|czytaj także"
    r"|违法和不良信息|举报(?:邮箱|电话)|欢迎批评指正|^声明[:：]|上传并发布|评论\s*[（(]\s*\d+\s*[)）]"
    r"|投资建议|记者团|加入.{0,12}群"
    r"|previous (?:post|article)|next (?:post|article)|相关(?:阅读|推荐|文章|新闻)|推荐阅读|延伸阅读"
    r"|猜你喜欢|热门推荐)",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    r"(?:首页|登录|个人中心|退出|邮箱|无障碍|字号|消息|通知|公告\d*|EN|[|简繁]|您?(?:所在"
    r"|当前)的?位置[:：]?.*"
    r"|最后更新[:：].*|更新时间[:：].*|home|menu|search|skip to .*|share|print|email|\d+ comments?|listen"
    r"|save)",
    re.IGNORECASE,
)
"""A whole block above the text."""
_MAX_NOTICE_CHARS: Final = 200
_MAX_LEFT: Final = 12
"""Words beside links in a block that only leads elsewhere."""


def trimmed(markdown: str, *, title: str) -> str:
    """Return the text of an article without what a page puts above and below it."""
    blocks = [block for block in markdown.split("\n\n") if block.strip()]
    fence = sum(block.count("```") for block in blocks) % 2
    first, last = 0, len(blocks)
    while first < last - 1 and (_is_above(blocks[first]) or _is_title(blocks[first], title)):
        first += 1
    # A block within a fence is code, whatever it looks like.
    while last > first + 1 and not fence and "```" not in blocks[last - 1] and _is_below(blocks[last - 1]):
        last -= 1
    return "\n\n".join(_without_title(blocks[first:last], title)) + "\n"


def _is_above(block: str) -> bool:
    bare = _bare(block)
    return (
        not bare
        or _HEAD.fullmatch(bare) is not None
        or (_leads_elsewhere(block) and not block.startswith("!"))
    )


def _is_below(block: str) -> bool:
    bare = _bare(block)
    return (
        not bare
        or _leads_elsewhere(block)
        or (len(bare) <= _MAX_NOTICE_CHARS and _NOTICE.search(bare) is not None)
    )


def _leads_elsewhere(block: str) -> bool:
    """Return whether a block is links and hardly a word beside them, more than one, or one that is a list."""
    links = _LINK.findall(block)
    left = _letters(_LINK.sub("", block))
    return (
        bool(links)
        and not any(link.startswith("!") for link in links)
        and len(left) <= _MAX_LEFT * len(links)
        and (len(links) > 1 or block.lstrip().startswith(("-", "*", "[")))
    )


def _is_title(block: str, title: str) -> bool:
    return bool(title) and _letters(_LINK.sub("", block)) == _letters(title)


def _without_title(blocks: Sequence[str], title: str) -> Sequence[str]:
    """Leave out a top heading that says the title again, in a list or not."""
    return [
        block
        for number, block in enumerate(blocks)
        if number > 1 or "#" not in block or not _is_title(block, title)
    ]


def _bare(block: str) -> str:
    """Return a block's own words, without marks of Markdown and pictures without any."""
    return re.sub(r"!\[\]\([^)]*\)|[#>*`\\]|^\s*[-\d.]+\s", "", block, flags=re.MULTILINE).strip()


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
