"""A share link's whole life in the browser: made, copied, watched by a stranger, revoked."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from models.profiles import Profile
from stores.access import open_access
from stores.opening import Stores
from tests.browser.seeding import Seeder
from tests.browser.visitor import SCREENSHOTS, visiting

pytestmark = pytest.mark.browser


async def test_an_artist_shares_a_video_and_takes_it_back(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist, visiting(site) as stranger:
        page = artist.page
        await artist.sign_up("sharing@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Rain", scenes=4, price=200)
        await artist.goto(f"/preview/{video_id}")
        await page.get_by_role("button", name="Share").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("No link of this video works now.")
        await dialog.get_by_role("button", name="Make a link").click()
        await expect(dialog.locator("#share-problem")).to_contain_text("Confirm your e-mail address first")
        artist.forget("403")
        assert open_access(site_stores.database).profiles.verify(seeder.account_id)
        await dialog.get_by_label("It works for").select_option("7")
        await dialog.get_by_text("Offer the file, too").click()
        await dialog.get_by_role("button", name="Make a link").click()
        await expect(dialog.get_by_role("button", name="Copy")).to_be_focused()
        await expect(dialog.locator("#share-links li")).to_contain_text(["Version 1, with the file"])
        await artist.look("sharing")
        await dialog.get_by_role("button", name="Copy").click()
        # In front of the dialog, whether the browser let the page copy or not; beneath it, no reader would see them.
        told = dialog.locator(".toasts:popover-open .toast")
        await expect(told).to_have_text(re.compile("Copied|copy it with your keyboard"))
        await page.set_viewport_size({"width": 320, "height": 640})
        await page.screenshot(path=SCREENSHOTS / "sharing-320.png")
        link = await dialog.locator("#share-address").inner_text()

        await stranger.page.goto(link)
        player = stranger.page.locator("video")
        await expect(stranger.page.get_by_role("heading", name="Rain")).to_be_visible()
        # It plays, also from a part that was not fetched yet.
        await stranger.page.wait_for_function("document.querySelector('video').readyState >= 1")
        await player.evaluate(
            "video => new Promise((done) => { video.onseeked = done; video.currentTime = video.duration - 2; })"
        )
        assert await player.evaluate("video => video.error === null && video.duration > 8")
        await expect(stranger.page.get_by_role("link", name="Download")).to_be_visible()
        await stranger.look("shared")
        await stranger.page.set_viewport_size({"width": 320, "height": 640})
        await stranger.page.screenshot(path=SCREENSHOTS / "shared-320.png")

        await page.set_viewport_size({"width": 1440, "height": 900})
        await dialog.get_by_role("button", name="Revoke the link").click()
        await page.get_by_role("dialog").last.get_by_role("button", name="Revoke", exact=True).click()
        await expect(dialog.first).to_contain_text("No link of this video works now.")
        await stranger.page.reload()
        await expect(stranger.page.get_by_text("This link shows nothing")).to_be_visible()
        stranger.forget("404")
        await stranger.look("shared-gone")
        assert artist.complaints == []
