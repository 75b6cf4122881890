"""Words typed in Studio are never lost; a finished take leaves focused fields as they are."""

import io
import json
import re
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from api.shapes import VideoShape
from api.visiting import PageSession
from api.web.templating import render
from cli.stack import running_stack, settings_for
from models.brief import PROMPT_MAX_CHARS, Brief
from models.credits import Balance
from models.orders import Order
from models.profiles import ProfileName
from models.storyboard import CameraMove
from settings import Settings
from stores.database import utc_now
from stores.opening import Stores, open_stores
from tests.browser.pretending import WAVE
from tests.browser.studio import knows_version, open_version, shows_version
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "words@example.org", "a calm and long password"
FOX, TURNS, HARE = "A fox in the rain.", "It turns slowly.", "A hare at dawn, seen from above."
FPS = 24
_UNDER_THE_FINGERS = """() => {
    const field = document.activeElement;
    const player = document.querySelector("video");
    return [field.id, field.value, field.selectionStart, field.selectionEnd, player.paused];
}"""


@pytest.fixture
def kept(site: str, site_home: Path) -> Iterator[Stores]:
    """What the site keeps."""
    base = Settings(home=site_home)
    state = running_stack(base)
    assert state is not None
    stores = open_stores(**settings_for(state, base).store_options())
    yield stores
    stores.database.close()


def _sound() -> bytes:
    """A minute of silence: a player plays it, too."""
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(4_000)
            sound.writeframes(bytes([128]) * 4_000 * 60)
        return file.getvalue()


class Desk:
    """A video whose scenes are made when the test says so; its drafts are the site's own."""

    def __init__(self, site: str, account_id: str, video_id: str) -> None:
        self.site, self.account_id, self.video_id = site, account_id, video_id
        self.images = ["A street."] * 3
        self.version, self.asked, self.delivered = 1, False, False
        self.sound = _sound()

    async def lie_in(self, context: BrowserContext) -> None:
        """Answer for the video in every page of a browser."""
        url = f"**/api/v1/videos/{self.video_id}"
        await context.route(f"**/studio/{self.video_id}*", self._page)
        await context.route(f"{url}/timeline*", self._timeline)
        await context.route(f"{url}/versions", self._versions)
        await context.route(
            f"{url}/versions/*/video", lambda route: route.fulfill(body=self.sound, content_type="audio/wav")
        )
        await context.route(f"{url}/regenerations*", lambda route: route.fulfill(json={"items": []}))
        await context.route(f"{url}/regenerations/one", self._operation)
        await context.route(f"{url}/scenes/0/regenerations", self._order)
        await context.route(f"{url}/waveform.json*", lambda route: route.fulfill(json=WAVE))
        await context.route(f"{url}/beats", lambda route: route.fulfill(json={"edits": [], "revision": 1}))
        quote = {"credits": 10, "affordable": True, "reason": "", "next_step": ""}
        await context.route("**/api/v1/quotes", lambda route: route.fulfill(json=quote))

    async def _page(self, route: Route) -> None:
        session = await route.request.frame.page.request.get(f"{self.site}/api/v1/session")
        if session.status != 200:
            await route.continue_()
            return
        told = await session.json()
        await route.fulfill(content_type="text/html", body=self._html(told["csrf_token"]))

    def _html(self, csrf_token: str) -> str:
        brief = Brief()
        video = VideoShape(
            video_id=self.video_id,
            title="First Light",
            song_id="song-1",
            song_title="First Light",
            style=brief.style,
            style_name="Film Noir",
            prompt="",
            enhance=False,
            character_ids=(),
            aspect=brief.aspect,
            seed=0,
            created_at=utc_now(),
            status="draft_ready",
            latest_version=1,
            poster_url=None,
        )
        visitor = PageSession(self.account_id, EMAIL, True, frozenset(), csrf_token)
        moves = [move.value for move in CameraMove]
        balance = Balance(posted=250, held=0, available=250)
        page = {"here": "", "video": video, "versions": (), "moves": moves, "prompt_max": PROMPT_MAX_CHARS}
        return render("studio.html", session=visitor, balance=balance, **page)

    async def _timeline(self, route: Route) -> None:
        found = re.search(r"version=(\d+)", route.request.url)
        version = int(found[1]) if found else self.version
        images = self.images if version == self.version else ["A street."] * 3
        scenes: list[dict[str, Any]] = [
            {
                "index": index,
                "scene_id": index,
                "start_frame": FPS * 20 * index,
                "end_frame": FPS * 20 * (index + 1),
                "section": "verse",
                "start_s": 20.0 * index,
                "end_s": 20.0 * index + 20,
                "prompt": prompt,
                "motion_prompt": "It stands still.",
                "camera_move": CameraMove.PUSH_IN.value,
                "still_url": None,
                "marks": [],
                "takes": [],
            }
            for index, prompt in enumerate(images)
        ]
        bounds = {"shortest_frames": FPS, "longest_frames": FPS * 30}
        shown = {"version": version, "duration_s": 60.0, "fps": FPS, "undo": None, "redo": None}
        await route.fulfill(json=shown | bounds | {"scenes": scenes})

    async def _versions(self, route: Route) -> None:
        url = f"/api/v1/videos/{self.video_id}/versions"
        items = [
            {"version": number, "sentence": f"Version {number}", "latest": False, "video_url": f"{url}/{number}/video"}
            for number in range(1, self.version + 1)
        ]
        await route.fulfill(json={"items": items})

    async def _video(self, route: Route) -> None:
        await route.fulfill(body=self.sound, content_type="audio/wav")

    async def _order(self, route: Route) -> None:
        wish = json.loads(route.request.post_data or "")
        self.images = [wish["prompt"], *self.images[1:]]
        await route.fulfill(status=202, json={"operation_id": "one", "scene_index": 0, "kind": "image"})

    async def _operation(self, route: Route) -> None:
        told = {"operation_id": "one", "failure": None, "version": self.version}
        await route.fulfill(json=told | {"state": "delivered" if self.delivered else "accepted"})

    def deliver(self) -> None:
        """The image that was ordered is there."""
        self.version, self.delivered = 2, True


