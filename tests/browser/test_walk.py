"""All surfaces with a long title and sixty scenes, in four widths: nothing overflows, measured box by box."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from models.profiles import Profile
from stores.opening import Stores
from tests.browser.seeding import Seeder
from tests.browser.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WIDTHS = (320, 390, 1024, 1440)
TITLE = ("Donaudampfschifffahrtsgesellschaftskapitän " * 2 + "x" * 200)[:200]
_SPILLED = """() => {
    const told = (one) => `${one.tagName}#${one.id}.${one.className} ${(one.textContent || "").trim().slice(0, 30)}`;
    const scrolls = (one) => {
        for (let box = one.parentElement; box; box = box.parentElement)
            if (getComputedStyle(box).overflowX !== "visible") return true;
        return false;
    };
    const found = [];
    for (const one of document.querySelectorAll("body *:not(svg *)")) {
        if (!one.checkVisibility() || one.closest(".visually-hidden, .skip")) continue;
        const box = one.getBoundingClientRect();
        if (!box.width || scrolls(one)) continue;
        if (box.right > innerWidth + 1 || box.left < -1) found.push(`beside the window: ${told(one)}`);
        const style = getComputedStyle(one);
        if (style.overflowX === "visible" && style.display !== "inline" && one.scrollWidth > one.clientWidth + 1)
            found.push(`wider than its box: ${told(one)}`);
    }
    for (const title of document.querySelectorAll("h1, .title")) {
        const lines = title.getBoundingClientRect().height / parseFloat(getComputedStyle(title).lineHeight);
        if (title.checkVisibility() && lines > 2.2) found.push(`${lines} lines: ${told(title)}`);
    }
    for (const length of document.querySelectorAll(".song-pick .number")) {
        const list = length.closest(".song-list").getBoundingClientRect();
        const isCut = length.checkVisibility() && length.getBoundingClientRect().right > list.right;
        if (isCut) found.push("a duration is out of view");
    }
    return found;
}"""


async def test_nothing_overflows(site: str, site_stores: Stores, profile: Profile, tmp_path: Path) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await artist.sign_up("long-titles@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id, never = seeder.video(TITLE, scenes=60), seeder.order(TITLE)
        seeder.new_image(video_id, 3)
        song_id = site_stores.vault.timeline(seeder.account_id, video_id).song_id
        surfaces = {
            "/": "#song-list li",
            f"/?song={song_id}": "#song .wave",
            "/vault": ".card",
            "/vault?show=songs": ".line",
            "/credits": "tbody tr",
            "/account": "h1",
            f"/processing/{never}": "#ends .button",
            f"/preview/{video_id}": "#exports .line",
            f"/studio/{video_id}": "#scene-form",
        }
        spilled: dict[str, list[str]] = {}
        for path, there in surfaces.items():
            await artist.goto(path)
            await expect(page.locator(there).first).to_be_visible()
            for width in WIDTHS:
                await page.set_viewport_size({"width": width, "height": 800})
                found = await page.evaluate(_SPILLED)
                if found:
                    spilled[f"{path.replace(video_id, '…')} at {width} px"] = found
        assert not spilled, "\n".join(f"{where}: {what}" for where, what in spilled.items())
