"""Beats and sections corrected in Studio: by keyboard alone, tapped along with the song, by touch on a phone."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.boxes import spilled_anywhere
from tests.browser.seeding import Seeder
from tests.browser.studio import shows_version
from tests.browser.test_editing import did, presses
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

_PLAYS_AT = """(seconds) => {
    const player = document.querySelector("#player");
    Object.defineProperty(player, "paused", { value: false, configurable: true });
    Object.defineProperty(player, "currentTime", { value: seconds, writable: true, configurable: true });
}"""
"""The player's clock stands where the test wants it, however busy the machine is."""


async def opened(page: Page) -> Locator:
    dialog = page.get_by_role("dialog", name="Beats and sections")
    await expect(dialog.get_by_role("heading", name="Beats and sections")).to_be_focused()
    return dialog


async def presses_on(button: Locator) -> None:
    await button.focus()
    await button.press("Enter")


async def test_beats_by_keyboard_alone(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("beats@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Beats")
        await artist.goto(f"/studio/{video_id}?scene=2")
        await expect(page.get_by_role("heading", name="Scene 2", exact=True)).to_be_visible()
        credits = await artist.balance()

        await presses(page, "n")
        dialog = await opened(page)
        facts = dialog.locator("p[role=status]").nth(1)
        await expect(facts).to_have_text("120.0 bpm, 128 beats, 32 bars.")
        keep = dialog.get_by_role("button", name="Keep")
        await expect(keep).to_be_disabled()
        await presses_on(dialog.get_by_role("button", name="Bars begin a beat later"))
        await expect(facts).to_contain_text("Bars begin 1 beat later.")
        await presses_on(dialog.get_by_role("button", name="Twice as many beats"))
        await expect(facts).to_contain_text("240.0 bpm")
        await presses_on(dialog.get_by_role("button", name="Twice as many beats"))
        await expect(dialog.get_by_role("alert")).to_contain_text("480 bpm")
        take_back = dialog.get_by_role("button", name="Take back")
        await presses_on(take_back)
        await expect(facts).to_have_text("Bars begin 1 beat later. 120.0 bpm, 128 beats, 32 bars.")
        await take_back.press("Enter")
        await expect(take_back).to_be_hidden()
        await expect(dialog.get_by_role("button", name="Tap the beat")).to_be_focused()
        await presses_on(dialog.get_by_role("button", name="Bars begin a beat later"))
        await expect(facts).to_contain_text("Bars begin 1 beat later.")
        await dialog.get_by_role("combobox", name="Section 2").select_option("bridge")
        await expect(facts).to_contain_text("Section 2: bridge instead of verse.")
        assert not (found := await spilled_anywhere(page)), found
        assert await artist.violations() == []

        # What is not kept is there again.
        await presses(page, "Escape", "n")
        dialog = await opened(page)
        await expect(facts).to_contain_text("Section 2: bridge instead of verse.")
        await presses_on(keep)
        await expect(facts).to_contain_text("Kept: new videos use these beats and sections.")
        await expect(dialog.locator("section")).to_contain_text("7 cuts lie off the corrected beats: move them.")
        use = dialog.get_by_role("button", name="Use them and move 7 cuts")
        await expect(use).to_be_focused()
        assert await artist.violations() == []
        await use.press("Enter")
        await did(page, "8 edits not applied.")
        await expect(page.locator("#track .sections li").nth(1)).to_have_text("Bridge")
        await presses(page, "Control+Enter")
        await shows_version(page, 2)
        await expect(page.get_by_role("button", name="Scene 3,")).to_have_accessible_name(
            "Scene 3, bridge, 0:17 to 0:25"
        )
        await presses(page, "Control+z")
        await shows_version(page, 3)
        await expect(page.locator("#track .sections li").nth(1)).to_have_text("Verse")
        assert await artist.balance() == credits, "all of it is free"
        artist.forget("422")
        assert artist.complaints == []


async def test_beats_are_tapped_along(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site, has_touch=True) as artist:
        page = artist.page
        await artist.sign_up("taps@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Taps")
        await page.set_viewport_size({"width": 390, "height": 844})
        await artist.goto(f"/studio/{video_id}?scene=2")
        await expect(page.get_by_role("heading", name="Scene 2", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Edit", exact=True).tap()
        await page.get_by_role("menuitem", name="Correct beats and sections").tap()
        dialog = await opened(page)
        tap = dialog.get_by_role("button", name="Tap the beat")
        box = await tap.bounding_box()
        assert box
        assert box["height"] >= 44 <= box["width"]
        said = dialog.locator("p[role=status]").first
        # Early, late, and between the beats that were heard.
        for count, moment in enumerate((10.26, 10.74, 11.27, 11.75, 12.23), 1):
            await page.evaluate(_PLAYS_AT, moment)
            await tap.tap()
            await expect(said).to_contain_text("1 tap" if count == 1 else f"{count} taps")
        await expect(said).to_contain_text("5 taps, about ")
        await dialog.get_by_role("button", name="Use these taps").tap()
        facts = dialog.locator("p[role=status]").nth(1)
        await expect(facts).to_contain_text("Tapped: 120.0 bpm.")
        await expect(said).to_contain_text("Play, and tap along")
        await expect(tap).to_be_focused()
        assert not (found := await spilled_anywhere(page)), found
        assert await artist.violations() == []
        await dialog.get_by_role("button", name="Keep").tap()
        await expect(dialog.get_by_role("button", name="Use them and move")).to_be_visible()
        await dialog.get_by_role("button", name="Close").tap()
        await expect(dialog).to_have_count(0)
        assert artist.complaints == []
