"""The cost and quality of the newest encoder settings, against those of another revision, over all styles.

    nice -n 10 python -m bench.delivery [--styles film-noir …] [--profile full] [--against 1]

Each style's picture is painted and filmed for two shots: 1.5 s, and 0.7 s, the shortest that is cut. Both revisions
encode the same frames, in turn. All shots are then joined, as often as they must be for a video of a minute, the costly
styles side by side. Prints one JSON object:

- `average_mbit_s`, `peak_mbit_s`: of the joined picture, the latter in any second; a song adds 0.19. Bars 13 and 16.
- `three_minutes_mb`: a song of three minutes at the average of its own style, for the costliest style. Bar 300.
- `likeness`: SSIM (Wang et al. 2004) of new against old frames at the scale its authors advise, where the shorter side
  has about 256 pixels, as a mean over the styles. Bar 0.98. `likeness_full_size` is the same without scaling, where
  most of what is compared is grain: at 13 Mbit/s no setting of libx264 reaches 0.98 there (`medium`, at five times the
  time: 0.957 in Film Noir, against 0.953). `kept` is the mean of SSIM to the source, new as a share of old.
- `time_ratio`: the new revision's CPU time for encoding, as a share of the old one's.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.exports.frames import planes_of
from engines.picture.mp4.tracks import Longs, read_track
from engines.picture.probe import decoded_frames
from engines.providers.local.animator.filming import _Shot
from engines.providers.local.painter.painter import draw
from models.profiles import FIRST_REVISION, NEWEST_REVISION, Profile, ProfileName, profile_of
from models.storyboard import CameraMove
from models.style_pictures import style_still
from models.styles import STYLES, Style
from models.takes import AnimationRequest, BeatCue, MusicCues

SHOTS_S = (1.5, 0.7)
JOINED_S = 60.0
SOUND_MBIT_S = 0.192
SEEN_SIDE = 256
EVERY = 7
BARS = {"average_mbit_s": 13.0, "peak_mbit_s": 16.0, "three_minutes_mb": 300.0, "likeness": 0.98}

Luma = NDArray[np.uint8]


def filmed(style: Style, profile: Profile, length_s: float, take: int) -> list[VideoFrame]:
    """The frames of a shot, before the encoder."""
    still = style_still(style).model_copy(update={"width": profile.width, "height": profile.height})
    count, moves = round(length_s * profile.fps), list(CameraMove)
    move = moves[(STYLES.index(style) + take) % len(moves)]
    request = AnimationRequest(
        prompt=still.prompt.model_copy(update={"energy": 0.5 + 0.4 * take, "camera_move": move}),
        profile=profile,
        frame_count=count,
        cues=MusicCues(energy=(0.5 + 0.4 * take,) * count, beats=(BeatCue(frame=0, strength=1, downbeat=True),)),
        variation=take,
    )
    shot, converter, frames = _Shot(request, np.ascontiguousarray(draw(still)[:, :, ::-1])), Bt709Converter(), []
    for number in range(count):
        frame = converter.to_yuv(shot.picture(number))
        shot.film.develop(number, frame)
        frames.append(frame)
    return frames


def encoded(frames: Sequence[VideoFrame], profile: Profile, out: Path) -> float:
    """Encode frames; the seconds of CPU time."""
    begun = time.process_time()
    with SegmentWriter(out, profile) as writer:
        for frame in frames:
            writer.write(frame)
    return time.process_time() - begun


def sampled(frames: Sequence[VideoFrame]) -> list[Luma]:
    return [planes_of(frame)[0] for frame in frames[::EVERY]]


def ssim(one: Luma, other: Luma) -> float:
    """Structural similarity (Wang et al. 2004): Gaussian window of 11 pixels, standard deviation 1.5."""
    a, b = one.astype(np.float32), other.astype(np.float32)

    def mean(x: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(x, (11, 11), 1.5), np.float32)

    mean_a, mean_b = mean(a), mean(b)
    covariance = mean(a * b) - mean_a * mean_b
    variances = mean(a * a) - mean_a**2 + mean(b * b) - mean_b**2
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    likeness = (2 * mean_a * mean_b + c1) * (2 * covariance + c2) / ((mean_a**2 + mean_b**2 + c1) * (variances + c2))
    return float(likeness.mean())


def likeness(some: Sequence[Luma], others: Sequence[Luma], *, seen: bool) -> float:
    """Mean SSIM of frames, `seen`: at the scale that the measure's authors advise."""
    values = []
    for one, other in zip(some, others, strict=True):
        factor = max(1, round(min(one.shape) / SEEN_SIDE)) if seen else 1
        size = (one.shape[1] // factor, one.shape[0] // factor)
        pair = [np.asarray(cv2.resize(x, size, interpolation=cv2.INTER_AREA), np.uint8) for x in (one, other)]
        values.append(ssim(*pair))
    return statistics.fmean(values)


def sizes_of(path: Path) -> Longs:
    track = read_track(path, b"vide")
    assert track is not None
    return track.sizes


def peak_mbit_s(sizes: Longs, fps: float) -> float:
    """The most that any second holds."""
    window = np.ones(round(fps))
    return float(np.convolve(sizes, window, "valid").max() * 8 / 1e6)


def joined(shots: list[tuple[float, Longs]], fps: float) -> Longs:
    """The sizes of a video's frames: shots of all styles in turn, then the costliest style's again and again."""
    costliest = [sizes for _, sizes in sorted(shots, key=lambda shot: -shot[0])[:4]]
    order = [sizes for _, sizes in shots]
    while sum(map(len, order)) < JOINED_S * fps:
        order += costliest
    return np.concatenate(order)


def measure(styles: Sequence[Style], name: ProfileName, against: int) -> dict[str, object]:
    revisions = {"old": profile_of(name, against), "new": profile_of(name, NEWEST_REVISION)}
    fps = float(revisions["new"].fps)
    times_s, rows = {"old": 0.0, "new": 0.0}, {}
    shots: list[tuple[float, Longs]] = []
    with tempfile.TemporaryDirectory() as folder:
        for style in styles:
            rates: dict[str, list[float]] = {"old": [], "new": []}
            found: dict[str, list[float]] = {"likeness": [], "likeness_full_size": [], "kept": []}
            for take, length_s in enumerate(SHOTS_S):
                frames = filmed(style, revisions["new"], length_s, take)
                lumas = {"source": sampled(frames)}
                for side, profile in revisions.items():
                    path = Path(folder) / f"{style.slug}-{take}-{side}.mp4"
                    times_s[side] += encoded(frames, profile, path)
                    lumas[side] = sampled(list(decoded_frames(path)))
                    sizes = sizes_of(path)
                    rates[side].append(float(sizes.sum()) * 8 / 1e6 / (len(sizes) / fps))
                    if side == "new":
                        shots.append((rates[side][-1], sizes))
                found["likeness"].append(likeness(lumas["new"], lumas["old"], seen=True))
                found["likeness_full_size"].append(likeness(lumas["new"], lumas["old"], seen=False))
                new, old = (likeness(lumas[side], lumas["source"], seen=False) for side in ("new", "old"))
                found["kept"].append(new / old)
            rows[style.slug] = {f"{side}_mbit_s": round(max(rate), 2) for side, rate in rates.items()} | {
                key: round(statistics.fmean(values), 4) for key, values in found.items()
            }
    sizes = joined(shots, fps)
    costliest = max(rate for rate, _ in shots)
    return {
        "profile": name.value,
        "revisions": [against, NEWEST_REVISION],
        "average_mbit_s": round(float(sizes.sum()) * 8 / 1e6 / (len(sizes) / fps), 2),
        "peak_mbit_s": round(peak_mbit_s(sizes, fps), 2),
        "three_minutes_mb": round((costliest + SOUND_MBIT_S) * 180 / 8, 1),
        **{
            key: round(statistics.fmean(row[key] for row in rows.values()), 4)
            for key in ("likeness", "likeness_full_size", "kept")
        },
        "time_ratio": round(times_s["new"] / times_s["old"], 3),
        "bars": BARS,
        "styles": rows,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--styles", nargs="*", default=[style.slug for style in STYLES])
    parser.add_argument("--profile", type=ProfileName, default=ProfileName.FULL)
    parser.add_argument("--against", type=int, default=FIRST_REVISION)
    options = parser.parse_args()
    styles = [style for style in STYLES if style.slug in options.styles]
    print(json.dumps(measure(styles, options.profile, options.against), indent=2))


if __name__ == "__main__":
    main()
