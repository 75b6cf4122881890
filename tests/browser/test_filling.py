"""The preview of a video in the making: it keeps time with the song, and what arrives while it plays is shown."""

import io
import json
import re
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Route, expect

from api.web import typeface
from api.web.assets import FOLDER
from api.web.templating import render
from engines.picture.encode import Bt709Converter, SegmentWriter
from models.profiles import PROFILES, ProfileName
from models.progress import Progress
from models.stages import STAGES
from tests.browser.pretending import painted_picture, told_places, told_run
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

SITE = "http://echonos.test"
VIDEO = "video-1"
PROFILE = PROFILES[ProfileName.TINY]
SONG_S, SCENE_S, RATE_HZ = 300, 10, 8_000
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


def _song() -> bytes:
    """Five minutes of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE_HZ)
        file.writeframes(b"\x80" * (SONG_S * RATE_HZ))
    return out.getvalue()


def _clip(path: Path) -> bytes:
    """A scene's segment."""
    frame = Bt709Converter().to_yuv(np.full((PROFILE.height, PROFILE.width, 3), 90, np.uint8))
    with SegmentWriter(path, PROFILE) as writer:
        for _ in range(int(SCENE_S * PROFILE.fps)):
            writer.write(frame)
    return path.read_bytes()


async def _in_ranges(route: Route, content_type: str, body: bytes) -> None:
    """As the object store answers: what has no ranges can't be sought in."""
    first, _, last = (await route.request.all_headers()).get("range", "bytes=0-").removeprefix("bytes=").partition("-")
    part = body[int(first) : int(last or len(body) - 1) + 1]
    ranges = f"bytes {first}-{int(first) + len(part) - 1}/{len(body)}"
    headers = {"Content-Type": content_type, "Accept-Ranges": "bytes", "Content-Range": ranges}
    await route.fulfill(status=206, headers=headers, body=part)


@dataclass
class Run:
    """A run whose page, pictures and song are answered by the test: as far as it is painted and filmed."""

    clip: bytes
    song: bytes
    still: bytes
    is_painted: bool = False
    is_filmed: bool = False

    def told(self) -> dict[str, Any]:
        """Its progress."""
        told = told_run(VIDEO, SCENES, painted=SCENES if self.is_painted else 0)
        for scene in told["scenes"] if self.is_filmed else ():
            scene |= {"status": "clip", "clip_url": scene["still_url"].replace("still", "clip")}
        return told

    def _page(self) -> str:
        stages = [(row.name.value, row.words) for row in STAGES.values() if not row.optional]
        video = {"video_id": VIDEO, "title": "First look"}
        return render(
            "processing.html",
            session={"csrf_token": "", "account_id": "", "roles": ()},
            balance={"available": 50},
            here="",
            video=video,
            stages=stages,
            progress=Progress(video_id=VIDEO),
            kind="",
        )

    async def answer(self, route: Route) -> None:
        """Every request of the page."""
        path = route.request.url.removeprefix(SITE).partition("?")[0]
        static = re.fullmatch(r"/static/\w+/(.+)", path)
        if path == f"/processing/{VIDEO}":
            await route.fulfill(content_type="text/html", body=self._page())
        elif static and static[1] == typeface.PATH:
            await route.fulfill(content_type=typeface.MEDIA_TYPE, body=typeface.typeface())
        elif static and (FOLDER / static[1]).is_file():
            await route.fulfill(path=FOLDER / static[1])
        elif path.endswith("/progress"):
            await route.fulfill(json=self.told())
        elif path.endswith("/events"):
            # One state and the end: the browser asks again after the pause that it is given.
            event = f"retry: 1000\nid: {self.is_filmed}\nevent: progress\ndata: {json.dumps(self.told())}\n\n"
            await route.fulfill(content_type="text/event-stream", body=event)
        elif path.endswith("/places"):
            await route.fulfill(json=told_places(VIDEO, SCENES, PROFILE, SCENE_S))
        elif path.endswith("/still"):
            await route.fulfill(content_type="image/png", body=self.still)
        elif path.endswith("/clip"):
            await _in_ranges(route, "video/mp4", self.clip)
        elif path.endswith("/audio"):
            await _in_ranges(route, "audio/wav", self.song)
        else:
            await route.fulfill(status=204)


async def test_a_preview_fills_and_keeps_time_with_the_song(tmp_path: Path) -> None:
    run = Run(_clip(tmp_path / "clip.mp4"), _song(), painted_picture())
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
