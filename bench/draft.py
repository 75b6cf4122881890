"""The duration of a draft, the size of its history, and the memory of the worker and its children.

    python -m bench.draft [SONG] [--profile preview]

Without a song the demo song is played until it is 3.5 minutes long. A stack of its own is started in a temporary data
folder. Prints one JSON object; `*_ratio` is measured / bar, so that 1.0 just holds.
"""

import argparse
import asyncio
import json
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import soundfile
from temporalio.api.common.v1 import Payload
from temporalio.client import Client

from bootstrap import Application
from cli.output import Output
from cli.stack import StackState, connect, ensure_stack, settings_for
from engines.demo_song.rendering import render_demo_song
from models.brief import Brief
from models.generation import AnalyzeRequest, GenerateRequest
from models.ids import LOCAL_ACCOUNT, analyze_workflow_id, video_id_for
from models.profiles import NEWEST_REVISION, ProfileName
from models.progress import Progress, SceneStatus
from services.progress import follow
from services.songs import add_song, check_song
from settings import Settings
from temporal.analysis import start_analysis
from temporal.generation import generation, start_generation

DRAFT_BAR_S = 100.0
ANALYSIS_BAR_S_PER_MIN = 6.0
EVENTS_BAR_PER_SCENE, EVENTS_BAR_BASE = 45, 300
HISTORY_BAR_BYTES = 1_000_000
PAYLOAD_BAR_BYTES = 100_000
MEMORY_BAR_BYTES = 1_500_000_000
SONG_S = 210.0


ESTIMATE_FROM = 0.2
ERROR_BAR = 0.25
LEAST_LEFT = 0.05
"""Errors are shares of what is left, but of at least this share of the whole: a second would be all of it at last."""


@dataclass(frozen=True)
class Seen:
    """The progress at a moment: seconds since the beginning, and by the clock."""

    at_s: float
    now: datetime
    progress: Progress

    @property
    def left_s(self) -> float | None:
        """The estimate of what is left; None: there is none."""
        finish = self.progress.expected_finish_at
        return None if finish is None else max(0.0, (finish - self.now).total_seconds())


