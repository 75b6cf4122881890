"""Simulated answers of the server, for states that are hard to arrange."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.async_api import Page, Route

from api.place_shapes import places_shape
from api.shapes import progress_shape
from models.profiles import PROFILES, Profile, ProfileName
from models.progress import Progress, RunStatus, SceneStatus, StageName, StageProgress, StageStatus
from models.storyboard import CameraMove
from services.places import Place, Places
from services.progress import Look
from stores.database import utc_now
from workflows.state import USUAL_STAGES

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


async def pretend_an_older_song(page: Page, seen: asyncio.Event, *failures: str) -> None:
    """`song-1` has an old analysis; another one fails for these reasons in turn, and then succeeds.

    Args:
        page: The page.
        seen: Analyses go on until this is set.
        *failures: A sentence each.
    """
    runs = 0

    async def song(route: Route) -> None:
        await route.fulfill(json=SONG | {"renewable": runs <= len(failures)})

    async def wave(route: Route) -> None:
        await route.fulfill(json=WAVE | ({"vocals": []} if runs > len(failures) else {}))

    async def begin(route: Route) -> None:
        nonlocal runs
        assert route.request.post_data_json == {"again": True}
        runs += 1
        await route.fulfill(status=202, json=SONG)

    async def look(route: Route) -> None:
        failed = seen.is_set() and runs <= len(failures)
        note = {"type": "InvalidInput", "sentence": failures[runs - 1]} if failed else None
        await route.fulfill(json={"running": not seen.is_set(), "failure": note})

    address = "**/api/v1/songs/song-1"
    answers = {"": song, "/waveform.json": wave, "/analysis": begin, "/analysis/progress": look}
    for end, answer in answers.items():
        await page.route(address + end, answer)


@asynccontextmanager
async def pretend_it_waits(page: Page, progress: str) -> AsyncIterator[None]:
    """Within the block, the run whose progress is at that address appears parked.

    Args:
        page: The page that receives the simulated progress and events.
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


async def pretend_it_runs(
    page: Page, video_id: str, scenes: int, *, painted: int | None = None, left_s: float = 730
) -> None:
    """The run of a video is at work: half of its scenes, or so many, are painted, and one step tries again."""
    where = f"**/api/v1/videos/{video_id}"

    def told() -> dict[str, Any]:
        # The time left counts from the request, however long the page takes to open.
        return told_run(video_id, scenes, painted=scenes // 2 if painted is None else painted, left_s=left_s)

    async def stream(route: Route) -> None:
        event = f"retry: 60000\nid: one\nevent: progress\ndata: {json.dumps(told())}\n\n"
        await route.fulfill(content_type="text/event-stream", body=event)

    drawn, places = painted_picture(), told_places(video_id, scenes, PROFILES[ProfileName.TINY], 4)
    await page.route(f"{where}/places", lambda route: route.fulfill(json=places))
    await page.route(f"{where}/progress", lambda route: route.fulfill(json=told()))
    await page.route(f"{where}/events", stream)
    await page.route(f"{where}/scenes/*/still*", lambda route: route.fulfill(content_type="image/png", body=drawn))


def told_places(video_id: str, scenes: int, profile: Profile, scene_s: int) -> dict[str, Any]:
    """Scenes of one length, as JSON shows their places on the song."""
    frames, moves = int(scene_s * profile.fps), [*CameraMove]
    places = (
        Place(
            index=i,
            section=("intro", "verse", "chorus", "bridge")[i % 4],
            letter="A",
            start_frame=i * frames,
            end_frame=(i + 1) * frames,
            energy=0.5,
            camera_move=moves[i % len(moves)].value,
            still_of=i,
        )
        for i in range(scenes)
    )
    found = Places(
        video_id=video_id,
        version=0,
        song_id="song-1",
        fps=profile.fps,
        width=profile.width,
        height=profile.height,
        frame_count=scenes * frames,
        places=tuple(places),
    )
    return places_shape(found).model_dump(mode="json")


def painted_picture() -> bytes:
    """A still, as PNG."""
    picture = BytesIO()
    Image.effect_mandelbrot((180, 320), (-2, -1, 1, 1), 40).convert("RGB").save(picture, "PNG")
    return picture.getvalue()


def told_run(video_id: str, scenes: int, *, painted: int, left_s: float = 730) -> dict[str, Any]:
    """The progress of a run at work as JSON shows it; one step tries again."""
    now = utc_now()
    stages = []
    for name in USUAL_STAGES:
        done = USUAL_STAGES.index(name) < USUAL_STAGES.index(StageName.STILLS)
        status = StageStatus.DONE if done else StageStatus.RUNNING
        stages.append(StageProgress(name=name, status=status, done=done or painted, total=done or scenes))
    last = stages[-1]
    failure = "The painter did not answer in time, which may pass: " + "it is asked again. " * 4
    stages[-1] = last.model_copy(update={"status": StageStatus.RUNNING, "attempt": 3, "last_failure": failure})
    progress = Progress(
        video_id=video_id,
        sentence="Filming the clips: 30 of 60 are painted.",
        stages=tuple(stages),
        scenes=tuple([SceneStatus.STILL] * painted + [SceneStatus.PENDING] * (scenes - painted)),
        fraction_done=0.4,
        started_at=now,
        updated_at=now,
        expected_finish_at=now + timedelta(seconds=left_s),
    )
    return progress_shape(Look(progress)).model_dump(mode="json")


def _parked(progress: dict[str, Any]) -> dict[str, Any]:
    """A run's progress, with the stills' stage parked."""
    names = USUAL_STAGES
    for stage in progress["stages"]:
        place = names.index(stage["name"]) - names.index(StageName.STILLS)
        stage["status"] = StageStatus.DONE if place < 0 else StageStatus.WAITING if place == 0 else StageStatus.PENDING
        stage["sentence"] = "The painter does not answer." if place == 0 else ""
    sentence = "Painting the stills waits for a person."
    return progress | {"status": RunStatus.NEEDS_ATTENTION, "sentence": sentence, "fraction_done": 0.4, "waiting": None}
