"""Pages that are no article: walls, checks, notices and frames without text. One of these is never stored."""

import re
from typing import Final

from lxml.html import HtmlElement

from bot.sources.model import Shell

_MAX_SHELL_CHARS: Final = 1_200
"""Visible characters of a page around whose text nothing else stands; an article about walls is longer."""
_MIN_TEXT_CHARS: Final = 60
_MIN_LONG_CHARS: Final = 800
_MIN_SENTENCES: Final = 3
_MIN_SENTENCE_CHARS: Final = 8
_SENTENCE_ENDS: Final = re.compile(r"(?<=[。！？])|(?<=[.!?])\s")
_MAX_TEASER_CHARS: Final = 1_500
_MAX_ENDING_CHARS: Final = 5_000

_CHECK: Final = re.compile(
    r"请完成(?:安全)?验证|完成验证后|访问环境异常|环境异常|操作频繁|访问过于频繁|访问频率|请输入验证码"
    r"|滑动验证|拖动滑块|人机验证"
    r"|verify (?:that )?you(?:'re| are) (?:a )?human|are you a (?:human|robot)|checking (?:your browser"
    r"|if the site)"
    r"|just a moment\.\.\.|attention required!|ddos protection|enable javascript and cookies to continue"
    r"|unusual traffic|complete the (?:captcha|security check)|press (?:and|&) hold|security check to access"
    r"|access (?:to this page has been )?denied|request blocked|pardon our interruption|bot detection"
    r"|cf-browser-verification"
    r"|g-recaptcha|hcaptcha\.com|challenges\.cloudflare\.com|geetest",
    re.IGNORECASE,
)
_LOGIN: Final = re.compile(
    r"(?:请先?|登录后|需要)登[录陆入](?:后|才能|查看|阅读|继续)?|登[录陆]后(?:可|才能|查看|阅读|继续)"
    r"|扫码登[录陆]|账号登[录陆]|验证码登[录陆]"
    r"|(?:log|sign) ?in to (?:continue|view|read|see|access)|please (?:log|sign) ?in|you (?:must|need to"
    r"|have to) (?:be logged in"
    r"|log ?in|sign ?in)|members? only|join (?:now )?to (?:view|see)|create an account to (?:continue"
    r"|read)|forgot (?:your )?password",
    re.IGNORECASE,
)
_CONSENT: Final = re.compile(
    r"before you continue|we (?:value|care about) your privacy|we and our (?:\d+ )?partners"
    r"|manage (?:cookies|preferences|consent)"
    r"|accept (?:all )?cookies|consent to (?:the use of )?cookies|cookie (?:settings|preferences|policy)"
    r"|wir (?:schätzen|nutzen|verwenden) .{0,30}cookies"
    r"|nous (?:respectons|utilisons) .{0,30}(?:vie privée|cookies)|zustimmen und weiter|隐私(?:政策"
    r"|设置).{0,40}同意",
    re.IGNORECASE,
)
_PAYWALL: Final = re.compile(
    r"(?:subscribe|become a (?:subscriber|member)|start your (?:free )?trial|upgrade) (?:now )?(?:to|and"
    r"|for) (?:continue|keep|read|unlock|full)"
    r"|(?:this (?:article|content|post|story) is|available) (?:only )?(?:for|to) (?:paid "
    r"|paying )?(?:subscribers|members)"
    r"|subscriber[- ]only|already a (?:subscriber|member)\?|for (?:paid )?subscribers only"
    r"|continue reading with|you(?:'ve| have) reached your"
    r" (?:free |monthly )?(?:article )?limit|剩余\s*\d{1,2}%|(?:付费|购买|订阅|开通会员"
    r"|成为会员)(?:后)?(?:即可|可|解锁)?(?:阅读"
    r"|查看|继续)(?:全文|剩余)?"
    r"|本文为付费|会员专享|阅读全文需|试读结束|解锁全文|nur für abonnenten|réservé aux abonnés"
    r"|exclusivo para suscriptores",
    re.IGNORECASE,
)
_DELETED: Final = re.compile(
    r"(?:内容|文章|该内容|此内容|帖子|回答|视频)已(?:被)?(?:发布者|作者|投诉|管理员)?(?:自行)?(?:删除|下架"
    r"|移除)|已被发布者删除|因违规无法查看"
    r"|此内容(?:因违规|被投诉)|账号已(?:被)?(?:注销|封禁|迁移)|该公众号已迁移|内容(?:不存在|已失效)"
    r"|(?:deleted|removed) by (?:its|the|their) "
    r"(?:author|owner|user|moderators?)|this (?:post|article|page|story|content|video) (?:has been|was"
    r"|is) (?:deleted|removed|no longer available"
    r"|unavailable)|content (?:is )?(?:no longer available|unavailable)|account (?:has been )?(?:suspended"
    r"|deleted)",
    re.IGNORECASE,
)
_MISSING: Final = re.compile(
    r"\b404\b|page (?:not found|can(?:no|')t be found|doesn(?:'|’)t exist|does not exist)|not found\b"
    r"|couldn(?:'|’)t find (?:the|that|this) page"
    r"|(?:页面|网页|文章|您访问的页面|你访问的页面|您要找的页面)(?:不存在|未找到|找不到|走丢|飞走|已失效"
    r"|没有找到)|找不到(?:该|此|您|你)?.{0,6}(?:页面|网页)"
    r"|抱歉.{0,12}(?:不存在|找不到)"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada",
    re.IGNORECASE,
)
_SCRIPT: Final = re.compile(
    r"(?:please )?(?:enable|turn on|activate) javascript|javascript (?:is (?:disabled|required"
    r"|not enabled)|to run this app)|you need to enable javascript"
    r"|requires? javascript|请(?:开启|启用|打开).{0,6}javascript|浏览器.{0,8}不支持 ?javascript"
    r"|loading\.{2,3}$|正在加载|加载中",
    re.IGNORECASE,
)
_ROOTS: Final = ("root", "app", "__next", "__nuxt", "main-app", "___gatsby", "svelte")
"""Elements into which a script writes a page that is empty without it."""


