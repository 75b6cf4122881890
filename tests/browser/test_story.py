"""The whole story in a real browser on the real local stack: from signing up to a repaired scene."""

import re

import pytest
from playwright.async_api import FilePayload, Locator, expect

from models.profiles import Profile
from services.songs import CheckedSong
from tests.browser.pretending import pretend_it_waits
from tests.browser.studio import open_version, shows_version
from tests.browser.test_emails import LinkTo, link_to
from tests.browser.visitor import Visitor, visiting

__all__ = ["link_to"]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

DRAFT_MS = 600_000
SCENE_MS = 240_000
PIECE_MS = 240_000
LRC = "[00:05.00]First light on the wire\n[00:09.50]A courier in the rain\n[00:14.00]Hold on, hold on"
PROMPT = "A courier in a red jacket crosses a rainy neon city at night. Lanterns, wet streets, a rooftop at dawn."
_PLAY = """() => new Promise((done) => {
    const video = document.querySelector("video");
    video.muted = true;
    video.addEventListener("timeupdate", () => video.currentTime > 1.5 && done(video.currentTime));
    video.play();
})"""
_PLAYED = """() => {
    const video = document.querySelector("video");
    const frames = video.getVideoPlaybackQuality().totalVideoFrames;
    return [video.videoWidth, video.videoHeight, video.duration, frames, video.error && video.error.message];
}"""


async def test_from_a_song_to_a_repaired_video(
    site: str, demo_song: CheckedSong, profile: Profile, link_to: LinkTo
) -> None:
    async with visiting(site) as artist:
        await _comes_in(artist)
        await _brings_a_song(artist, demo_song)
        await _writes_the_brief(artist)
        await _watches_it_being_made(artist)
        await _plays_it(artist, demo_song.facts.duration_s, profile)
        await _takes_pieces_along(artist)
        await _sees_it_filled_in_again(artist)
        await _repairs_a_scene(artist)
        await _compares_versions(artist, profile)
        await _chooses_a_take_and_goes_back(artist)
        await _looks_into_the_vault(artist)
        await _deletes_the_video(artist)
        await _looks_after_credits_and_account(artist, link_to)
        await _cancels_another_one(artist)
        await _leaves(artist)


async def _comes_in(artist: Visitor) -> None:
    page = artist.page
    await artist.goto("/vault")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    await artist.look("login")
    await artist.sign_up("mara@example.org")
    assert await artist.balance() == 250
    # The pictures of the styles are painted when the backend first comes up.
    await expect(page.locator("#wall img")).to_have_count(20, timeout=SCENE_MS)
    await artist.look("create")


async def _brings_a_song(artist: Visitor, song: CheckedSong) -> None:
    page = artist.page
    await page.get_by_label("Choose a song file").set_input_files(
        {"name": "not a song.mp3", "mimeType": "audio/mpeg", "buffer": b"only words " * 400}
    )
    await expect(page.locator("#song-problem")).to_contain_text("MP3")
    artist.forget("422", "415")
    await artist.look("create-refused")

    await page.get_by_label("Choose a song file").set_input_files(song.path)
    await expect(page.locator("#song .wave")).to_be_visible(timeout=SCENE_MS)
    await expect(page.locator("#song-facts")).to_contain_text(re.compile(r"1:28.*FLAC.*bpm.*beats"))
    assert await page.locator("#song .sections li").count() >= 4
    await expect(page.locator("#song-problem")).to_be_empty()


async def _writes_the_brief(artist: Visitor) -> None:
    page = artist.page
    prompt = page.get_by_label("Prompt", exact=True)
    assert await prompt.get_attribute("placeholder") == "A cyberpunk style android cyborg..."
    await prompt.fill(PROMPT)
    await page.get_by_role("switch", name="Enhance Prompt").check()
    await expect(page.locator("#expansion")).to_contain_text("courier")

    await page.get_by_label("Search Styles:").fill("noir")
    await expect(page.locator(".style-card:visible .style-name")).to_have_text(["Film Noir", "Neo Noir"])
    await page.get_by_label("Search Styles:").fill("")
    await page.get_by_role("radio", name="Cyberpunk").check()

    await expect(page.locator("#total-style")).to_have_text("Cyberpunk")
    await expect(page.locator("#total-cost")).to_have_text("200 credits")
    await expect(page.locator("#total-before")).to_have_text("250 credits")
    await expect(page.locator("#total-after")).to_have_text("50 credits")
    await artist.look("create-ready")
    await page.get_by_role("button", name="Generate video").click()
    await page.wait_for_url("**/processing/*")


