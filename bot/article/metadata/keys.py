"""How metadata is named by hand, by clippers and exporters, and by the generators of sites."""

import re
from typing import Final

_SPELLINGS: Final = {
    "title": "title headline fulltitle 标题 標題 题目 題目 제목 titel titre titolo título titulo",
    "source": "source publication publisher site via from sourcename sitename website blog account channel "
    "podcast newsletter journal venue 来源 來源 出处 出處 转载自 轉載自 公众号 公眾號 媒体 媒體 来自 來自 "
    "站点 期刊 播客 节目 频道 栏目 专栏 会议 发表会议 출처 매체 出典 fonte quelle fuente bron źródło "
    "kaynak nguồn sumber منبع المصدر источник",
    "author": "author authors by byline creator writer writtenby wordsby originalauthor postedby "
    "preparedby compiledby reportedby host 作者 撰文 文 原文作者 原作者 作者名 著者 저자 작성자 글쓴이 "
    "autor autore auteur verfasser yazar penulis автор نویسنده المؤلف",
    "editor": "editor translator translated translatedby editedby 编辑 编译 译者 翻译 整理 校对 编者 編輯 "
    "編譯 譯者 翻譯 訳者 번역 traductor traducteur traduttore übersetzer",
    "published": "published publishedat publishedon publishedtime publishtime publishdate pubdate "
    "pubdatetime date datepublished posted postedat postedon issued created createdat datecreated 日期 "
    "发布日期 发布时间 发布于 发表时间 发表日期 发表于 發布日期 發布時間 發佈日期 發表於 發布於 日期时间 "
    "时间 時間 公開日 投稿日 게시일 작성일 날짜 발행일 datum fecha dato tarih ngày tanggal дата تاریخ "
    "التاريخ data publicado publié veröffentlicht pubblicato updated updatedat updateddate lastmod "
    "lastmodified modified dateupdated datemodified 更新时间 更新日期 更新于 datesaved saved savedat "
    "dateadded added clipped clippedat 收藏时间 保存时间",
    "url": "canonical canonicalurl canonicallink originalurl originallink original sourceurl urlsource "
    "sourcelink articleurl articlelink externalurl externallink link url uri href permalink web "
    "readoriginal 原文链接 原文地址 原文網址 原文 链接 鏈接 地址 网址 網址 原文連結 連結 论文链接 原链接 "
    "转载地址 원문 링크 リンク enlace lien collegamento odkaz ссылка",
    "language": "lang language locale 语言 語言 언어 言語 sprache langue idioma lingua",
    "tags": "tags tag keywords keyword topics topic hashtags hashtag documenttags labels 标签 標籤 关键词 "
    "關鍵詞 关键字 话题 태그 タグ schlagwörter etiquetas étiquettes теги",
    "categories": "categories category 分类 分類 类别 專欄 专栏 분류 카테고리 カテゴリ kategorie categoría "
    "catégorie",
    "cover": "cover coverimage image featuredimage featureimage heroimage thumbnail banner ogimage 封面 "
    "头图 題圖 题图",
    "summary": "summary excerpt description abstract tldr synopsis dek subtitle 摘要 简介 導語 导语 描述 "
    "概要 内容简介 요약 zusammenfassung résumé resumen riassunto",
    "slug": "slug",
    "path": "path aliases",
    "summary_by": "summaryby",
    "not_quotes": "notquotes 不要的金句",
    "speaker": "speaker interviewee guest 说话人 受访者 讲者 嘉宾",
}
"""Our keys, and their spellings, the ones that count more first."""

KEYS: Final = {word: key for key, words in _SPELLINGS.items() for word in words.split()}
RANK: Final = {word: number for number, word in enumerate(KEYS)}

DRAFTS: Final = frozenset({"draft", "isdraft", "草稿"})
"""Flags that say whether a document is unfinished; `published: false` says so, too."""
NO_WORDS: Final = frozenset("null none nil tbd tba todo n/a ~ - -- … ... undefined 无 待定".split())
"""What stands where a value is still to come."""
FLAGS: Final = frozenset("true false yes no on off draft 是 否".split())
"""What stands for a day where `published` says whether, and not when."""

PROGRAMS: Final = frozenset("markdown ckeditor code wysiwyg html asciidoc editor".split())
"""What stands for who edited where it says with what."""

NAMES: Final = ("name", "title", "text", "label")
"""Where a table under one of these keys has what it is called."""

ADDRESSES: Final = ("url", "link", "href", "src", "path", "image", "file")
"""Where it has its address."""

_JOINTS: Final = re.compile(r"[\s_\-]+")


def folded(key: str) -> str:
    """Fold a key: `published_at`, `publishedAt` and `Published At` are one."""
    return _JOINTS.sub("", key.strip().casefold())
