"""Every version plays, or says what it waits for and then plays."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.seeding import Seeder
from tests.browser.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

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
        asked = "**/versions/2/video"
        refused = []

        async def away_at_first(route: object) -> None:
            refused.append(route)
            await (route.fulfill(status=503, body="") if len(refused) == 1 else route.continue_())  # type: ignore[attr-defined]

        site_stores.objects.delete_prefix(site_stores.vault.timeline(seeder.account_id, video_id, 2).video_key)
        await artist.goto(f"/studio/{video_id}")
        await expect(page.get_by_role("button", name="Version 4")).to_have_attribute("aria-pressed", "true")
        await page.route(asked, away_at_first)
        await page.get_by_role("button", name="Version 2").click()
        await expect(page.locator("#player-note")).to_contain_text("Version 2 can't be opened right now.")
        await _plays(page)
        await expect(page.locator("#player-note")).to_be_empty()
        await page.unroute(asked, away_at_first)
        await page.get_by_role("button", name="Version 3").click()
        await expect(page.locator("#player-note")).to_contain_text("it is being joined again, and starts by itself")
        await _plays(page)
        artist.forget("503", "404")
        assert artist.complaints == []
