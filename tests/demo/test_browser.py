"""The chat page in a real browser: what a newcomer does first, in both languages, at the size of a phone."""

import asyncio
import base64

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.async_api import Page, expect

from tests.demo.browser import in_a_browser, last, on_page, press, send

pytestmark = in_a_browser

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("locale", "greeting", "newest", "contents", "section", "subscribed", "city", "skipped"),
    [
        (
            "en-GB",
            "Long articles, one part at a time",
            "Whose noon is it?",
            "Contents",
            "A noon for every town",
            "You’re subscribed",
            "Berlin",
            "3 new articles for you.",
        ),
        (
            "zh-CN",
            "长文章，挑着读就好",
            "古人的三个办法",
            "目录",
            "先看个大概",
            "已订阅每日推送",
            "上海",
            "3 篇新文章",
        ),
    ],
)
async def test_newcomer_reads_subscribes_and_gets_a_digest(
    address: str,
    locale: str,
    greeting: str,
    newest: str,
    contents: str,
    section: str,
    subscribed: str,
    city: str,
    skipped: str,
) -> None:
    async with on_page(address, locale) as page:
        await page.click("#start")
        await last(page, greeting)
        await send(page, "/summary")
        await last(page, newest)
        await press(page, contents)
        await page.locator(".message").last.get_by_role("button", name=section).first.click()
        await last(page, f"{section} · ")
        await send(page, "/quote")
        await expect(page.locator(".message").last.locator("blockquote")).to_be_visible()
        await send(page, "/subscribe 8:30")
        await press(page, city)
        await last(page, subscribed, "08:30")
        await page.click("#skip")
        await last(page, skipped)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        assert await page.evaluate("log.scrollWidth - log.clientWidth") == 0


@pytest.mark.parametrize(
    ("locale", "publish", "published", "undo", "removed", "unknown"),
    [
        (
            "en-GB",
            "✅ Publish",
            "get it in their next digest",
            "Undo",
            "is removed",
            "don’t know that command",
        ),
        ("zh-CN", "✅ 发布", "会进入订阅者的下一次推送", "撤销", "已移除", "没有这个命令"),
    ],
)
async def test_owner_adds_an_article_and_a_stranger_cannot(
    address: str, locale: str, publish: str, published: str, undo: str, removed: str, unknown: str
) -> None:
    text = "# Fresh / 新鲜 and so long a title that no button of a phone could ever have room for all of it\n\nThe lead of this one is long enough. 这是导语。\n\n> Words. 一句话。"
    async with on_page(address, locale, "editor") as page:
        await page.click("#start")
        await send(page, "/addarticle")
        await page.set_input_files(
            "#file", {"name": "新鲜.md", "mimeType": "text/markdown", "buffer": text.encode()}
        )
        await last(page, "Fresh / 新鲜")
        await expect(page.locator(".message").last.locator(".fold")).to_have_count(0)  # it fits
        await press(page, publish)
        await last(page, published)
        await press(page, undo)
        await last(page, removed)
        await press(page, undo)
        await send(page, "/digest")
        await last(page, "Fresh / 新鲜")
        assert await page.evaluate("log.scrollWidth - log.clientWidth") == 0
        await page.click("#view-outsider")
        await page.click("#start")
        await expect(page.locator(".message")).to_have_count(2)
        await send(page, "/addarticle")
        await last(page, unknown)


async def test_only_what_does_not_fit_can_be_unfolded(address: str) -> None:
    async with on_page(address, "en-GB", "editor") as page:
        await page.click("#start")
        quote = page.locator(".message").last.locator("blockquote")
        for words, folds in (("Few words, and yet a lead.", 0), ("Many words. " * 40, 1)):
            document = f"# T{folds}\n\n{words}".encode()
            await page.set_input_files(
                "#file", {"name": f"{folds}.md", "mimeType": "text/markdown", "buffer": document}
            )
            await last(page, f"T{folds}")
            await expect(quote.locator(".fold")).to_have_count(folds)
        await quote.get_by_role("button").click()
        assert await quote.evaluate("node => node.classList.contains('folded')") is False


async def test_group_a_channel_and_what_follows_from_their_buttons(address: str) -> None:
    async with on_page(address, "en-GB", "group") as page:
        await expect(page.locator("#status")).to_have_text("not in this chat")
        await page.click("#unblock")
        await expect(page.locator(".happened")).to_have_text("The bot was added")
        await send(page, "/subscribe 8 London")
        await last(page, "You’re subscribed")
        await page.select_option("#speaker", label="Sam · member")
        await page.locator(".message").last.get_by_role("button", name="Settings").click()
        await expect(page.locator("#toast")).to_contain_text("only its administrators")
        await page.click("#view-reader")
        await page.click("#start")
        await expect(page.locator(".message").last.get_by_role("button", name="A quote")).to_be_visible()
        await page.click("#view-channel")
        await page.click("#unblock")
        async with on_page(address, "en-GB", "reader") as other:
            await last(other, "Settings of “Good reads”")  # it has come while the first page looked elsewhere
        await page.click("#view-reader")
        await expect(page.locator(".unread")).to_have_text("Unread messages")
        await last(page, "Settings of “Good reads”")
        await page.locator(".message").last.get_by_role("button", name="Start digests").click()
        await page.locator(".message").last.get_by_role("button", name="London").click()
        await last(page, "Every day at 08:00, London time")
        await page.click("#view-channel")
        await expect(page.locator("#view-channel")).to_have_attribute("aria-selected", "true")
        await page.click("#skip")
        await last(page, "3 new articles for you.")
        await page.locator(".message").last.get_by_role("button", name="1. ").click()
        await last(page, "every town kept its own noon")  # the private chat has opened, with the article
        await expect(page.locator("#view-reader")).to_have_attribute("aria-selected", "true")


