"""A video in the making whose page, pictures and song are answered by the test: as far as it is painted and filmed."""

import io
import json
import re
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import Route

from api.web import typeface
from api.web.assets import FOLDER
from api.web.templating import render
from engines.picture.encode import Bt709Converter, SegmentWriter
from models.profiles import PROFILES, ProfileName
from models.progress import Progress
from models.stages import STAGES
from tests.browser.pretending import told_places, told_run

SITE = "http://echonos.test"
VIDEO = "video-1"
PROFILE = PROFILES[ProfileName.TINY]
RATE_HZ = 8_000


def silence(duration_s: float) -> bytes:
    """A song in which nothing is heard, as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE_HZ)
        file.writeframes(b"\x80" * round(duration_s * RATE_HZ))
    return out.getvalue()


def segment(path: Path, duration_s: float) -> bytes:
    """A scene's segment, written to `path`."""
    frame = Bt709Converter().to_yuv(np.full((PROFILE.height, PROFILE.width, 3), 90, np.uint8))
    with SegmentWriter(path, PROFILE) as writer:
        for _ in range(round(duration_s * PROFILE.fps)):
            writer.write(frame)
    return path.read_bytes()


async def _in_ranges(route: Route, content_type: str, body: bytes) -> None:
    """As the object store answers: what has no ranges can't be sought in."""
    first, _, last = (await route.request.all_headers()).get("range", "bytes=0-").removeprefix("bytes=").partition("-")
    part = body[int(first) : int(last or len(body) - 1) + 1]
    ranges = f"bytes {first}-{int(first) + len(part) - 1}/{len(body)}"
    headers = {"Content-Type": content_type, "Accept-Ranges": "bytes", "Content-Range": ranges}
    await route.fulfill(status=206, headers=headers, body=part)


@dataclass
class FillingRun:
    """A run of `scenes` scenes of `scene_s` seconds each."""

    scenes: int
    scene_s: int
    clip: bytes
    song: bytes
    still: bytes
    is_painted: bool = False
    is_filmed: bool = False

    def told(self) -> dict[str, Any]:
        """Its progress."""
        told = told_run(VIDEO, self.scenes, painted=self.scenes if self.is_painted else 0)
        for scene in told["scenes"] if self.is_filmed else ():
            scene |= {"status": "clip", "clip_url": scene["still_url"].replace("still", "clip")}
        return told

    def _page(self) -> str:
        stages = [(row.name.value, row.words) for row in STAGES.values() if not row.optional]
        video = {"video_id": VIDEO, "title": "First look"}
        return render(
            "processing.html",
            session={"csrf_token": "", "account_id": "", "roles": ()},
            balance={"available": 50},
            here="",
            video=video,
            stages=stages,
            progress=Progress(video_id=VIDEO),
            kind="",
        )

    async def answer(self, route: Route) -> None:
        """Every request of the page."""
        path = route.request.url.removeprefix(SITE).partition("?")[0]
        static = re.fullmatch(r"/static/\w+/(.+)", path)
        if path == f"/processing/{VIDEO}":
            await route.fulfill(content_type="text/html", body=self._page())
        elif static and static[1] == typeface.PATH:
            await route.fulfill(content_type=typeface.MEDIA_TYPE, body=typeface.typeface())
        elif static and (FOLDER / static[1]).is_file():
            await route.fulfill(path=FOLDER / static[1])
        elif path.endswith("/progress"):
            await route.fulfill(json=self.told())
        elif path.endswith("/events"):
            # One state and the end: the browser asks again after the pause that it is given.
            event = f"retry: 1000\nid: {self.is_filmed}\nevent: progress\ndata: {json.dumps(self.told())}\n\n"
            await route.fulfill(content_type="text/event-stream", body=event)
        elif path.endswith("/places"):
            await route.fulfill(json=told_places(VIDEO, self.scenes, PROFILE, self.scene_s))
        elif path.endswith("/still"):
            await route.fulfill(content_type="image/png", body=self.still)
        elif path.endswith("/clip"):
            await _in_ranges(route, "video/mp4", self.clip)
        elif path.endswith("/audio"):
            await _in_ranges(route, "audio/wav", self.song)
        else:
            await route.fulfill(status=204)
