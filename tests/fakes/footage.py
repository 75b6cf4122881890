"""Engines that make real, tiny media at once: for tests that read packets."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import soundfile

from engines.picture.assemble import join, splice
from engines.picture.conform import cut_files, length_of
from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.soundtrack import encode
from models.profiles import Profile
from models.stretches import ChangedScene, Stretch
from models.takes import AnimationRequest, ClipCut
from tests.fakes.engines import InstantEngines, Pulse

RATE_HZ = 44_100
SONG_S = 64


class FootageEngines(InstantEngines):
    """Segments are noise that depends on request and still; soundtrack and joining are the product's own."""

    def encode_soundtrack(self, source: Path, out: Path, pulse: Pulse) -> bool:
        self.faults.at("encode_soundtrack")
        samples = np.random.default_rng(0).normal(0, 0.1, (SONG_S * RATE_HZ, 2))
        soundfile.write(out.with_suffix(".wav"), samples, RATE_HZ)
        encode(str(out.with_suffix(".wav")), str(out))
        return False

    def animate(self, request: AnimationRequest, still: Path, out: Path, pulse: Pulse) -> None:
        self.faults.at("animate")
        seed = int.from_bytes(sha256(request.to_bytes() + still.read_bytes()).digest()[:8], "big")
        chance, profile, converter = np.random.default_rng(seed), request.profile, Bt709Converter()
        with SegmentWriter(out, profile) as writer:
            for _ in range(request.frame_count):
                picture = chance.integers(0, 255, (profile.height, profile.width, 3), np.uint8)
                writer.write(converter.to_yuv(picture))

    def length(self, clip: Path, profile: Profile, pulse: Pulse) -> int:
        return length_of(str(clip), profile)

    def cut(self, cuts: Sequence[ClipCut], profile: Profile, pulse: Pulse) -> None:
        for _ in cuts:
            self.faults.at("cut")
        cut_files(cuts, profile)

    def assemble(
        self, segments: Sequence[Path], soundtrack: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse
    ) -> None:
        self.faults.at("assemble")
        join([str(segment) for segment in segments], str(soundtrack), profile, frame_count, str(out))

    def splice(
        self,
        key: str,
        beginning: bytes,
        changed: Sequence[ChangedScene],
        soundtrack: Path,
        profile: Profile,
        frame_count: int,
        out: Path,
    ) -> list[Stretch] | None:
        self.faults.at("assemble")
        return splice(key, beginning, changed, soundtrack, profile, frame_count, out)
