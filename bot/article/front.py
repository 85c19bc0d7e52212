"""Metadata at the top of a document: YAML between two fences, or a header of `Title: …` lines."""

import re
from dataclasses import dataclass, field
from typing import Final

import yaml

from bot.errors import ArticleError

_KEYS: Final[dict[str, str]] = {
    word: key
    for key, words in {
        "title": "title 标题 題目 题目",
        "source": "source 来源 來源 出处 出處",
        "author": "author authors by 作者",
        "editor": "editor translator 编辑 编译 译者 編輯 編譯",
        "published": "published date 日期 发布日期 发布时间 日期时间",
        "url": "url link canonical original 链接 原文链接 原文 連結",
        "language": "language lang 语言",
        "tags": "tags keywords category categories 标签 关键词 標籤",
        "cover": "cover image 封面",
        "summary": "summary description abstract 摘要 简介",
        "slug": "slug",
        "speaker": "speaker 说话人 受访者",
    }.items()
    for word in words.split()
}
_PELICAN: Final = re.compile(r"([^\W\d_][\w \-]{0,30}?)\s*[:：](?:\s+|(?<=：))(.*)")
_FENCE: Final = "---"
_ENDS: Final = frozenset({"---", "..."})


class _Strings(yaml.BaseLoader):
    """Leaves every value a string: `lang: no` stays "no", `!!python/…` stays inert.

    Aliases are refused: a few hundred bytes of them can stand for gigabytes.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node that is written out."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
            raise yaml.composer.ComposerError(None, None, "aliases are not read", event.start_mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class Front:
    """What stood at the top (`values` under our own keys), the rest, and the line where that begins."""

    values: dict[str, str | list[str]] = field(default_factory=dict)
    body: str = ""
    line: int = 1

    def text(self, key: str) -> str | None:
        """One value; a list reads as its words in a row."""
        value = self.values.get(key)
        joined = ", ".join(value) if isinstance(value, list) else value
        return (joined or "").strip() or None

    def words(self, key: str) -> tuple[str, ...]:
        """Several values, given as a list or separated by commas."""
        value = self.values.get(key) or []
        words = re.split(r"[,，、;；]", value) if isinstance(value, str) else value
        return tuple(dict.fromkeys(word.strip().lstrip("#") for word in words if word.strip()))


def split_front(text: str, *, file: str) -> Front:
    """Part a document's metadata from its text. ArticleError for YAML that cannot be read."""
    text = text.removeprefix("\ufeff")
    lines = text.split("\n")
    return _fenced(lines, file) or _pelican(lines) or Front(body=text)


def _fenced(lines: list[str], file: str) -> Front | None:
    if lines[0].rstrip() != _FENCE or len(lines) < 3 or not lines[1].strip():  # noqa: PLR2004  # two fences
        return None  # a rule, not a fence
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in _ENDS), None)
    if end is None:
        return None
    try:
        loaded = yaml.load("\n".join(lines[1:end]), Loader=_Strings)  # noqa: S506  # it builds strings only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        raise ArticleError("error.yaml", file=file, line=line, problem=problem) from error
    except RecursionError as error:
        raise ArticleError("error.yaml_deep", file=file, line=1) from error
    if not isinstance(loaded, dict):
        return None
    values = {
        _KEYS[key.strip().casefold()]: value
        if isinstance(value, str)
        else [item for item in value if isinstance(item, str)]
        for key, value in loaded.items()
        if isinstance(key, str) and key.strip().casefold() in _KEYS and not isinstance(value, dict)
    }
    return Front(values, "\n".join(lines[end + 1 :]), end + 2)


def _pelican(lines: list[str]) -> Front | None:
    values: dict[str, str | list[str]] = {}
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    for line in lines[:end]:
        match = _PELICAN.fullmatch(line.rstrip())
        if match is None:
            return None
        key = _KEYS.get(match[1].casefold())
        if key:
            values[key] = match[2]
    # Only a title tells a header from a first paragraph that happens to have a colon in each line.
    return Front(values, "\n".join(lines[end:]), end + 1) if "title" in values else None
