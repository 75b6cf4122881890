"""The speed of conforming clips, against ffmpeg doing the same on the same cores.

    python -m bench.conform [--clips 6] [--profile full]

Both read the same clips (720×1280 at 24 frames/s with sound, 5 s), crop them to fill, resample them and encode them
with the same settings, one after the other, each in a process of its own. Prints one JSON object; `speed_ratio` is
ffmpeg's time / ours, and 0.9 or more holds. Without an ffmpeg command ours is measured alone.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from engines.jobs import no_pulse
from engines.picture.conform import ClipConformer
from engines.picture.encode import x264_params
from models.profiles import PROFILES, Profile, ProfileName
from tests.engines.picture.clips import make_clip

BAR = 0.9
CLIP_S = 5.0
SCENE_S = 4.4


def with_ffmpeg(ffmpeg: str, clip: Path, profile: Profile, frame_count: int, out: Path) -> None:
    """The same work by the ffmpeg command, with the encoder's settings of `engines/picture/encode.py`."""
    size = f"{profile.width}:{profile.height}"
    filters = (
        f"setpts=PTS-STARTPTS,fps={profile.fps},scale={size}:force_original_aspect_ratio=increase:flags=bicubic"
        f":out_color_matrix=bt709:out_range=tv,crop={size},setsar=1,format=yuv420p"
    )
    command = [ffmpeg, "-v", "error", "-y", "-i", str(clip), "-an", "-vf", filters, "-frames:v", str(frame_count)]
    command += ["-c:v", "libx264", "-preset", profile.x264_preset, "-crf", str(profile.crf), "-profile:v", "high"]
    command += ["-bf", "0", "-g", str(profile.gop_frames), "-x264-params", x264_params(profile), str(out)]
    subprocess.run(command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=6)
    parser.add_argument("--profile", type=ProfileName, default=ProfileName.FULL)
    arguments = parser.parse_args()
    profile, ffmpeg = PROFILES[arguments.profile], shutil.which("ffmpeg")
    frame_count = round(SCENE_S * profile.fps)
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = make_clip(folder / "clip.mp4", width=720, height=1280, duration_s=CLIP_S, sound=True)
        conformer = ClipConformer()
        conformer.conform(clip, profile, frame_count, folder / "warm.mp4", no_pulse)  # starts the fork server
        for number in range(arguments.clips):
            begun = time.monotonic()
            conformer.conform(clip, profile, frame_count, folder / f"ours-{number}.mp4", no_pulse)
            ours.append(time.monotonic() - begun)
            if ffmpeg:
                begun = time.monotonic()
                with_ffmpeg(ffmpeg, clip, profile, frame_count, folder / f"theirs-{number}.mp4")
                theirs.append(time.monotonic() - begun)
    answer = {"profile": profile.name.value, "frames": frame_count, "ours_s": round(statistics.median(ours), 3)}
    if theirs:
        ratio = statistics.median(theirs) / statistics.median(ours)
        answer |= {"ffmpeg_s": round(statistics.median(theirs), 3), "speed_ratio": round(ratio, 3), "bar": BAR}
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
