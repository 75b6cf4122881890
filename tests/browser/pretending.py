"""What the server would say, said to a page that is looked at: for moments that are hard to arrange for real."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page, Route

from models.progress import RunStatus, StageName, StageStatus

SONG: dict[str, Any] = {
    "song_id": "song-1",
    "title": "First Light",
    "artist": None,
    "duration_s": 64.0,
    "size_bytes": 9_500_000,
    "container": "flac",
    "analysed": True,
    "renewable": False,
}
WAVE: dict[str, Any] = {
    "duration_s": 64.0,
    "tempo_bpm": 120.0,
    "key": "A minor",
    "peaks": [0.5] * 64,
    "beats": [{"t": float(t), "downbeat": t % 4 == 0} for t in range(64)],
    "sections": [
        {"label": "verse", "start_s": 0.0, "end_s": 32.0, "strongest_chorus": False},
        {"label": "chorus", "start_s": 32.0, "end_s": 64.0, "strongest_chorus": True},
    ],
}


async def pretend_a_song(page: Page) -> None:
    """`song-1` is in the Vault, analysed."""
    await page.route("**/api/v1/songs/song-1", lambda route: route.fulfill(json=SONG))
    await page.route("**/api/v1/songs/song-1/waveform.json", lambda route: route.fulfill(json=WAVE))


async def pretend_an_older_song(page: Page, *failures: str) -> None:
    """`song-1` was heard before singing was; listening again fails for these reasons in turn, and then succeeds."""
    runs, polls = 0, 0

    async def song(route: Route) -> None:
        await route.fulfill(json=SONG | {"renewable": runs <= len(failures)})

    async def wave(route: Route) -> None:
        await route.fulfill(json=WAVE | ({"vocals": []} if runs > len(failures) else {}))

    async def begin(route: Route) -> None:
        nonlocal runs, polls
        assert route.request.post_data_json == {"again": True}
        runs, polls = runs + 1, 0
        await route.fulfill(status=202, json=SONG)

    async def look(route: Route) -> None:
        nonlocal polls
        polls += 1
        failed = polls > 1 and runs <= len(failures)
        note = {"type": "InvalidInput", "sentence": failures[runs - 1]} if failed else None
        await route.fulfill(json={"running": polls == 1, "failure": note})

    address = "**/api/v1/songs/song-1"
    answers = {"": song, "/waveform.json": wave, "/analysis": begin, "/analysis/progress": look}
    for end, answer in answers.items():
        await page.route(address + end, answer)


@asynccontextmanager
async def pretend_it_waits(page: Page, progress: str) -> AsyncIterator[None]:
    """While the block lasts, the run whose progress is at that address waits for a person, whatever it does.

    Args:
        page: Which is told so, by the progress and by its events.
        progress: The address.
    """
    events = progress.removesuffix("progress") + "events"

    async def told() -> dict[str, Any]:
        return _parked(await (await page.request.get(progress)).json())

    async def tell(route: Route) -> None:
        await route.fulfill(json=await told())

    async def stream(route: Route) -> None:
        event = f"retry: 60000\nid: parked\nevent: progress\ndata: {json.dumps(await told())}\n\n"
        await route.fulfill(content_type="text/event-stream", body=event)

    await page.route(progress, tell)
    await page.route(events, stream)
    yield
    # A handler that is at work when its route goes would answer a request that was let through meanwhile.
    await page.unroute_all(behavior="wait")


def _parked(progress: dict[str, Any]) -> dict[str, Any]:
    """A run's progress as it were if its stills could not be painted now."""
    names = list(StageName)
    for stage in progress["stages"]:
        place = names.index(stage["name"]) - names.index(StageName.STILLS)
        stage["status"] = StageStatus.DONE if place < 0 else StageStatus.WAITING if place == 0 else StageStatus.PENDING
        stage["sentence"] = "The painter does not answer." if place == 0 else ""
    sentence = "Painting the stills waits for a person."
    return progress | {"status": RunStatus.NEEDS_ATTENTION, "sentence": sentence, "fraction_done": 0.4, "waiting": None}