class MemoryWatch:
    """The peak memory of a process with its children, sampled once a second: a sample costs tens of milliseconds."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(1.0):
            total = 0
            for process in [self._process, *self._process.children(recursive=True)]:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak_bytes = max(self.peak_bytes, total)


def long_song(folder: Path) -> Path:
    """The demo song, repeated until it is as long as the bar's song."""
    render_demo_song(folder / "demo.flac")
    samples, rate_hz = soundfile.read(folder / "demo.flac", dtype="int16")
    frames = round(SONG_S * rate_hz)
    path = folder / "song.flac"
    soundfile.write(path, np.tile(samples, (frames // len(samples) + 1, 1))[:frames], rate_hz)
    return path


async def run(song: Path, profile: ProfileName, settings: Settings, stack: StackState) -> dict[str, object]:
    client = await connect(settings)
    app = Application(settings, client)
    stores = app.stores
    stores.ledger.open_account(LOCAL_ACCOUNT)
    with MemoryWatch(stack.parts["worker"].pid) as memory:
        begun = time.monotonic()
        kept = add_song(app, LOCAL_ACCOUNT, check_song(song, settings))
        await start_analysis(client, AnalyzeRequest(account_id=LOCAL_ACCOUNT, song_id=kept.song_id))
        request = GenerateRequest(
            account_id=LOCAL_ACCOUNT,
            video_id=video_id_for(LOCAL_ACCOUNT, "bench"),
            song_id=kept.song_id,
            song_title=kept.title,
            brief=Brief(prompt="A courier crosses a rainy neon city at night.", style="cyberpunk"),
            profile=profile,
            profile_revision=NEWEST_REVISION,
        )
        ordered = time.monotonic()
        await start_generation(client, request, "bench")
        handle = generation(client, request.video_id)
        seen = [
            Seen(time.monotonic() - begun, datetime.now(UTC), step)
            async for step in follow(app, LOCAL_ACCOUNT, request.video_id)
        ]
        progress, draft_s = seen[-1].progress, time.monotonic() - begun
    analysis = await client.get_workflow_handle(analyze_workflow_id(kept.song_id)).describe()
    assert analysis.close_time is not None
    analysis_s = (analysis.close_time - analysis.start_time).total_seconds()
    events, size_bytes, largest = await weigh(client, handle.id)
    scenes = len(progress.scenes)
    minutes = kept.duration_s / 60
    bars = {
        "draft_s": (draft_s, DRAFT_BAR_S),
        "analysis_s_per_min": (analysis_s / minutes, ANALYSIS_BAR_S_PER_MIN),
        "events": (events, EVENTS_BAR_PER_SCENE * scenes + EVENTS_BAR_BASE),
        "history_bytes": (size_bytes, HISTORY_BAR_BYTES),
        "largest_payload_bytes": (largest, PAYLOAD_BAR_BYTES),
        "worker_peak_bytes": (memory.peak_bytes, MEMORY_BAR_BYTES),
    }
    answer: dict[str, object] = {"song_s": round(kept.duration_s, 1), "profile": profile.value, "scenes": scenes}
    for name, (measured, bar) in bars.items():
        answer |= {name: round(measured, 2), f"{name}_ratio": round(measured / bar, 3)}
    answer["playable_s"] = round(playable_at(seen) - (ordered - begun), 1)
    answer["estimate"] = estimate_errors([(one.at_s, one.left_s, one.progress.fraction_done) for one in seen], draft_s)
    answer["stages_s"] = {
        stage.name.value: round((stage.finished_at - stage.started_at).total_seconds(), 1)
        for stage in progress.stages
        if stage.started_at and stage.finished_at
    }
    return answer


def playable_at(seen: Sequence[Seen]) -> float:
    """The first moment at which the page has something to play, in seconds: the first still."""
    return next(one.at_s for one in seen if any(scene is not SceneStatus.PENDING for scene in one.progress.scenes))


def estimate_errors(seen: Sequence[tuple[float, float | None, float]], end_s: float) -> dict[str, float]:
    """How far the estimates of what is left were from the truth, from `ESTIMATE_FROM` of the progress on.

    Args:
        seen: Moment in seconds, the seconds left as estimated then, and the progress, 0…1.
        end_s: The moment at which the draft was ready.

    Returns:
        The share of the time with an estimate, and the error as a share of what was left (but of at least
        `LEAST_LEFT` of the whole): its median, the worst, and the share of the time within `ERROR_BAR`.
    """
    wanted = [one for one in seen if one[2] >= ESTIMATE_FROM and one[0] < end_s]
    until = [one[0] for one in wanted[1:]] + [end_s]
    # A state holds until the next one: states that follow each other quickly count for little.
    told = [
        (abs(left_s - (end_s - at_s)) / max(end_s - at_s, LEAST_LEFT * end_s), to_s - at_s)
        for (at_s, left_s, _), to_s in zip(wanted, until, strict=True)
        if left_s is not None
    ]
    if not told:
        return {"told": 0.0}
    whole_s, told_s = end_s - wanted[0][0], sum(held_s for _, held_s in told)
    told.sort()
    half, median = 0.0, 0.0
    for error, held_s in told:
        median, half = error, half + held_s
        if half >= told_s / 2:
            break
    within_s = sum(held_s for error, held_s in told if error <= ERROR_BAR)
    return {
        "told": round(told_s / whole_s, 3),
        "median_error": round(median, 3),
        "worst_error": round(told[-1][0], 3),
        "within_bar": round(within_s / told_s, 3),
    }


async def weigh(client: Client, workflow_id: str) -> tuple[int, int, int]:
    """Events, bytes, and the largest payload of a run's history."""
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    largest = 0

    def visit(message: Any) -> None:
        nonlocal largest
        if isinstance(message, Payload):
            largest = max(largest, message.ByteSize())
            return
        for field, value in message.ListFields():
            if field.message_type is None:
                continue
            items = value if field.is_repeated else [value]
            if field.message_type.GetOptions().map_entry:
                items = [item for item in value.values() if hasattr(item, "ListFields")]
            for item in items:
                visit(item)

    for event in history.events:
        visit(event)
    return len(history.events), sum(event.ByteSize() for event in history.events), largest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("song", nargs="?", type=Path)
    parser.add_argument("--profile", type=ProfileName, default=ProfileName.PREVIEW)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        song = arguments.song or long_song(Path(folder))
        base = Settings(home=Path(folder) / "home")
        with ensure_stack(base, say=Output(as_json=True).say) as stack:
            answer = asyncio.run(run(song, arguments.profile, settings_for(stack, base), stack))
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
