"""What hands do: a press opens a clip large, a wave seeks, few tab stops, other tabs hear, a hung server is said."""

from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.pretending import pretend_a_song
from tests.browser.seeding import Seeder
from tests.browser.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

_STOPS = """() => [...document.querySelectorAll("main :is(a, button, input, textarea, select, video, [tabindex])")]
    .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0).length"""


async def test_studio_in_few_steps(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("few-steps@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Steps", scenes=30)
        seeder.new_image(video_id, 1)
        await artist.goto(f"/studio/{video_id}?scene=2")
        await expect(page.locator("#takes .take")).to_have_count(2)
        assert await page.evaluate(_STOPS) <= 16
        await page.get_by_role("button", name="Scene 2,").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("heading", name="Scene 3", exact=True)).to_be_visible()
        await page.keyboard.press("ArrowLeft")

        # The wave goes to a moment, and so do its keys.
        wave = page.get_by_role("slider", name="Place in the song")
        await wave.click(position={"x": 300, "y": 20})
        await expect(page.get_by_role("heading", name="Scene 2", exact=True)).to_be_hidden()
        await wave.press("End")
        await expect(page.get_by_role("heading", name="Scene 30", exact=True)).to_be_visible()
        await wave.press("Home")
        await expect(page.get_by_role("heading", name="Scene 1", exact=True)).to_be_visible()
        await expect(wave).to_have_attribute("aria-valuetext", "0:00 of 1:04")

        # Pointing at a take plays it, a press opens it large.
        await page.get_by_role("button", name="Scene 2,").click()
        take = page.get_by_role("button", name="Open take 1 large")
        await take.hover()
        await expect(take.locator("video")).to_be_visible()
        await take.click()
        dialog = page.get_by_role("dialog", name="Take 1")
        await expect(dialog.locator("video")).to_have_js_property("paused", False)
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(take).to_be_focused()

        # Another tab makes a version: this one hears of it.
        seeder.new_image(video_id, 2)
        other = await page.context.new_page()
        await other.goto(f"{site}/credits")
        await other.evaluate("id => new BroadcastChannel(`versions-${id}`).postMessage('new version')", video_id)
        await expect(page.get_by_role("button", name="Version 3")).to_be_visible()
        await expect(page.get_by_role("button", name="Version 2")).to_have_attribute("aria-pressed", "true")
        assert artist.complaints == []


async def test_on_a_phone_the_players_that_are_compared_stay_in_view(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await page.set_viewport_size({"width": 390, "height": 844})
        await artist.sign_up("phone-compare@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Phone", scenes=4)
        for scene in (1, 2):
            seeder.new_image(video_id, scene)
        await artist.goto(f"/preview/{video_id}")
        await page.get_by_role("button", name="Side by side").click()
        await page.get_by_role("link", name="Show version 1").scroll_into_view_if_needed()
        await page.get_by_role("link", name="Show version 1").click()
        for number in (0, 1):
            await expect(page.locator(".player video").nth(number)).to_be_in_viewport(ratio=0.9)
        await artist.look("preview-phone-compare")


async def test_a_server_that_hangs_is_said_and_the_order_stays_one(site: str) -> None:
    keys: list[str] = []

    async def hang(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            await route.fulfill(status=402, json={"code": "insufficient_credits", "detail": "200 credits are needed."})

    async with visiting(site) as artist:
        page = artist.page
        await page.set_viewport_size({"width": 390, "height": 844})
        await artist.sign_up("hung@example.org")
        await pretend_a_song(page)
        await page.add_init_script(
            "const real = AbortSignal.timeout; AbortSignal.timeout = () => real.call(AbortSignal, 300);"
        )
        await page.route("**/api/v1/videos", hang)
        await artist.goto("/?song=song-1")
        # On a phone cost and button are in reach from the first moment on.
        generate = page.get_by_role("button", name="Generate video")
        await expect(generate).to_be_in_viewport()
        await expect(page.locator("#bar-cost")).to_be_in_viewport()
        await expect(page.locator("#song .wave")).to_be_visible()
        await generate.click()
        await expect(page.locator("#total-problem")).to_contain_text("There is no answer yet")
        await generate.click()
        await expect(page.locator("#total-problem")).to_contain_text("200 credits are needed")
        assert keys[0] == keys[1]
        artist.forget("402")
        assert artist.complaints == []


async def test_sign_up_says_all_problems_at_once(site: str) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.goto("/signup")
        await page.get_by_label("E-mail").fill("mara at example")
        await page.get_by_label("Password").fill("short")
        await page.get_by_role("button", name="Make my account").click()
        await expect(page.locator("#email-problem")).to_contain_text("This is no e-mail address")
        await expect(page.locator("#password-problem")).to_have_text(
            "Password needs at least 10 characters; this has 5."
        )
        await expect(page.get_by_label("E-mail")).to_be_focused()