async def _watches_it_being_made(artist: Visitor) -> None:
    page = artist.page
    await expect(page.locator(".stage")).to_have_count(9)
    done = page.locator('.stage[data-status="done"]').first
    await expect(done).to_be_visible(timeout=SCENE_MS)
    # While it has hardly begun, because a run that has ended is not asked for any more; and without its events, because
    # a stream that is open already goes on in a Chromium that is said to be offline.
    await page.route("**/events", lambda route: route.abort())
    await page.reload()
    await expect(done).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.get_by_text("You are offline")).to_be_visible()
    await page.context.set_offline(False)
    await page.unroute("**/events")
    await expect(page.get_by_text("You are offline")).to_be_hidden()
    artist.forget("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED", "ERR_NETWORK_IO_SUSPENDED")
    await expect(page.locator(".tile img").first).to_be_visible(timeout=SCENE_MS)
    await artist.look("processing")
    await _is_told_that_it_waits(artist)
    await page.reload()
    await expect(page.get_by_role("link", name="Watch your video")).to_be_visible(timeout=DRAFT_MS)
    await expect(page.locator('.stage[data-status="done"]')).to_have_count(9)
    await expect(page.locator(".balance strong")).to_have_text("50")
    await artist.look("processing-done")


async def _is_told_that_it_waits(artist: Visitor) -> None:
    page = artist.page
    progress = f"{artist.site}/api/v1/videos/{page.url.rpartition('/')[2]}/progress"
    async with pretend_it_waits(page, progress):
        await page.reload()
        await expect(page.locator("#waiting")).to_contain_text("The painter does not answer")
        await artist.look("processing-waiting")
        await page.emulate_media(forced_colors="active")
        await artist.look("processing-own-colours")
        await page.emulate_media(forced_colors="none")


async def _plays_it(artist: Visitor, song_s: float, profile: Profile) -> None:
    page = artist.page
    await page.get_by_role("link", name="Watch your video").click()
    await page.wait_for_url("**/preview/*")
    assert await page.evaluate(_PLAY) > 1.5
    width, height, duration_s, frames, error = await page.evaluate(_PLAYED)
    assert error is None
    assert (width, height) == (profile.width, profile.height)
    assert abs(duration_s - song_s) <= 1 / profile.fps
    assert frames > 4
    await page.evaluate("document.querySelector('video').pause()")
    assert (
        await _saved_as(artist, page.get_by_role("link", name="Download", exact=True)) == "First Light (version 1).mp4"
    )
    await artist.look("preview")


async def _takes_pieces_along(artist: Visitor) -> None:
    page = artist.page
    make = page.get_by_role("button", name="Make Lyric video")
    await make.click()
    dialog = page.get_by_role("dialog", name="Lyric video")
    await dialog.get_by_label("Lyrics", exact=True).fill("First light on the wire")
    await dialog.get_by_role("button", name="Make lyric video").click()
    await expect(page.locator("#lyrics-problem")).to_contain_text("Line 1 of the lyrics has no time")
    await expect(dialog.get_by_label("Lyrics", exact=True)).to_be_focused()
    artist.forget("422")
    await artist.look("preview-lyrics")
    words = FilePayload(name="first-light.lrc", mimeType="text/plain", buffer=LRC.encode("utf-16"))
    await dialog.get_by_label("Or choose a file").set_input_files(words)
    await expect(dialog.get_by_label("Lyrics", exact=True)).to_have_value(re.compile("courier in the rain"))
    await dialog.get_by_role("button", name="Make lyric video").click()
    await expect(dialog).to_be_hidden()
    async with page.expect_response(lambda answer: answer.status == 202):
        await page.get_by_role("button", name="Make Poster").click()
    pieces = f"/api/v1/videos/{page.url.rpartition('/')[2]}/exports"
    await page.wait_for_function(
        """async (pieces) => {
            const { items, making } = await (await fetch(pieces)).json();
            return [...items, ...making].some((piece) => piece.kind === "poster");
        }""",
        arg=pieces,
    )
    await page.reload()
    for piece, name in (("Poster", "First Light (poster).png"), ("Lyric video", "First Light (lyrics).mp4")):
        link = page.get_by_role("link", name=f"Download {piece}")
        await expect(link).to_be_visible(timeout=PIECE_MS)
        assert await _saved_as(artist, link) == name
    await artist.look("preview-pieces")


