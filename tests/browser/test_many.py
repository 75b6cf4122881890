"""Several scenes at once in the browser: chosen on the timeline and in the dialog, priced, ordered."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.seeding import Seeder
from tests.browser.visitor import SCREENSHOTS, visiting

pytestmark = pytest.mark.browser


_LOWEST = """dialog => {
    const { left, width, bottom } = dialog.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, bottom - 6).matches(".row-between");
}"""


async def follow(route: Route, state: dict[str, object]) -> None:
    """An operation that is under way for as long as a test looks at it."""
    if route.request.method == "GET":
        await route.fulfill(json=state)
    else:
        await route.fallback()


async def test_scenes_are_chosen_priced_and_ordered_together(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("several@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Rain", scenes=6, price=200)
        orders = []
        state: dict[str, object] = {"state": "accepted", "failure": {"sentence": "Not today."}}
        # Of the operations that are followed: those of single scenes, not their list.
        await page.route("**/regenerations/*", lambda route: follow(route, state))
        page.on("request", lambda request: orders.append(request) if request.url.endswith("/regenerations") else None)
        await artist.goto(f"/studio/{video_id}")
        await page.locator('[data-scene="1"]').click()
        await page.locator('[data-scene="3"]').click(modifiers=["Shift"])
        await page.locator('[data-scene="2"]').click(modifiers=["Control"])
        await expect(page.locator("#scene-heading")).to_have_text("Scene 2")
        button = page.locator("#many")
        await expect(button).to_have_text("2 scenes")
        await expect(page.locator(".scene[data-chosen]")).to_have_count(2)
        await button.click()
        dialog = page.get_by_role("dialog", name="Several scenes at once")
        await dialog.get_by_label("Find").fill("elephants")
        await expect(dialog.locator("#many-told")).to_have_text(
            "Scenes 2 and 4 are without “elephants”: leave it out, or add a sentence."
        )
        artist.forget("422")
        await dialog.get_by_label("Find").fill("shows")
        await dialog.get_by_label("Put in its place").fill("hides")
        await expect(dialog.locator("#many-told")).to_contain_text("2 scenes: 20 credits together")
        await dialog.locator(".many-scene").nth(5).click()
        await expect(dialog.get_by_role("button", name="Make 3 scenes again, 30 credits")).to_be_visible()
        await dialog.get_by_text("Their new words").click()
        await expect(dialog.locator(".many-words li").first).to_have_text("What scene 2 hides.")
        await expect(dialog.locator(".many-words")).to_have_css("list-style-type", "decimal")
        await artist.look("many")
        await page.set_viewport_size({"width": 320, "height": 640})
        again = dialog.get_by_role("button", name="Make 3 scenes again, 30 credits")
        await expect(again).to_be_in_viewport(ratio=1)
        assert await dialog.evaluate(_LOWEST), "nothing of the form is seen beneath it"
        await page.screenshot(path=SCREENSHOTS / "many-320.png")
        await dialog.get_by_text("More like a scene").click()
        await expect(dialog.get_by_text("who is seen in them, and what they do, stays")).to_be_visible()
        await dialog.get_by_text("One more sentence").click()
        await dialog.get_by_label("A sentence for each of them").fill("Snow falls")
        await page.screenshot(path=SCREENSHOTS / "many-add-320.png")
        await dialog.get_by_role("button", name="Make 3 scenes again, 30 credits").click()
        await expect(dialog).to_be_hidden()
        (sent,) = [one for one in orders if one.method == "POST"]
        assert sent.post_data_json == {
            "kind": "image",
            "scenes": [1, 3, 5],
            "version": 1,
            "add": "Snow falls",
            "quoted": 30,
        }
        await expect(button).to_have_text("Several scenes")
        # The timeline says what is being made, also of scenes that are not in hand.
        made = page.locator('.scene[data-state="painting"]')
        await expect(made).to_have_count(3)
        await expect(made.nth(1)).to_have_accessible_name(re.compile("^Scene 4, .*, a new image is being made$"))
        await expect(page.locator("#making")).to_contain_text("Making a new image for scene 2.")
        await page.set_viewport_size({"width": 1440, "height": 900})
        await page.screenshot(path=SCREENSHOTS / "many-making.png")
        state["state"] = "failed"
        await expect(made).to_have_count(0)
        await expect(page.locator("#making")).to_be_hidden()
