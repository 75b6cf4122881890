"""Studio in the hand: keys, drags and touches; two pictures under one clock; other windows update."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.boxes import covered
from tests.browser.seeding import Seeder
from tests.browser.studio import knows_version, open_version, rests, shows_version
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.browser

_STOPS = """() => [...document.querySelectorAll("main :is(a, button, input, textarea, select, video, [tabindex])")]
    .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0).length"""
_UNDER_THE_FINGERS = """() => {
    const field = document.activeElement;
    return [field.value, field.selectionStart, field.selectionEnd, document.querySelector("#player").paused];
}"""
_STEADY = """(seconds) => {
    const player = document.querySelector("#player");
    return player.readyState >= 2 && !player.seeking && Math.abs(player.currentTime - seconds) < 0.01;
}"""
_IN_STEP = """(playing) => {
    const [first, second] = ["#player", "#other"].map((one) => document.querySelector(one));
    const isReady = first.readyState >= 2 && second.readyState >= 2 && !first.seeking && !second.seeking;
    return isReady && first.paused === !playing && second.paused === !playing && second.muted
        && first.currentTime > 0 && Math.abs(first.currentTime - second.currentTime) < (playing ? 0.1 : 0.01);
}"""
_TURNED = """(end) => {
    const player = document.querySelector("#player");
    if (player.currentTime > end - 1) window.wasLate = true;
    return window.wasLate && !player.paused && player.currentTime < end - 1.2;
}"""
_COVERED = """() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const nav = document.querySelector(".nav");
    const floor = getComputedStyle(nav).position === "fixed" ? box(".nav").top : innerHeight;
    const [line, strip, picture] = [box(".timeline"), box("#strip"), box("#screen")];
    return [strip.bottom <= floor + 1, strip.height >= 48, line.top > innerHeight * 0.4, picture.bottom <= line.top,
        picture.height > (line.top - box(".bar").bottom) * 0.55];
}"""


def _at(scene: int, of: int, profile: Profile, frames: int = 0) -> float:
    """The middle of a frame: of a scene's first one, or so many after it."""
    total = 64 * int(profile.fps)
    return (total * (scene - 1) // of + frames + 0.5) / float(profile.fps)


async def test_studio_by_keyboard(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("few-steps@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Steps", scenes=16)
        seeder.new_image(video_id, 1)
        await artist.goto(f"/studio/{video_id}?scene=2")
        await expect(page.locator("#takes .take")).to_have_count(2)
        await open_version(page, 1)
        await expect(page.get_by_role("button", name="Go on from this version")).to_be_visible()
        await expect(page.locator('[data-price="image"]')).not_to_be_empty()
        assert await page.evaluate(_STOPS) <= 12
        assert all(await page.evaluate(_COVERED)), await page.evaluate(_COVERED)
        await _goes_through_toolbars(page)
        await open_version(page, 2)
        await page.get_by_role("button", name="Scene 2,").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("heading", name="Scene 3", exact=True)).to_be_visible()
        await expect(page).to_have_url(
            re.compile(r"scene=3$")
        )  # keys in quick succession are written down at their end
        await page.reload()
        await expect(page.get_by_role("heading", name="Scene 3", exact=True)).to_be_visible()
        await _moves_by_keys(page, profile)
        await _types_what_keys_would_do(page)
        await _compares(page, profile)

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
        await _hears_of_versions(artist, seeder, video_id)
        assert artist.complaints == []


async def _goes_through_toolbars(page: Page) -> None:
    """Arrows, Home and End go through what is one tab stop; Tab comes back to where one was."""
    versions = page.locator("#versions-button")
    await versions.focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitemradio", name="Version 1 ")).to_be_focused()
    await page.keyboard.press("Home")
    await expect(page.get_by_role("menuitemradio", name="Version 2 ")).to_contain_text("Scene 2 with a new image")
    await expect(page.get_by_role("menuitemradio", name="Version 2 ")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(versions).to_be_focused()
    await page.keyboard.press("End")
    again = page.get_by_role("button", name="Go on from this version")
    await expect(again).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(again).not_to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(again).to_be_focused()
    await page.get_by_role("button", name="Zoom out").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("button", name="Zoom in")).to_be_focused()
    await page.get_by_role("button", name="Open take 1 large").focus()
    await page.keyboard.press("End")
    await expect(page.get_by_role("button", name="Compare with take 2")).to_be_focused()
    await page.get_by_role("button", name="Scene 2,").focus()
    await page.keyboard.press("End")
    await expect(page.get_by_role("heading", name="Scene 16", exact=True)).to_be_visible()
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("heading", name="Scene 2", exact=True)).to_be_visible()