async def _saved_as(artist: Visitor, link: Locator) -> str:
    """The name under which a browser saves what a link leads to; it is not empty."""
    async with artist.page.expect_download(timeout=PIECE_MS) as coming:
        await link.click()
    download = await coming.value
    assert (await download.path()).stat().st_size > 1_000
    return download.suggested_filename


async def _sees_it_filled_in_again(artist: Visitor) -> None:
    page = artist.page
    await page.get_by_role("link", name="Generate again").click()
    await expect(page.locator("#song-title")).to_have_text("First Light")
    await expect(page.get_by_label("Prompt", exact=True)).to_have_value(PROMPT)
    await expect(page.get_by_role("radio", name="Cyberpunk")).to_be_checked()
    # 50 credits are left: the reason stands beside the button, which can't be pressed.
    await expect(page.locator("#total-problem")).to_contain_text("150 credits more")
    await expect(page.get_by_role("button", name="Generate video")).to_be_disabled()
    await page.go_back()


async def _repairs_a_scene(artist: Visitor) -> None:
    page = artist.page
    await page.get_by_role("link", name="Open in Studio").click()
    await expect(page.get_by_role("heading", name="Scene 1", exact=True)).to_be_visible()
    await page.get_by_role("button", name=re.compile(r"^Scene 3,")).click()
    await expect(page.get_by_role("heading", name="Scene 3", exact=True)).to_be_visible()
    await artist.look("studio")
    await expect(page.locator('[data-price="image"]')).to_have_text("10 credits")
    await page.get_by_label("What the image shows").fill("Close-up of a paper lantern glowing red in the rain.")
    await page.get_by_role("button", name="New image").click()
    await expect(page.locator("#making")).to_contain_text("scene 3")
    await shows_version(page, 2, timeout=SCENE_MS)
    await expect(page.locator(".balance strong")).to_have_text("40")
    await expect(page.locator("#takes .take")).to_have_count(2)
    await artist.look("studio-version-2")


async def _compares_versions(artist: Visitor, profile: Profile) -> None:
    page = artist.page
    await page.get_by_role("link", name="Preview").click()
    await page.wait_for_url("**/preview/*")
    await page.get_by_role("button", name="Side by side").click()
    await expect(page.locator(".player")).to_have_count(2)
    for number in (0, 1):
        await expect(page.locator(".player video").nth(number)).to_have_js_property("videoWidth", profile.width)
    await expect(page.locator("#differences")).to_contain_text("They differ in")
    await page.locator("#differences").get_by_role("button", name=re.compile("^Scene 3,")).click()
    for number in (0, 1):
        video = page.locator(".player video").nth(number)
        await page.wait_for_function(
            "video => !video.seeking && video.currentTime > 1", arg=await video.element_handle()
        )
    await artist.look("preview-side-by-side")


async def _chooses_a_take_and_goes_back(artist: Visitor) -> None:
    page = artist.page
    await page.get_by_role("link", name="Open in Studio").click()
    await page.get_by_role("button", name=re.compile(r"^Scene 3,")).click()
    await page.get_by_role("button", name="Use take 1").click()
    await shows_version(page, 3, timeout=SCENE_MS)
    await expect(page.locator("#version-words")).to_have_text("Scene 3 with another take")
    await expect(page.locator('.take[data-chosen="true"]')).to_contain_text("Take 1")
    await open_version(page, 2)
    await expect(page.locator("#versions-button")).to_be_focused()
    await expect(page.locator('.take[data-chosen="true"]')).to_contain_text("Take 2")
    async with page.expect_response(lambda answer: answer.status == 202):
        await page.get_by_role("button", name="Go on from this version").click()
    await page.reload()  # what was begun goes on, and is met again
    await shows_version(page, 4, timeout=SCENE_MS)
    await expect(page.locator("#version-words")).to_have_text("As version 2 was")
    # To go back was a step, too: it can be undone.
    await page.keyboard.press("Control+Z")
    await shows_version(page, 5, timeout=SCENE_MS)
    await expect(page.locator("#version-words")).to_have_text("Undone: as version 3 was")
    await expect(page.locator(".balance strong")).to_have_text("40")
    await artist.look("studio-version-5")