async def test_what_is_unsent_hidden_or_kept_behaves_as_in_a_client(address: str) -> None:
    async with on_page(address, "en-GB", "editor") as page:
        await page.click("#start")
        await page.fill("#text", "not yet sent")
        await page.click("#view-outsider")
        await page.click("#start")
        await expect(page.locator("#text")).to_have_value("")
        await page.click("#view-editor")
        await expect(page.locator("#text")).to_have_value("not yet sent")
        await page.fill("#text", "")
        await page.set_input_files("#file", {"name": "p.png", "mimeType": "image/png", "buffer": PIXEL})
        picture = page.locator("img.picture")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("node => node.naturalWidth") == 1
        await send(page, "/privacy")
        await press(page, "Export")
        async with page.expect_download() as download:
            await page.locator(".message").last.locator("a.file").click()
        assert (await download.value).suggested_filename == "article-digest-data.json"
        before = await page.locator("#clock").get_attribute("datetime")
        await page.click("#day")
        await expect(page.locator("#clock")).not_to_have_attribute("datetime", before or "")
        await page.click("#theme")
        assert await page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


async def test_page_is_light_to_load(address: str) -> None:
    async with on_page(address, "en-GB") as page:
        sizes = await page.evaluate(
            "performance.getEntries().filter(e => e.transferSize).map(e => e.transferSize)"
        )
        assert len(sizes) > 5
        assert sum(sizes) <= 100_000


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_no_serious_fault(address: str, theme: str) -> None:
    async with on_page(address, "en-GB") as page:
        await page.wait_for_selector("#start:visible")  # before that, the page has no words yet
        if theme == "dark":
            await page.click("#theme")
        faults = await serious(page)
        await page.click("#start")
        await send(page, "/help")
        await last(page, "What I can do")
        await send(page, "/settings")
        await last(page, "Settings")
        await page.fill("#text", "/s")
        assert faults + await serious(page) == []


async def serious(page: Page) -> list[str]:
    """What axe calls serious or worse."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']} {fault['nodes'][0]['failureSummary']}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]


async def test_what_is_typed_is_sent_as_telegrams_apps_send_it(address: str) -> None:
    async with on_page(address, "en-GB", "outsider") as page:
        await page.click("#start")
        await send(page, "a **bold __and__ so** `x*y` ||hidden|| snake_case 2**3 **\n```py\nx = 1\n```")
        mine = page.locator(".message.mine").filter(has_text="snake_case")
        for tag, text in (("b", "bold and so"), ("i", "and"), ("code", "x*y"), (".spoiler", "hidden")):
            await expect(mine.locator(tag).first).to_have_text(text)
        await expect(mine.locator("pre")).to_contain_text("x = 1")
        await expect(mine).to_contain_text("snake_case 2**3 **")


async def test_long_text_goes_in_parts(address: str) -> None:
    async with on_page(address, "en-GB", "outsider") as page:
        await page.click("#start")
        await page.fill("#text", "word " * 1000 + "👍" * 3000)
        await page.click("#send")
        lengths = (
            "async () => (await (await fetch('/page/state?view=outsider')).json())"
            ".messages.filter((one) => one.from.id === 102 && one.text.length > 9).map((one) => one.text.length)"
        )
        async with asyncio.timeout(30):
            while len(await page.evaluate(lengths)) < 3:  # noqa: ASYNC110  # the page tells nobody
                await asyncio.sleep(0.02)  # noqa: TID251  # the page works in real time
        assert sum(await page.evaluate(lengths)) >= 11_000 - 10
        assert max(await page.evaluate(lengths)) <= 4096


async def test_what_could_not_be_sent_is_unsent_text_again(address: str) -> None:
    async with on_page(address, "en-GB", "outsider") as page:
        await page.click("#start")
        await last(page, "Long articles, one part at a time")
        await page.evaluate(
            "() => { window.kept = window.fetch; window.fetch = () => Promise.reject(new Error('gone')); }"
        )
        await send(page, "a **bold** word")
        await expect(page.locator("#toast")).to_contain_text("gone")
        await expect(page.locator("#text")).to_have_value("a **bold** word")
        await page.evaluate("() => { window.fetch = window.kept; }")
        await page.click("#send")
        await expect(page.locator(".message b", has_text="bold")).to_be_visible()
        await expect(page.locator("#text")).to_have_value("")