async def _moves_by_keys(page: Page, profile: Profile) -> None:
    """By scene, frame and beat; play, repeat, the sheet of keys. The scene where one stops is in hand."""
    beat = int(profile.fps) // 2  # 120 a minute
    for key, frames in (("]", 0), ("ArrowRight", 1), ("Shift+ArrowRight", beat), ("Shift+ArrowLeft", 0)):
        await page.keyboard.press(key)
        await page.wait_for_function(_STEADY, arg=_at(4, 16, profile, frames))
    await expect(page.get_by_role("heading", name="Scene 4", exact=True)).to_be_visible()
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("heading", name="Scene 3", exact=True)).to_be_visible()
    await page.keyboard.press("[")
    await page.wait_for_function(_STEADY, arg=_at(3, 16, profile))
    player = page.locator("#player")
    await player.evaluate("video => { video.muted = true; }")
    await page.keyboard.press("r")
    await expect(page.get_by_role("button", name="Repeat the scene")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Space")
    await page.wait_for_function(_TURNED, arg=12)
    await page.keyboard.press("r")
    await page.keyboard.press("l")
    await expect(player).to_have_js_property("playbackRate", 2)
    await page.keyboard.press("k")
    await expect(player).to_have_js_property("paused", True)
    await page.keyboard.press("j")
    await page.wait_for_function("() => document.querySelector('#player-words').textContent.includes('−1×')")
    await page.keyboard.press("k")
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(sheet).to_contain_text("One beat on")
    await page.keyboard.press("?")
    await expect(sheet).to_be_hidden()
    wave = page.get_by_role("slider", name="Place in the song")
    await wave.press("End")
    await expect(page.get_by_role("heading", name="Scene 16", exact=True)).to_be_visible()
    await wave.press("Home")
    await expect(page.get_by_role("heading", name="Scene 1", exact=True)).to_be_visible()
    await expect(wave).to_have_attribute("aria-valuetext", "0:00 of 1:04")


async def _types_what_keys_would_do(page: Page) -> None:
    words = page.get_by_label("How it moves")
    await words.fill("")
    await words.press_sequentially("[k] l?")
    await expect(words).to_have_value("[k] l?")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("#player")).to_have_js_property("paused", True)
    await words.fill("It moves slowly.")
    await page.get_by_role("button", name="Scene 1,").focus()


async def _compares(page: Page, profile: Profile) -> None:
    """Two versions stand and run together; one key changes between them, another goes to where they differ."""
    await page.keyboard.press("c")
    await expect(page.locator("#differences")).to_have_text("Scene 2 differs.")
    await expect(page.locator(".scene[data-differs]")).to_have_accessible_name("Scene 2, verse, 0:04 to 0:08, differs")
    await page.keyboard.press("d")
    await page.wait_for_function(_STEADY, arg=_at(2, 16, profile))
    await page.wait_for_function(_IN_STEP, arg=False)
    for side in ("#player", "#other"):
        await expect(page.locator(side)).to_be_visible()
    await page.keyboard.press("k")
    await page.wait_for_function(_IN_STEP, arg=True)
    await page.keyboard.press("k")
    await page.keyboard.press("x")
    await expect(page.locator("#other")).to_be_hidden()
    await page.keyboard.press("x")
    await expect(page.locator("#player")).to_be_hidden()
    await expect(page.locator("#other")).to_be_visible()
    await page.get_by_role("button", name="Compare with take 1").click()
    await expect(page.locator("#other-screen figcaption")).to_have_text("B · Take 1")
    await page.keyboard.press("c")
    await expect(page.locator("#compare-bar")).to_be_hidden()
    await expect(page.locator(".scene[data-differs]")).to_have_count(0)


