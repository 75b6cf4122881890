"""Presses and keys: a waveform seeks, compared players stay in view, hung servers are reported."""

import asyncio
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import FilePayload, Route, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.hanging import Hang, HangingProxy
from tests.browser.pretending import pretend_a_song
from tests.browser.seeding import Seeder
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

_HEARD = "(seconds) => document.querySelector('#song-audio').currentTime > seconds"


async def test_the_song_is_heard_on_create(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("listens@example.org")
        song = (await Seeder.of(artist, site_stores, profile, tmp_path)).song("Heard")
        await artist.goto(f"/?song={song.song_id}")
        sound, wave = page.locator("#song-audio"), page.get_by_role("slider", name="Place in the song")
        await page.get_by_role("button", name="Play the song").click()
        await page.wait_for_function(_HEARD, arg=0.3)
        await expect(page.get_by_role("button", name="Pause")).to_be_visible()
        await page.get_by_role("button", name="Pause").click()
        await expect(sound).to_have_js_property("paused", True)
        # The place in the song is read while it stands: a song that plays is past it on a busy machine.
        box = await wave.bounding_box()
        assert box
        await wave.click(position={"x": box["width"] / 2, "y": 20})
        await expect(page.locator("#song-time")).to_have_text(re.compile(r"^0:3[12] of 1:04$"))
        await page.get_by_role("button", name="Play the song").click()
        await page.wait_for_function(_HEARD, arg=32.5)
        await page.get_by_role("button", name="Pause").click()
        await expect(sound).to_have_js_property("paused", True)
        await wave.press("Home")
        await expect(sound).to_have_js_property("currentTime", 0)
        await artist.look("create-song")

        # What can't be played is said, and the next press tries again; another song is silent at first.
        await page.get_by_role("button", name="Choose another").click()
        await page.route("**/audio", lambda route: route.fulfill(status=503, body=""))
        await page.locator(".song-pick").click()
        await page.get_by_role("button", name="Play the song").click()
        await expect(page.locator("#song-problem")).to_contain_text("can't be played right now")
        await page.unroute("**/audio")
        await page.get_by_role("button", name="Play the song").click()
        await page.wait_for_function(_HEARD, arg=0.3)
        await expect(page.locator("#song-problem")).to_be_empty()
        artist.forget("503")
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


@pytest.mark.parametrize("hang", [Hang.ALL, Hang.REST])
async def test_a_server_that_hangs_is_said_and_the_order_stays_one(site: str, hang: Hang) -> None:
    keys: list[str] = []

    async def refuse(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        await route.fulfill(status=402, json={"code": "insufficient_credits", "detail": "200 credits are needed."})

    async with (
        HangingProxy("/api/v1/videos").serving() as proxy,
        visiting(site, proxy={"server": proxy.url, "bypass": "<-loopback>"}) as artist,
    ):
        page = artist.page
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.clock.install()
        await artist.sign_up(f"hung-{hang.name.lower()}@example.org")
        await pretend_a_song(page)
        await artist.goto("/?song=song-1")
        # On a phone cost and button are in reach from the first moment on.
        generate = page.get_by_role("button", name="Generate video")
        await expect(generate).to_be_in_viewport()
        await expect(page.locator("#bar-cost")).to_be_in_viewport()
        await expect(page.locator("#song .wave")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        proxy.hang = hang
        await generate.click()
        await expect(generate).to_have_attribute("aria-busy", "true")
        async with asyncio.timeout(200):
            while not proxy.keys:
                await asyncio.sleep(0.05)
        await page.clock.fast_forward(31_000)
        await expect(page.locator("#total-problem")).to_contain_text("There is no answer yet")
        await page.route("**/api/v1/videos", refuse)
        await generate.click()
        await expect(page.locator("#total-problem")).to_contain_text("200 credits are needed")
        assert urlsplit(page.url).path == "/"
        assert proxy.keys == keys
        artist.forget("402", "ERR_")
        assert artist.complaints == []


async def test_an_upload_whose_answer_hangs_is_said(site: str) -> None:
    async with (
        HangingProxy("/api/v1/songs").serving() as proxy,
        visiting(site, proxy={"server": proxy.url, "bypass": "<-loopback>"}) as artist,
    ):
        page = artist.page
        await page.clock.install()
        await artist.sign_up("hung-upload@example.org")
        await page.wait_for_load_state("networkidle")
        proxy.hang = Hang.ALL
        song = FilePayload(name="song.mp3", mimeType="audio/mpeg", buffer=b"only words " * 400)
        await page.get_by_label("Choose a song file").set_input_files(song)
        await expect(page.locator("#upload-words")).to_have_text("Checking the song …")
        await page.clock.fast_forward(241_000)
        await expect(page.locator("#song-problem")).to_contain_text("there is no answer yet")
        await expect(page.locator("#song-choice")).to_be_visible()


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
