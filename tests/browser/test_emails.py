"""What comes by e-mail: an address confirmed, a new password after a forgotten one; links work once."""

import asyncio
import email
import email.policy
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

OLD, NEW = "a calm and long password", "another calm and long password"


LinkTo = Callable[..., Awaitable[str]]


@pytest.fixture
def link_to(site_home: Path) -> LinkTo:
    """Path and query of an address's newest link to a page; waits for an e-mail with another one than `known`."""

    def newest(address: str, page: str) -> str | None:
        for path in sorted((site_home / "mail").glob("*.eml"), reverse=True):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = message.get_body()
            found = body and re.search(rf"https?://\S+/{page}\?token=\S+", body.get_content())
            if message["To"] == address and found:
                parts = urlsplit(found[0])
                return f"{parts.path}?{parts.query}"
        return None

    async def comes(address: str, page: str, known: str = "") -> str:
        async with asyncio.timeout(200):
            while (link := newest(address, page)) in (None, known):
                await asyncio.sleep(0.1)
        assert link is not None
        return link

    return comes


async def test_an_address_is_confirmed_by_its_link(site: str, link_to: LinkTo) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("confirm@example.org")
        first = await link_to("confirm@example.org", "verify")
        await artist.goto("/account")
        await expect(page.get_by_text("Your address is not confirmed yet.")).to_be_visible()
        await artist.look("account-new")
        await page.get_by_role("button", name="Send it again").click()
        await expect(page.get_by_text("Another e-mail is on its way.")).to_be_visible()
        again = await link_to("confirm@example.org", "verify", first)
        await artist.goto(again)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Is this you?")
        await artist.look("verify")
        await page.get_by_role("button", name="Confirm my address").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("A song in, a video out")
        await artist.goto("/account")
        await expect(page.get_by_text("Your address is not confirmed yet.")).to_have_count(0)
        await artist.goto(again)
        await page.get_by_role("button", name="Confirm my address").click()
        await expect(page.get_by_role("alert").filter(has_text="used before or is too old")).to_be_visible()
        artist.forget("404")
        await artist.look("verify-refused")


async def test_a_forgotten_password_is_set_anew(site: str, link_to: LinkTo) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("forgetful@example.org", OLD)
        await page.goto("about:blank")  # Create may still be asking for this and that
        await page.context.clear_cookies()
        await artist.goto("/login")
        await page.get_by_role("link", name="Forgot the password?").click()
        await page.get_by_label("E-mail").fill("forgetful@example.org")
        await page.get_by_role("button", name="Send me a link").click()
        await expect(page.get_by_text("a link is on its way to it")).to_be_visible()
        await artist.look("forgot")
        link = await link_to("forgetful@example.org", "reset")
        await artist.goto(link)
        await page.get_by_label("New password").fill("short")
        await page.get_by_role("button", name="Set the new password").click()
        await expect(page.locator("#password-problem")).not_to_be_empty()
        await artist.look("reset")
        await page.get_by_label("New password").fill(NEW)
        await page.get_by_role("button", name="Set the new password").click()
        await expect(page.get_by_text("Your new password is set")).to_be_visible()
        await page.get_by_label("E-mail").fill("forgetful@example.org")
        await page.get_by_label("Password").fill(OLD)
        await page.get_by_role("button", name="Log in").click()
        await expect(page.get_by_text("Wrong e-mail address or password")).to_be_visible()
        await page.get_by_label("Password").fill(NEW)
        await page.get_by_role("button", name="Log in").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("A song in, a video out")
        await artist.goto(link)
        await page.get_by_label("New password").fill(NEW)
        await page.get_by_role("button", name="Set the new password").click()
        await expect(page.get_by_role("alert").filter(has_text="used before or is too old")).to_be_visible()
        artist.forget("401", "404")
        await artist.look("reset-refused")