async def _pick(page: Page, number: int) -> None:
    await page.get_by_role("button", name=re.compile(rf"^Scene {number},")).click()
    await expect(page.locator("#scene-heading")).to_have_text(f"Scene {number}")


async def test_no_word_is_lost_in_studio(site: str, kept: Stores) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up(EMAIL)
        account_id = (await (await page.request.get(f"{site}/api/v1/session")).json())["account_id"]
        desk = Desk(site, account_id, f"video-{uuid4().hex[:20]}")
        kept.orders.add(
            Order(
                video_id=desk.video_id,
                account_id=account_id,
                song_id="song-1",
                song_title="First Light",
                brief=Brief(),
                profile=ProfileName.TINY,
                ordered_at=utc_now(),
            )
        )
        await desk.lie_in(page.context)
        address = f"/studio/{desk.video_id}"
        await artist.goto(address)
        image, motion = page.get_by_label("What the image shows"), page.get_by_label("How it moves")
        note = page.locator("#draft-note")

        # Switching scene and version.
        await image.fill(FOX)
        await motion.fill(TURNS)
        await _pick(page, 2)
        await expect(image).to_have_value("A street.")
        await _pick(page, 1)
        await expect(image).to_have_value(FOX)
        await expect(motion).to_have_value(TURNS)

        # A take finishes while another scene is written and the video plays.
        await page.get_by_role("button", name="New image").click()
        await expect(page.locator("#making")).to_contain_text("scene 1")
        await _pick(page, 2)
        # So slowly that it still plays when the take is there, however long that takes.
        await page.locator("#player").evaluate("video => { video.playbackRate = 0.1; video.play(); }")
        await image.fill(HARE)
        await image.evaluate("field => field.setSelectionRange(2, 6)")
        desk.deliver()
        await knows_version(page, 2)
        assert await page.evaluate(_UNDER_THE_FINGERS) == ["image-prompt", HARE, 2, 6, False]
        await page.evaluate("document.querySelector('video').pause()")
        await shows_version(page, 2)
        assert await page.evaluate(_UNDER_THE_FINGERS) == ["image-prompt", HARE, 2, 6, True]
        await open_version(page, 1)
        await expect(image).to_have_value(HARE)
        await open_version(page, 2)
        await _pick(page, 1)
        await expect(motion).to_have_value(TURNS)  # a new image leaves the words of the motion
        await expect(note).to_contain_text("Your words are kept")
        await artist.look("studio-unsent-words")
        await page.set_viewport_size({"width": 320, "height": 700})
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        await page.set_viewport_size({"width": 1440, "height": 900})

        # A reload, and a second window that types too: the newest words win, the others are offered.
        await page.reload()
        await expect(motion).to_have_value(TURNS)
        other = await page.context.new_page()
        await other.goto(f"{site}{address}?scene=1")
        await expect(other.get_by_label("How it moves")).to_have_value(TURNS)
        await other.get_by_label("How it moves").fill("It falls.")
        await expect(other.locator("#draft-note")).to_contain_text("Your words are kept")
        await other.close()
        await motion.fill("It rises.")
        await expect(note).to_contain_text("typed in another window: “It falls.”")
        await note.get_by_role("button", name="Use these words").click()
        await expect(motion).to_have_value("It falls.")
        await expect(note).to_contain_text("“It rises.”")
        await note.get_by_role("button", name="Leave them").click()
        await expect(note).not_to_contain_text("It rises.")

        # The server is unreachable, the page reloads, the server returns: another device finds the words.
        away = "**/scenes/*/draft"
        await page.route(away, lambda route: route.abort())
        await motion.fill("It flies.")
        await expect(page.locator("#offline")).to_contain_text("Echonos does not answer")
        await page.reload()
        await expect(motion).to_have_value("It flies.")
        await page.unroute(away)
        await page.reload()
        await expect(note).to_contain_text("Your words are kept")
        await page.evaluate("localStorage.clear()")
        await page.reload()
        await expect(motion).to_have_value("It flies.")

        # The session is lost while one types.
        async with artist.session_lost():
            await motion.fill("It flies away.")
        await expect(page).to_have_url(re.compile("/login"))
        await page.wait_for_load_state()  # the form is sent by a module
        await page.get_by_label("E-mail").fill(EMAIL)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        await page.wait_for_url(f"**{address}?scene=1")
        await expect(motion).to_have_value("It flies away.")
        await _pick(page, 2)
        await expect(image).to_have_value(HARE)
        artist.forget("401", "ERR_FAILED")
        assert artist.complaints == []
