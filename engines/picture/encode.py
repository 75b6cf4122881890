"""All encoder settings: segments of one profile share their SPS and PPS, so they join by stream copy."""

import ctypes
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from models.profiles import FIRST_REVISION, Profile

TIMESCALE = 90_000
"""Ticks a second of every video track: whole for 8, 24, 25, 30 and 60 frames a second."""

MUXER_OPTIONS = {
    "fflags": "+bitexact",  # no version and no clock in the file: the same input gives the same bytes
    "video_track_timescale": str(TIMESCALE),
    "movie_timescale": "48000",  # the edit list counts in it, and says the soundtrack's length to the sample
}
"""Options of every MP4 that we write."""

_TRIM_FRAMES = 24
"""How often the heap's holes are given back: glibc before 2.38 hardly ever uses an aligned block again, and each frame
is one, of 3 MB at 1080×1920: 300 of them took 1.8 GB."""

_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""malloc_trim is glibc's; other libraries have none and need none."""

_BT709 = 1
"""ITU-T H.273's number for BT.709, as primaries, as transfer and as matrix."""

_X264_PARAMS = ":".join(
    (
        "scenecut=0",  # a segment holds no cuts, and key frames stay where the profile wants them
        "open-gop=0",
        "8x8dct=1",  # with CABAC this makes the stream High, even if the preset would not
        "cabac=1",
        # Macroblock tree on a short look-ahead: grainy pictures at the same CRF take a seventh of the bits and half
        # of the CPU time that `superfast` takes without it (540×960: 0.85 against 6.5 Mbit/s, 4.2 against 8.4 ms).
        "mbtree=1",
        "rc-lookahead=10",
        # Small changes are coded too: at a coarse quantizer a calm scene would else stand still between key frames.
        "no-fast-pskip=1",
        "no-dct-decimate=1",
        "threads=1",  # one core per render slot, and the same bytes every time
    )
)

_FILLED_AT_START = 0.5
"""How full a decoder's buffer is when a segment begins. Segments that join share one buffer, and each one's first
picture is a large one: it must not count on a buffer that the end of the segment before has emptied."""


def x264_params(profile: Profile) -> str:
    """libx264's settings beside preset, quality and GOP, as its own command line writes them."""
    parts = [_X264_PARAMS, profile.x264_params]
    if profile.most_kbit_s:
        rate, buffer = profile.most_kbit_s, profile.buffer_kbit
        parts.append(f"vbv-maxrate={rate}:vbv-bufsize={buffer}:vbv-init={_FILLED_AT_START}")
    return ":".join(filter(None, parts))


class SegmentWriter:
    """Encodes one segment: an MP4 with one H.264 track that starts with an IDR picture, each GOP closed.

    Its index comes before its pictures, so that it plays while it loads, except in revision 1 of the profiles, whose
    segments must stay the same to the byte.

    There are no B-frames: decoding order is showing order, so a segment starts at 0 without an edit list and joins
    without a reordering delay; at these presets B-frames save few bits and cost time.

    Args:
        out: The file to write.
        profile: Size, rate and encoder settings.
    """

    def __init__(self, out: Path, profile: Profile) -> None:
        options = MUXER_OPTIONS if profile.revision == FIRST_REVISION else {**MUXER_OPTIONS, "movflags": "+faststart"}
        self._container = av.open(str(out), "w", format="mp4", container_options=options)
        self._out, self._profile = out, profile
        self.frame_count = 0
        stream = self._container.add_stream(
            "libx264",
            rate=profile.fps,
            options={
                "preset": profile.x264_preset,
                "crf": str(profile.crf),
                "profile": "high",
                "bf": "0",
                "x264-params": x264_params(profile),
            },
        )
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = profile.width, profile.height, "yuv420p"
        context.time_base = 1 / Fraction(profile.fps)
        context.gop_size = profile.gop_frames
        context.thread_count = 1
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = ColorRange.MPEG
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._mux(None)
        finally:
            self._container.close()
            if error is not None:
                self._out.unlink(missing_ok=True)  # closed properly it would pass for a shorter segment

    def write(self, frame: VideoFrame) -> None:
        """Encode the next frame.

        Args:
            frame: yuv420p, limited range, BT.709, of the profile's size; its timestamp is overwritten.
        """
        frame.pts, frame.time_base = self.frame_count, 1 / Fraction(self._profile.fps)
        self.frame_count += 1
        self._mux(frame)
        if _TRIM is not None and self.frame_count % _TRIM_FRAMES == 0:
            _TRIM(0)

    def _mux(self, frame: VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            # The encoder leaves the duration open, and the muxer would guess the last frame's.
            packet.duration = 1
            self._container.mux(packet)


class Bt709Converter:
    """Turns BGR pictures into the encoder's format. One per segment: it keeps swscale's tables."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def to_yuv(self, picture: NDArray[np.uint8]) -> VideoFrame:
        """Convert with BT.709's coefficients (swscale's own default is BT.601).

        Args:
            picture: uint8, (height, width, 3), BGR, 0…255, sRGB, its rows without gaps.

        Returns:
            A yuv420p frame, limited range, tagged BT.709; its planes may be written to.
        """
        return self._reformatter.reformat(
            VideoFrame.from_numpy_buffer(picture, format="bgr24"),  # not a copy
            format="yuv420p",
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            # Accurate rounding would cost two thirds more, for less than one level.
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )


def plane(frame: VideoFrame, index: int) -> NDArray[np.uint8]:
    """A plane of a planar 8-bit frame as a writable view, uint8, (height, width)."""
    data = frame.planes[index]
    return np.frombuffer(memoryview(data), np.uint8).reshape(-1, data.line_size)[: data.height, : data.width]
