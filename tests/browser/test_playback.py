"""A finished draft plays in a real browser: it decodes, its time advances, and it is as long as the song."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.async_api import async_playwright

from bootstrap import Application
from models.progress import RunStatus
from services.progress import follow
from settings import Settings
from tests.browser.visitor import CHROMIUM, FLAGS, PATIENCE_MS
from tests.fakes.live import LiveStack

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><video src='draft.mp4' muted autoplay playsinline></video>"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A folder served over HTTP on loopback."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


async def test_a_draft_plays_in_chromium(live: LiveStack, site: str, tmp_path: Path) -> None:
    _, request = await live.start()
    app = Application(Settings(), live.client, live.stores)
    progress = [step async for step in follow(app, live.account_id, request.video_id)][-1]
    assert progress.status is RunStatus.DRAFT_READY
    timeline = live.stores.vault.timeline(live.account_id, request.video_id)
    live.stores.objects.get_file(timeline.video_key, tmp_path / "site" / "draft.mp4")

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE_MS)
        page = await browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(site)
        await page.wait_for_function("document.querySelector('video').currentTime > 1.0")
        seen = await page.evaluate(
            """() => {
                const video = document.querySelector('video');
                const frames = video.getVideoPlaybackQuality().totalVideoFrames;
                return [video.videoWidth, video.videoHeight, video.duration, frames, video.error];
            }"""
        )
        await browser.close()
    width, height, duration_s, frames, error = seen
    assert error is None
    assert (width, height) == (90, 160)
    assert abs(duration_s - live.song.facts.duration_s) <= 1 / 8
    assert frames > 4
