"""Segments and stills of an artist's own pictures and clips, each made in a child process."""

import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from engines.films import open_film
from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.picture.conform import fill, slowing_for
from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.own.fitting import Fitter, Size
from engines.picture.own.sampling import pictures_of, shown_frames
from engines.picture.probe import check_picture
from models.failures import MediaCorrupt
from models.footage import Focus, OwnCut
from models.profiles import Profile

_LIMITS = JobLimits(memory_bytes=1_500_000_000, wall_s=600)


class OwnShots:
    """Implements `activities.ports.engines.OwnFilmer`."""

    method = "OwnShots-1"

    def cut(self, cut: OwnCut, pulse: Pulse = no_pulse) -> None:
        """Write a segment of a part of a clip, or of a picture that stands still.

        Args:
            cut: The part. A clip that ends before it does is slowed by at most 15 %, then its last picture moves on.
            pulse: Called during the work; raises to stop it.

        Raises:
            MediaCorrupt: The file cannot be read, or has no picture there.
        """
        run_job(cut_file, cut, limits=_LIMITS, pulse=pulse)

    def still(
        self, source: Path, profile: Profile, focus: Focus, frame: int, out: Path, pulse: Pulse = no_pulse
    ) -> None:
        """Write a picture, or a frame of a clip, as a PNG of the profile's size.

        Args:
            source: The file.
            profile: Gives size and rate.
            focus: The point that stays in the middle.
            frame: The clip's frame, at the profile's rate; of a picture 0.
            out: The PNG to write.
            pulse: Called during the work; raises to stop it.

        Raises:
            MediaCorrupt: The file cannot be read, or has no picture there.
        """
        run_job(write_still, str(source), profile, focus, frame, str(out), limits=_LIMITS, pulse=pulse)


def cut_file(cut: OwnCut) -> None:
    """Cut in this process; see `OwnShots.cut`."""
    profile, out = cut.profile, Path(cut.out)
    if is_picture(cut.clip):
        _stand(cut)
    else:
        with tempfile.TemporaryDirectory(prefix="echonos-own-") as folder:
            _cut(cut, Path(folder))
    check_picture(out, profile, cut.frame_count)


def write_still(source: str, profile: Profile, focus: Focus, frame: int, out: str) -> None:
    """Write in this process; see `OwnShots.still`."""
    if is_picture(source):
        _cropped(source, profile, focus).save(out, "PNG")
        return
    size = Size(profile.width, profile.height, "rgb24", focus)
    with tempfile.TemporaryDirectory(prefix="echonos-own-") as folder:
        shown = _first_shown(source, Fraction(profile.fps), frame, size, Path(folder))
    Image.fromarray(shown.to_ndarray(format="rgb24")).save(out, "PNG")


def is_picture(source: str) -> bool:
    """Whether a local file is a picture of ours, and no clip."""
    return source.endswith((".jpg", ".png"))


def _cut(cut: OwnCut, folder: Path) -> None:
    profile = cut.profile
    try:
        with open_film(cut.clip) as container, SegmentWriter(Path(cut.out), profile) as writer:
            stream = pictures_of(container)
            if stream is None:
                raise MediaCorrupt("the clip holds no picture")
            fitter = Fitter(Size(profile.width, profile.height, focus=cut.focus), _pixel(stream), folder)
            wanted_s = float(cut.frame_count / profile.fps)
            slowing = 1.0 if cut.frozen or cut.first_frame else slowing_for(cut.clip_s, wanted_s)
            last, fps, clip_s = None, Fraction(profile.fps), Fraction(cut.clip_s)
            shown = shown_frames(container, stream, fps, clip_s, cut.first_frame, Fraction(slowing))
            for frame, times in shown:
                last = fitter.fit(frame)
                for _ in range(min(times, cut.frame_count - writer.frame_count)):
                    writer.write(last)
                if cut.frozen or writer.frame_count == cut.frame_count:
                    break
            fill(writer, last, profile, cut.frame_count, frozen=cut.frozen)
    except (av.FFmpegError, OSError) as error:
        raise MediaCorrupt(f"the clip cannot be read: {error}") from error


def _stand(cut: OwnCut) -> None:
    picture = _cropped(cut.clip, cut.profile, cut.focus)
    shown = Bt709Converter().to_yuv(np.ascontiguousarray(np.asarray(picture, np.uint8)[..., ::-1]))
    with SegmentWriter(Path(cut.out), cut.profile) as writer:
        for _ in range(cut.frame_count):
            writer.write(shown)


def _cropped(source: str, profile: Profile, focus: Focus) -> Image.Image:
    """A picture of ours, cropped around the focus to the profile's size."""
    try:
        with Image.open(source, formats=("JPEG", "PNG")) as opened:
            picture = opened.convert("RGB")
            scale = max(profile.width / picture.width, profile.height / picture.height)
            wide, high = profile.width / scale, profile.height / scale
            left = max(0.0, min(picture.width - wide, focus.x * picture.width - wide / 2))
            top = max(0.0, min(picture.height - high, focus.y * picture.height - high / 2))
            box = (left, top, left + wide, top + high)
            return picture.resize((profile.width, profile.height), Image.Resampling.LANCZOS, box=box)
    except (OSError, ValueError) as error:
        raise MediaCorrupt(f"the picture cannot be read: {error}") from error


def _first_shown(source: str, fps: Fraction, step: int, size: Size, folder: Path) -> VideoFrame:
    try:
        with open_film(source) as container:
            stream = pictures_of(container)
            if stream is None:
                raise MediaCorrupt("the clip holds no picture")
            for frame, _ in shown_frames(container, stream, fps, Fraction(0), step):
                return Fitter(size, _pixel(stream), folder).fit(frame)
    except (av.FFmpegError, OSError) as error:
        raise MediaCorrupt(f"the clip cannot be read: {error}") from error
    raise MediaCorrupt("no picture of the clip decodes")


def _pixel(stream: av.VideoStream) -> Fraction:
    return stream.sample_aspect_ratio or Fraction(1)
