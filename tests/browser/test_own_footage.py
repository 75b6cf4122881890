"""An own picture and an own clip on Studio's page: chosen, aimed, shown; by mouse, by keyboard, on a phone."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.seeding import Seeder
from tests.browser.studio import shows_version
from tests.browser.visitor import visiting
from tests.fakes.own_footage import picture, write_clip

pytestmark = pytest.mark.browser


async def test_an_artist_shows_a_picture_and_a_clip_of_their_own(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    photo = tmp_path / "Harbour.png"
    Image.fromarray(picture(640, 360, 9)).save(photo)
    clip = write_clip(tmp_path / "Walk.mov", [picture(160, 120, number % 25) for number in range(120)], turn="clock")
    (tmp_path / "Dance.gif").write_bytes(b"GIF89a" + bytes(200))
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("own-footage@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id = seeder.video("Own", scenes=8)
        await artist.goto(f"/studio/{video_id}?scene=3")
        await shows_version(page, 1)

        await page.get_by_role("button", name="Own picture or clip").click()
        dialog = page.get_by_role("dialog", name="Own picture or clip for scene 3")
        await expect(dialog.locator("#own-use")).to_be_disabled()
        file = dialog.locator("#own-file")
        await file.set_input_files(tmp_path / "Dance.gif")
        await expect(dialog.locator("#own-problem")).to_contain_text("Dance.gif is a GIF, and we take a JPEG")
        artist.forget("415")

        await file.set_input_files(photo)
        await expect(dialog.get_by_role("radio", name="Harbour")).to_be_checked()
        await expect(dialog.locator("#own-facts")).to_contain_text("Harbour: 640×360.")
        across = dialog.get_by_label("Left to right")
        await expect(dialog.get_by_label("Top to bottom")).to_be_hidden()
        await across.focus()
        for _ in range(12):
            await page.keyboard.press("ArrowLeft")
        await expect(across).to_have_value("0.38")
        await artist.look("own-picture")
        await dialog.get_by_label("Without a camera move").check()
        await dialog.get_by_role("button", name=re.compile("Show it in scene 3")).click()
        await shows_version(page, 2)
        await expect(page.locator("#scene-marks")).to_have_text(
            "It shows your own picture or clip. It holds one picture."
        )
        scene = site_stores.vault.timeline(seeder.account_id, video_id).scenes[2]
        assert (scene.focus.x, scene.frozen, scene.marks) == (0.38, True, ("own",))

        await page.get_by_role("button", name="Own picture or clip").click()
        await expect(dialog.get_by_role("radio", name="Harbour")).to_be_checked()
        await expect(across).to_have_value("0.38")
        await file.set_input_files(clip)
        await expect(dialog.get_by_role("radio", name="Walk")).to_be_checked()
        begins = dialog.get_by_label("Begins at")
        await begins.focus()
        for _ in range(8):
            await page.keyboard.press("ArrowRight")
        await expect(dialog.locator("#own-in-words")).to_have_text("1.00 s of 15.00 s")
        await artist.look("own-clip")
        await dialog.get_by_role("button", name=re.compile("Show it in scene 3")).click()
        await shows_version(page, 3)
        shown = site_stores.vault.timeline(seeder.account_id, video_id).scenes[2]
        assert (shown.in_frame, shown.frame_count, shown.clip_frames) == (8, 64, 120)

        await artist.goto("/vault?show=footage")
        await expect(page.get_by_role("listitem").filter(has_text="Walk")).to_contain_text("Clip · 160×120 · 0:15")
        await page.get_by_role("button", name="Rename Walk").click()
        await page.get_by_role("dialog").get_by_label("Title").fill("Down the pier")
        await page.get_by_role("dialog").get_by_role("button", name="Rename").click()
        await expect(page.get_by_role("listitem").filter(has_text="Down the pier")).to_contain_text("Clip · 160×120")
        await artist.look("vault-footage")
        await page.get_by_role("button", name="Delete Harbour").click()
        await expect(page.get_by_role("dialog")).to_contain_text("Videos that show it stay exactly as they are.")
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_role("listitem").filter(has_text="Harbour")).to_have_count(0)
        assert artist.complaints == []
