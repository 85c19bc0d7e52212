"""What stands in a text and does not stand for it: bylines, captions, greetings, calls to follow, hints."""

import re
from typing import Final

from bot.article.metadata.byline import byline_of
from bot.article.metadata.lines import is_stated
from bot.article.model import CELL_BREAK, Block, BlockQuote, Image, Inlines, Paragraph
from bot.article.plain_text import columns, is_linked, lines_of, plain, visible
from bot.article.quotes.admonitions import is_admonition
from bot.article.quotes.attribution import attribution

_CAPTION: Final = re.compile(
    r"\W*(?:图[片\d一二三四五六七八九十]*(?:来源)?\s*[:：|]|图源|配图|封面图?|题图|头图|▲|△|figure \d"
    r"|credit|cover\b"
    r"|(?:photo(?:graph)?s?|image|illustration|picture|artwork)\s*(?:by|credit|source|courtesy|from|via"
    r"|[:：©]))",
    re.IGNORECASE,
)
_CALL: Final = re.compile(
    r"(?:点击|點擊)(?:上方|下方|右上|左下|蓝字|標題|标题|这里|此处|阅读原文)|(?:关注|關注|订阅|訂閱)(?:我们"
    r"|我們|本号|公众号|公眾號|专栏|频道|一下)"
    r"|设为?[“「]?星标|置顶|长按|長按|扫码|掃碼|二维码|加入.{0,8}群|点赞|在看|素质三连|后台回复|回复关键词"
    r"|知识星球|赞助"
    r"|^\W*(?:qq|微信|官方|技术|交流|读者|discord|telegram|slack)\s*(?:交流|讨论)?(?:群|group\b)"
    r"|(?:推荐|推薦|欢迎|歡迎|也可以?|记得|記得)[^。！？]{0,24}(?:关注|關注|订阅|訂閱)"
    r"|(?:推荐|推薦)下[^。！？]{0,24}(?:频道|頻道|公众号|公眾號|专栏|專欄)|(?:微信|立即|马上)(?:识别|扫)"
    r"|^\W*(?:subscribe|follow (?:us|me|along)|sign up|join (?:us|our|the)|share this|like and"
    r"|support (?:us|this|me)|become a"
    r"|was this .{0,20}forwarded|forwarded this|if you (?:like|enjoy)|sponsored by|thanks to our sponsors?"
    r"|buy me)\b",
    re.IGNORECASE,
)
_HINT: Final = re.compile(
    r"预计阅读|预计.{0,4}分钟|阅读时[间长]|全文共?约?\s*[\d一二三四五六七八九十百千]+\s*[字千]"
    r"|本文共?约\s*[\d一二三四五六七八九十百千]+\s*字"
    r"|建议(?:先)?收藏|(?:温馨|友情|阅读)提示|(?:向|往)[下左右]滑|滑动(?:查看|阅读)|点击.{0,6}(?:展开|跳转"
    r"|播放|查看|收听)|(?:按住|单击|双击)"
    r"|^\W*(?:latest|version|current version|last release)\s*:"
    r"|文末有|^\W*(?:last )?(?:updated|modified|edited)\b.{0,40}$|^\W*(?:click|tap|press|scroll|swipe"
    r"|hover)\b"
    r"|\b(?:reading time|time to read|\d+[ -]min(?:ute)?s?[ -]read)\b|^\W*(?:listen to|watch|read) (?:this"
    r"|the|it) (?:article|post|video|episode|online|in your browser)"
    r"|^\W*(?:view|open) (?:this|it)? ?(?:email|online|in (?:your )?browser)|^\W*(?:skip to|jump to|back to"
    r"|go to)\b|javascript (?:is|must be) "
    r"|^\W*(?:note|disclaimer|注意?)\s*[:：]\s*(?:this|本)",
    re.IGNORECASE,
)
_GREETING: Final = re.compile(
    r"\W*(?:(?:hi|hello|hey|hiya|dear|greetings|howdy|good (?:morning|afternoon|evening|day)"
    r"|happy \w+day)\b.{0,60}$"
    r"|(?:hi|hello|hey|greetings)\b.{0,40}\bwelcome\b|welcome (?:back|to)\b"
    r"|(?:大家|各位|你们?|您|读者|讀者|朋友们?|小伙伴们?)\s*(?:好|早|晚上好|早上好|下午好|新年好)|(?:亲爱的"
    r"|親愛的|嗨|哈喽|哈囉|欢迎(?:来到|阅读|收看|收听|订阅|关注)))",
    re.IGNORECASE | re.DOTALL,
)
_EVERY_ISSUE: Final = re.compile(
    r"(?:这里|這裡|这儿|本(?:周刊|週刊|刊|期刊|栏目|专栏|公众号))(?:记录|記錄|分享|收录|整理|汇总|是|每)"
    r"|每(?:周|週|月|天|日)[^。]{0,12}(?:发布|發布|更新|推送|出版)"
    r"|欢迎(?:投稿|推荐|自荐|转发|关注|订阅)|(?:杂志|周刊|本刊)(?:开源|永久免费)"
    r"|\b(?:this (?:newsletter|weekly|series|podcast|blog|column)|(?:another|this week'?s?"
    r"|the latest) (?:issue|edition|instalment|installment|episode) of"
    r"|(?:weekly|monthly|daily) (?:newsletter|digest|roundup|round-up|summary|update"
    r"|bulletin)\b.{0,60}\b(?:about|of|on|for)"
    r"|(?:want|would like) (?:something|your \w+) (?:mentioned|featured|included)"
    r"|pull requests? (?:are )?welcome|openly developed)\b",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s（）]+")
