"""What works without JavaScript, with a keyboard, and what the page's own words say."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import FilePayload, expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.pretending import pretend_it_runs
from tests.browser.seeding import Seeder
from tests.browser.visitor import PATIENCE_MS, Visitor, browsing, visiting

pytestmark = pytest.mark.browser

PASSWORD = "a calm and long password"


async def test_reading_needs_no_javascript(site: str) -> None:
    async with browsing() as browser:
        context = await browser.new_context(java_script_enabled=False)
        answer = await context.request.post(
            f"{site}/api/v1/accounts", data={"email": "plain@example.org", "password": PASSWORD}
        )
        assert answer.status == 201
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        await page.goto(f"{site}/credits")
        await expect(page.locator("tbody tr")).to_contain_text(["Welcome credits"])
        await page.goto(f"{site}/vault?show=songs")
        await expect(page.get_by_text("Songs you upload are kept here.")).to_be_visible()
        await page.goto(site)
        await expect(page.locator(".style-card")).to_have_count(20)


async def test_everything_is_reached_by_keyboard(site: str) -> None:
    async with visiting(site) as artist:
        await artist.sign_up("keys@example.org")
        page = artist.page
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("main")).to_be_focused()
        await page.get_by_role("radio", name="Cinematic Realism").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("radio", name="Golden Hour")).to_be_checked()
        await expect(page.locator("#total-style")).to_have_text("Golden Hour")
        await page.get_by_role("switch", name="Enhance Prompt").focus()
        await page.keyboard.press("Space")
        await expect(page.get_by_role("switch", name="Enhance Prompt")).to_be_checked()


async def test_an_address_of_nobody_is_a_page_with_a_sentence(site: str) -> None:
    async with visiting(site) as artist:
        await artist.sign_up("lost@example.org")
        answer = await artist.page.goto(f"{site}/preview/video-of-another")
        assert answer is not None
        assert answer.status == 404
        await expect(artist.page.get_by_text("Nothing of yours is under this address.")).to_be_visible()
        artist.forget("404")
        await artist.look("not-here")


async def test_problems_stand_at_their_field(site: str) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.goto("/signup")
        await page.get_by_label("E-mail").fill("short@example.org")
        await page.get_by_label("Password").fill("short")
        await page.get_by_role("button", name="Make my account").click()
        await expect(page.locator("#password-problem")).not_to_be_empty()
        await expect(page.get_by_label("Password")).to_be_focused()
        await artist.goto("/login")
        await page.get_by_label("E-mail").fill("stranger@example.org")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        await expect(page.get_by_text("Wrong e-mail address or password")).to_be_visible()
        artist.forget("401")
        await artist.look("login-refused")


def _picture(kind: str) -> FilePayload:
    """A face is not needed: any picture large enough will do."""
    kept = BytesIO()
    Image.effect_mandelbrot((640, 800), (-2, -1, 1, 1), 60).convert("RGB").save(kept, kind)
    return FilePayload(name=f"face.{kind.lower()}", mimeType=f"image/{kind.lower()}", buffer=kept.getvalue())


async def test_a_character_is_locked_with_several_pictures(site: str) -> None:
    async with visiting(site) as artist:
        await artist.sign_up("faces@example.org")
        page = artist.page
        front, side = _picture("PNG"), _picture("JPEG")
        await artist.goto("/vault?show=characters")
        await page.get_by_label("Name", exact=True).fill("Ines")
        await page.get_by_label("Description").fill("A tall woman with silver hair and a red coat")
        keep = page.get_by_role("button", name="Keep this character")
        await keep.click()
        await expect(page.locator("#references-problem")).not_to_be_empty()
        words = FilePayload(name="words.png", mimeType="image/png", buffer=b"only words " * 400)
        await page.get_by_label("Reference pictures").set_input_files([front, words])
        await keep.click()
        await expect(page.locator("#references-problem")).to_contain_text("Image 2")
        artist.forget("415", "422")
        await page.get_by_label("Reference pictures").set_input_files([front, side])
        await keep.click()
        await expect(page.locator(".line", has_text="Ines")).to_be_visible()
        kept = (await (await page.request.get(f"{site}/api/v1/characters")).json())["items"]
        assert [(one["name"], one["description"], len(one["references"])) for one in kept] == [
            ("Ines", "A tall woman with silver hair and a red coat", 2)
        ]
        await expect(page.get_by_label("Name", exact=True)).to_have_value("")
        await artist.look("character-kept")


async def said(artist: Visitor, expression: str, module: str = "words") -> object:
    """What one of the page's own modules answers; its name is that of the module."""
    return await artist.page.evaluate(
        f"""async () => {{
            const base = document.querySelector('script[type="module"]').src.replace(/[^/]+$/, "");
            const {module} = await import(base + "{module}.js");
            return {expression};
        }}"""
    )


async def test_times_and_amounts_in_words(site: str) -> None:
    async with visiting(site) as artist:
        await artist.goto("/login")
        now = "Date.parse('2026-01-01T00:00:00Z')"
        left = (
            f"['00:00:30', '00:01:10', '00:12:10', '03:00:00'].map((t) => words.timeLeft(`2026-01-01T${{t}}Z`, {now}))"
        )
        assert await said(artist, left) == [
            "less than a minute left",
            "about a minute left",
            "about 12 minutes left",
            "about 3 hours left",
        ]
        assert await said(artist, f"words.timeLeft('2025-12-31T23:00:00Z', {now})") == "any moment now"
        assert await said(
            artist, "[words.timeLeft(null), words.credits(0), words.credits(1), words.credits(1250)]"
        ) == [
            "",
            "free",
            "1 credit",
            "1,250 credits",
        ]
        assert await said(artist, "[words.clock(59.6), words.clock(187), words.clock(3787)]") == [
            "1:00",
            "3:07",
            "1:03:07",
        ]


async def test_no_time_is_promised_that_is_not_known(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist:
        page, left = artist.page, artist.page.locator("#left")
        await artist.sign_up("patient@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        for painted, left_s, words in (
            (0, 730, ""),
            (5, 730, "about 12 minutes left"),
            (5, -90, "longer than expected"),
        ):
            video_id = seeder.order("Patience")
            await pretend_it_runs(page, video_id, 60, painted=painted, left_s=left_s)
            await artist.goto(f"/processing/{video_id}")
            await expect(page.locator("#scene-words")).to_contain_text(f"{painted} of 60 painted")
            await expect(left).to_have_text(words)
        await artist.look("processing-live")
