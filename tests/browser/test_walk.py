"""All surfaces with a long title and sixty scenes, in four widths: nothing overflows, measured box by box."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from cli.stack import running_stack
from cli.stack.running import enter_link
from models.profiles import Profile
from models.vault import TITLE_MAX_CHARS
from settings import Settings
from stores.opening import Stores
from tests.browser.boxes import spilled_anywhere
from tests.browser.pretending import pretend_it_runs
from tests.browser.seeding import Seeder
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.browser

WORD = "Donaudampfschifffahrtsgesellschaftskapitän"
TITLE = (f"{WORD} " * 2 + "x" * 200)[:TITLE_MAX_CHARS]
NAME = (WORD * 2)[:80]
DESCRIPTION = (f"{'y' * 300} " * 4)[:1000]
STRANGERS = ("/login", "/signup", "/forgot", "/reset?token=x", "/verify?token=x", "/address?token=x")


async def test_nothing_overflows(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("long-titles@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id, never, running = seeder.video(TITLE, scenes=60), seeder.order(TITLE), seeder.order(TITLE)
        seeder.new_image(video_id, 3)
        song_id = site_stores.vault.timeline(seeder.account_id, video_id).song_id
        seeder.character(NAME, DESCRIPTION)
        await pretend_it_runs(page, running, 60)
        surfaces = {
            "/": "#song-list li",
            f"/?song={song_id}": "#song .wave",
            "/vault": ".card",
            "/vault?show=songs": ".line",
            "/vault?show=characters": ".line",
            "/credits": "tbody tr",
            "/account": "#sessions .line",
            f"/processing/{never}": "#ends .button",
            f"/processing/{running}": ".tile img",
            f"/preview/{video_id}": "#exports .line",
            f"/studio/{video_id}": "#scene-form",
            "/preview/nothing-of-yours": "h1",
        }
        found = {path: await _measured(artist, path, there) for path, there in surfaces.items()}
        for name in ("Rename", "Delete"):
            await artist.goto("/vault")
            await page.get_by_role("button", name=f"{name} {WORD}").first.click()
            found[f"{name} in a dialog"] = await _spilled(page)
        await page.context.clear_cookies()
        await page.unroute_all()
        found |= {path: await _measured(artist, path, "h1") for path in STRANGERS}
        assert not _told(found), _told(found)


async def test_support_does_not_overflow_either(site: str, site_home: Path) -> None:
    state = running_stack(Settings(home=site_home))
    assert state is not None
    run = {
        "video_id": "video-0123456789abcdef0123",
        "account": "account-0123456789abcdef0123",
        "style": "film-noir",
        "stage": "video-generation",
        "state": "needs_attention",
        "started_at": "2026-11-26T08:00:00Z",
        "summary": f"{TITLE} · Film Noir · of {'z' * 120}@example.org",
        "reason": "The painter does not answer. " + "q" * 300,
        "temporal_url": "http://127.0.0.1/",
    }
    async with visiting(site) as person:
        await person.page.goto(enter_link(state))
        await person.page.route("**/api/v1/support/runs*", lambda route: route.fulfill(json={"items": [run] * 3}))
        found = {
            path: await _measured(person, path, there)
            for path, there in (("/support/figures", "h1"), ("/support", ".line"))
        }
        await person.page.get_by_role("button", name="Give up").first.click()
        found["a question to support"] = await _spilled(person.page)
        assert not _told(found), _told(found)
        assert person.complaints == []


async def _measured(artist: Visitor, path: str, there: str) -> list[str]:
    await artist.goto(path)
    await expect(artist.page.locator(there).first).to_be_visible()
    return await _spilled(artist.page)


async def _spilled(page: Page) -> list[str]:
    return await spilled_anywhere(page, WORD)


def _told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{where}: {what}" for where, what in found.items() if what)