_MAX_ADDRESS_LABEL: Final = 12
"""Letters a line that an address may have beside it, like `Source:` or `(slides)`, and still be only that."""
_LABEL: Final = re.compile(r"[A-Z][A-Za-z]{2,19}(?: [a-z]{2,12})?: [\w.#/-]+")
"""A word that names another (`Extends: EventTarget`): a field of a reference, no sentence."""
_HASHTAGS: Final = re.compile(r"(?:#[^\s#]+\s*)+")
_CONTENTS: Final = re.compile(
    r"\W*(?:目录|目錄|本期目录|内容目录|(?:table of )?contents|in this (?:issue|article|post|edition))\W*",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"\W*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[①-⑳]|[A-Za-z])[、.．)）:：\s]|\s*[•·▪●◦►▶→-]"
)
_CREDIT: Final = re.compile(
    r"\W*(?:本[^。，]{1,12})?由\s*.{1,24}(?:主笔|主筆|撰写|撰寫|撰稿|执笔|執筆|整理|编辑|編輯|编译|翻译|供稿"
    r"|投稿|制作|出品)\W*"
    r"|\W*(?:this (?:issue|edition|post|article|week) (?:was|is) )?"
    r"(?:written|edited|curated|compiled|translated|hosted|produced) by [^,.;:]{1,40}\W*"
    r"|\W*(?:(?:copyright )?(?:©|\(c\))|copyright \d{4}|all rights reserved|SPDX-).{0,200}"
    r"|.{0,60}\b(?:is|are) (?:licensed|released|distributed|made available) under\b.{0,120}",
    re.IGNORECASE | re.DOTALL,
)
"""Who made a text and under which licence, as a paragraph of its own."""
_MAX_CALL_COLUMNS: Final = 160
"""A longer paragraph has more to say than to follow somebody, unless each of its sentences says so."""
_SENTENCE_ENDS: Final = re.compile(r"(?<=[。！？!?])|(?<=\.)\s")
_NOT_A_LETTER: Final = re.compile(r"[\W\d_]+")
_ADVERTISING: Final = re.compile(
    r"(?:(?:本期|本周)?(?:广告|廣告|推广|推廣|赞助商?|贊助商?|合作推广|商务合作|友情赞助)"
    r"|(?:our|this|todays?|week|a|the|is|are|by|in|from|word|message|paid|brought|to|you)*"
    r"(?:sponsor(?:ed|s|ship)?|advertisement|advertising|adverts?|ads?|partnership)(?:content|post|by|links?)*)"
)
_MIN_CONTENTS: Final = 3
_MAX_CONTENTS_CHARS: Final = 60


def is_aside(block: Block) -> bool:
    """Return whether a block speaks of the page, its makers or its readers instead of the subject."""
    if isinstance(block, BlockQuote):
        return is_admonition(block.blocks) or all(map(is_aside, block.blocks))
    if not isinstance(block, Paragraph):
        return False
    text = visible(plain(block.inlines))
    lines = lines_of(block.inlines)
    return (
        any(isinstance(inline, Image) for inline in block.inlines)
        or any(inline is CELL_BREAK for inline in block.inlines)
        or _is_call(text)
        or any(pattern.match(text) for pattern in (_CAPTION, _GREETING))
        or _is_addresses(lines)
        or any(pattern.fullmatch(text) for pattern in (_HASHTAGS, _LABEL, _CREDIT))
        or attribution(block) is not None
        or byline_of(block.inlines) is not None
        or is_stated(lines)
        or _is_contents(lines)
    )


def is_of_every_issue(text: str) -> bool:
    """Return whether a paragraph introduces a series and not this piece of it."""
    return _EVERY_ISSUE.search(text) is not None


def is_advertising(title: str) -> bool:
    """Return whether a heading says that others paid for what follows."""
    return _ADVERTISING.fullmatch(_NOT_A_LETTER.sub("", title.casefold())) is not None


def _is_call(text: str) -> bool:
    """Return whether a short paragraph asks to follow or click anywhere, or a longer one in each sentence."""
    if columns(text) <= _MAX_CALL_COLUMNS:
        return bool(_CALL.search(text) or _HINT.search(text))
    sentences = [sentence for sentence in _SENTENCE_ENDS.split(text) if sentence.strip()]
    return all(_CALL.search(sentence) for sentence in sentences)


def _is_addresses(lines: list[Inlines]) -> bool:
    """Return whether each line is an address, be it with a word or two beside it."""
    texts = [plain(line) for line in lines]
    rests = (_NOT_A_LETTER.sub("", _ADDRESS.sub("", text)) for text in texts)
    return all(map(_ADDRESS.search, texts)) and all(len(rest) <= _MAX_ADDRESS_LABEL for rest in rests)


def _is_contents(lines: list[Inlines]) -> bool:
    """Return whether short lines, each numbered or a link, list what comes."""
    texts = [plain(line).strip() for line in lines]
    if len(texts) > 1 and _CONTENTS.fullmatch(texts[0]):
        return True
    listed = all(_NUMBERED.match(text) or is_linked(line) for text, line in zip(texts, lines, strict=True))
    return len(texts) >= _MIN_CONTENTS and listed and all(len(text) <= _MAX_CONTENTS_CHARS for text in texts)
