"""A line without labels that says who, where and when: `Jane Roe · November 1, 2026 · 5 min read`."""

import re
from typing import Final

from bot.article.metadata.dates import find_date, without_commas
from bot.article.metadata.names import bare_name
from bot.article.model import Inlines
from bot.article.plain_text import is_wide, links_of, plain

_MAX_BYLINE_CHARS: Final = 160
_MAX_NAMES: Final = 3
_MAX_NAME_WORDS: Final = 5
_MAX_WIDE_NAME_CHARS: Final = 16
_BETWEEN: Final = re.compile(r"\s*(?:[·•∙⋅|｜丨\n]|\s[-–—]\s)\s*|,\s+|，")  # as typed
_DAY: Final = re.compile(
    r"(?:published|posted|updated|last updated|on|发布于|发表于|更新于|编辑于|\W|at|am|pm|utc|gmt"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|星期.|周.|上午|下午"
    r"|[+-]\d\d:?\d\d|\d{1,2}:\d\d(?::\d\d)?)*",
    re.IGNORECASE,
)
"""What may stand around a day."""
_READING: Final = re.compile(
    r"(?:约|約|大约|全文|本文|共|~|about\s)*\s*[\d,.]+\s*[kK万]?\s*(?:-\s*\d+\s*)?"
    r"(?:min(?:ute)?s?\.?(?:\s+(?:to\s+)?read)?|words?|views?|comments?|likes?|claps?|shares?|responses?"
    r"|分钟(?:阅读)?|分鐘|字|次?阅读|次?浏览|人阅读|评论|赞)"
    r"|(?:reading time|read time|time to read|阅读时[间长]|预计阅读(?:时[间长])?|字数|阅读量?|浏览量?)"
    r"\W*(?:约|about)?\s*[\d,.].*",
    re.IGNORECASE,
)
_BY: Final = re.compile(r"(?:(?:written|words|posted|published|story)\s+)?by\s+(\S.{1,60})", re.IGNORECASE)
_PLACE: Final = re.compile(r"(?<=:\d\d)\s+[\u4e00-\u9fff]{2,6}$")
_KIND: Final = re.compile(
    r"(?:原创|原創|转载|轉載|首发|独家|sponsored|guest post|opinion|news|blog|featured|follow|share"
    r"|subscribe|listen|paid|save|member-only story|[\W\d_]*)",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[。！？!?；;：:]|[a-z]{3,}\.(?:\s|$)")


_DATE_WORDS: Final = re.compile(
    r"[^\W\d_]{3,12}\.?(?=\s+\d)|(?<=\d)\s*[年月日号號년월일]|(?<=\d)\s+[^\W\d_]{3,12}\b|(?<=\d)(?:st|nd|rd"
    r"|th)|\d"
)


def byline_of(line: Inlines) -> dict[str, str] | None:
    """Return what a byline says under our keys; None for a line that is none."""
    text = plain(line).strip()
    if not text or len(text) > _MAX_BYLINE_CHARS:
        return None
    return _account(line, text) or _listed(text)


def _account(line: Inlines, text: str) -> dict[str, str] | None:
    """`原创 某甲 [某号](javascript:…) *2026年11月1日 10:35* *北京*`: the head of a post on WeChat."""
    original = text.startswith(("原创", "原創"))
    accounts = (plain(link.children).strip() for link in links_of(line) if link.url.startswith("javascript:"))
    account = next(accounts, "")
    day = find_date(text)
    if not (original or account) or not (day or account):
        return None
    values = {"published": day.isoformat()} if day else {}
    before = text.removeprefix("原创").removeprefix("原創").split(account)[0] if account else text[2:]
    names = [name for name in before.split() if not find_date(name) and not any(map(str.isdigit, name))]
    source = account or (names[-1] if len(names) > 1 else "")
    if source:
        values["source"] = source
    if names and names[0] != source:
        values["author"] = names[0]
    return values


def _listed(text: str) -> dict[str, str] | None:
    """Parts of a kind each: a day, how long it takes, names; one of the first two tells a byline."""
    joined = without_commas(text)
    by_comma = _BETWEEN.search(joined) is not None and "," in joined
    values: dict[str, str] = {}
    names: list[str] = []
    told = False
    for part in filter(None, map(str.strip, _BETWEEN.split(joined))):
        if (day := find_date(part)) and _is_day(_PLACE.sub("", part)):
            values.setdefault("published", day.isoformat())
            told = True
        elif _READING.fullmatch(part):
            told = True
        elif by := _BY.fullmatch(part):
            told = _take_by(by[1], values) or told
        elif not _KIND.fullmatch(part):
            names.append(part)
    if not told or len(names) > _MAX_NAMES or not all(map(_is_name, names)):
        return None
    # `Paris, 1 November 2026` names a place.
    if names and not by_comma and "author" not in values:
        values["author"] = bare_name(names.pop(0))
    if names and not by_comma:
        values["source"] = bare_name(names[0])
    return values


def _take_by(words: str, values: dict[str, str]) -> bool:
    """Take `Jane Roe on November 1 2026`."""
    name, _, when = (
        re.split(r"(\s+on\s+)", words, maxsplit=1) if re.search(r"\s+on\s+", words) else (words, "", "")
    )
    day = find_date(when or words)
    if day:
        values.setdefault("published", day.isoformat())
    if not _is_name(name):
        return False
    values.setdefault("author", bare_name(name))
    return True


def _is_day(part: str) -> bool:
    """Return whether a part says a day and nothing else."""
    words = _DATE_WORDS.sub("", part)
    return _DAY.fullmatch(words) is not None


def _is_name(part: str) -> bool:
    if _SENTENCE.search(part):
        return False
    if any(map(is_wide, part)):
        return len(part) <= _MAX_WIDE_NAME_CHARS
    words = part.split()
    return len(words) <= _MAX_NAME_WORDS and part[:1].isupper() | (part[:1] == "@")
