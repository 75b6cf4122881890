"""How far the picture of a preview in the making is from the song, while it plays in Chromium.

    python -m bench.drift [--seconds 300] [--scene-seconds 2]

All scenes are filmed and the song is played through, once as it is and once with the page's processor slowed down to a
quarter. At each picture that the browser draws, the clip in view is read against the song's clock. Prints one JSON
object, with a part for each pass:

- `worst_ms`, `median_ms`: how far the clip in view is from its place on the song, while the song plays. Bar 40 ms;
  `worst_ratio` is to it.
- `beyond_bar`: the share of the drawn pictures that were farther than the bar.
- `as_clip`: the share of the time in which a clip is in view; otherwise it is the scene's still, which cannot be late.
- `frames_per_s`: how often the page was drawn.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.filling import SITE, VIDEO, FillingRun, segment, silence
from tests.browser.pretending import painted_picture
from tests.browser.visitor import visiting

DRIFT_BAR_MS = 40.0
PASSES = {"plain": 1, "slowed": 4}
_WATCH = """(sceneS) => {
    const audio = document.querySelector("#live audio");
    window.watched = { drawn: 0, lags: [], began: performance.now() };
    const look = () => {
        const clip = document.querySelector("#live video[data-shown]");
        // A busy machine may pause the page between two readings, and the browser repeats a position within one task:
        // what passed meanwhile is nothing that the picture is late by.
        const from = performance.now();
        const song = audio.currentTime;
        const at = clip?.currentTime;
        const unsure = (performance.now() - from) / 1000;
        window.watched.drawn += 1;
        if (clip && !audio.paused) {
            const begins = Number(clip.src.match(/scenes\\/(\\d+)/)[1]) * sceneS;
            window.watched.lags.push(Math.max(0, Math.abs(song - begins - at) - unsure));
        }
        if (!audio.paused) requestAnimationFrame(look);
        else window.watched.ended = performance.now();
    };
    requestAnimationFrame(look);
}"""


async def played(run: FillingRun, song_s: float, slowness: int) -> dict[str, float]:
    """Play the song through on a page that is slowed down so many times."""
    async with visiting(SITE) as artist:
        page = artist.page
        await page.route(f"{SITE}/**", run.answer)
        await artist.goto(f"/processing/{VIDEO}")
        await page.get_by_role("button", name="Play", exact=True).wait_for()
        tools = await page.context.new_cdp_session(page)
        await tools.send("Emulation.setCPUThrottlingRate", {"rate": slowness})
        await page.get_by_role("button", name="Play", exact=True).click()
        await page.wait_for_function("document.querySelector('#live audio').currentTime > 0")
        await page.evaluate(_WATCH, run.scene_s)
        await page.wait_for_function("window.watched.ended", timeout=(2 * song_s + 60) * 1000, polling=1000)
        watched: dict[str, Any] = await page.evaluate("window.watched")
    lags_ms = sorted(lag_s * 1000 for lag_s in watched["lags"])
    if not lags_ms:
        raise SystemExit("No clip was ever in view: nothing to measure.")
    return {
        "worst_ms": round(lags_ms[-1], 1),
        "worst_ratio": round(lags_ms[-1] / DRIFT_BAR_MS, 3),
        "beyond_bar": round(sum(lag_ms > DRIFT_BAR_MS for lag_ms in lags_ms) / len(lags_ms), 5),
        "median_ms": round(statistics.median(lags_ms), 1),
        "as_clip": round(len(lags_ms) / watched["drawn"], 3),
        "frames_per_s": round(watched["drawn"] / ((watched["ended"] - watched["began"]) / 1000), 1),
    }


async def measure(song_s: int, scene_s: int) -> dict[str, object]:
    """Both passes."""
    with tempfile.TemporaryDirectory() as folder:
        clip = segment(Path(folder) / "clip.mp4", scene_s)
    scenes = song_s // scene_s
    run = FillingRun(scenes, scene_s, clip, silence(song_s), painted_picture(), is_painted=True, is_filmed=True)
    passes: dict[str, object] = {name: await played(run, song_s, slowness) for name, slowness in PASSES.items()}
    return {"song_s": song_s, "scenes": scenes, **passes}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=300, help="the song's length")
    parser.add_argument("--scene-seconds", type=int, default=2, help="a scene's length")
    args = parser.parse_args()
    print(json.dumps(asyncio.run(measure(args.seconds, args.scene_seconds)), indent=2))
