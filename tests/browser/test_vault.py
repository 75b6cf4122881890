"""Orders that never became a video leave the Vault, and too small a balance is said before it is felt."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.seeding import Seeder
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser


_COMES_BACK = """(title) => {
    document.dispatchEvent(new Event("visibilitychange"));
    return document.querySelector("#shelf").textContent.includes(title);
}"""
"""A page that is busy when one comes back looks the next time."""


async def test_what_never_became_a_video_is_removed(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("never-made@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        first, second = seeder.order("First try"), seeder.order("Second try")
        await artist.goto("/vault")
        await expect(page.locator(".card .chip")).to_have_text(["not made", "not made"])
        await expect(page.get_by_role("button", name="Rename")).to_have_count(0)
        await page.get_by_role("button", name="Delete First try").click()
        await expect(page.get_by_role("dialog")).to_contain_text("never became a video")
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.locator(".card")).to_have_count(1)
        # What another window or device ordered is there when one comes back to this one.
        seeder.order("Third try")
        await page.wait_for_function(_COMES_BACK, arg="Third try", polling=500)
        await expect(page.get_by_role("link", name="Third try")).to_be_visible()
        await expect(page.locator(".card")).to_have_count(2)
        await page.get_by_role("button", name="Delete Third try").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.locator(".card")).to_have_count(1)
        await artist.goto(f"/processing/{second}")
        await expect(page.locator("#kind")).to_have_text("Not made")
        await expect(page).to_have_title("Second try, not made · Echonos")
        await expect(page.get_by_text("Scenes appear here")).to_be_hidden()
        artist.forget("404")
        await artist.look("processing-never-made")
        await page.get_by_role("button", name="Remove from the Vault").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await page.wait_for_url("**/vault")
        await expect(page.get_by_text("Your videos will be here.")).to_be_visible()
        for gone in (first, second):
            answer = await page.request.get(f"{site}/api/v1/videos/{gone}")
            assert answer.status == 404


async def test_an_order_that_leaves_too_little_says_so(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("forty-left@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        await expect(page.locator("#total-after")).to_have_text("50 credits")
        await expect(page.locator("#total-next")).to_be_empty()
        video_id = seeder.video("Little", scenes=4)
        seeder.new_image(video_id, 1, price=0)
        await artist.goto("/")
        await expect(page.locator("#total-next")).to_have_text(
            "This leaves 40 credits; a scene's new clip in Studio costs 50."
        )
        seeder.video("Another", scenes=4, price=0)
        seeder.grant(20)
        await artist.goto(f"/studio/{video_id}")
        await expect(page.locator('[data-price="image"]')).to_have_text("10 credits")
        await expect(page.locator("#next-step")).to_be_empty()
        seeder.new_image(video_id, 1, price=0)
        await page.reload()
        await expect(page.locator("#next-step")).to_have_text("This leaves 40 credits; the scene's new clip costs 50.")
        assert artist.complaints == []