async def _hears_of_versions(artist: Visitor, seeder: Seeder, video_id: str) -> None:
    """Another device makes versions: they are shown, and what is played, typed or looked at stays as it is."""
    page, site = artist.page, artist.site
    preview = await page.context.new_page()
    await preview.goto(f"{site}/preview/{video_id}")
    await expect(preview.locator(".player")).to_have_attribute("data-version", "2")
    seeder.new_image(video_id, 2)
    await shows_version(page, 3)
    await expect(preview.locator(".player")).to_have_attribute("data-version", "3")
    await expect(preview.get_by_role("link", name="Show version 2")).to_be_visible()

    words = page.get_by_label("How it moves")
    for video in (page.locator("#player"), preview.locator(".player video")):
        # So slowly that it still plays at the end, however long that takes.
        await video.evaluate("video => { video.muted = true; video.playbackRate = 0.1; video.play(); }")
        await expect(video).to_have_js_property("paused", False)
    await words.fill("It sways.")
    await words.evaluate("field => field.setSelectionRange(1, 4)")
    seeder.new_image(video_id, 3)
    await knows_version(page, 4)
    await expect(preview.get_by_role("link", name="Show version 4")).to_be_visible()
    await expect(preview.locator(".player")).to_have_attribute("data-version", "3")
    await expect(preview.locator(".player video")).to_have_js_property("paused", False)
    assert await page.evaluate(_UNDER_THE_FINGERS) == ["It sways.", 1, 4, False]
    await shows_version(page, 3)
    await page.locator("#player").evaluate("video => video.pause()")
    await shows_version(page, 4)
    assert await page.evaluate(_UNDER_THE_FINGERS) == ["It sways.", 1, 4, True]
    await preview.close()


async def test_studio_on_a_phone(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site, has_touch=True) as artist:
        page = artist.page
        await artist.sign_up("fingers@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Fingers", scenes=16)
        seeder.new_image(video_id, 1)
        await page.set_viewport_size({"width": 390, "height": 844})
        await artist.goto(f"/studio/{video_id}")
        await shows_version(page, 2)
        assert all(await page.evaluate(_COVERED)), await page.evaluate(_COVERED)

        # Under the words the timeline is still there; what changes the picture brings it back into view.
        await page.get_by_label("How it moves").scroll_into_view_if_needed()
        await page.mouse.wheel(0, 500)
        await expect(page.locator("#stage")).not_to_be_in_viewport(ratio=0.75)
        wave = page.get_by_role("slider", name="Place in the song")
        await expect(wave).to_be_in_viewport()
        box = await wave.bounding_box()
        assert box
        touch = await page.context.new_cdp_session(page)
        points = [{"x": 40 + 40 * step, "y": box["y"] + 20} for step in range(5)]
        await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
        for point in points[1:]:
            await touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        scene = await page.evaluate(
            "x => [...document.querySelectorAll('.scene')].findIndex((one) => one.getBoundingClientRect().right > x)",
            200,
        )
        await expect(page.locator("#scene-heading")).to_have_text(f"Scene {scene + 1}")
        await expect(page.locator("#stage")).to_be_in_viewport(ratio=0.9)

        await rests(page)
        await page.get_by_role("button", name="Compare", exact=True).tap()
        await expect(page.locator("#other")).to_be_in_viewport(ratio=0.9)
        await expect(page.locator("#player")).to_be_hidden()
        await page.get_by_role("button", name="A", exact=True).tap()
        await expect(page.locator("#player")).to_be_in_viewport(ratio=0.9)
        await expect(page.locator("#other")).to_be_hidden()
        await artist.look("studio-compare")

        await page.set_viewport_size({"width": 390, "height": 844})
        await artist.goto(f"/studio/{video_id}")
        await shows_version(page, 2)
        assert await covered(page) == []
