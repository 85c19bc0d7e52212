"""The chat page in Debian's Chromium, at the size of a phone."""

import contextlib
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

# The browser shares its cores with the other tests: five seconds were not always enough for a message to come.
expect.set_options(timeout=15_000)

BROWSER = shutil.which("chromium-headless-shell") or shutil.which("chromium")

ZONES = {"en-GB": "Europe/London", "zh-CN": "Asia/Shanghai"}

in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: apt-get install chromium-headless-shell"),
]


@contextlib.asynccontextmanager
async def on_page(address: str, locale: str, view: str = "reader") -> AsyncIterator[Page]:
    """The chat page on a phone; whatever it complains of is a mistake."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER)
        context = await browser.new_context(
            viewport={"width": 390, "height": 844},
            locale=locale,
            timezone_id=ZONES[locale],
            reduced_motion="reduce",
        )
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        try:
            await page.goto(f"{address}/#{view}")
            yield page
            assert complaints == []
        finally:
            await browser.close()


async def last(page: Page, *words: str) -> None:
    for word in words:
        await expect(page.locator(".message").last).to_contain_text(word)


async def send(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.click("#send")


async def press(page: Page, label: str) -> None:
    await page.locator(".message").last.get_by_role("button", name=label).click()