def shell_of(tree: HtmlElement, *, title: str, text: str) -> Shell | None:
    """Return what a page is instead of an article; `text` is the article found in it. None for an article."""
    shown = _visible(tree)
    # An article may speak of all these; around its text the rest of the page is short, and its title says so.
    around = f"{title}\n{shown}"
    if len(shown) <= _MAX_SHELL_CHARS or len(text) < _MIN_TEXT_CHARS:
        for pattern, shell in _SHORT:
            said = f"{around}\n{_unscripted(tree)}" if shell == "script" else around
            if pattern.search(said) and not _is_prose(text, pattern):
                return shell
    # A teaser ends at a wall, which stands at the end of a page of any length and not in its text.
    if (
        len(text) <= _MAX_TEASER_CHARS
        and _PAYWALL.search(shown[-_MAX_ENDING_CHARS:])
        and not _PAYWALL.search(text)
    ):
        return "paywall"
    if len(text) >= _MIN_TEXT_CHARS:
        return None
    return "script" if _is_frame(tree) else "empty"


_SHORT: Final[tuple[tuple[re.Pattern[str], Shell], ...]] = (
    (_CHECK, "check"),
    (_DELETED, "deleted"),
    (_MISSING, "missing"),
    (_PAYWALL, "paywall"),
    (_CONSENT, "consent"),
    (_LOGIN, "login"),
    (_SCRIPT, "script"),
)


def _is_prose(text: str, pattern: re.Pattern[str]) -> bool:
    """Return whether it is an article in spite of such words: long, or sentences without them."""
    if len(text) >= _MIN_LONG_CHARS:
        return True
    sentences = [each.strip() for each in _SENTENCE_ENDS.split(text)]
    others = [each for each in sentences if len(each) >= _MIN_SENTENCE_CHARS and not pattern.search(each)]
    return len(others) >= _MIN_SENTENCES


def _visible(tree: HtmlElement) -> str:
    """Return what people see of a page, as one line."""
    parts = tree.xpath(
        "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
    )
    return " ".join(" ".join(parts).split())


def _unscripted(tree: HtmlElement) -> str:
    return " ".join(" ".join(tree.xpath("//noscript//text()")).split())


def _is_frame(tree: HtmlElement) -> bool:
    """Return whether a script would write the page."""
    return bool(tree.xpath("//script")) and any(tree.xpath("//*[@id=$id]", id=name) for name in _ROOTS)
