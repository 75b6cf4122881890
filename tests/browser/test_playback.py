"""A finished draft plays in a real browser: it decodes, its time advances, and it is as long as the song."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.async_api import async_playwright

from cli.watching import watch
from models.progress import RunStatus
from tests.fakes.live import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]
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
    handle, request = await live.start()
    progress = [step async for step in watch(handle)][-1]
    assert progress.status is RunStatus.DRAFT_READY
    timeline = live.stores.vault.timeline(live.account_id, request.video_id)
    live.stores.objects.get_file(timeline.video_key, tmp_path / "site" / "draft.mp4")

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        await page.goto(site)
        await page.wait_for_function("document.querySelector('video').currentTime > 1.0", timeout=60_000)
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
