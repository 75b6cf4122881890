"""Every version plays, or says what it waits for and then plays."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.seeding import Seeder
from tests.browser.studio import choose_version, shows_version
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

_PLAYS = """() => {
    const video = document.querySelector("video");
    video.muted = true;
    return video.currentTime > 0.3 && !video.paused && !video.error;
}"""


async def _plays(page: Page) -> None:
    await page.wait_for_function(_PLAYS)


async def test_an_older_version_that_was_tidied_away_plays(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("older-versions@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Older", scenes=8)
        assert seeder.new_image(video_id, 1) == 2
        await artist.goto(f"/preview/{video_id}")
        player = page.locator(".player video")
        await expect(player).to_have_js_property("duration", 64)  # version 2 was watched: its link is known here
        assert seeder.new_image(video_id, 2) == 3

        # Another tab made version 3, which tidied version 2 away while it stands in this player.
        await player.evaluate("video => { video.muted = true; video.load(); }")
        await expect(page.locator(".player-note")).to_be_empty()
        await expect(player).to_have_js_property("duration", 64)

        # Chosen in Studio; what it waits for is said.
        assert seeder.new_image(video_id, 3) == 4
        asked = "**/versions/*/video"
        said = asyncio.Event()

        async def away_until_said(route: Route) -> None:
            await (route.continue_() if said.is_set() else route.fulfill(status=503, body=""))

        async def held_until_said(route: Route) -> None:
            await said.wait()
            await route.continue_()

        site_stores.objects.delete_prefix(site_stores.vault.timeline(seeder.account_id, video_id, 2).video_key)
        await artist.goto(f"/studio/{video_id}")
        await shows_version(page, 4)
        await page.route(asked, away_until_said)
        await choose_version(page, 2)
        await expect(page.locator("#player-note")).to_contain_text("Version 2 can't be opened right now.")
        said.set()
        await _plays(page)
        await expect(page.locator("#player-note")).to_be_empty()
        await page.unroute(asked, away_until_said)
        said.clear()
        await page.route(asked, held_until_said)
        await choose_version(page, 3)
        await expect(page.locator("#player-note")).to_contain_text("it is being joined again, and starts by itself")
        said.set()
        await _plays(page)

        # Compared while the first picture stands, the second one stands, too.
        await page.locator("#play").press("Enter")
        await expect(page.locator("#player")).to_have_js_property("paused", value=True)
        site_stores.objects.delete_prefix(site_stores.vault.timeline(seeder.account_id, video_id, 2).video_key)
        await page.locator("#compare").press("Enter")
        other = page.locator("#other")
        await expect(page.locator("#compare-with")).to_have_value("version-2")
        await expect(other).to_have_js_property("duration", 64)
        await page.locator("#play").press("Enter")
        await expect(other).to_have_js_property("paused", value=False)
        await expect(page.locator("#other-note")).to_be_empty()
        artist.forget("503", "404")
        assert artist.complaints == []
