"""The account page: where one is logged in, and a second factor that is set up, asked for and switched off."""

import pyotp
import pytest
from playwright.async_api import expect

from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "careful@example.org", "a calm and long password"


async def test_a_second_factor_is_set_up_and_asked_for(site: str) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up(EMAIL, PASSWORD)
        await artist.goto("/account")
        await expect(page.locator("#sessions .line")).to_have_count(1)
        await expect(page.locator("#sessions")).to_contain_text("(this one)")
        await page.get_by_role("button", name="Set it up").click()
        await expect(page.locator("#factor-secret")).not_to_be_empty()
        app = pyotp.TOTP((await page.locator("#factor-secret").inner_text()).replace(" ", ""))
        await artist.look("account-factor")
        await page.get_by_label("Code that the app shows").fill(app.now())
        await page.get_by_role("button", name="Confirm", exact=True).click()
        await expect(page.locator("#codes li")).to_have_count(10)
        await artist.look("account-codes")
        await page.set_viewport_size({"width": 320, "height": 700})
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        recovery = await page.locator("#codes li").first.inner_text()

        await page.get_by_role("button", name="Log out", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
        await page.get_by_label("E-mail").fill(EMAIL)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        await expect(page.get_by_label("Code of your authenticator app")).to_be_visible()
        artist.forget("401")
        await artist.look("login-code")
        await page.get_by_label("Code of your authenticator app").fill(recovery)
        await page.get_by_role("button", name="Log in").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("A song in, a video out")
        await artist.goto("/account")
        await expect(page.locator("#factor-state")).to_contain_text("9 recovery codes are left")
