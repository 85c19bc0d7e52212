"""What the name of a file, or a heading that every document could have, says about it."""

import re
from datetime import date
from pathlib import PurePath
from typing import Final

from bot.article.metadata.dates import find_date

_SEPARATORS: Final = re.compile(r"[_\s]+|(?<!\d)-|-(?!\d)")
_DATED: Final = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:[-_ .]+|$)")
_NUMBERING: Final = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[章节部分]|[\d.]+|[一二三四五六七八九十]+[、．.])\s*"
)
_GENERIC: Final = frozenset(
    "readme index untitled note notes document doc newfile file draft post article page home "
    "main content contents message text paste pasted copy temp tmp test output input result export "
    "exported download summary tldr overview introduction intro abstract background featured "
    "highlights news links toc tableofcontents inthisissue whatsnew preface foreword prologue "
    "usage installation gettingstarted synopsis description options license licence credits "
    "welcome metadata about changelog part1 chapter1 section1 引言 前言 序言 序 导语 导读 導讀 引子 "
    "开篇 概述 概要 摘要 总结 简介 背景 目录 目次 正文 全文 内容 未命名 无标题 新建 文档 文章 笔记 "
    "einleitung inhalt einführung zusammenfassung introducción resumen resumo índice sommaire "
    "indice introduzione".split()
)


def name_in_words(file: str) -> str:
    """Return a file's name as a title, without the day before it; pasted text has none."""
    stem = _stem(file)
    name = _DATED.sub("", stem, count=1)
    return " ".join(_SEPARATORS.sub(" ", stem if is_generic(name) else name).split())


def day_of(file: str) -> date | None:
    """Return the day that a file's name begins with, as Jekyll's do."""
    match = _DATED.match(_stem(file))
    return find_date(match[1]) if match else None


def is_generic(title: str) -> bool:
    """Return whether a title tells nothing of its document: `README`, `1 引言`, `2026-11`."""
    bare = "".join(char for char in _NUMBERING.sub("", title.casefold()) if char.isalnum())
    return bare in _GENERIC or not any(map(str.isalpha, bare))


def _stem(file: str) -> str:
    return PurePath(file.replace("\\", "/")).stem
