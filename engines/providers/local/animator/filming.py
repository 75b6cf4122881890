"""Films a segment from a still: one encode per frame, in a child process."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.probe import check_picture
from engines.providers.local.animator.air import Air, read_air
from engines.providers.local.animator.camera import OVERSAMPLING, Lens, choose_move, plan_path
from engines.providers.local.animator.grain import Film
from engines.providers.local.animator.light import Light, shine
from engines.providers.local.animator.look import read_look, read_palette
from engines.providers.local.animator.motes import Motes
from engines.providers.local.animator.pieces import Pieces
from engines.providers.local.animator.rain import Rain
from engines.providers.local.animator.rhythm import read_rhythm
from engines.providers.local.animator.stirs import Stirs
from models.failures import MediaCorrupt
from models.stirring import STIRRING_BYTES, Stirring, stirring_in
from models.takes import AnimationRequest

_LIMITS = JobLimits(memory_bytes=700_000_000, wall_s=900.0)
STRIP_ROWS = 128
"""Rows that are shot and lit at a time, so that their data stays in the processor's cache."""


class LocalAnimator:
    """Gives a still a camera move and life that follows the music."""

    method = "LocalAnimator"

    def animate(self, request: AnimationRequest, still: Path, out: Path, pulse: Pulse = no_pulse) -> None:
        """Film a segment in a child process; the same request and still give the same bytes.

        Args:
            request: The segment to film.
            still: A picture that OpenCV reads.
            out: The MP4 to write: video only, exactly `request.frame_count` frames.
            pulse: Called during the work; raises to stop it.

        Raises:
            MediaCorrupt: The still cannot be read, or the segment is not as requested.
        """
        run_job(film, request, str(still), str(out), limits=_LIMITS, pulse=pulse)


def film(request: AnimationRequest, still: str, out: str) -> None:
    """Film in this process; see `LocalAnimator.animate`."""
    picture = cv2.imread(still, cv2.IMREAD_COLOR)
    if picture is None:
        raise MediaCorrupt(f"{Path(still).name} is not a picture that can be read")
    with Path(still).open("rb") as file:
        stirring = stirring_in(file.read(STIRRING_BYTES)) or Stirring()
    shot = _Shot(request, np.asarray(picture, np.uint8), stirring)
    converter = Bt709Converter()
    # libx264 works without the interpreter's lock: one frame is encoded while the next is drawn, so that a scene alone
    # on the machine takes only the time of the slower half. At most one frame waits.
    with SegmentWriter(Path(out), request.profile) as writer, ThreadPoolExecutor(1, "encoder") as encoder:
        encoded: Future[None] | None = None
        for frame in range(request.frame_count):
            developed = converter.to_yuv(shot.picture(frame))
            shot.film.develop(frame, developed)
            if encoded is not None:
                encoded.result()
            encoded = encoder.submit(writer.write, developed)
        if encoded is not None:
            encoded.result()
    check_picture(Path(out), request.profile, request.frame_count)


class _Shot:
    """One scene, set up: the data that its frames share."""

    def __init__(self, request: AnimationRequest, still: NDArray[np.uint8], stirring: Stirring | None = None) -> None:
        prompt, profile = request.prompt, request.profile
        stirring = stirring or Stirring()
        # One random stream each: draws of one part do not change the others.
        seed = np.random.SeedSequence([prompt.seed, prompt.scene_index, request.variation])
        of_light, of_path, of_air, of_film = (np.random.default_rng(part) for part in seed.spawn(4))
        look = read_look(prompt)
        rhythm = read_rhythm(request.cues, request.frame_count, float(profile.fps), prompt.energy)
        move = choose_move(prompt.camera_move, prompt.motion_prompt, request.variation)
        self._lens = Lens(still, profile.width, profile.height, stirring.depth)
        self._stirs = Stirs(stirring.stirs, self._lens.window, rhythm)
        air = read_air(prompt)
        palette, fog = read_palette(prompt.palette), air.get(Air.FOG, 0.0)
        self._light = Light(self._lens.source, OVERSAMPLING, look, rhythm, palette, fog, of_light)
        reach = self._light.reach
        self._path = plan_path(move, rhythm, look, reach, self._lens.focus, of_path)
        size = (profile.width, profile.height)
        self._falling: list[Motes | Rain] = [
            Rain(amount, *size, rhythm, of_air)
            if kind is Air.RAIN
            else Motes(kind, amount, self._light.colour, *size, rhythm, of_air)
            for kind, amount in sorted(air.items())
            if kind is not Air.FOG
        ]
        self.film = Film(*size, look, reach.fringe, rhythm, of_film)
        # After the light has seen the still: its glow is that of the whole picture.
        self._pieces = (
            Pieces(stirring.cutting, self._lens.source, self._lens.window, rhythm) if stirring.cutting else None
        )
        # One buffer for all frames: a fresh one would cost page faults each time.
        self._picture = np.empty((profile.height, profile.width, 3), np.uint8)

    def picture(self, frame: int) -> NDArray[np.uint8]:
        """A frame before development, valid until the next call: uint8, (height, width, 3), BGR."""
        if self._pieces is not None:
            self._pieces.draw(frame)
        coarse = self._stirs.bend(self._lens.coarse_map(self._path, frame), frame)
        fields = self._light.fields(frame, coarse)
        picture = self._picture
        for top in range(0, self._lens.height, STRIP_ROWS):
            rows = picture[top : top + STRIP_ROWS]
            self._lens.shoot(coarse, top, rows)
            shine(fields, rows, top)
        for falling in self._falling:
            falling.draw(frame, picture, *self._lens.shift(self._path, frame))
        return picture
