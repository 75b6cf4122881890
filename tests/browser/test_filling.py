"""The preview of a video in the making: it keeps time with the song, and what arrives while it plays is shown."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from models.stages import STAGES
from tests.browser.filling import SITE, VIDEO, FillingRun, segment, silence
from tests.browser.pretending import painted_picture
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

SONG_S, SCENE_S = 300, 10
SCENES = SONG_S // SCENE_S
MOST_DRIFT_S = 0.04
_IN_STEP = """([first, most]) => {
    const [audio, clip] = ["audio", "video[data-shown]"].map((one) => document.querySelector(`#live ${one}`));
    const slot = clip ? Number(clip.src.match(/scenes\\/(\\d+)/)[1]) : -1;
    return slot >= first && !clip.seeking && Math.abs(audio.currentTime - slot * SCENE_S - clip.currentTime) <= most;
}""".replace("SCENE_S", str(SCENE_S))
_SHOWS = """(what) => {
    const shown = [...document.querySelectorAll("#live [data-shown]")].map((one) => one.tagName);
    return (shown.includes("VIDEO") ? "clip" : shown.includes("IMG") ? "still" : "colour") === what;
}"""


async def test_a_preview_fills_and_keeps_time_with_the_song(tmp_path: Path) -> None:
    clip = segment(tmp_path / "clip.mp4", SCENE_S)
    run = FillingRun(SCENES, SCENE_S, clip, silence(SONG_S), painted_picture())
    async with visiting(SITE) as artist:
        page = artist.page
        await page.route(f"{SITE}/**", run.answer)
        await artist.goto(f"/processing/{VIDEO}")
        await expect(page.locator("#tiles-empty")).to_be_hidden()
        await expect(page.locator("#live")).to_be_hidden()
        run.is_painted = True
        play = page.get_by_role("button", name="Play", exact=True)
        await expect(play).to_be_visible()
        await expect(page.locator("#live-words")).to_have_text(f"As far as it is: {SCENES} of {SCENES} scenes painted.")
        await page.wait_for_function(_SHOWS, arg="still")

        # It plays as stills; clips that arrive meanwhile take over, on the song's frame.
        await play.click()
        await page.wait_for_function("document.querySelector('#live audio').currentTime > 0")
        await page.get_by_role("button", name="Pause", exact=True).click()
        run.is_filmed = True
        await page.wait_for_function(_IN_STEP, arg=[0, MOST_DRIFT_S])
        await page.locator("#live").get_by_role("slider").focus()
        for key in ("End", *["ArrowLeft"] * 8):
            await page.keyboard.press(key)
        await page.wait_for_function(_IN_STEP, arg=[SCENES - 5, MOST_DRIFT_S])
        # Space plays and stops it, also where the slider has the focus.
        await page.keyboard.press("Space")
        await expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        await page.keyboard.press("Space")
        await expect(play).to_be_visible()
        position = re.compile(r"^[45]:\d\d of 5:00, scene \d\d, \w+, filmed$")
        await expect(page.locator("#live").get_by_role("slider")).to_have_attribute("aria-valuetext", position)
        # Each stage has a line of its own.
        boxes = [await stage.bounding_box() for stage in await page.locator(".stage").all()]
        tops = [box["y"] for box in boxes if box]
        assert len(set(tops)) == sum(not row.optional for row in STAGES.values())
        assert artist.complaints == []
