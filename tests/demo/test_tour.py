"""The tour that `docs/tour.md` shows, walked in a real browser in both languages; TOUR=write makes its pictures anew."""

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.demo.browser import in_a_browser, last, on_page, press, send

pytestmark = in_a_browser

ROOT: Final = Path(__file__).parent.parent.parent
PICTURES: Final = ROOT / "docs" / "tour"
DIFFERENT: Final = 0.06
"""Of the way from black to white, on average over the picture: more is another picture, less another font."""

_COMPARE: Final = """async ([one, other]) => {
  const pixels = await Promise.all([one, other].map(async (data) => {
    const image = new Image();
    image.src = `data:image/jpeg;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(39, 84);
    const paper = canvas.getContext("2d");
    paper.filter = "grayscale(1)";
    paper.drawImage(image, 0, 0, 39, 84);
    return paper.getImageData(0, 0, 39, 84).data;
  }));
  let sum = 0;
  for (let at = 0; at < pixels[0].length; at += 4) sum += Math.abs(pixels[0][at] - pixels[1][at]);
  return sum / (pixels[0].length / 4) / 255;
}"""

DOCUMENT: Final = """# {title}

{lead}

## {section}

> {quote}
"""


@dataclass(frozen=True)
class Words:
    """What is pressed, typed and read in one language."""

    locale: str
    newest: str
    contents: str
    section: str
    context: str
    city: str
    greeting: str
    subscribed: str
    digest: str
    blocked: str
    document: dict[str, str]
    publish: str
    published: str
    unknown: str
    searched: str
    found: str
    fetched: str
    post: tuple[str, str]
    forward: str
    edit: str
    edit_title: str
    feed: str
    look: str
    newest_entry: str
    topics: str
    tags: str
    back: str
    week: str
    weekly: str
    saturday: str
    at_time: str
    tomorrow: str
    read: str
    retitled: str
    replace: str
    versions: str


ENGLISH: Final = Words(
    "en-GB", "Newest", "Contents", "A noon for every town", "In context", "London", "Long articles, one part at a time", "You’re subscribed",
    "3 new articles for you.", "blocked",
    {"title": "Why we read slowly", "lead": "Ten pages a day are enough, if they are the right ones.",
     "section": "Slow is smooth", "quote": "Read less, and read it twice."},
    "✅ Publish", "get it in their next digest", "don’t know that command", "railway", "1 article with railway",
    "Why the ferry is late",
    ("The mill stands still", "Nobody has brought grain since Tuesday, and the miller reads all day."),
    "Forward to the editor’s chat", "Edit", "Title",
    "The River Post", "Look at it", "The river freezes over",
    "Topics", "Tags", "‹ Topics", "What this week", "Weekly", "Sat", "Publish at", "tomorrow", "Read it",
    "Why one should read slowly", "Replace", "Versions",
)  # fmt: skip
CHINESE: Final = Words(
    "zh-CN", "最新一篇", "目录", "先看个大概", "看出处", "上海", "长文章，挑着读就好", "已订阅每日推送", "3 篇新文章", "已屏蔽",
    {"title": "为什么要慢慢读", "lead": "一天十页就够了，只要选对了书，读得慢反而记得久。",
     "section": "慢就是稳", "quote": "少读一点，读两遍。"},
    "✅ 发布", "会进入订阅者的下一次推送", "没有这个命令", "機器", "有 1 篇提到 機器",
    "渡船为什么总是晚点",
    ("磨坊停了", "从星期二起就没有人送谷子来，磨坊主整天都在看书，谁也不去打扰他。"), "转发给编辑", "修改", "标题",
    "河边杂志", "看一下", "河面结冰了",
    "主题", "标签", "‹ 主题", "这一周会收到", "每周", "周六", "定时发布", "明天", "看看",
    "为什么要读得这么慢", "替换", "历史版本",
)  # fmt: skip


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
async def test_tour(address: str, words: Words) -> None:
    async with on_page(address, words.locale) as page:
        await page.wait_for_selector("#start:visible")
        first = await _shown(page, words, "01-empty")
        await page.click("#start")
        await last(page, words.greeting)
        await press(page, words.newest)
        await expect(page.locator(".message")).to_have_count(3)
        await _shown(page, words, "02-summary")
        await press(page, words.contents)
        # The summary has a button of the same name as a section: it is to be gone.
        left = page.locator(".message").last.get_by_role("button", name=words.contents)
        await expect(left).to_have_count(0)
        await press(page, words.section)
        await last(page, f"{words.section} · ")
        third = await _shown(page, words, "03-section")
        await send(page, "/quote")
        await expect(page.locator(".message").last.locator("blockquote")).to_be_visible()
        await _shown(page, words, "04-quote")
        await _search(page, words)
        await send(page, "/subscribe 8:30")
        await press(page, words.city)
        await last(page, words.subscribed, "08:30")
        await _shown(page, words, "05-subscribe")
        await page.click("#skip")
        await last(page, words.digest)
        await _shown(page, words, "06-digest")
        await _mute(page, words)
        await _block(page, words)
        await send(page, "/settings")
        await last(page, "08:30")
        await _shown(page, words, "08-settings")
        await _topics(page, words)
        await _link(page, words)
        text = DOCUMENT.format(**words.document).encode()
        await page.set_input_files("#file", {"name": "a.md", "mimeType": "text/markdown", "buffer": text})
        await last(page, words.document["title"], words.publish)
        await _shown(page, words, "09-proposal")
        await press(page, words.publish)
        await last(page, words.published)
        await _versions(page, words)
        await _forward(page, words)
        await _feed(page, words)
        await page.click("#view-outsider")
        await page.click("#start")
        await last(page, words.greeting)
        await send(page, "/addarticle")
        await last(page, words.unknown)
        await _shown(page, words, "10-outsider")
        assert await _apart(page, first, third) > DIFFERENT  # what is compared can be told apart


