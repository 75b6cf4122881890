"""Told when it is done: the setting for e-mails, a notification after a click, the tab's title, and the way out."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from models.notices import Notice, NoticeKind
from models.profiles import Profile
from stores.access import open_access
from stores.opening import Stores
from tests.browser.seeding import Seeder
from tests.browser.visitor import visiting

pytestmark = pytest.mark.browser

_HEAR = """
window.heard = [];
window.Notification = class {
    static permission = "default";
    static async requestPermission() { return (Notification.permission = "granted"); }
    constructor(words) { window.heard.push(words); }
    addEventListener() {}
    close() {}
};
Object.defineProperty(document, "hidden", { get: () => true });
"""
"""A browser without a desktop shows no notification: what would be shown is kept."""


def _progress(video_id: str, status: str, fraction: float) -> dict[str, object]:
    return {
        "video_id": video_id,
        "status": status,
        "sentence": "Painting.",
        "fraction_done": fraction,
        "version": 0,
        "credits_charged": 0,
        "stages": [],
        "scenes": [],
    }


async def test_a_run_tells_in_the_title_and_by_a_notification(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist:
        page = artist.page
        await page.add_init_script(_HEAR)
        await artist.sign_up("told@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        video_id, now = seeder.order("Rain"), {"status": "running", "fraction": 0.42}

        def told() -> dict[str, object]:
            return _progress(video_id, str(now["status"]), float(str(now["fraction"])))

        async def stream(route: Route) -> None:
            # It ends at once, and the browser opens it again.
            body = f"retry: 200\n\nevent: progress\ndata: {json.dumps(told())}\n\n"
            await route.fulfill(content_type="text/event-stream", body=body)

        await page.route("**/events", stream)
        await page.route("**/progress", lambda route: route.fulfill(json=told()))
        await artist.goto(f"/processing/{video_id}")
        await expect(page).to_have_title("42 % · Rain, in the making · Echonos")
        await page.get_by_role("button", name="Notify me when it is ready").click()
        await expect(page.get_by_role("button", name="Notify me when it is ready")).to_be_hidden()
        now.update(status="draft_ready", fraction=1.0)
        await expect(page).to_have_title("Ready · Rain, in the making · Echonos")
        await page.wait_for_function("window.heard.length")
        assert await page.evaluate("window.heard") == ["“Rain” is ready"]


async def test_emails_are_switched_on_the_account_page_and_ended_by_their_link(
    site: str, site_stores: Stores, profile: Profile, tmp_path: Path
) -> None:
    async with visiting(site) as artist, visiting(site) as stranger:
        page = artist.page
        await artist.sign_up("letters@example.org")
        seeder = await Seeder.of(artist, site_stores, profile, tmp_path)
        access = open_access(site_stores.database)
        assert access.profiles.verify(seeder.account_id)
        await artist.goto("/account")
        wish = page.get_by_role("switch", name="Tell me when a video is ready")
        await expect(wish).to_be_checked()
        await artist.look("account-emails")
        await page.get_by_text("Tell me when a video is ready").click()
        await expect(page.get_by_text("No e-mails about videos any more.")).to_be_visible()
        await page.reload()
        await expect(wish).not_to_be_checked()
        await page.get_by_text("Tell me when a video is ready").click()
        await expect(page.get_by_text("You get an e-mail about each video.")).to_be_visible()
        notice = Notice(
            kind=NoticeKind.MADE, account_id=seeder.account_id, video_id="video-1", email="x@example.org", title="Rain"
        )
        secret = access.notices.claim(notice)
        await stranger.goto(f"/quiet?token={secret}")
        await stranger.look("quiet")
        await stranger.page.get_by_role("button", name="End these e-mails").click()
        await expect(stranger.page.get_by_role("heading", name="No more e-mails", exact=True)).to_be_visible()
        await page.reload()
        await expect(wish).not_to_be_checked()
        assert artist.complaints == []