async def _looks_into_the_vault(artist: Visitor) -> None:
    page = artist.page
    await artist.goto("/vault")
    await page.get_by_role("button", name="Rename").click()
    await page.get_by_label("Title").fill("Night Drive")
    await page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    await expect(page.get_by_role("link", name="Night Drive")).to_be_visible()
    await artist.look("vault")
    await page.get_by_role("link", name="Songs").click()
    await page.get_by_label("Search Songs:").fill("no such words")
    await expect(page.get_by_text("No song of yours matches")).to_be_visible()
    await page.get_by_label("Search Songs:").fill("fir lig")
    await expect(page.locator(".line")).to_have_count(1)
    await artist.look("vault-songs")
    await page.get_by_role("link", name="Characters").click()
    await page.get_by_label("Name", exact=True).fill("Ines")
    await page.get_by_label("Reference pictures").set_input_files(await _a_face(artist))
    await page.get_by_label("Description").fill("A tall woman with silver hair and a red coat")
    await page.get_by_role("button", name="Keep this character").click()
    await expect(page.locator(".line", has_text="Ines")).to_be_visible()
    await artist.look("vault-characters")


async def _deletes_the_video(artist: Visitor) -> None:
    page = artist.page
    await artist.goto("/vault")
    await page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Delete “Night Drive”?")
    await artist.look("vault-delete")
    await dialog.get_by_role("button", name="Keep as it is").click()
    await expect(page.get_by_role("link", name="Night Drive")).to_be_visible()
    await page.get_by_role("button", name="Delete").click()
    await dialog.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Your videos will be here.")).to_be_visible(timeout=SCENE_MS)


async def _a_face(artist: Visitor) -> FilePayload:
    """A picture to lock a character with: one of the styles' own."""
    slug = "painterly-3d"
    answer = await artist.page.request.get(f"{artist.site}/api/v1/styles/{slug}/picture")
    return {"name": "ines.webp", "mimeType": "image/webp", "buffer": await answer.body()}


async def _looks_after_credits_and_account(artist: Visitor, link_to: LinkTo) -> None:
    page = artist.page
    await artist.goto("/credits")
    await page.get_by_role("button", name=re.compile(r"\$10\b.*Top-up of 250")).click()
    await expect(page.locator(".balance strong")).to_have_text("290")
    # An order and its end are one line; the video was deleted, and its name with it.
    await expect(page.locator("tbody tr td:nth-child(2)")).to_contain_text(
        ["Top-up", "New image for a scene", "A video that is not in your Vault", "Welcome credits"]
    )
    await expect(page.locator("tbody tr td:nth-child(3)")).to_have_text(["+250", "−10", "−200", "+250"])
    await artist.look("credits")
    await artist.goto(await link_to("mara@example.org", "verify"))  # tokens want a confirmed address
    await page.get_by_role("button", name="Confirm my address").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("A song in, a video out")
    await artist.goto("/account")
    await page.get_by_label("Name", exact=True).fill("Upload script")
    await page.get_by_role("button", name="New token").click()
    await expect(page.locator("#token-text")).not_to_be_empty()
    await artist.look("account")


async def _cancels_another_one(artist: Visitor) -> None:
    page = artist.page
    await artist.goto("/vault?show=songs")
    await page.get_by_role("link", name="Make a video of First Light").click()
    await expect(page.locator("#song-title")).to_have_text("First Light")
    await page.get_by_role("radio", name="Low Poly 3D").check()
    await page.get_by_role("button", name="Generate video").click()
    await page.wait_for_url("**/processing/*")
    await expect(page.locator(".balance strong")).to_have_text("90")
    await page.get_by_role("button", name="Cancel").click()
    dialog = page.get_by_role("dialog", name="Cancel this video?")
    await dialog.get_by_role("button", name="Keep as it is").click()
    await expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    await page.get_by_role("button", name="Cancel").click()
    await dialog.get_by_role("button", name="Cancel the video").click()
    await expect(page.locator("#sentence")).to_have_text("Cancelled. The credits are back.", timeout=SCENE_MS)
    await expect(page.locator(".balance strong")).to_have_text("290")
    await expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    await page.wait_for_load_state("networkidle")
    artist.forget("404")  # pictures that were removed with the run while the page asked for them
    await artist.look("processing-cancelled")
    await expect(page.locator("#kind")).to_have_text("Cancelled")
    await page.get_by_role("link", name="Try again").click()
    await expect(page.get_by_role("radio", name="Low Poly 3D")).to_be_checked()


async def _leaves(artist: Visitor) -> None:
    page = artist.page
    await artist.goto("/account")
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    await artist.goto("/credits")
    assert "/login?next=%2Fcredits" in page.url