async def _tap(page: Page, label: str) -> None:
    """Press the first of several buttons."""
    await page.locator(".message").last.get_by_role("button", name=label).first.click()


async def _mute(page: Page, words: Words) -> None:
    """The reader opens an entry of the digest and mutes a topic of it, then has it back."""
    await _tap(page, "1. ")
    await _tap(page, "🔕 ")
    await expect(page.locator(".message").last.get_by_role("button", name="↺ ").first).to_be_visible()
    await _shown(page, words, "16-mute")
    await press(page, "↺ ")
    await expect(page.locator(".message").last.get_by_role("button", name="↺ ")).to_have_count(0)


async def _block(page: Page, words: Words) -> None:
    await page.click("#block")
    await expect(page.locator("#status")).to_have_text(words.blocked)
    await _shown(page, words, "07-blocked")
    await page.click("#unblock")
    await expect(page.locator("#composer")).to_be_visible()


async def _topics(page: Page, words: Words) -> None:
    """The reader follows a tag, sees what a week would have brought, and has a digest of the week."""
    await press(page, words.topics)
    await press(page, words.tags)
    await _tap(page, "#")
    await expect(page.locator(".message").last.get_by_role("button", name="★ ")).to_be_visible()
    await _shown(page, words, "17-topics")
    await press(page, words.back)
    await press(page, words.week)
    await last(page, "★ ")
    await _shown(page, words, "18-week")
    await send(page, "/settings")
    await press(page, words.weekly)
    await press(page, words.saturday)
    await expect(page.locator(".message").last.get_by_role("button", name="✓ ").first).to_be_visible()
    await _shown(page, words, "19-weekly")


async def _versions(page: Page, words: Words) -> None:
    """The editor changes what is published, and looks at what that changed."""
    await press(page, words.read)
    await last(page, words.versions)
    await press(page, words.edit)
    await last(page, words.replace)
    await press(page, words.edit)
    await press(page, words.edit_title)
    await send(page, words.retitled)
    await press(page, words.replace)
    await press(page, words.read)
    await press(page, words.versions)
    await last(page, "2. ")
    await press(page, "2")
    await expect(page.locator(".message").last.locator("s")).not_to_have_count(0)
    await _shown(page, words, "21-versions")


async def _search(page: Page, words: Words) -> None:
    await send(page, words.searched)
    await last(page, words.found)
    await _shown(page, words, "11-search")


async def _link(page: Page, words: Words) -> None:
    await page.click("#view-editor")
    await page.click("#start")
    await last(page, words.greeting)
    await send(page, f"https://example.org/{words.locale[:2]}")
    await last(page, words.fetched, words.publish)
    await _shown(page, words, "12-link")


async def _forward(page: Page, words: Words) -> None:
    """An administrator posts in a channel; the editor passes the post on, and looks at what can be changed."""
    await page.click("#view-channel")
    await expect(page.locator("#bot-name")).to_have_text("Good reads")
    await send(page, "\n\n".join(words.post))
    await last(page, *words.post)
    post = page.locator(".message").last
    await post.hover()
    await post.get_by_role("button", name=words.forward).click()
    await page.click("#view-editor")
    await last(page, words.post[0], words.publish)
    await _shown(page, words, "13-forward")
    await press(page, words.edit)
    await expect(page.locator(".message").last.get_by_role("button", name=words.edit_title)).to_be_visible()
    await _shown(page, words, "14-edit")
    await send(page, "/drafts")
    await press(page, "1")
    await press(page, words.at_time)
    await _tap(page, words.tomorrow)
    await last(page, "📅")
    await _shown(page, words, "20-time")


async def _feed(page: Page, words: Words) -> None:
    """The editor follows a feed; what was new in it waits in a list."""
    await send(page, f"/feeds https://example.org/feed-{words.locale[:2]}")
    await press(page, words.look)
    await last(page, words.feed, words.newest_entry)
    await _shown(page, words, "15-feed")


async def _shown(page: Page, words: Words, name: str) -> bytes:
    """The page as it looks now, held against the picture in the tour."""
    await page.evaluate("document.activeElement?.blur()")
    await expect(page.locator(".pressed")).to_have_count(0)
    await page.evaluate("document.getElementById('toast').hidden = true")
    seen = await page.screenshot(type="jpeg", quality=72, animations="disabled")
    kept = PICTURES / f"{words.locale[:2]}-{name}.jpg"
    if os.environ.get("TOUR") == "write":
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(seen)
    assert await _apart(page, seen, kept.read_bytes()) <= DIFFERENT, name
    return seen


async def _apart(page: Page, one: bytes, other: bytes) -> float:
    """How far two pictures are apart, from 0 to 1. The page's own rules forbid it pictures from elsewhere."""
    blank = await page.context.new_page()
    try:
        images = [base64.b64encode(picture).decode() for picture in (one, other)]
        return float(await blank.evaluate(_COMPARE, images))
    finally:
        await blank.close()


def test_tour_shows_every_picture_and_no_other() -> None:
    text = (ROOT / "docs" / "tour.md").read_text("utf-8")
    pictures = {path.name for path in PICTURES.iterdir()}
    assert len(pictures) == 42
    assert all(f"tour/{name}" in text for name in pictures)
    assert text.count("tour/") == len(pictures)
