"""The timeline in the artist's hand: by keyboard alone, by touch on a phone, without a network, and in two windows."""

from pathlib import Path

import pytest
from playwright.async_api import CDPSession, Page, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.boxes import spilled_anywhere
from tests.browser.seeding import LONGER, Seeder
from tests.browser.studio import knows_version, shows_version
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.browser

_IDS = "() => [...document.querySelectorAll('.scene')].map((one) => Number(one.dataset.focus.slice(6)))"
_STOPS = """() => [...document.querySelectorAll("main :is(a, button, input, textarea, select, video, [tabindex])")]
    .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0).length"""


async def did(page: Page, words: str) -> None:
    """Wait until a sentence is read aloud."""
    await expect(page.locator("#edits-news")).to_contain_text(words)


async def presses(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_edits_by_keyboard_alone(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("cuts@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Cuts")
        await artist.goto(f"/studio/{video_id}?scene=2")
        await expect(page.get_by_role("heading", name="Scene 2", exact=True)).to_be_visible()

        credits = await artist.balance()

        # A cut: by beats, and given up.
        await presses(page, "b", "ArrowRight", "Shift+ArrowRight")
        cut = page.get_by_role("slider", name="Cut before scene 2")
        await expect(cut).to_be_focused()
        await expect(cut).to_have_attribute("aria-valuetext", "0:08.7 · bar 5.2")
        await presses(page, "Escape")
        await expect(page.get_by_role("button", name="Scene 2,")).to_be_focused()
        await expect(page.locator("#edits-bar")).to_be_hidden()
        await presses(page, "ArrowUp", "ArrowRight", "ArrowRight", "Enter")
        await did(page, "The cut before scene 2 moves to 0:09.0. 1 edit not applied.")
        await expect(page.get_by_role("button", name="Scene 1,")).to_have_accessible_name(
            "Scene 1, intro, 0:00 to 0:09, longer than its clip, a new clip: 50 credits, not applied yet"
        )
        await expect(cut).to_be_focused()
        assert await page.evaluate(_STOPS) <= 12

        # The playhead is where the cut was put: three beats on is a split.
        await presses(page, "Escape", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "s")
        await did(page, "Scene 2 is split at 0:10.5. 2 edits")
        assert await page.evaluate(_IDS) == [0, 1, 8, 2, 3, 4, 5, 6, 7]
        await page.get_by_role("button", name="Scene 5,").focus()
        await presses(page, "Enter", "w", "ArrowRight", "ArrowRight", "Enter")
        await did(page, "Scene 5 and scene 7 change places. 3 edits")
        await presses(page, ",")
        await did(page, "Scene 7 moves to place 6. 4 edits")
        assert await page.evaluate(_IDS) == [0, 1, 8, 2, 5, 3, 4, 6, 7]
        await presses(page, "Control+z")
        await did(page, "Taken back: Scene 7 moves to place 6. 3 edits")
        await presses(page, "h")
        await did(page, "Scene 7 holds its picture of 0:40.0. 4 edits")
        await page.reload()
        await expect(page.get_by_role("button", name="4 edits, not applied yet")).to_be_visible()
        await page.get_by_role("button", name="4 edits, not applied yet").press("Enter")
        await page.get_by_role("menuitem", name="Remove: Scene 5 and scene 7 change places.").press("Enter")
        await did(page, "Removed: Scene 5 and scene 7 change places. 2 edits")
        await expect(page.locator("#edits-problem")).to_contain_text("“Scene 7 holds its picture of 0:40.0.” Frame 320")
        assert await page.evaluate(_IDS) == [0, 1, 8, 2, 3, 4, 5, 6, 7]
        assert await artist.violations() == []
        await _trims(page)
        await _meets_others(artist, seeder, video_id)

        await presses(page, "Control+Enter")
        await shows_version(page, 3)
        await expect(page.locator("#edits-bar")).to_be_hidden()
        assert await page.evaluate(_IDS) == [0, 1, 8, 2, 3, 4, 5, 6]
        await presses(page, "Control+z")
        await shows_version(page, 4)
        assert await page.evaluate(_IDS) == [0, 1, 2, 3, 4, 5, 6, 7]
        assert await artist.balance() == credits, "all of it is free"
        artist.forget("ERR_INTERNET_DISCONNECTED", "409", "422")
        assert artist.complaints == []


async def _trims(page: Page) -> None:
    """A scene that is shorter than its clip begins elsewhere in it."""
    await page.get_by_role("button", name="Scene 2,").focus()
    await presses(page, "Enter", "t")
    dialog = page.get_by_role("dialog", name="Where scene 2 begins in its clip")
    slider = dialog.get_by_role("slider", name="Begins at")
    await expect(slider).to_be_focused()
    await presses(page, "Home", "ArrowRight")
    await expect(slider).to_have_attribute("aria-valuetext", "Frame 1 of 52, 0.13 s into the clip")
    await presses(page, "Enter")
    await did(page, "Scene 2 begins at frame 1 of its clip. 3 edits")


async def _meets_others(artist: Visitor, seeder: Seeder, video_id: str) -> None:
    """Another window has the same edits; without a network they are kept; they go onto newer versions."""
    page = artist.page
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.get_by_role("button", name="3 edits, not applied yet")).to_be_visible()
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Scene 8,").focus()
    await presses(page, "Enter", "g")
    await expect(page.locator("#edits-words")).to_have_text("Kept here: we look at them once Echonos answers.")
    await page.context.set_offline(False)
    await expect(page.locator("#edits-words")).to_have_text("Scene 8 is merged with scene 9.")
    await expect(other.get_by_role("button", name="4 edits, not applied yet")).to_be_visible()
    await other.close()

    seeder.new_image(video_id, 6)
    await knows_version(page, 2)
    await did(page, "Version 2 is newer than your edits: carry them over, or discard them.")
    await presses(page, "Control+Enter")
    await did(page, "The edits are carried over to version 2. 4 edits")


async def test_edits_by_touch(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site, has_touch=True) as artist:
        page = artist.page
        await artist.sign_up("thumbs@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Thumbs", bought=1)
        await page.set_viewport_size({"width": 390, "height": 844})
        await artist.goto(f"/studio/{video_id}?scene=4")
        await expect(page.get_by_role("heading", name="Scene 4", exact=True)).to_be_visible()
        touch = await page.context.new_cdp_session(page)

        # The grips of the scene in hand are as large as a finger.
        grip = await page.get_by_role("slider", name="Cut before scene 4").bounding_box()
        assert grip
        assert grip["width"] >= 44 <= grip["height"]
        at = {"x": grip["x"] + 30, "y": grip["y"] + 30}
        await _drags(touch, at, 12)
        await _lifts(touch)
        await did(page, "The cut before scene 4 moves to 0:2")
        await page.get_by_role("button", name="Scene 6,").tap()
        card = await page.get_by_role("button", name="Scene 6,").bounding_box()
        assert card
        at = {"x": card["x"] + card["width"] / 2, "y": card["y"] + 30}
        await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
        await expect(page.locator(".scene[data-dragged]")).to_have_count(1)
        await _moves(touch, at, -card["width"])
        await _lifts(touch)
        await did(page, "Scene 6 moves to place 5. 2 edits")
        await page.get_by_role("button", name="Edit", exact=True).tap()
        await page.get_by_role("menuitem", name="Show another scene's take here").tap()
        await expect(page.locator("#aim-words")).to_have_text("Choose the scene whose take scene 5 shows, too.")
        await page.get_by_role("button", name="Scene 1,").tap()
        await did(page, "Scene 5 shows what scene 1 shows. 3 edits")
        assert await page.evaluate(_IDS) == [0, 1, 2, 3, 5, 4, 6, 7]
        # No edit has reached this scene, so that the server does not say how long its bought clip is.
        await page.get_by_role("button", name="Scene 2,").tap()
        await page.get_by_role("button", name="Edit", exact=True).tap()
        await page.get_by_role("menuitem", name="Begin elsewhere in its clip").tap()
        slider = page.get_by_role("slider", name="Begins at")
        await expect(slider).to_have_attribute("max", str(LONGER))
        await slider.fill(str(LONGER))
        await page.get_by_role("button", name="Begin here").tap()
        await did(page, f"Scene 2 begins at frame {LONGER} of its clip. 4 edits")
        await page.get_by_role("button", name="Apply").tap()
        await shows_version(page, 2)
        assert not (found := await spilled_anywhere(page)), found
        assert await artist.violations() == []
        assert artist.complaints == []


async def _drags(touch: CDPSession, at: dict[str, float], by: float) -> None:
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    await _moves(touch, at, by)


async def _moves(touch: CDPSession, at: dict[str, float], by: float) -> None:
    for part in (1 / 3, 2 / 3, 1):
        points = [{"x": at["x"] + by * part, "y": at["y"]}]
        await touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})


async def _lifts(touch: CDPSession) -> None:
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
