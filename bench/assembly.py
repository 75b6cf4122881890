"""The cost of joining and muxing, against `ffmpeg -c copy` on the same segments, in the same run.

    python bench/assembly.py [--segments 40] [--profile preview] [--rounds 7]

Needs an ffmpeg binary (the product does not). Both sides make the same thing: one faststart MP4 with all segments and
the soundtrack. Ours runs as the product runs it, in a child process. Prints one JSON object; `assembly_ratio` is our
median wall time divided by ffmpeg's, and its bar is 1.5.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import soundfile

from engines.picture.assemble import SegmentAssembler
from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.probe import probe_picture
from engines.picture.soundtrack import AacSoundtrackMaker
from models.profiles import PROFILES, Profile, ProfileName

RATIO_BAR = 1.5
SEGMENT_FRAMES = 126
NOISE_LEVELS = 5.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=40)
    parser.add_argument("--profile", type=ProfileName, default=ProfileName.PREVIEW, choices=list(ProfileName))
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    if shutil.which("ffmpeg") is None:
        raise SystemExit("bench/assembly.py compares with ffmpeg: install it (apt-get install ffmpeg).")
    profile = PROFILES[options.profile]
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measure(Path(folder), profile, options.segments, options.rounds)))


def _measure(folder: Path, profile: Profile, count: int, rounds: int) -> dict[str, float | int | str]:
    one = folder / "segment.mp4"
    _film(one, profile)
    segments = [folder / f"{index:03}.mp4" for index in range(count)]
    for segment in segments:
        shutil.copyfile(one, segment)
    frame_count = count * SEGMENT_FRAMES
    soundtrack = _soundtrack(folder, frame_count / float(profile.fps))
    listing = folder / "segments.txt"
    listing.write_text("".join(f"file '{segment}'\n" for segment in segments))
    theirs, ours = folder / "ffmpeg.mp4", folder / "ours.mp4"
    command = ["ffmpeg", "-y", "-v", "error", "-f", "concat", "-safe", "0", "-i", str(listing), "-i", str(soundtrack)]
    command += ["-map", "0:v", "-map", "1:a", "-c", "copy", "-movflags", "+faststart", str(theirs)]
    assembler = SegmentAssembler()
    sides: dict[str, Callable[[], object]] = {
        "ffmpeg": lambda: subprocess.run(command, check=True),
        "ours": lambda: assembler.assemble(segments, soundtrack, profile, frame_count, ours),
    }
    times: dict[str, list[float]] = {side: [] for side in sides}
    for each in range(rounds + 1):
        for side, work in sides.items():
            start = time.perf_counter()
            work()
            if each:  # the first round fills the page cache and starts the fork server
                times[side].append(time.perf_counter() - start)
    assert probe_picture(ours).frame_count == frame_count
    ffmpeg_s, ours_s = (statistics.median(times[side]) for side in ("ffmpeg", "ours"))
    return {
        "profile": profile.name.value,
        "segments": count,
        "frames": frame_count,
        "size_mb": round(ours.stat().st_size / 1e6, 1),
        "ffmpeg_s": round(ffmpeg_s, 3),
        "ours_s": round(ours_s, 3),
        "assembly_ratio": round(ours_s / ffmpeg_s, 2),
        "bar": RATIO_BAR,
    }


def _film(path: Path, profile: Profile) -> None:
    """A segment with the bit rate of a lively scene: a drifting picture with fresh noise."""
    rng = np.random.default_rng(0)
    base = cv2.resize(rng.integers(0, 255, (40, 30, 3), np.uint8), (profile.width * 2, profile.height * 2))
    converter = Bt709Converter()
    with SegmentWriter(path, profile) as writer:
        for frame in range(SEGMENT_FRAMES):
            view = base[frame : frame + profile.height, frame : frame + profile.width].astype(np.float32)
            noisy = view + NOISE_LEVELS * rng.standard_normal(view.shape, np.float32)
            writer.write(converter.to_yuv(np.clip(noisy, 0, 255).astype(np.uint8)))


def _soundtrack(folder: Path, length_s: float) -> Path:
    rate = 44_100
    soundfile.write(folder / "song.wav", np.random.default_rng(1).normal(0, 0.1, (round(length_s * rate), 2)), rate)
    AacSoundtrackMaker().encode_soundtrack(folder / "song.wav", folder / "song.m4a")
    return folder / "song.m4a"


if __name__ == "__main__":
    main()
