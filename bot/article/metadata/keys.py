"""How metadata is named in Jekyll, Hugo, Zola, Pelican, Hexo, Astro and Obsidian, and by hand."""

import re
from typing import Final

_SPELLINGS: Final = {
    "title": "title headline 标题 標題 题目 題目",
    "source": "source publication publisher site via 来源 來源 出处 出處 转载自 轉載自",
    "author": "author authors by byline creator writer 作者 撰文",
    "editor": "editor translator 编辑 编译 译者 編輯 編譯 譯者",
    "published": "published publishedat publishedon publishedtime publishdate pubdate date datepublished "
    "posted created createdat datecreated 日期 发布日期 发布时间 发表时间 發布日期 日期时间 时间 "
    "updated updatedat updateddate lastmod lastmodified modified dateupdated datemodified 更新时间 更新日期",
    "url": "canonical canonicalurl canonicallink originalurl originallink original sourceurl sourcelink "
    "externalurl externallink link url permalink 原文链接 原文地址 原文 链接 网址 原文連結 連結",
    "language": "lang language locale 语言 語言",
    "tags": "tags tag keywords keyword topics 标签 標籤 关键词 關鍵詞",
    "categories": "categories category 分类 分類",
    "cover": "cover coverimage image featuredimage featureimage heroimage thumbnail banner ogimage "
    "封面 头图 題圖",
    "summary": "summary excerpt description abstract tldr 摘要 简介 导语 描述",
    "slug": "slug",
    "speaker": "speaker interviewee 说话人 受访者 讲者",
}
"""Our keys, and their spellings, the ones that count more first."""

KEYS: Final = {word: key for key, words in _SPELLINGS.items() for word in words.split()}
RANK: Final = {word: number for number, word in enumerate(KEYS)}

NAMES: Final = ("name", "title", "text", "label")
"""Where a table under one of these keys has what it is called."""

ADDRESSES: Final = ("url", "link", "href", "src", "path", "image", "file")
"""Where it has its address."""

_JOINTS: Final = re.compile(r"[\s_\-]+")


def folded(key: str) -> str:
    """Fold a key: `published_at`, `publishedAt` and `Published At` are one."""
    return _JOINTS.sub("", key.strip().casefold())
